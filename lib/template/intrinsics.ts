import { exportedAs, nestedOutput, outputOfStack } from './across-stacks';
import type { Evaluator } from './evaluate';
import { isObject, type Json, own, textual } from './parse';
import {
  absent,
  type Cell,
  type Resolved,
  resolvedText,
  type Text,
  textOf,
  type Unresolved,
  unresolved,
} from './resolved';
import type { Template } from './template';

/** Characters that putting texts together may come to. */
const maximumText = 4_000_000;

type Intrinsic = (argument: unknown, template: Template, evaluator: Evaluator) => Resolved;

/** The intrinsic functions that can be resolved; every other one is unresolved by name. `Ref` is the evaluator's own. */
export const intrinsicFunctions: Readonly<Record<string, Intrinsic>> = {
  Ref: () => absent,
  'Fn::If': branch,
  'Fn::GetAtt': attribute,
  'Fn::Join': join,
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': importValue,
  'Fn::GetStackOutput': stackOutput,
  'Fn::Base64': (argument, template, evaluator) => evaluator.resolve(argument, template),
  'Fn::Length': length,
  'Fn::ToJsonString': toJsonString,
};

function branch(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  if (!Array.isArray(argument) || argument.length !== 3) {
    return unresolved('Fn::If needs a condition and two values');
  }
  const [condition, whenTrue, whenFalse] = argument;
  const name = typeof condition === 'string' ? condition : JSON.stringify(condition);
  return evaluator.resolve(evaluator.condition(name, template) ? whenTrue : whenFalse, template);
}

function attribute(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  const parts = typeof argument === 'string' ? splitOnce(argument, '.') : Array.isArray(argument) ? argument : [];
  if (!parts.every((part) => typeof part === 'string')) {
    return unresolved('Fn::GetAtt needs a resource and the name of an attribute');
  }
  const [logicalId = '', ...rest] = parts;
  const resource = template.resources.get(logicalId);
  const name = rest.join('.');
  if (!resource || name === '') {
    return unresolved(`'${logicalId}' is no resource of the template`, `\${${parts.join('.')}}`);
  }
  if (resource.type !== 'AWS::CloudFormation::Stack' || !name.startsWith('Outputs.')) {
    return { kind: 'reference', resource, attribute: name };
  }
  const output = nestedOutput(resource, name, evaluator);
  return output
    ? evaluator.resolve(output.value, output.template)
    : unresolved(`nobody has seen the output that '${parts.join('.')}' is`, `\${${parts.join('.')}}`);
}

function join(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  if (!Array.isArray(argument) || argument.length !== 2) {
    return unresolved('Fn::Join needs a separator and a list');
  }
  const separator = textOf(evaluator.resolve(argument[0], template));
  const list = evaluator.resolve(argument[1], template);
  if (list.kind !== 'list' || 'kind' in separator || !separator.literal) {
    return list.kind === 'unresolved' ? list : unresolved('Fn::Join needs a known separator and a list');
  }
  const items = list.items.map((item) => evaluator.resolveCell(item)).filter(({ kind }) => kind !== 'absent');
  return concatenate(items.map(textOf), separator.text, list.choice ?? separator.choice);
}

/** Puts parts together; one part that cannot be known leaves the whole unresolved, with what can be read of it. */
function concatenate(parts: readonly (Text | Unresolved)[], separator: string, choice?: string): Resolved {
  if (parts.reduce((sum, part) => sum + part.text.length + separator.length, 0) > maximumText) {
    return unresolved('the text grows beyond what can be followed');
  }
  const text = parts.map((part) => part.text).join(separator);
  const broken = parts.find((part) => 'kind' in part);
  if (broken && 'kind' in broken) {
    return unresolved(broken.reason, text, broken.parameter);
  }
  const known = parts.filter((part): part is Text => !('kind' in part));
  return resolvedText(
    text,
    known.every((part) => part.literal),
    choice ?? known.find((part) => part.choice !== undefined)?.choice,
  );
}

function substitute(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  const [pattern, given, ...others] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof pattern !== 'string' || !isObject(given) || others.length > 0) {
    return unresolved('Fn::Sub needs a text, or a text and an object');
  }
  const parts = pattern.split(/(\$\{[^}]*\})/).filter((part) => part !== '');
  const resolved = parts.map((part) => substitutePart(part, given, template, evaluator));
  const [only] = resolved;
  // A lone `${Key.Arn}` is the reference itself, not a text around it.
  const whole = resolved.length === 1 && only?.kind === 'reference' ? only : concatenate(resolved.map(textOf), '');
  return whole.kind === 'scalar' && String(whole.value).includes('{{resolve:')
    ? unresolved('a dynamic reference is resolved at deployment', String(whole.value))
    : whole;
}

function substitutePart(part: string, values: Json, template: Template, evaluator: Evaluator): Resolved {
  const name = placeholder(part);
  if (name === undefined || name.startsWith('!')) {
    return { kind: 'scalar', value: name === undefined ? part : `\${${name.slice(1)}}` };
  }
  if (Object.hasOwn(values, name)) {
    return evaluator.resolve(values[name], template);
  }
  return evaluator.resolve(name.includes('.') ? { 'Fn::GetAtt': splitOnce(name, '.') } : { Ref: name }, template);
}

