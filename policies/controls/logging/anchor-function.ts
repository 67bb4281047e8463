import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { judgeAlarm, judgeSchedules, namedIn, saysItself } from './scheduled-function';

/** Whether a function anchors an audit chain: its name or one of its tags says so. */
export function isAnchor(code: Subject): boolean {
  return saysItself(code, /audit[-_ ]?anchor/i);
}

/** Judges when a function runs, what it writes to, and who hears of it when it fails or does not run. */
export function judgeAnchor(code: Subject, scope: Scope, minutes: number): readonly Outcome[] {
  return [
    judgeSchedules(code, scope, minutes, { unscheduled: 'unscheduled', rare: 'rare' }),
    ...judgeBuckets(code),
    judgeAlarm(code, scope, 'Errors', 'unheard'),
    judgeAlarm(code, scope, 'Invocations', 'missedUnheard', true),
  ];
}

/** An object that somebody may remove again is no anchor: governance mode lets some. */
function judgeBuckets(code: Subject): readonly Outcome[] {
  const buckets = namedIn(code, ['AWS::S3::Bucket']);
  if (buckets.length === 0) {
    return [finding('nowhere')];
  }
  return buckets.map((bucket): Outcome => {
    const enabled = bucket.bool('ObjectLockEnabled');
    const mode = bucket.text('ObjectLockConfiguration.Rule.DefaultRetention.Mode');
    if (enabled.kind === 'unresolved' || mode.kind === 'unresolved') {
      return notAssessed(`whether ${bucket.logicalId} locks what it keeps cannot be seen`);
    }
    const isLocked = enabled.kind === 'known' && enabled.value && mode.kind === 'known' && mode.value === 'COMPLIANCE';
    const days = daysOf(bucket);
    if (isLocked && days !== undefined && days < leastDays) {
      return finding('shortLock', undefined, { bucket: bucket.logicalId, days, least: leastDays });
    }
    return isLocked && days !== undefined ? satisfied : finding('unlocked', undefined, { bucket: bucket.logicalId });
  });
}

/** Entries are kept for at least so long (audit.apply_retention refuses less), and what proves them must not go first. */
const leastDays = 90;

function daysOf(bucket: Subject): number | undefined {
  const retention = bucket.at('ObjectLockConfiguration.Rule.DefaultRetention');
  const [days, years] = [retention.at('Days').number(), retention.at('Years').number()];
  return days.kind === 'known' ? days.value : years.kind === 'known' ? years.value * 365 : undefined;
}
