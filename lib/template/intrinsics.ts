import type { Evaluator } from './evaluate';
import { isObject, type Json } from './parse';
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
  return evaluator.resolve(evaluator.condition(String(argument[0]), template) ? argument[1] : argument[2], template);
}

function attribute(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  const parts = typeof argument === 'string' ? splitOnce(argument, '.') : Array.isArray(argument) ? argument : [];
  const [logicalId, ...rest] = parts;
  const resource = template.resources.get(String(logicalId));
  const name = rest.map(String).join('.');
  if (!resource || name === '') {
    return unresolved(`'${String(logicalId)}' is no resource of the template`, `\${${parts.join('.')}}`);
  }
  const nested = name.startsWith('Outputs.') ? evaluator.graph.nestedIn(resource) : undefined;
  const output = nested?.section('Outputs')[name.slice('Outputs.'.length)];
  return nested && isObject(output)
    ? evaluator.resolve(output.Value, nested)
    : { kind: 'reference', resource, attribute: name };
}

function join(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  if (!Array.isArray(argument) || argument.length !== 2) {
    return unresolved('Fn::Join needs a separator and a list');
  }
  const separator = textOf(evaluator.resolve(argument[0], template));
  const list = evaluator.resolve(argument[1], template);
  if (list.kind !== 'list' || 'kind' in separator) {
    return list.kind === 'unresolved' ? list : unresolved('Fn::Join needs a list');
  }
  const parts = list.items.map((item) => textOf(evaluator.resolve(item.raw, item.template)));
  return concatenate(parts, separator.text, list.choice);
}

/** Puts parts together; one part that cannot be known leaves the whole unresolved, with what can be read of it. */
function concatenate(parts: readonly (Text | Unresolved)[], separator: string, choice?: string): Resolved {
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
  const [pattern, given] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof pattern !== 'string') {
    return unresolved('Fn::Sub needs a text');
  }
  const values: Json = isObject(given) ? given : {};
  const parts = pattern.split(/(\$\{[^}]*\})/).map((part): Text | Unresolved => {
    const name = /^\$\{([^}]*)\}$/.exec(part)?.[1]?.trim();
    if (name === undefined || name.startsWith('!')) {
      return { text: name === undefined ? part : `\${${name.slice(1)}}`, literal: true };
    }
    if (Object.hasOwn(values, name)) {
      return textOf(evaluator.resolve(values[name], template));
    }
    const isAttribute = name.includes('.');
    return textOf(evaluator.resolve(isAttribute ? { 'Fn::GetAtt': splitOnce(name, '.') } : { Ref: name }, template));
  });
  const resolved = concatenate(parts, '');
  return resolved.kind === 'scalar' && String(resolved.value).includes('{{resolve:')
    ? unresolved('a dynamic reference is resolved at deployment', String(resolved.value))
    : resolved;
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
    return list.kind === 'unresolved' ? list : unresolved('Fn::Select needs a known index and a list');
  }
  const item = list.items[Number(index.value)];
  return item
    ? evaluator.resolve(item.raw, item.template)
    : unresolved(`Fn::Select finds no item ${String(index.value)}`);
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
    items: text.text.split(argument[0]).map((raw): Cell => ({ raw, template })),
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
    value = isObject(value) && Object.hasOwn(value, key.text) ? value[key.text] : undefined;
  }
  const fallback = isObject(parts[3]) ? parts[3].DefaultValue : undefined;
  if (value === undefined && fallback === undefined) {
    return unresolved(`Fn::FindInMap finds nothing at ${keys.map((key) => key.text).join('.')}`);
  }
  const resolved = evaluator.resolve(value ?? fallback, template);
  const choice = keys.map((key) => ('kind' in key ? undefined : key.choice)).find((name) => name !== undefined);
  return choice !== undefined && (resolved.kind === 'scalar' || resolved.kind === 'list')
    ? { ...resolved, choice }
    : resolved;
}

function importValue(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  const name = textOf(evaluator.resolve(argument, template));
  if ('kind' in name) {
    return name;
  }
  const exported = evaluator.graph.exported(name.text, (raw, exporter) => {
    const text = textOf(evaluator.resolve(raw, exporter));
    return 'kind' in text ? undefined : text.text;
  });
  return exported
    ? evaluator.resolve(exported.value, exported.template)
    : unresolved(`nothing here exports '${name.text}'`, `\${import ${name.text}}`);
}

function stackOutput(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  const { StackName, OutputName } = isObject(argument) ? argument : { StackName: '', OutputName: '' };
  const stack = textOf(evaluator.resolve(StackName, template));
  const producer = 'kind' in stack ? undefined : evaluator.graph.stackNamed(stack.text);
  const output = producer?.section('Outputs')[String(OutputName)];
  return producer && isObject(output)
    ? evaluator.resolve(output.Value, producer)
    : unresolved(
        `no stack here has the output '${String(OutputName)}'`,
        `\${output ${stack.text}.${String(OutputName)}}`,
      );
}

function length(argument: unknown, template: Template, evaluator: Evaluator): Resolved {
  const list = evaluator.resolve(argument, template);
  return list.kind === 'list'
    ? { kind: 'scalar', value: list.items.length, choice: list.choice }
    : list.kind === 'unresolved'
      ? list
      : unresolved('Fn::Length needs a list');
}

function toJsonString(argument: unknown): Resolved {
  const text = JSON.stringify(argument) ?? '';
  return /"(Ref|Fn::\w+)":/.test(text)
    ? unresolved('Fn::ToJsonString holds intrinsics', text)
    : { kind: 'scalar', value: text };
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
