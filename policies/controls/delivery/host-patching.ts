import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** Whether something installs fixes on machines: Systems Manager's document for it, told to install and not only to look. */
export function patchedHosts(scope: Scope): readonly Outcome[] {
  const patching = [
    ...scope
      .resources('AWS::SSM::Association')
      .filter((each) => isPatching(each.at('Name')))
      .map((each) => each.at('Parameters.Operation')),
    ...scope
      .resources('AWS::SSM::MaintenanceWindowTask')
      .filter((each) => isPatching(each.at('TaskArn')))
      .map((each) => each.at('TaskInvocationParameters.MaintenanceWindowRunCommandParameters.Parameters.Operation')),
  ];
  const outcomes = patching.flatMap(installs);
  return outcomes.find(({ verdict }) => verdict === 'satisfied')
    ? [satisfied]
    : outcomes.length > 0
      ? outcomes.slice(0, 1)
      : [finding('unpatchedHost')];
}

/** Days and severities of a patch baseline: a critical fix within a day or as promised, any other within the days promised. */
export function baselineDelay(baseline: Subject, criticalHours: number, days: number): readonly Outcome[] {
  return decide(baseline.items('ApprovalRules.PatchRules'), {
    known: (rules) =>
      rules.flatMap((rule) => {
        const most = isCritical(rule) ? Math.floor(criticalHours / 24) : days;
        return decide(rule.at('ApproveAfterDays').number(), {
          known: (wait) => (wait <= most ? satisfied : finding('lateFix', undefined, { wait, most })),
          // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ssm-patchbaseline-rule.html
          absent: () => notAssessed('after how many days a fix is approved is not said'),
        });
      }),
    absent: () => notAssessed('it approves nothing by rule'),
  });
}

function isCritical(rule: Node): boolean {
  const filters = rule.at('PatchFilterGroup.PatchFilters').items();
  return (filters.kind === 'known' ? filters.value : []).some((filter) => {
    const values = filter.at('Values').items();
    return (values.kind === 'known' ? values.value : []).some((value) => {
      const text = value.text();
      return text.kind === 'known' && text.value === 'Critical';
    });
  });
}

function isPatching(name: Node): boolean {
  const text = name.text();
  return text.kind === 'known' && /^AWS-RunPatchBaseline/.test(text.value);
}

function installs(operation: Node): readonly Outcome[] {
  const first = operation.at('0').resolved.kind === 'absent' ? operation : operation.at('0');
  return decide(first.text(), {
    known: (word) => (word === 'Install' ? satisfied : finding('unpatchedHost')),
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-aws-runpatchbaseline.html
    absent: () => finding('unpatchedHost'),
  });
}
