import { isObject, type Json, textual } from './parse';
import { pseudoParameter } from './pseudo-parameters';
import type { ResourceDefinition, Template } from './template';

/** A parameter, or a pseudo parameter such as AWS::Region, of one template. */
export interface ParameterName {
  readonly template: Template;
  readonly name: string;
}

/** One value that an open parameter may take. */
export interface ParameterOption {
  /** Undefined: any value that the deployer likes, other than the ones listed beside it. */
  readonly value?: string | readonly string[];
  /** The deployer must depart from the default to get it, or there is no default. */
  readonly deployerChosen: boolean;
  /** Number of such an `any other` value: parameters that conditions compare with each other may choose the same one. */
  readonly other?: number;
}

/** The largest retention, size or count that a Number parameter without MaxValue stands for. */
const withoutMaximum = Number.MAX_SAFE_INTEGER;

/**
 * Every value of a parameter that a judgement can tell apart: the default first, then the allowed values, the ends of an allowed
 * range and a value between them, or the words that conditions compare it with, and `any other` where the deployer is free.
 * @param words what conditions compare it with
 * @param others how many different `any other` values conditions can tell apart
 */
export function parameterOptions(
  { template, name }: ParameterName,
  words: ReadonlySet<string>,
  others: number,
): readonly ParameterOption[] {
  const parameter = template.parameter(name) ?? {};
  const known = name.startsWith('AWS::') || isStored(parameter) ? undefined : defaultOf(parameter);
  const allowed = isStored(parameter) ? undefined : allowedValues(parameter, words);
  const chosen = [...(allowed ?? possible(parameter, words))].filter((value) => value !== known);
  return [
    ...(known === undefined ? [] : [{ value: typed(parameter, known), deployerChosen: false }]),
    ...chosen.map((value) => ({ value: typed(parameter, value), deployerChosen: true })),
    ...Array.from({ length: allowed ? 0 : others }, (_, other) => ({ deployerChosen: true, other })),
  ];
}

/** A value as the parameter's type has it: lists are written with commas. */
export function typed(parameter: Json, value: string): string | readonly string[] {
  return isListParameter(parameter) ? value.split(',').map((item) => item.trim()) : value;
}

export function isListParameter({ Type }: Json): boolean {
  return (
    Type === 'CommaDelimitedList' || /^List<|^AWS::SSM::Parameter::Value<(List<|CommaDelimitedList)/.test(textual(Type))
  );
}

/** A parameter whose value CloudFormation fetches from Parameter Store: the template and the deployer name the place, not the value. */
export function isStored({ Type }: Json): boolean {
  return textual(Type).startsWith('AWS::SSM::Parameter::Value');
}

function defaultOf({ Default }: Json): string | undefined {
  return isScalar(Default) ? String(Default) : undefined;
}

/** Every allowed value, or undefined where the deployer is free. */
function allowedValues(parameter: Json, words: ReadonlySet<string>): readonly string[] | undefined {
  const { AllowedValues, Type, MinValue, MaxValue } = parameter;
  if (Array.isArray(AllowedValues) && AllowedValues.length > 0 && AllowedValues.every(isScalar)) {
    const single = AllowedValues.map(String);
    return isListParameter(parameter) && single.length > 1 ? [...single, single.join(',')] : single;
  }
  if (Type === 'Number' && isNumeric(MinValue)) {
    return rangeOf(Number(MinValue), isNumeric(MaxValue) ? Number(MaxValue) : withoutMaximum, words);
  }
  return undefined;
}

/** A range is judged at both its ends, at every word that a condition asks for, and at one value that is none of them. */
function rangeOf(least: number, most: number, words: ReadonlySet<string>): readonly string[] {
  const asked = [...words].filter((word) => isNumeric(word) && Number(word) >= least && Number(word) <= most);
  const taken = new Set([String(least), String(most), ...asked]);
  let between = Math.floor(least / 2 + most / 2);
  while (taken.has(String(between)) && between < most) {
    between++;
  }
  return [...taken, ...(between > least && between < most ? [String(between)] : [])];
}

/** The words that a free parameter may really be set to. */
function* possible({ MinLength, MaxLength }: Json, words: ReadonlySet<string>): Generator<string> {
  const least = isNumeric(MinLength) ? Number(MinLength) : 0;
  const most = isNumeric(MaxLength) ? Number(MaxLength) : Number.POSITIVE_INFINITY;
  for (const word of words) {
    if (word.length >= least && word.length <= most) {
      yield word;
    }
  }
}

function isNumeric(value: unknown): boolean {
  return (typeof value === 'number' || typeof value === 'string') && value !== '' && Number.isFinite(Number(value));
}

export function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** Values that a parameter is known to be able to take, for the parameters that conditions compare with it. */
export function namedValues({ template, name }: ParameterName): readonly string[] {
  const parameter = template.parameter(name);
  if (!parameter) {
    const value = pseudoParameter(template, name);
    return value === undefined ? [] : [value];
  }
  const given = template.origin.parameterValues?.get(name);
  const known = isStored(parameter) ? [] : [defaultOf(parameter), ...(allowedValues(parameter, new Set()) ?? [])];
  return [given, ...known].filter((value) => value !== undefined);
}

/** Pseudo parameters that are the stack's own; the others are the same for a nested stack and the one above it. */
const ownPseudos = new Set(['AWS::StackName', 'AWS::StackId', 'AWS::NotificationARNs', 'AWS::NoValue']);

/**
 * The parameter that decides another's value: a nested stack's parameter that is given one of the stack above as it stands is that
 * one. Itself, where nothing decides it.
 */
export function decidingParameter({ template, name }: ParameterName): ParameterName {
  const { parent } = template;
  if (!parent) {
    return { template, name };
  }
  if (name.startsWith('AWS::')) {
    return ownPseudos.has(name) ? { template, name } : decidingParameter({ template: parent.template, name });
  }
  const supplied = template.parameter(name) ? suppliedTo(template, name) : undefined;
  const referred = isObject(supplied) && Object.keys(supplied).length === 1 ? supplied.Ref : undefined;
  return typeof referred === 'string' && referred !== 'AWS::NoValue'
    ? decidingParameter({ template: parent.template, name: referred })
    : { template, name };
}

/** What the stack above gives a nested stack's parameter, or a stack set the one of its template, as written. */
export function suppliedTo({ parent, stackSet }: Template, name: string): unknown {
  if (stackSet) {
    return suppliedBySet(stackSet, name);
  }
  const properties = parent?.properties;
  const parameters = isObject(properties) ? properties.Parameters : undefined;
  return isObject(parameters) && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}

/** The value that holds for every instance: where some have others, it is the deployer's to choose. */
function suppliedBySet({ properties }: ResourceDefinition, name: string): unknown {
  const { Parameters, StackInstancesGroup: groups } = isObject(properties) ? properties : {};
  const overrides = Array.isArray(groups) && groups.some((each) => isObject(each) && each.ParameterOverrides);
  const found = Array.isArray(Parameters)
    ? Parameters.find((each) => isObject(each) && each.ParameterKey === name)
    : undefined;
  return isObject(found) && !overrides ? found.ParameterValue : undefined;
}
