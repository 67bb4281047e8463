import { Stack } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { signInToDatabase } from '../database/database-sign-in';
import type { TenantDatabase } from '../database/tenant-database';
import type { MailDelivery } from '../mail/mail-delivery';
import { PULL, runtimeAgentRepositories } from './runtime-agent';

export interface ServiceRolesProps {
  readonly logGroup: logs.ILogGroup;
  readonly secrets: readonly secretsmanager.ISecret[];
  /** Key of those secrets. */
  readonly secretKey: kms.IKey;
  /** Private repositories that images come from; none where all images are public. */
  readonly repositories: readonly ecr.IRepository[];
  readonly database: TenantDatabase;
  /**
   * Database user to sign in as.
   *
   * @default - none: each tenant has a database and a user of its own
   */
  readonly databaseUser?: string;
  /**
   * Policy store that the application may ask.
   *
   * @default - none
   */
  readonly policyStoreArn?: string;
  /**
   * What the application sends mail by.
   *
   * @default - none: it sends no mail
   */
  readonly mail?: MailDelivery;
  /**
   * Role that the application assumes for one tenant at a time, such as that of `TenantAccess`.
   *
   * @default - none: it reaches nothing that is one tenant's
   */
  readonly tenantRole?: iam.IRole;
  /**
   * Name of the task role, by which other roles let it in.
   *
   * @default - one that CloudFormation makes up
   */
  readonly taskRoleName?: string;
}

/**
 * What ECS may do to start a task (execution), GuardDuty's agent beside it included, and what the application itself may do (task): sign in to
 * the database as one user, ask who may do what, become a tenant's own role, send mail, and nothing else. Written out, because the grants of the CDK would follow in a policy of
 * their own for each role.
 *
 * Both trust ECS on behalf of tasks of this account and Region only.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export class ServiceRoles extends Construct {
  readonly execution: iam.IRole;
  readonly task: iam.IRole;

  constructor(scope: Construct, id: string, props: ServiceRolesProps) {
    super(scope, id);
    this.execution = this.role('Execution', 'Starts tasks: images, logs and secrets', [
      new iam.PolicyStatement({
        sid: 'WriteLogs',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [props.logGroup.logGroupArn],
      }),
      new iam.PolicyStatement({
        sid: 'ReadSecrets',
        actions: ['secretsmanager:GetSecretValue'],
        resources: props.secrets.map(({ secretArn }) => secretArn),
      }),
      new iam.PolicyStatement({
        sid: 'DecryptSecrets',
        actions: ['kms:Decrypt'],
        resources: [props.secretKey.keyArn],
      }),
      ...pull([...props.repositories.map(({ repositoryArn }) => repositoryArn), ...runtimeAgentRepositories(this)]),
    ]);
    const { database, databaseUser: user } = props;
    const statements = [
      ...(user === undefined ? [] : [signInToDatabase(database, [user])]),
      ...ask(props.policyStoreArn),
      ...becomeTenant(props.tenantRole),
      ...(props.mail?.statements() ?? []),
    ];
    this.task = this.role('Task', 'What the application may do', statements, props.taskRoleName);
  }

  private role(name: string, description: string, statements: iam.PolicyStatement[], roleName?: string): iam.IRole {
    const { account, region, partition } = Stack.of(this);
    return new iam.Role(this, name, {
      roleName,
      description,
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:ecs:${region}:${account}:*` },
        },
      }),
      managedPolicies: statements.length > 0 ? [new iam.ManagedPolicy(this, `${name}Policy`, { statements })] : [],
    }).withoutPolicyUpdates();
  }
}

/** It may ask who may do what, and change nothing of it. */
function ask(policyStoreArn: string | undefined): iam.PolicyStatement[] {
  return policyStoreArn === undefined
    ? []
    : [
        new iam.PolicyStatement({
          sid: 'AskWhoMayDoWhat',
          actions: ['verifiedpermissions:BatchIsAuthorized', 'verifiedpermissions:IsAuthorized'],
          resources: [policyStoreArn],
        }),
      ];
}

function becomeTenant(role: iam.IRole | undefined): iam.PolicyStatement[] {
  const actions = ['sts:AssumeRole', 'sts:TagSession'];
  return role ? [new iam.PolicyStatement({ sid: 'BecomeTenant', actions, resources: [role.roleArn] })] : [];
}

/** Signing in to the registry takes no resource in a policy. */
function pull(repositories: readonly string[]): iam.PolicyStatement[] {
  if (repositories.length === 0) {
    return [];
  }
  return [
    new iam.PolicyStatement({ sid: 'SignInToRegistry', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    new iam.PolicyStatement({ sid: 'PullImages', actions: PULL, resources: [...new Set(repositories)] }),
  ];
}
