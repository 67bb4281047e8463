import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/**
 * Whether a schedule looks after each image that a task runs: a function that is told of the image by its digest, or a pipeline or project
 * that builds anew. What the function makes of it is code, and tested where it stands.
 */
export function watchedImages(task: Subject, scope: Scope, days: number): readonly Outcome[] {
  return decide(task.items('ContainerDefinitions'), {
    known: (containers) => containers.flatMap((container) => watchedImage(container.at('Image'), scope, days)),
    absent: () => notAssessed('CloudFormation requires containers'),
  });
}

function watchedImage(image: Node, scope: Scope, days: number): readonly Outcome[] {
  return decide(image.pattern(), {
    known: (name) => {
      const digest = /@(sha256:[0-9a-f]{64})$/.exec(name)?.[1];
      if (digest === undefined) {
        return notAssessed('an image that is not named by its digest is another one tomorrow');
      }
      const schedules = scope
        .resources('AWS::Events::Rule')
        .filter((rule) => rule.at('ScheduleExpression').state() !== 'absent' && tells(rule, digest));
      const readings = schedules.map((rule) => looksOften(rule, days));
      return readings.find(({ verdict }) => verdict === 'satisfied') ?? readings[0] ?? finding('unwatchedImage');
    },
    absent: () => notAssessed('CloudFormation requires an image'),
  });
}

/** Whether a rule that is on calls a function that is told of the digest. */
function tells(rule: Subject, digest: string): boolean {
  const state = rule.text('State');
  const targets = rule.items('Targets');
  return (
    (state.kind === 'absent' || (state.kind === 'known' && state.value === 'ENABLED')) &&
    targets.kind === 'known' &&
    targets.value.some((target) => isTold(target.at('Arn'), digest))
  );
}

function isTold(target: Node, digest: string): boolean {
  if (target.resolved.kind !== 'reference') {
    return false;
  }
  const reference = target.reference();
  const told = reference.kind === 'known' ? reference.value.subject.at('Environment.Variables').entries() : undefined;
  return (
    told?.kind === 'known' &&
    told.value.some(([, value]) => {
      const text = value.pattern();
      return text.kind === 'known' && text.value.includes(digest);
    })
  );
}

function looksOften(rule: Subject, days: number): Outcome {
  const schedule = rule.text('ScheduleExpression');
  const rate = schedule.kind === 'known' ? /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule.value) : null;
  if (!rate) {
    return notAssessed('how often somebody looks at its image cannot be read from the schedule');
  }
  const perDay: Readonly<Record<string, number>> = { minute: 24 * 60, hour: 24, day: 1 };
  return Number(rate[1]) / (perDay[rate[2] ?? ''] ?? 1) <= days
    ? satisfied
    : finding('rareLook', undefined, { rate: rate[0], days });
}
