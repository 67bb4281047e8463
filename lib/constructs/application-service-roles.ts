import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { MailDelivery } from './mail-delivery';
import { PULL, runtimeAgentRepositories } from './runtime-agent';

export interface ServiceRolesProps {
  readonly logGroup: logs.ILogGroup;
  readonly secrets: readonly secretsmanager.ISecret[];
  /** Key of those secrets. */
  readonly secretKey: kms.IKey;
  /** Private repositories that images come from; none where all images are public. */
  readonly repositories: readonly ecr.IRepository[];
  readonly database: {
    /** Resource id of the cluster, such as `cluster-ABC`. */
    readonly resourceId: string;
    /** Database user to sign in as; undefined where each tenant has a database and a user of its own. */
    readonly user?: string;
  };
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
   * Role that the application assumes for the files of one tenant at a time, such as that of `TenantFilesAccess`.
   *
   * @default - none: it reaches no files
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
  /**
   * Where each tenant has a database: the role that the task puts on for one tenant, named by the tag `tenant` of the session (32 hexadecimal
   * digits of the id). It signs in to this tenant's database and to no other.
   */
  readonly tenant?: iam.IRole;

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
    const { resourceId, user } = props.database;
    const statements = [
      ...(user === undefined ? [] : [this.signIn(resourceId, user)]),
      ...ask(props.policyStoreArn),
      ...becomeTenant(props.tenantRole),
      ...(props.mail?.statements() ?? []),
    ];
    this.task = this.role('Task', 'What the application may do', statements, props.taskRoleName);
    if (user === undefined) {
      this.tenant = this.tenantRole(resourceId);
      // Apart from the role that it is for: the two roles name each other
      new iam.ManagedPolicy(this, 'WorkForOneTenant', {
        roles: [this.task],
        statements: [
          new iam.PolicyStatement({
            sid: 'WorkForOneTenant',
            actions: ['sts:AssumeRole', 'sts:TagSession'],
            resources: [this.tenant.roleArn],
          }),
        ],
      });
    }
  }

  /** Whoever puts it on must name a tenant, and can name nothing else. */
  private tenantRole(resourceId: string): iam.IRole {
    const tenant = { 'aws:RequestTag/tenant': '?'.repeat(32) };
    return new iam.Role(this, 'Tenant', {
      description: 'What the application may do for the tenant that its session is tagged with',
      assumedBy: new iam.ArnPrincipal(this.task.roleArn)
        .withConditions({ StringLike: tenant, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] } })
        .withSessionTags(),
      managedPolicies: [
        new iam.ManagedPolicy(this, 'TenantPolicy', {
          statements: [this.signIn(resourceId, 'tenant_${aws:PrincipalTag/tenant}')],
        }),
      ],
    }).withoutPolicyUpdates();
  }

  private signIn(resourceId: string, user: string): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'SignInToDatabase',
      actions: ['rds-db:connect'],
      resources: [
        Stack.of(this).formatArn({
          service: 'rds-db',
          resource: 'dbuser',
          resourceName: `${resourceId}/${user}`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    });
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
