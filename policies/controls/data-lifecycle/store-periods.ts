import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { isObject } from '../../../lib/template/parse';
import type { Subject } from '../../../lib/template/subject';

/**
 * Days that CloudWatch Logs can keep: what is scheduled is rounded up to the next of these.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const legalDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Whether a store keeps for the days scheduled, and neither longer nor shorter. */
export function keepsFor(store: Subject, days: number): readonly Outcome[] {
  switch (store.type) {
    case 'AWS::Logs::LogGroup':
      return logGroup(store, days);
    case 'AWS::S3::Bucket':
      return bucket(store, days);
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable':
      return table(store, days);
    default:
      return [notAssessed(`after how many days ${store.type} forgets is written in its data`)];
  }
}

function logGroup(group: Subject, days: number): readonly Outcome[] {
  const promised = legalDays.find((legal) => legal >= days) ?? days;
  return decide(group.number('RetentionInDays'), {
    known: (kept) => (kept === promised ? satisfied : finding('differs', undefined, { kept, promised })),
    absent: () => finding('neverDeleted', undefined, { promised }),
  });
}

/** When an item ends stands in the item, where no template shows it; that anything ends at all stands here. */
function table(store: Subject, days: number): readonly Outcome[] {
  return decide(store.bool('TimeToLiveSpecification.Enabled'), {
    known: (on) => (on ? satisfied : finding('neverDeleted', undefined, { promised: days })),
    absent: () => finding('neverDeleted', undefined, { promised: days }),
  });
}

/** Most days for which an object stays behind its own deletion, as a version that nobody sees any more. */
const longestHidden = 30;

/** Whether a bucket locks each object from its birth for longer than it is to be kept. */
function judgeLock(store: Subject, promised: number): readonly Outcome[] {
  const units = { Days: 1, Years: 365 };
  return Object.entries(units).flatMap(([unit, length]) =>
    decide(store.at(`ObjectLockConfiguration.Rule.DefaultRetention.${unit}`).number(), {
      known: (count) =>
        count * length > promised ? finding('differs', undefined, { kept: count * length, promised }) : [],
      absent: () => [],
    }),
  );
}

/** Where versions are kept, a rule that ends objects hides them, and only another one ends what is hidden. */
function hiddenVersions(store: Subject, rules: readonly Node[], promised: number): readonly Outcome[] {
  const status = store.text('VersioningConfiguration.Status');
  const keepsVersions = status.kind !== 'absent' || store.at('ObjectLockEnabled').state() !== 'absent';
  if (!keepsVersions) {
    return [];
  }
  const places = rules
    .filter(isWhole)
    .filter((rule) => rule.at('NoncurrentVersionExpiration.NewerNoncurrentVersions').resolved.kind === 'absent')
    .flatMap((rule) =>
      ['NoncurrentVersionExpiration.NoncurrentDays', 'NoncurrentVersionExpirationInDays'].map((path) => rule.at(path)),
    );
  const ends = places.map((place) => place.number());
  const hidden = [status, ...ends].find((reading) => reading.kind === 'unresolved');
  if (hidden?.kind === 'unresolved') {
    return [notAssessed(hidden.reason, hidden.property)];
  }
  return ends.some((end) => end.kind === 'known' && end.value <= longestHidden)
    ? []
    : [finding('versionsStay', 'LifecycleConfiguration.Rules', { promised, longest: longestHidden })];
}

/** An object that is locked is hidden a day after its lock ends, so that the lock never outlives the rule. */
function bucket(store: Subject, days: number): readonly Outcome[] {
  const isLocked = store.at('ObjectLockConfiguration.Rule.DefaultRetention').state() !== 'absent';
  const allowed = isLocked ? [days, days + 1] : [days];
  const locked = judgeLock(store, days);
  if (locked.length > 0) {
    return locked;
  }
  return withRules(store, (rules) => {
    const expiring = rules.map((rule) => ({ rule, reading: rule.at('ExpirationInDays').number() }));
    const hidden = expiring.find(({ reading }) => reading.kind === 'unresolved');
    if (hidden?.reading.kind === 'unresolved') {
      return [notAssessed(hidden.reading.reason, hidden.reading.property)];
    }
    const known = expiring.flatMap(({ rule, reading }) => (reading.kind === 'known' ? [{ rule, reading }] : []));
    const wrong = known.filter(({ reading }) => !allowed.includes(reading.value));
    if (wrong.length > 0) {
      return wrong.map(({ reading }) => finding('differs', reading.property, { kept: reading.value, promised: days }));
    }
    if (!known.some(({ rule }) => isWhole(rule))) {
      return [finding('neverDeleted', undefined, { promised: days })];
    }
    const behind = hiddenVersions(store, rules, days);
    return behind.length > 0 ? behind : [satisfied];
  });
}

function isWhole(rule: Node): boolean {
  const prefix = rule.at('Prefix').resolved;
  const isOfAll = prefix.kind === 'absent' || (prefix.kind === 'scalar' && prefix.value === '');
  return (
    isOfAll &&
    ['TagFilters', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan'].every(
      (path) => rule.at(path).resolved.kind === 'absent',
    )
  );
}

/** Whether nothing takes away what belongs to an account that is in use: neither by time, nor with the stack. */
export function keepsWhileActive(store: Subject): readonly Outcome[] {
  return [...deletedByTime(store), ...deletedWithStack(store)];
}

function deletedByTime(store: Subject): readonly Outcome[] {
  switch (store.type) {
    case 'AWS::S3::Bucket':
      return withRules(store, (rules) => {
        const timed = rules.flatMap((rule) => ['ExpirationInDays', 'ExpirationDate'].map((path) => rule.at(path)));
        const deleting = timed.filter((node) => node.state() !== 'absent');
        return deleting.length > 0 ? deleting.map(({ path }) => finding('deletesActive', path)) : [satisfied];
      });
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable':
      return decide(store.bool('TimeToLiveSpecification.Enabled'), {
        known: (on) => (on ? finding('deletesActive') : satisfied),
        absent: () => satisfied,
      });
    case 'AWS::Logs::LogGroup':
      return decide(store.number('RetentionInDays'), {
        known: () => finding('deletesActive'),
        absent: () => satisfied,
      });
    default:
      return [satisfied];
  }
}

/** A switch against deletion, or a policy that leaves the store or a last snapshot behind. */
function deletedWithStack(store: Subject): readonly Outcome[] {
  const resources = store.template.document.Resources;
  const written = isObject(resources) ? resources[store.logicalId] : undefined;
  const policy = isObject(written) ? written.DeletionPolicy : undefined;
  // Left out, CloudFormation takes a last snapshot of a database cluster, and of nothing else that stands here
  const stays = policy === undefined ? store.type === 'AWS::RDS::DBCluster' : policy !== 'Delete';
  return stays ? [satisfied] : [finding('deletedWithStack')];
}

/** The lifecycle rules that are on; without any, a bucket keeps for ever. */
function withRules(store: Subject, judge: (rules: readonly Node[]) => readonly Outcome[]): readonly Outcome[] {
  return decide(store.items('LifecycleConfiguration.Rules'), {
    known: (rules) => {
      const states = rules.map((rule) => ({ rule, status: rule.at('Status').text() }));
      const hidden = states.find(({ status }) => status.kind === 'unresolved');
      return hidden?.status.kind === 'unresolved'
        ? [notAssessed(hidden.status.reason, hidden.status.property)]
        : judge(
            states
              .filter(({ status }) => status.kind === 'known' && status.value === 'Enabled')
              .map(({ rule }) => rule),
          );
    },
    absent: () => judge([]),
  });
}
