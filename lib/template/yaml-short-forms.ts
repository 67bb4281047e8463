import {
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  floatCoreTag,
  intCoreTag,
  load,
  mapTag,
  NOT_RESOLVED,
  type Schema,
} from 'js-yaml';
import { maximumDepth } from './json-text';

/** CloudFormation's YAML short forms; `!Ref` and `!Condition` keep their names, the rest stand for `Fn::<name>`. */
const shortForms = [
  'And',
  'Base64',
  'Cidr',
  'Condition',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'Equals',
  'FindInMap',
  'ForEach',
  'GetAtt',
  'GetAZs',
  'GetStackOutput',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Ref',
  'RefAll',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'ValueOf',
  'ValueOfAll',
] as const;

let schema: Schema | undefined;

/**
 * Numbers that every version of YAML reads alike. CloudFormation follows version 1.1, where `010` is eight and `1_000` a thousand;
 * those, and account ids such as `012345678901`, stay text rather than become a number that nobody meant.
 */
const plainNumbers = [
  defineScalarTag<number>('tag:yaml.org,2002:int', {
    ...intCoreTag,
    resolve: (source) =>
      /^[-+]?(0|[1-9][0-9]*)$/.test(source) && Number.isSafeInteger(Number(source)) ? Number(source) : NOT_RESOLVED,
  }),
  defineScalarTag<number>('tag:yaml.org,2002:float', {
    ...floatCoreTag,
    resolve: (source) => (/^[-+]?(0|[1-9][0-9]*)\.[0-9]+$/.test(source) ? Number(source) : NOT_RESOLVED),
  }),
];

/** Loads YAML with CloudFormation's tags, as CloudFormation reads it: dates and versions stay strings, keys are unique. */
export function loadYaml(text: string): unknown {
  schema ??= CORE_SCHEMA.withTags(...plainNumbers, ...shortForms.flatMap(tagsOf));
  return load(text, { schema, maxDepth: maximumDepth });
}

function tagsOf(name: string) {
  const long = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const never = () => false;
  return [
    defineScalarTag(`!${name}`, {
      resolve: (source: string) => ({ [long]: name === 'GetAtt' ? splitAttribute(source) : source }),
      identify: never,
    }),
    defineSequenceTag<unknown[], unknown>(`!${name}`, {
      create: () => [],
      addItem: (items, item) => void items.push(item),
      finalize: (items) => ({ [long]: items }),
      identify: never,
    }),
    defineMappingTag<Record<string, unknown>, unknown>(`!${name}`, {
      create: mapTag.create,
      addPair: mapTag.addPair,
      has: mapTag.has,
      keys: () => [],
      get: () => undefined,
      finalize: (map) => ({ [long]: map }),
      identify: never,
    }),
  ];
}

/** `!GetAtt Resource.Attribute`: everything before the first dot is the logical id. */
function splitAttribute(source: string): readonly string[] {
  const dot = source.indexOf('.');
  return dot < 0 ? [source] : [source.slice(0, dot), source.slice(dot + 1)];
}
