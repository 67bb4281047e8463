import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sso from 'aws-cdk-lib/aws-sso';
import { Construct } from 'constructs';
import { BREAK_GLASS } from './guard-rail-principals';

export interface PermissionSetsProps {
  /** ARN of the instance of IAM Identity Center. */
  readonly instanceArn: string;
  /** Accounts that people may enter. */
  readonly accounts: readonly string[];
  /** Group of the identity store for each set, by its id. */
  readonly groups: Readonly<Record<'deployers' | 'operators' | 'auditors' | 'breakGlass', string>>;
  /** Name of the customer-managed policy that bounds everybody but in an emergency; each account must have it. */
  readonly boundaryName: string;
  /**
   * How long a session lasts that may change the account.
   *
   * @default Duration.hours(1)
   */
  readonly adminSession?: Duration;
  /**
   * How long any other lasts.
   *
   * @default Duration.hours(4)
   */
  readonly session?: Duration;
}

/** What one group of people may do in every account. */
interface Work {
  readonly name: string;
  readonly description: string;
  readonly group: string;
  readonly session: Duration;
  /** Names of policies that AWS keeps. */
  readonly managed?: readonly string[];
  readonly statements?: readonly iam.PolicyStatement[];
  readonly unbounded?: boolean;
}

/**
 * How people get into the accounts: through IAM Identity Center, into short sessions for the work that they do. There are no IAM users.
 *
 * The second factor is no condition in these policies. A session of Identity Center does not carry `aws:MultiFactorAuthPresent`, so such a condition
 * would lock everybody out or, as a plain `Bool`, ask for nothing. It is a setting of the instance ("every time they sign in"), for which
 * CloudFormation has no type: the runbook `apply-guard-rails` sets and shows it.
 *
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/enable-mfa.html
 */
export class PermissionSets extends Construct {
  constructor(scope: Construct, id: string, props: PermissionSetsProps) {
    super(scope, id);
    for (const work of worksOf(props)) {
      const set = permissionSet(this, work, props);
      for (const account of props.accounts) {
        new sso.CfnAssignment(this, `${work.name}In${account}`, {
          instanceArn: props.instanceArn,
          permissionSetArn: set.attrPermissionSetArn,
          principalType: 'GROUP',
          principalId: work.group,
          targetType: 'AWS_ACCOUNT',
          targetId: account,
        });
      }
    }
  }
}

function permissionSet(scope: Construct, work: Work, props: PermissionSetsProps): sso.CfnPermissionSet {
  return new sso.CfnPermissionSet(scope, work.name, {
    instanceArn: props.instanceArn,
    name: work.name,
    description: work.description,
    sessionDuration: work.session.toIsoString(),
    managedPolicies: work.managed?.map((name) => iam.ManagedPolicy.fromAwsManagedPolicyName(name).managedPolicyArn),
    inlinePolicy: work.statements && new iam.PolicyDocument({ statements: [...work.statements] }),
    permissionsBoundary: work.unbounded
      ? undefined
      : { customerManagedPolicyReference: { name: props.boundaryName, path: '/' } },
  });
}

function worksOf({ groups, adminSession, session }: PermissionSetsProps): readonly Work[] {
  const short = adminSession ?? Duration.hours(1);
  const long = session ?? Duration.hours(4);
  return [
    {
      name: 'Deployer',
      description: 'Deploys through the roles of the CDK',
      group: groups.deployers,
      session: short,
      statements: [
        new iam.PolicyStatement({
          sid: 'TakeOnDeployingRoles',
          actions: ['sts:AssumeRole'],
          resources: ['arn:*:iam::*:role/cdk-*'],
          // Those of the account that was entered
          conditions: { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } },
        }),
        // Lists have no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
        allow('FollowDeployments', ['cloudformation:DescribeStack*', 'cloudformation:ListStack*'], ['*']),
      ],
    },
    {
      name: 'Operator',
      description: 'Runs what is deployed',
      group: groups.operators,
      session: long,
      managed: ['job-function/ViewOnlyAccess', 'CloudWatchReadOnlyAccess'],
      statements: [allow('RestartTasks', ['ecs:StopTask', 'ecs:UpdateService'], ['*'])],
    },
    {
      name: 'Auditor',
      description: 'Looks and changes nothing',
      group: groups.auditors,
      session: long,
      managed: ['SecurityAudit', 'job-function/ViewOnlyAccess'],
    },
    {
      name: BREAK_GLASS,
      description: 'Everything, in an emergency; each use is looked at afterwards',
      group: groups.breakGlass,
      session: short,
      managed: ['AdministratorAccess'],
      unbounded: true,
    },
  ];
}

function allow(sid: string, actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources });
}
