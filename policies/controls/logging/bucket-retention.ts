import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Reading, UnresolvedReading } from '../../../lib/template/reading';
import type { Subject } from '../../../lib/template/subject';

export interface Period {
  /** Days for which a log is kept, at least. */
  readonly floor: number;
  /** Days for which it is kept, at most; undefined where nobody promises to forget it. */
  readonly ceiling?: number;
}

/** A lock and the lifecycle count from different moments, and S3 removes what has expired in its own time. */
const slackDays = 7;

/**
 * Whether a bucket keeps its objects for the period. Without a rule it keeps them for ever.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function bucketRetention(bucket: Subject, period: Period): readonly Outcome[] {
  const rules = readRules(bucket);
  if ('kind' in rules) {
    return [notAssessed(rules.reason, rules.property)];
  }
  const expiring = rules.filter(({ expiresAfter }) => expiresAfter !== undefined);
  const lock = expiring.length > 0 || period.ceiling !== undefined ? lockDays(bucket) : 0;
  if (typeof lock !== 'number') {
    return [notAssessed(lock.reason, lock.property)];
  }
  const early = expiring.flatMap((rule) => expiresEarly(rule, period.floor, lock));
  return early.length > 0 ? early : forgets(bucket, rules, period.ceiling, lock);
}

interface Rule {
  readonly path: string;
  /** Whether it is for every object. */
  readonly isWhole: boolean;
  readonly expiresAfter?: number;
  readonly forgetsReplacedAfter?: number;
}

function expiresEarly({ path, expiresAfter = 0 }: Rule, floor: number, lock: number): readonly Outcome[] {
  const property = `${path}.ExpirationInDays`;
  if (expiresAfter < floor) {
    return [finding('tooShort', property, { days: expiresAfter, floor })];
  }
  return expiresAfter < lock ? [finding('hiddenWhileLocked', property, { lock })] : [];
}

function forgets(
  bucket: Subject,
  rules: readonly Rule[],
  ceiling: number | undefined,
  lock: number,
): readonly Outcome[] {
  if (ceiling === undefined) {
    return [satisfied];
  }
  const latest = ceiling + slackDays;
  const whole = rules.filter(({ isWhole }) => isWhole);
  const soonest = Math.min(...whole.map(({ expiresAfter = Number.POSITIVE_INFINITY }) => expiresAfter));
  const tooLong = (days: number) =>
    finding('tooLong', undefined, { days: days === Number.POSITIVE_INFINITY ? 'all' : days, ceiling });
  if (soonest > latest || lock > latest) {
    return [tooLong(Math.max(soonest, lock))];
  }
  return decide(bucket.text('VersioningConfiguration.Status'), {
    known: (status) =>
      status === 'Enabled' && whole.every(({ forgetsReplacedAfter }) => forgetsReplacedAfter === undefined)
        ? finding('oldVersions')
        : satisfied,
    absent: () => satisfied,
  });
}

/** Days of the default lock; zero where there is none. */
export function lockDays(bucket: Subject): number | UnresolvedReading {
  const retention = bucket.at('ObjectLockConfiguration.Rule.DefaultRetention');
  const days = retention.at('Days').number();
  const years = retention.at('Years').number();
  const unread = days.kind === 'unresolved' ? days : years.kind === 'unresolved' ? years : undefined;
  return unread ?? (days.kind === 'known' ? days.value : 0) + (years.kind === 'known' ? years.value * 365 : 0);
}

function readRules(bucket: Subject): readonly Rule[] | UnresolvedReading {
  const list = bucket.items('LifecycleConfiguration.Rules');
  if (list.kind === 'unresolved') {
    return list;
  }
  const rules: Rule[] = [];
  for (const node of list.kind === 'known' ? list.value : []) {
    const rule = readRule(node);
    if (rule && 'kind' in rule) {
      return rule;
    }
    if (rule) {
      rules.push(rule);
    }
  }
  return rules;
}

function readRule(node: Node): Rule | UnresolvedReading | undefined {
  const status = node.at('Status').text();
  if (status.kind === 'absent') {
    return unreadable(status.property, 'CloudFormation requires the status of a rule');
  }
  const date = node.at('ExpirationDate');
  const expiresAfter = node.at('ExpirationInDays').number();
  const replaced = [
    node.at('NoncurrentVersionExpiration.NoncurrentDays').number(),
    node.at('NoncurrentVersionExpirationInDays').number(),
  ];
  const readings: readonly Reading<unknown>[] = [status, expiresAfter, ...replaced];
  const unread = readings.find((reading) => reading.kind === 'unresolved');
  if (unread?.kind === 'unresolved') {
    return unread;
  }
  if (status.kind === 'known' && status.value !== 'Enabled') {
    return undefined;
  }
  if (date.state() !== 'absent') {
    return unreadable(date.path, 'how old logs are at a fixed date cannot be told');
  }
  const forgets = replaced.flatMap((reading) => (reading.kind === 'known' ? [reading.value] : []));
  return {
    path: node.path,
    isWhole: narrowings.every((name) => isEmpty(node.at(name))),
    expiresAfter: expiresAfter.kind === 'known' ? expiresAfter.value : undefined,
    forgetsReplacedAfter: forgets[0],
  };
}

const narrowings = ['Prefix', 'TagFilters', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan'];

function isEmpty({ resolved }: Node): boolean {
  return resolved.kind === 'absent' || (resolved.kind === 'scalar' && resolved.value === '');
}

function unreadable(property: string, reason: string): UnresolvedReading {
  return { kind: 'unresolved', property, reason, text: '' };
}
