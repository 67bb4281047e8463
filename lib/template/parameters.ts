import { isObject, type Json } from './parse';
import type { Template } from './template';

/** One value that an open parameter may take. */
export interface ParameterOption {
  /** Undefined: any value that the deployer likes, other than the ones listed beside it. */
  readonly value?: string | readonly string[];
  /** The deployer must depart from the default to get it, or there is no default. */
  readonly deployerChosen: boolean;
}

/** The largest retention, size or count that a Number parameter without MaxValue stands for. */
const withoutMaximum = '9007199254740991';

/**
 * Every value of a parameter that a judgement can tell apart: the default first, then the allowed values, the ends of an allowed
 * range, or the words that conditions compare it with, and `any other` where the deployer is free.
 */
export function parameterOptions(template: Template, name: string): readonly ParameterOption[] {
  const known = cache.get(template)?.get(name);
  if (known) {
    return known;
  }
  const options = computeOptions(template, name);
  const ofTemplate = cache.get(template) ?? new Map<string, readonly ParameterOption[]>();
  cache.set(template, ofTemplate.set(name, options));
  return options;
}

const cache = new WeakMap<Template, Map<string, readonly ParameterOption[]>>();

function computeOptions(template: Template, name: string): readonly ParameterOption[] {
  const parameter = template.parameter(name);
  if (!parameter || isStored(parameter)) {
    return [{ deployerChosen: true }];
  }
  const options: ParameterOption[] = [];
  if (parameter.Default !== undefined) {
    options.push({ value: split(parameter, String(parameter.Default)), deployerChosen: false });
  }
  const allowed = allowedValues(parameter);
  const others = allowed ?? [...comparedWith(template, name)];
  for (const other of others) {
    if (other !== String(parameter.Default)) {
      options.push({ value: split(parameter, other), deployerChosen: true });
    }
  }
  if (!allowed) {
    options.push({ deployerChosen: true });
  }
  return options;
}

/** A parameter whose value CloudFormation fetches from Parameter Store: the default names the place, not the value. */
function isStored(parameter: Json): boolean {
  return String(parameter.Type).startsWith('AWS::SSM::Parameter::Value');
}

/** Every allowed value, or undefined where the deployer is free. A range is judged at both its ends. */
function allowedValues(parameter: Json): readonly string[] | undefined {
  if (Array.isArray(parameter.AllowedValues)) {
    return parameter.AllowedValues.map(String);
  }
  if (parameter.Type === 'Number' && parameter.MinValue !== undefined) {
    return [String(parameter.MinValue), parameter.MaxValue === undefined ? withoutMaximum : String(parameter.MaxValue)];
  }
  return undefined;
}

function split(parameter: Json, value: string): string | readonly string[] {
  const type = String(parameter.Type);
  const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
  return isList ? value.split(',').map((item) => item.trim()) : value;
}

/** The words that a template's conditions compare a parameter with: they are what a free value can be told from. */
function comparedWith(template: Template, name: string): ReadonlySet<string> {
  let index = comparisons.get(template);
  if (!index) {
    index = new Map();
    collectComparisons(template.section('Conditions'), index);
    comparisons.set(template, index);
  }
  return index.get(name) ?? new Set();
}

const comparisons = new WeakMap<Template, Map<string, Set<string>>>();

function collectComparisons(node: unknown, index: Map<string, Set<string>>): void {
  if (Array.isArray(node)) {
    for (const item of node) {
      collectComparisons(item, index);
    }
    return;
  }
  if (!isObject(node)) {
    return;
  }
  const sides = node['Fn::Equals'];
  if (Array.isArray(sides) && sides.length === 2) {
    noteComparison(sides[0], sides[1], index);
    noteComparison(sides[1], sides[0], index);
  }
  for (const part of Object.values(node)) {
    collectComparisons(part, index);
  }
}

function noteComparison(reference: unknown, literal: unknown, index: Map<string, Set<string>>): void {
  const name = isObject(reference) ? reference.Ref : undefined;
  if (typeof name === 'string' && ['string', 'number', 'boolean'].includes(typeof literal)) {
    index.set(name, (index.get(name) ?? new Set()).add(String(literal)));
  }
}

/** The words that conditions compare a pseudo parameter such as AWS::Region with. */
export function pseudoOptions(template: Template, name: string): readonly ParameterOption[] {
  const compared: ParameterOption[] = [...comparedWith(template, name)].map((value) => ({
    value,
    deployerChosen: true,
  }));
  return [...compared, { deployerChosen: true }];
}
