import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';

/** Services that read the public logs for others, and words by which a function of one's own says that it does. */
const monitors =
  /crt\.sh|certspotter|merklemap|certstream|search\.censys|ct\.googleapis\.com|certificate[-_ ]?(transparency|watch)/i;

/** Judges what runs on a clock: whether it is a watch of certificate transparency, how often it looks, and whether it runs at all. */
export function judgeSchedule(schedule: Subject, promisedHours: number): readonly Outcome[] {
  if (!targetsOf(schedule).some(isWatch)) {
    return [notApplicable('starts no watch of certificate transparency')];
  }
  const often = decide(schedule.text('ScheduleExpression'), {
    known: (expression) => {
      const hours = hoursBetween(expression);
      if (hours === undefined) {
        return notAssessed(`how often '${expression}' runs is not known to this control`);
      }
      return hours <= promisedHours ? satisfied : finding('rareWatch', undefined, { promisedHours });
    },
    absent: () => notApplicable('runs on events, not on a clock'),
  });
  // Absent means ENABLED for both types.
  const runs = decide(schedule.text('State'), {
    known: (state) => (state === 'DISABLED' ? finding('stoppedWatch') : satisfied),
    absent: () => satisfied,
  });
  return [...often, ...(often.every(({ verdict }) => verdict === 'satisfied') ? runs : [])];
}

function targetsOf(schedule: Subject): readonly Node[] {
  if (schedule.type === 'AWS::Scheduler::Schedule') {
    return [schedule.at('Target.Arn')];
  }
  const list = schedule.items('Targets');
  return list.kind === 'known' ? list.value.map((target) => target.at('Arn')) : [];
}

function isWatch(target: Node): boolean {
  const reference = target.reference();
  if (reference.kind !== 'known' || reference.value.subject.type !== 'AWS::Lambda::Function') {
    return false;
  }
  const code = reference.value.subject;
  const variables = code.at('Environment.Variables').entries();
  const tags = code.items('Tags');
  const words = [
    ...(variables.kind === 'known' ? variables.value.map(([, value]) => value) : []),
    ...(tags.kind === 'known' ? tags.value.map((tag) => tag.at('Value')) : []),
    code.at('FunctionName'),
  ];
  return words.some((word) => {
    const { resolved } = word;
    // Looked at before it is read: only the word that decides goes on record.
    const says = resolved.kind === 'scalar' && monitors.test(String(resolved.value));
    return says && word.text().kind === 'known';
  });
}

const units: Readonly<Record<string, number>> = { minute: 1 / 60, hour: 1, day: 24 };

/** Longest time between two runs of a rate, or of a cron expression that runs in steps of hours or once a day. */
export function hoursBetween(expression: string): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression.trim()) ?? [];
  if (count !== undefined && unit !== undefined) {
    return Number(count) * (units[unit] ?? Number.NaN);
  }
  const [, hour] = /^cron\(\d+ (\*|\d+|[*0]\/\d+) (?:\* \* \?|\? \* \*) \*\)$/.exec(expression.trim()) ?? [];
  if (hour === undefined) {
    return undefined;
  }
  return hour === '*' ? 1 : hour.includes('/') ? Number(hour.split('/')[1]) : 24;
}
