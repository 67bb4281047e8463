import type { Node } from '../../../lib/template/node';
import { isObject } from '../../../lib/template/parse';
import type { Template } from '../../../lib/template/template';

/** Where the value of a secret property comes from. */
export type SecretSource =
  | { readonly kind: 'absent' }
  /** Written out, in this template, in the one above, or as a parameter's default. */
  | { readonly kind: 'literal'; readonly value: string }
  /** Fetched from its store at deployment. */
  | { readonly kind: 'fetched'; readonly text: string }
  /** Given by the deployer; `hidden` where nobody else gets to see it. */
  | { readonly kind: 'parameter'; readonly name: string; readonly hidden: boolean }
  /** An attribute of another resource, known at deployment. */
  | { readonly kind: 'attribute'; readonly text: string }
  | { readonly kind: 'unseen'; readonly reason: string };

/** Reads a place without recording its value: only where it comes from goes into the record. */
export function sourceOf(node: Node): SecretSource {
  const source = classify(node);
  if (source.kind !== 'absent') {
    node.subject.scope.record(node.subject, node.path, inWords(source));
  }
  return source;
}

function classify(node: Node): SecretSource {
  const { resolved, subject } = node;
  const given = givenParameter(node);
  if (given !== undefined) {
    return { kind: 'parameter', name: given, hidden: isHidden(subject.template, given) };
  }
  switch (resolved.kind) {
    case 'absent':
      return resolved;
    case 'scalar':
      return { kind: 'literal', value: String(resolved.value) };
    case 'pattern':
      return { kind: 'attribute', text: resolved.text };
    case 'reference':
      return { kind: 'attribute', text: `${resolved.resource.logicalId}.${resolved.attribute}` };
    case 'unresolved':
      if (resolved.text.includes('{{resolve:')) {
        return { kind: 'fetched', text: resolved.text };
      }
      return resolved.parameter
        ? {
            kind: 'parameter',
            name: resolved.parameter.name,
            hidden: isHidden(resolved.parameter.template, resolved.parameter.name),
          }
        : { kind: 'unseen', reason: resolved.reason };
    default:
      return { kind: 'unseen', reason: 'expected text' };
  }
}

/** The parameter that a place names, where the run was given its value: the value is the deployer's, and not in the template. */
function givenParameter(node: Node): string | undefined {
  const raw = rawOf(node);
  const name = isObject(raw) ? raw.Ref : undefined;
  return typeof name === 'string' && node.subject.template.origin.parameterValues?.has(name) ? name : undefined;
}

/** The value at a place as the template writes it; nothing, where a function stands on the way. */
export function rawOf({ subject, path }: Node): unknown {
  const step = (place: unknown, key: string) =>
    Array.isArray(place) ? place[Number(key)] : isObject(place) && Object.hasOwn(place, key) ? place[key] : undefined;
  return path.split('.').reduce<unknown>(step, subject.definition.properties);
}

/** Whether CloudFormation shows a parameter to nobody, and the template holds no value for it. */
export function isHidden(template: Template, name: string): boolean {
  const parameter = template.parameter(name);
  return String(parameter?.NoEcho).toLowerCase() === 'true' && parameter?.Default === undefined;
}

function inWords(source: SecretSource): string {
  switch (source.kind) {
    case 'parameter':
      return `the parameter ${source.name}${source.hidden ? ', which only the deployer sees' : ''}`;
    case 'fetched':
      return 'fetched at deployment';
    case 'attribute':
      return `\${${source.text.replace(/^\$\{|\}$/g, '')}}`;
    default:
      return source.kind === 'literal' ? '(not shown)' : '(not readable)';
  }
}
