import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

export const planType = 'AWS::Backup::RestoreTestingPlan';
export const selectionType = 'AWS::Backup::RestoreTestingSelection';

/** What AWS Backup calls the databases that it can restore for a test. */
export const kinds: Readonly<Record<string, string>> = {
  'AWS::RDS::DBCluster': 'Aurora',
  'AWS::RDS::DBInstance': 'RDS',
  'AWS::DocDB::DBCluster': 'DocumentDB',
  'AWS::Neptune::DBCluster': 'Neptune',
};

/** Other kinds of stores that it can. */
export const otherKinds: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'DynamoDB',
  'AWS::S3::Bucket': 'S3',
};

/** By its name, which both sides write down, or by reference. */
export function isPlanOf(selection: Subject, plan: Subject): boolean {
  const named = selection.at('RestoreTestingPlanName');
  if (named.resolved.kind === 'reference') {
    const reference = named.reference();
    return reference.kind === 'known' && reference.value.subject === plan;
  }
  const [one, other] = [named.text(), plan.text('RestoreTestingPlanName')];
  return one.kind === 'known' && other.kind === 'known' && one.value === other.value;
}

/** Whether a selection takes a store: by reference, within an ARN, or by the wildcard for all of its kind. */
export function takes(selection: Subject, database: Subject, scope: Scope): boolean {
  const path = 'ProtectedResourceArns';
  if (scope.referring(database, selectionType, `${path}.*`).includes(selection)) {
    return true;
  }
  const arns = selection.items(path);
  return (
    arns.kind === 'known' &&
    arns.value.some((arn) => {
      const text = arn.pattern();
      return (
        text.kind === 'known' &&
        (text.value === '*' || new RegExp(`[:/]\\$\\{${database.logicalId}(\\.\\w+)?\\}$`).test(text.value))
      );
    })
  );
}
