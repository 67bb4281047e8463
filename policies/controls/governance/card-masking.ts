import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

const writers = ['AWS::ECS::TaskDefinition', 'ContainerDefinitions.*.LogConfiguration.Options.awslogs-group'] as const;

/**
 * Whether the log of an application masks card numbers.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch-logs-data-protection-policies.html
 */
export function judgeMasking(group: Subject, scope: Scope): Outcome | readonly Outcome[] {
  if (scope.referring(group, ...writers).length === 0) {
    return notApplicable('no container writes to it');
  }
  const policy = group.at('DataProtectionPolicy');
  return decide(policy.at('Statement').items(), {
    known: (statements) => judgeStatements(statements, policy.path),
    absent: () => finding('unmasked', policy.path),
  });
}

function judgeStatements(statements: readonly Node[], property: string): Outcome {
  let isUnknown = false;
  for (const statement of statements) {
    const masks = statement.at('Operation.Deidentify').entries();
    if (masks.kind === 'absent') {
      continue;
    }
    const identifiers = statement.at('DataIdentifier').items();
    const names = identifiers.kind === 'known' ? identifiers.value.map((each) => each.pattern()) : [];
    if (
      masks.kind === 'known' &&
      names.some((name) => name.kind === 'known' && /:data-identifier\/CreditCardNumber$/.test(name.value))
    ) {
      return satisfied;
    }
    isUnknown ||=
      masks.kind === 'unresolved' ||
      identifiers.kind === 'unresolved' ||
      names.some(({ kind }) => kind === 'unresolved');
  }
  return isUnknown ? notAssessed('what is masked cannot be seen', property) : finding('unmasked', property);
}
