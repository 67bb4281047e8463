import { decide } from '../../../lib/control/decide';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { attachedPolicies } from './iam-documents';

/** Policies of AWS with which somebody can give themselves everything. */
const administration =
  /:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|job-function\/SystemAdministrator)$/;

/**
 * Judges how long a session of a permission set lasts. Absent means one hour.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sso-permissionset.html
 */
export function judgeSession(set: Subject, figures: Figures): readonly Outcome[] {
  const longest = administers(set) ? figures.number('admin.sessionMinutes') : figures.number('people.sessionMinutes');
  return decide(set.text('SessionDuration'), {
    known: (text) => {
      const minutes = minutesOf(text);
      return minutes === undefined
        ? notAssessed(`'${text}' is no duration of ISO 8601`)
        : minutes <= longest
          ? satisfied
          : finding('longSession', undefined, { longest });
    },
    absent: () => (60 <= longest ? satisfied : finding('longSession', undefined, { longest })),
  });
}

/** Whoever cannot be told to be harmless is held to the shorter time. */
function administers(set: Subject): boolean {
  const list = attachedPolicies(set).items();
  return (
    list.kind === 'unresolved' ||
    (list.kind === 'known' &&
      list.value.some((item) => {
        const arn = item.pattern();
        return arn.kind !== 'known' || administration.test(arn.value);
      }))
  );
}

function minutesOf(text: string): number | undefined {
  const [whole, days, hours, minutes, seconds] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? [];
  return whole === undefined || !/\d/.test(whole)
    ? undefined
    : Number(days ?? 0) * 1440 + Number(hours ?? 0) * 60 + Number(minutes ?? 0) + Number(seconds ?? 0) / 60;
}
