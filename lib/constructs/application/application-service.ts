import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { maskedLog } from '../logging/masked-log';
import { PROXY_PORT } from '../proxy/reverse-proxy';
import { type PinnedImage, pinnedImage } from './application-service-image';
import type { ApplicationServiceProps } from './application-service-props';
import { ServiceRoles } from './application-service-roles';
import { ApplicationTask } from './application-service-task';
import { databaseUser, variables } from './application-service-variables';

/**
 * The application on Fargate: behind its own proxy, in private subnets, without a way in but the load balancer and without any to a shell.
 *
 * A deployment that does not become healthy is taken back. Only the load balancer's security group may come in, on the port of the proxy;
 * out go the database and HTTPS, and where HTTPS may go is decided by the firewall on the way.
 *
 * The application signs in to the database as itself with IAM: there is no password to hold, to leak, or to be replaced under a running
 * task. It verifies the server (`PGSSLMODE=verify-full`) against authorities that are checked when the task starts. `TOKEN_KEY` is its own
 * secret: 64 characters with which it signs its CSRF tokens. A new value of a secret reaches tasks that start after it.
 *
 * @throws if an image has no digest, the digest of the authorities is none, or each tenant has a database and `tenants` is missing
 */
export class ApplicationService extends Construct implements ec2.IConnectable {
  readonly service: ecs.FargateService;
  readonly targetGroup: elbv2.ApplicationTargetGroup;
  readonly connections: ec2.Connections;
  /** What proxy and application write. */
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: ApplicationServiceProps) {
    super(scope, id);
    checkCertificates(props.certificates);
    checkTenants(props);
    this.logGroup = new logs.LogGroup(this, 'Logs', { ...kept(props), dataProtectionPolicy: maskedLog() });
    const task = this.task(props);
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Application: in from the load balancer, out to the database and to HTTPS',
      allowAllOutbound: false,
      allowAllIpv6Outbound: false,
    });
    this.connections = new ec2.Connections({
      securityGroups: [securityGroup],
      defaultPort: ec2.Port.tcp(PROXY_PORT),
    });
    this.service = new ecs.FargateService(this, 'Service', {
      cluster: this.cluster(props),
      taskDefinition: task.definition,
      platformVersion: ecs.FargatePlatformVersion.LATEST,
      desiredCount: props.tasks?.minimum ?? 2,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      assignPublicIp: false,
      securityGroups: [securityGroup],
      circuitBreaker: { enable: true, rollback: true },
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
      healthCheckGracePeriod: Duration.minutes(2),
      enableExecuteCommand: false,
      enableECSManagedTags: true,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
    this.targetGroup = this.reachableFrom(props);
    this.connections.allowToDefaultPort(props.database, 'sessions of the application');
    this.connections.allowTo(
      ec2.Peer.anyIpv4(),
      ec2.Port.tcp(443),
      'AWS endpoints, and named hosts behind the firewall',
    );
    this.scale(props);
  }

  private task(props: ApplicationServiceProps): ApplicationTask {
    const image = pinnedImage(this, 'Image', props.image);
    const proxyImage = pinnedImage(this, 'ProxyImage', props.proxyImage);
    const { logGroup } = this;
    // Known by its address alone: the secret would write into the policy of a key in another stack, which lets its service in already
    const secretKey = kms.Key.fromKeyArn(this, 'SecretKey', props.secretKey.keyArn);
    const tokenKey = new secretsmanager.Secret(this, 'TokenKey', {
      description: 'Signs the CSRF tokens of the application',
      encryptionKey: secretKey,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    const vendorSecrets = props.vendorSecrets?.secrets ?? {};
    const { tenants } = props;
    const roles = new ServiceRoles(this, 'Roles', {
      logGroup,
      secrets: [tokenKey, ...Object.values(vendorSecrets)],
      secretKey,
      repositories: repositoriesOf(image, proxyImage),
      database: props.database,
      databaseUser: databaseUser(props),
      policyStoreArn: props.authorization?.policyStoreArn,
      mail: props.mail,
      tenantRole: tenants?.role,
      taskRoleName: tenants?.applicationRoleName,
    });
    props.vendorSecrets?.readableBy(roles.execution);
    return new ApplicationTask(this, 'Task', {
      image,
      proxyImage,
      proxy: props.proxy,
      roles,
      logGroup,
      certificates: props.certificates,
      environment: variables(props),
      secrets: secretVariables({ TOKEN_KEY: tokenKey, ...vendorSecrets }),
      port: 8080,
      cpu: props.size?.cpu ?? 1024,
      memory: props.size?.memory ?? 2048,
    });
  }

  /** Container Insights writes to a log group by this name, and makes one without our key that is kept for ever where there is none. */
  private cluster(props: ApplicationServiceProps): ecs.Cluster {
    const measurements = new logs.LogGroup(this, 'Measurements', {
      logGroupName: `/aws/ecs/containerinsights/${props.name}/performance`,
      ...kept(props),
    });
    const cluster = new ecs.Cluster(this, 'Cluster', {
      vpc: props.vpc,
      clusterName: props.name,
      containerInsightsV2: ecs.ContainerInsights.ENABLED,
    });
    cluster.node.addDependency(measurements);
    return cluster;
  }

  /** No stickiness: its cookies are the load balancer's own, and no proxy could give them flags. */
  private reachableFrom({ vpc, listener, proxy }: ApplicationServiceProps): elbv2.ApplicationTargetGroup {
    const targetGroup = new elbv2.ApplicationTargetGroup(this, 'Targets', {
      vpc,
      targetType: elbv2.TargetType.IP,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      protocolVersion: elbv2.ApplicationProtocolVersion.HTTP1,
      port: PROXY_PORT,
      deregistrationDelay: Duration.seconds(30),
      healthCheck: {
        protocol: elbv2.Protocol.HTTPS,
        path: proxy.healthPath ?? '/health',
        healthyHttpCodes: '200',
        interval: Duration.seconds(15),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
    const rule = new elbv2.ApplicationListenerRule(this, 'Rule', {
      listener,
      priority: 1000,
      conditions: [elbv2.ListenerCondition.hostHeaders([proxy.domainName])],
      action: elbv2.ListenerAction.forward([targetGroup]),
    });
    this.service.attachToApplicationTargetGroup(targetGroup);
    this.service.node.addDependency(rule);
    return targetGroup;
  }

  private scale({ tasks = { minimum: 2, maximum: 8 } }: ApplicationServiceProps): void {
    const scaling = this.service.autoScaleTaskCount({ minCapacity: tasks.minimum, maxCapacity: tasks.maximum });
    scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
    scaling.scaleOnRequestCount('Requests', { requestsPerTarget: 1000, targetGroup: this.targetGroup });
  }
}

function kept({ logKey, logRetention }: ApplicationServiceProps) {
  return { encryptionKey: logKey, retention: logRetention, removalPolicy: RemovalPolicy.RETAIN };
}

function secretVariables(secrets: Readonly<Record<string, secretsmanager.ISecret>>): Record<string, ecs.Secret> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, secret]) => [name, ecs.Secret.fromSecretsManager(secret)]),
  );
}

function repositoriesOf(...images: readonly PinnedImage[]) {
  return images.flatMap(({ repository }) => repository ?? []);
}

function checkTenants({ tenancyMode, tenants }: ApplicationServiceProps): void {
  if (tenancyMode === 'database' && !tenants) {
    throw new Error(
      'tenancyMode is database and nothing lets the application at one: hand over tenants, with the role of a TenantAccess',
    );
  }
}

function checkCertificates({ path, sha256 }: ApplicationServiceProps['certificates']): void {
  if (!/^(\/[\w.-]+)+$/.test(path) || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new Error(
      `certificates are '${path}' with SHA-256 '${sha256}', expected an absolute path and 64 hexadecimal digits: change certificates`,
    );
  }
}
