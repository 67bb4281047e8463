import type { WholeOutcome } from '../../../lib/control/control';
import { findSecrets, isPlaceholder, type SecretLike } from '../../../lib/control/secret-patterns';
import { finding, satisfied } from '../../../lib/control/verdict';
import { isObject, type Json } from '../../../lib/template/parse';
import type { Template } from '../../../lib/template/template';
import { exposes } from './secret-exposure';

/** Shorter than the shortest secret that a pattern knows. */
const shortest = 12;

/** Secrets in every text of a raw value, whatever branch or reference it stands in. All texts are looked at in one go. */
export function secretsIn(raw: unknown): readonly SecretLike[] {
  const texts: string[] = [];
  collect(raw, texts);
  return texts.length === 0 ? [] : findSecrets(texts.join('\n'));
}

function collect(raw: unknown, texts: string[]): void {
  if (typeof raw === 'string') {
    if (raw.length >= shortest) {
      texts.push(raw);
    }
  } else if (Array.isArray(raw)) {
    for (const item of raw) {
      collect(item, texts);
    }
  } else if (typeof raw === 'object' && raw !== null) {
    for (const key in raw) {
      collect((raw as Json)[key], texts);
    }
  }
}

/**
 * Judges a template as text: every value of the resources that are not judged one by one, and its parameters, outputs, mappings,
 * conditions and metadata.
 */
export function* judgeTemplateText(template: Template, judged: ReadonlySet<string>): Generator<WholeOutcome> {
  let found = 0;
  for (const outcome of findingsIn(template, judged)) {
    found++;
    yield outcome;
  }
  if (found === 0) {
    yield {
      target: template.path,
      subject: template.origin.stackName ?? template.path,
      type: 'Template',
      outcome: satisfied,
      observations: [{ property: 'resources scanned', value: template.resources.size }],
    };
  }
}

function* findingsIn(template: Template, judged: ReadonlySet<string>): Generator<WholeOutcome> {
  const at = (subject: string, type: string) => ({ target: template.path, subject, type });
  for (const { logicalId, type, properties, metadata } of template.resources.values()) {
    const raw = judged.has(type) ? metadata : [properties, metadata];
    for (const { kind, masked } of secretsIn(raw)) {
      yield { ...at(logicalId, type), outcome: finding('inTemplate', undefined, { kind, masked }) };
    }
  }
  for (const [section, value] of Object.entries(template.document)) {
    if (section !== 'Resources') {
      for (const { kind, masked } of secretsIn(value)) {
        yield { ...at(section, 'Template'), outcome: finding('inTemplate', undefined, { kind, masked }) };
      }
    }
  }
  for (const [name, parameter] of Object.entries(template.section('Parameters'))) {
    if (isObject(parameter) && holdsSecret(name, parameter)) {
      yield { ...at(name, 'Parameter'), outcome: finding('defaultSecret') };
    }
  }
  for (const [name, output] of Object.entries(template.section('Outputs'))) {
    const how = isObject(output) ? exposes(output.Value, template) : undefined;
    if (how !== undefined) {
      yield { ...at(name, 'Output'), outcome: finding('output', undefined, { how }) };
    }
  }
}

/** A default that is a secret by the parameter's own word (NoEcho) or by its name; a value that names where one is kept is none. */
function holdsSecret(name: string, { Default: value, NoEcho, Type: type }: Json): boolean {
  const isText =
    typeof value === 'string' && value !== '' && !isPlaceholder(value) && !/^(arn:|\/|https?:)/.test(value);
  return (
    isText &&
    !String(type).startsWith('AWS::') &&
    (String(NoEcho).toLowerCase() === 'true' || /(passw(or)?d|passphrase|secretkey|authtoken)$/i.test(name))
  );
}
