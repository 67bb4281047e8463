import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import { matchesAction, type PolicyStatement } from '../../../lib/template/policy-document';

/**
 * Actions that can be limited to a resource, and that hand out data, code, access or their end where they are not.
 * `sns:Publish` is none of them: a telephone number is no resource.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const dangerous = [
  'backup:DeleteRecoveryPoint',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'ecs:ExecuteCommand',
  'ecs:RunTask',
  'iam:AttachRolePolicy',
  'iam:CreateAccessKey',
  'iam:CreatePolicyVersion',
  'iam:PutRolePolicy',
  'iam:PutUserPolicy',
  'iam:UpdateAssumeRolePolicy',
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'lambda:InvokeFunction',
  'lambda:UpdateFunctionCode',
  'logs:DeleteLogGroup',
  'rds-db:connect',
  'rds:DeleteDBCluster',
  's3:DeleteObject',
  's3:GetObject',
  's3:PutBucketPolicy',
  's3:PutObject',
  'secretsmanager:GetSecretValue',
  'secretsmanager:PutSecretValue',
  'sqs:ReceiveMessage',
  'ssm:GetParameter',
  'sts:AssumeRole',
];

/** Judges what one statement of an identity's policy gives. What it denies takes away. */
export function judgeGrant(statement: PolicyStatement): readonly Outcome[] {
  if (statement.effect === 'Deny') {
    return [];
  }
  const { actions, resources, actionPath } = statement;
  if (actions.form !== 'only') {
    return [
      actions.form === 'except' ? finding('allButSome', actionPath) : notAssessed('it names no action', actionPath),
    ];
  }
  const hidden = [...actions.unresolved, ...resources.unresolved].map(({ reason, property }) =>
    notAssessed(reason, property),
  );
  const nowhere = resources.form === 'absent' ? [notAssessed('it names no resource', statement.property)] : [];
  const wide = actions.values.find((action) => /^(\*+|[a-z0-9-]+:\*+)$/i.test(action));
  if (wide !== undefined) {
    return [...hidden, finding(/^\*/.test(wide) ? 'everything' : 'wholeService', actionPath, { action: wide })];
  }
  return [...hidden, ...nowhere, ...judgeReach(statement), ...judgePassing(statement)];
}

/** On every resource, and nothing narrows it. */
function judgeReach(statement: PolicyStatement): readonly Outcome[] {
  const { actions, resources, conditions } = statement;
  const everywhere = resources.form === 'except' || resources.values.some((each) => /^\*+$/.test(each));
  const action = dangerous.find((each) => actions.values.some((pattern) => matchesAction(pattern, each)));
  return everywhere && action !== undefined && conditions.list.length === 0
    ? [finding('anyResource', statement.property, { action })]
    : [];
}

/** Whoever may hand any role to a service has every role of the account. */
function judgePassing(statement: PolicyStatement): readonly Outcome[] {
  const { actions, resources, conditions } = statement;
  const passes = actions.values.some((pattern) => matchesAction(pattern, 'iam:PassRole'));
  const anyRole = resources.form === 'except' || resources.values.some((each) => /(^|:role\/)\*+$/.test(each));
  const toOneService = conditions.list.some(
    ({ key, operator, values }) =>
      key.toLowerCase() === 'iam:passedtoservice' &&
      /^StringEquals$/i.test(operator) &&
      values.every((value) => !/[*?]/.test(value)),
  );
  return passes && anyRole && !toOneService ? [finding('passesAnyRole', statement.property)] : [];
}
