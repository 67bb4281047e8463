import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** What else may call a function, by where it names it. */
const callers: readonly (readonly [type: string, path: string])[] = [
  ['AWS::Lambda::Permission', 'FunctionName'],
  ['AWS::Lambda::EventSourceMapping', 'FunctionName'],
  ['AWS::Lambda::Url', 'TargetFunctionArn'],
  ['AWS::Events::Rule', 'Targets.*.Arn'],
  ['AWS::Scheduler::Schedule', 'Target.Arn'],
];

/**
 * Whether CloudFormation alone calls a function, while it deploys: it waits for the answer, and an error ends the deployment, so that no alarm
 * must say so.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
export function isCalledByDeployment(code: Subject, scope: Scope): boolean {
  const custom = [...scope.graph.presentTypes].filter((type) =>
    /^(Custom::|AWS::CloudFormation::CustomResource$)/.test(type),
  );
  return (
    custom.some((type) => scope.referring(code, type, 'ServiceToken').length > 0) &&
    callers.every(([type, path]) => scope.referring(code, type, path).length === 0)
  );
}
