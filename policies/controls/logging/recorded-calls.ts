import { type Fact, factsIn, flagIn, textIn, UnknownShape, wordsIn } from '../../../lib/control/fact';

/** Calls that a trail may record, by kind and direction. */
export type Calls = `${'management' | 'S3 object' | 'Lambda function'} ${'reads' | 'writes'}`;

export const managementCalls: readonly Calls[] = ['management reads', 'management writes'];

export const dataCalls: readonly Calls[] = [
  'S3 object reads',
  'S3 object writes',
  'Lambda function reads',
  'Lambda function writes',
];

/** Kinds of data events by CloudFormation type, with the ARN that stands for every resource of the type. */
const dataKinds: Readonly<Record<string, { readonly kind: 'S3 object' | 'Lambda function'; readonly all: RegExp }>> = {
  'AWS::S3::Object': { kind: 'S3 object', all: /^arn:[\w-]+:s3(:::)?$/ },
  'AWS::Lambda::Function': { kind: 'Lambda function', all: /^arn:[\w-]+:lambda$/ },
};

/** What a trail records according to its selectors, and which services it leaves out of the management events. */
export interface RecordedCalls {
  readonly calls: ReadonlySet<Calls>;
  readonly excludedSources: readonly string[];
}

/**
 * Reads the answer of GetEventSelectors, whichever of the two kinds of selectors the trail uses. A selector that is narrower than all
 * resources of a kind counts for nothing: which ones hold data cannot be told from here.
 *
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html
 *
 * @param bucket name of the bucket that the trail writes to: leaving out its own files, as AWS advises, leaves out nobody's calls
 * @throws UnknownShape
 */
export function recordedCalls(answer: Fact, bucket: string | undefined): RecordedCalls {
  if (answer.EventSelectors === undefined && answer.AdvancedEventSelectors === undefined) {
    throw new UnknownShape('the trail has neither event selectors nor advanced ones in the answer');
  }
  const read = [
    ...factsIn(answer, 'EventSelectors').map(classic),
    ...factsIn(answer, 'AdvancedEventSelectors').map((selector) => advanced(selector, bucket)),
  ];
  // A trail to which nobody gave selectors records management events
  return {
    calls: new Set(read.length > 0 ? read.flatMap(({ calls }) => [...calls]) : managementCalls),
    excludedSources: [...new Set(read.flatMap(({ excludedSources }) => excludedSources))],
  };
}

function classic(selector: Fact): RecordedCalls {
  const type = textIn(selector, 'ReadWriteType');
  const directions = waysOf(type !== 'WriteOnly', type !== 'ReadOnly');
  const management = flagIn(selector, 'IncludeManagementEvents');
  const excludedSources = wordsIn(selector, 'ExcludeManagementEventSources');
  const data = factsIn(selector, 'DataResources').flatMap((resource) => {
    const known = dataKinds[textIn(resource, 'Type')];
    return known && wordsIn(resource, 'Values').some((arn) => known.all.test(arn)) ? directions(known.kind) : [];
  });
  return {
    calls: new Set([...(management && excludedSources.length === 0 ? directions('management') : []), ...data]),
    excludedSources: management ? excludedSources : [],
  };
}

function advanced(selector: Fact, bucket: string | undefined): RecordedCalls {
  const fields = new Map(factsIn(selector, 'FieldSelectors').map((field) => [textIn(field, 'Field'), field]));
  const equals = (name: string) => wordsIn(fields.get(name) ?? {}, 'Equals');
  const readOnly = fields.has('readOnly') ? equals('readOnly') : ['true', 'false'];
  const directions = waysOf(readOnly.includes('true'), readOnly.includes('false'));
  const narrowed = [...fields]
    .filter(([name]) => !['eventCategory', 'readOnly', 'resources.type'].includes(name))
    .filter(([name, field]) => name !== 'resources.ARN' || !leavesOutOwnFiles(field, bucket))
    .map(([name]) => name);
  const category = equals('eventCategory');
  if (category.includes('Management')) {
    return {
      calls: new Set(narrowed.length === 0 ? directions('management') : []),
      excludedSources: narrowed.flatMap((name) => wordsIn(fields.get(name) ?? {}, 'NotEquals')),
    };
  }
  const kinds = category.includes('Data') && narrowed.length === 0 ? equals('resources.type') : [];
  return {
    calls: new Set(kinds.flatMap((type) => (dataKinds[type] ? directions(dataKinds[type].kind) : []))),
    excludedSources: [],
  };
}

function leavesOutOwnFiles(field: Fact, bucket: string | undefined): boolean {
  const left = ['NotStartsWith', 'NotEquals'].flatMap((operator) => wordsIn(field, operator));
  const others = ['Equals', 'StartsWith', 'EndsWith', 'NotEndsWith'].flatMap((operator) => wordsIn(field, operator));
  return (
    bucket !== undefined &&
    others.length === 0 &&
    left.length > 0 &&
    left.every((arn) => arn.split(':::')[1]?.startsWith(`${bucket}/`))
  );
}

function waysOf(reads: boolean, writes: boolean) {
  return (kind: 'management' | 'S3 object' | 'Lambda function'): readonly Calls[] => [
    ...(reads ? [`${kind} reads` as const] : []),
    ...(writes ? [`${kind} writes` as const] : []),
  ];
}

/** The selectors in few words, for the record. */
export function describeCalls({ calls }: RecordedCalls): string {
  return [...calls].sort().join(', ') || 'nothing whole';
}
