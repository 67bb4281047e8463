import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Issuer of the tokens of GitHub Actions. */
const ISSUER = 'token.actions.githubusercontent.com';

export interface DeliveryRoleProps {
  /** Repository whose workflows deploy: `owner/name`, or `owner@123456/name@456789` with the ids that GitHub never gives twice. */
  readonly repository: string;
  /** Environment of that repository; its rules on GitHub say from which branch, and who approves. */
  readonly environment: string;
  /** Name of the role, by which guard-rails know it. */
  readonly roleName: string;
  /**
   * Qualifier of the CDK's bootstrap.
   *
   * @default 'hnb659fds'
   */
  readonly qualifier?: string;
  /**
   * Provider of GitHub's tokens, of which an account takes one only.
   *
   * @default - a new one
   */
  readonly provider?: iam.IOIDCProviderRef;
  /**
   * How long a session lasts.
   *
   * @default Duration.hours(1)
   */
  readonly session?: Duration;
}

/**
 * The role of the pipeline that deploys. It has no key: GitHub signs a token for each run, and the token must name the repository and its environment,
 * whole. Any branch and every pull request could come where `sub` ends in an asterisk; a branch alone is not asked for approval.
 *
 * It changes nothing itself, and takes on two roles of the CDK's bootstrap: one that deploys, and one that publishes templates and code. Those trust the
 * account as a whole, so it is the guard-rail of `DeliveryGuardRails` that keeps everybody else from them.
 *
 * Source: https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
 */
export class DeliveryRole extends Construct {
  readonly role: iam.IRole;

  constructor(scope: Construct, id: string, props: DeliveryRoleProps) {
    super(scope, id);
    const { account, region } = Stack.of(this);
    const { repository, environment, roleName, qualifier = 'hnb659fds' } = props;
    const provider =
      props.provider ??
      new iam.OidcProviderNative(this, 'Provider', { url: `https://${ISSUER}`, clientIds: ['sts.amazonaws.com'] });
    const role = new iam.Role(this, 'Role', {
      roleName,
      description: `Deploys ${environment} from ${repository}`,
      maxSessionDuration: props.session ?? Duration.hours(1),
      assumedBy: new iam.OpenIdConnectPrincipal(provider, {
        StringEquals: {
          [`${ISSUER}:aud`]: 'sts.amazonaws.com',
          [`${ISSUER}:sub`]: `repo:${repository}:environment:${environment}`,
        },
      }),
    });
    const bootstrapRole = (work: string) =>
      Stack.of(this).formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: `cdk-${qualifier}-${work}-role-${account}-${region}`,
      });
    new iam.ManagedPolicy(this, 'Policy', {
      description: 'Taking on the roles of the CDK that deploy and publish',
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          sid: 'TakeOnDeployingRoles',
          actions: ['sts:AssumeRole'],
          resources: [bootstrapRole('deploy'), bootstrapRole('file-publishing')],
        }),
      ],
    });
    this.role = role;
  }
}
