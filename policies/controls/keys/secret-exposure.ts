import { isObject } from '../../../lib/template/parse';
import type { Template } from '../../../lib/template/template';
import { isHidden } from './secret-source';

/** References that bring a secret's value, not its name: `{{resolve:ssm:` brings plain parameters. */
export const fetchedSecret = /\{\{resolve:(secretsmanager|ssm-secure):/;

/** Attributes that are secrets themselves. */
export const secretAttribute = /\b(SecretAccessKey|ClientSecret)$/;

/** How a raw value brings a secret to light, in words; references are read as they stand. */
export function exposes(raw: unknown, template: Template): string | undefined {
  if (typeof raw === 'string') {
    const hole = [...raw.matchAll(/\$\{([A-Za-z0-9]+)\}/g)].find(
      ([, name]) => name !== undefined && isHidden(template, name),
    );
    return fetchedSecret.test(raw) ? 'a secret that is fetched at deployment' : hole && `the parameter ${hole[1]}`;
  }
  if (Array.isArray(raw)) {
    return raw.map((item) => exposes(item, template)).find((how) => how !== undefined);
  }
  if (!isObject(raw)) {
    return undefined;
  }
  const attribute = raw['Fn::GetAtt'];
  const named = Array.isArray(attribute) ? attribute.join('.') : String(attribute ?? '');
  if (secretAttribute.test(named)) {
    return `the attribute ${named}`;
  }
  return typeof raw.Ref === 'string' && isHidden(template, raw.Ref)
    ? `the parameter ${raw.Ref}`
    : exposes(Object.values(raw), template);
}