/** The name in `${name}`, or undefined where the part is plain text. */
export function placeholder(part: string): string | undefined {
  return /^\$\{([^}]*)\}$/.exec(part)?.[1]?.trim();
}

function select(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  if (!Array.isArray(argument) || argument.length !== 2) {
    return unresolved('Fn::Select needs an index and a list');
  }
  const index = evaluator.resolve(argument[0], template);
  if (isObject(argument[1]) && Object.hasOwn(argument[1], 'Fn::GetAZs') && index.kind === 'scalar') {
    return zone(argument[1]['Fn::GetAZs'], String(index.value), template, evaluator);
  }
  const list = evaluator.resolve(argument[1], template);
  if (list.kind !== 'list' || index.kind !== 'scalar') {
    // A list that only the deployment knows: which resource it is of can be read all the same.
    const text = list.kind === 'reference' ? textOf(list).text : '';
    return list.kind === 'unresolved' ? list : unresolved('Fn::Select needs a known index and a list', text);
  }
  const place = /^\d+$/.test(String(index.value)) ? Number(index.value) : -1;
  const upTo = list.items.slice(0, place + 1).map((item) => evaluator.resolveCell(item));
  // An item that comes to nothing moves the ones behind it.
  return upTo.some(({ kind }) => kind === 'absent') || upTo.length !== place + 1
    ? unresolved(`Fn::Select finds no item ${String(index.value)}`)
    : (upTo[place] ?? unresolved(`Fn::Select finds no item ${String(index.value)}`));
}

/** An availability zone by its number: which one it is only the account knows, but two numbers are two zones. */
function zone(argument: unknown, index: string, template: Template, evaluator: Evaluator): Resolved {
  const named = textOf(evaluator.resolve(argument, template));
  const own = textOf(evaluator.resolve({ Ref: 'AWS::Region' }, template));
  if ('kind' in named) {
    return named;
  }
  const region = named.text === '' && !('kind' in own) ? own.text : named.text;
  return resolvedText(`\${AWS::AvailabilityZones.${region}.${index}}`, false, named.choice);
}

function split(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== 'string') {
    return unresolved('Fn::Split needs a separator and a text');
  }
  const text = textOf(evaluator.resolve(argument[1], template));
  if ('kind' in text || !text.literal) {
    return 'kind' in text ? text : unresolved('Fn::Split needs a known text', text.text);
  }
  return {
    kind: 'list',
    items: text.text.split(argument[0]).map((raw): Cell => ({ raw, template, choice: text.choice })),
    choice: text.choice,
  };
}

function findInMap(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  const parts = Array.isArray(argument) ? argument : [];
  const keys = parts.slice(0, 3).map((part) => textOf(evaluator.resolve(part, template)));
  const broken = keys.find((key) => 'kind' in key || !key.literal);
  if (keys.length !== 3 || broken) {
    return broken && 'kind' in broken ? broken : unresolved('Fn::FindInMap needs three known keys', broken?.text);
  }
  let value: unknown = template.section('Mappings');
  for (const key of keys) {
    value = isObject(value) ? own(value, key.text) : undefined;
  }
  const fallback = isObject(parts[3]) ? parts[3].DefaultValue : undefined;
  // Whoever chooses the row, what stands in it the template has written: it is no choice of the deployer's.
  return value === undefined && fallback === undefined
    ? unresolved(`Fn::FindInMap finds nothing at ${keys.map((key) => key.text).join('.')}`)
    : evaluator.resolve(value ?? fallback, template);
}

function importValue(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  const name = textOf(evaluator.resolve(argument, template));
  if ('kind' in name) {
    return name;
  }
  const exported = exportedAs(name.text, template, evaluator);
  return exported
    ? evaluator.resolve(exported.value, exported.template)
    : unresolved(`nothing here exports '${name.text}'`, `\${import ${name.text}}`);
}

function stackOutput(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  const { StackName, OutputName } = isObject(argument) ? argument : { StackName: '', OutputName: '' };
  const output = outputOfStack(argument, template, evaluator);
  const stack = textOf(evaluator.resolve(StackName, template));
  return output
    ? evaluator.resolve(output.value, output.template)
    : unresolved(
        `no stack here has the output '${textual(OutputName)}'`,
        `\${output ${stack.text}.${textual(OutputName)}}`,
      );
}

function length(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  const list = evaluator.resolve(argument, template);
  return list.kind === 'list'
    ? {
        kind: 'scalar',
        value: list.items.filter((item) => evaluator.resolveCell(item).kind !== 'absent').length,
        choice: list.choice,
      }
    : list.kind === 'unresolved'
      ? list
      : unresolved('Fn::Length needs a list');
}

function toJsonString(argument: unknown): Resolved {
  const text = JSON.stringify(argument) ?? '';
  return /"(Ref|Fn::[^"]*)":|\{\{resolve:/.test(text)
    ? unresolved('Fn::ToJsonString holds what is resolved at deployment', text)
    : { kind: 'scalar', value: text };
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
