import type { Node } from '../../../lib/template/node';
import type { Reading, UnresolvedReading } from '../../../lib/template/reading';
import type { Subject } from '../../../lib/template/subject';

/** Calls that a trail may record, by kind and direction: `management reads`, `S3 object writes`. */
export type Call = `${string} ${'reads' | 'writes'}`;

/** Kinds of data events, by CloudTrail's name for the resource; every other one is recorded without being asked for. */
export const dataKinds: ReadonlyMap<string, string> = new Map([
  ['AWS::S3::Object', 'S3 object'],
  ['AWS::Lambda::Function', 'Lambda function'],
  ['AWS::DynamoDB::Table', 'DynamoDB table'],
  ['AWS::VerifiedPermissions::PolicyStore', 'policy store'],
]);

/** Reads and writes of one kind. */
export function bothWays(kind: string): readonly Call[] {
  return [`${kind} reads`, `${kind} writes`];
}

export interface RecordedCalls {
  readonly calls: ReadonlySet<Call>;
  /** What is taken out of the management events. */
  readonly excluded: readonly string[];
  /** Part of the selectors that cannot be read: what they record is not known. */
  readonly unread?: UnresolvedReading;
}

/**
 * What the selectors of a trail record. One that is narrower than all resources of a kind counts for nothing: which ones hold data cannot
 * be told. Without selectors a trail records management events and no others.
 *
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
export function recordedCalls(trail: Subject): RecordedCalls {
  const reader = new SelectorReader();
  const advanced = reader.list(trail.items('AdvancedEventSelectors'));
  const classic = reader.list(trail.items('EventSelectors'));
  const parts =
    advanced.length > 0
      ? advanced.map((selector) => advancedSelector(selector, reader, trail))
      : classic.map((selector) => classicSelector(selector, reader));
  return {
    calls: new Set(parts.length > 0 ? parts.flatMap(({ calls }) => [...calls]) : bothWays('management')),
    excluded: parts.flatMap(({ excluded }) => excluded),
    unread: reader.unread,
  };
}

/** Reads many values and remembers the first that cannot be. */
class SelectorReader {
  unread?: UnresolvedReading;

  value<T>(reading: Reading<T>, absent: T): T {
    if (reading.kind === 'unresolved') {
      this.unread ??= reading;
    }
    return reading.kind === 'known' ? reading.value : absent;
  }

  list(reading: Reading<readonly Node[]>): readonly Node[] {
    return this.value(reading, []);
  }

  texts(list: Node): readonly string[] {
    return this.list(list.items()).map((item) => this.value(item.pattern(), ''));
  }
}

function classicSelector(selector: Node, reader: SelectorReader): RecordedCalls {
  const type = reader.value(selector.at('ReadWriteType').text(), 'All');
  const ways = waysOf(type !== 'WriteOnly', type !== 'ReadOnly');
  const management = reader.value(selector.at('IncludeManagementEvents').bool(), true);
  const excluded = reader.texts(selector.at('ExcludeManagementEventSources'));
  const data = reader.list(selector.at('DataResources').items()).flatMap((resource) => {
    const kind = dataKinds.get(reader.value(resource.at('Type').text(), ''));
    const whole = reader.texts(resource.at('Values')).some(namesEveryResource);
    return kind !== undefined && whole ? ways(kind) : [];
  });
  return {
    calls: new Set([...(management && excluded.length === 0 ? ways('management') : []), ...data]),
    excluded: management ? excluded : [],
  };
}

/** `arn:aws:s3` and `arn:aws:s3:::` are prefixes of every object, as a service without a resource is of every resource. */
function namesEveryResource(arn: string): boolean {
  return /^arn:[^:]+:(s3|lambda|dynamodb):*$/.test(arn.replace(/\$\{[^}]*\}/g, 'any'));
}

function advancedSelector(selector: Node, reader: SelectorReader, trail: Subject): RecordedCalls {
  const fields = reader.list(selector.at('FieldSelectors').items());
  const named = (name: string) => fields.find((field) => reader.value(field.at('Field').text(), '') === name);
  const equals = (name: string) => {
    const field = named(name);
    return field ? reader.texts(field.at('Equals')) : [];
  };
  const readOnly = named('readOnly') ? equals('readOnly') : ['true', 'false'];
  const ways = waysOf(readOnly.includes('true'), readOnly.includes('false'));
  const narrowing = fields.filter((field) => narrows(field, reader, trail));
  const category = equals('eventCategory');
  if (category.includes('Management')) {
    return {
      calls: new Set(narrowing.length === 0 ? ways('management') : []),
      excluded: narrowing.flatMap((field) => reader.texts(field.at('NotEquals'))),
    };
  }
  const types = category.includes('Data') && narrowing.length === 0 ? equals('resources.type') : [];
  const kinds = types.flatMap((type) => dataKinds.get(type) ?? []);
  return { calls: new Set(kinds.flatMap((kind) => ways(kind))), excluded: [] };
}

/** A trail that leaves out the writing of its own files records no less of what anybody does; AWS advises it. */
function narrows(field: Node, reader: SelectorReader, trail: Subject): boolean {
  const name = reader.value(field.at('Field').text(), '');
  if (['eventCategory', 'readOnly', 'resources.type'].includes(name)) {
    return false;
  }
  const archive = trail.reference('S3BucketName');
  const left = ['NotStartsWith', 'NotEquals'].flatMap((operator) => reader.texts(field.at(operator)));
  const others = ['Equals', 'StartsWith', 'EndsWith', 'NotEndsWith'].flatMap((operator) =>
    reader.texts(field.at(operator)),
  );
  const own = archive.kind === 'known' ? `\${${archive.value.subject.logicalId}.Arn}` : undefined;
  return !(
    name === 'resources.ARN' &&
    own !== undefined &&
    others.length === 0 &&
    left.every((arn) => arn === own || arn.startsWith(`${own}/`))
  );
}

function waysOf(reads: boolean, writes: boolean) {
  return (kind: string): readonly Call[] => bothWays(kind).filter((call) => (call.endsWith(' reads') ? reads : writes));
}
