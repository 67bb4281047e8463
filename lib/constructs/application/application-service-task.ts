import { Duration, Size } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { PROXY_DIRECTORY, PROXY_PORT, proxyConfiguration, type ReverseProxyProps } from '../proxy/reverse-proxy';
import { proxyIsUp, proxyStart } from '../proxy/reverse-proxy-start';
import type { PinnedImage } from './application-service-image';
import type { ServiceRoles } from './application-service-roles';

/** Users and groups of no rights, by number: a name would be looked up in the image, and could be root there; without a group it would be root's. */
const APPLICATION_USER = '10001:10001';
const PROXY_USER = '101:101';

export interface ApplicationTaskProps {
  readonly image: PinnedImage;
  readonly proxyImage: PinnedImage;
  readonly proxy: Omit<ReverseProxyProps, 'port' | 'address' | 'directory' | 'applicationPort'>;
  readonly roles: ServiceRoles;
  readonly logGroup: logs.ILogGroup;
  /** Variables that are no secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that are; ECS fetches them when the task starts. */
  readonly secrets: Readonly<Record<string, ecs.Secret>>;
  /** File of certificate authorities in the application's image, and its SHA-256 in hexadecimal digits. */
  readonly certificates: { readonly path: string; readonly sha256: string };
  /** Loopback port of the application. */
  readonly port: number;
  /** Units of CPU (1024 are one) and megabytes of memory of the whole task. */
  readonly cpu: number;
  readonly memory: number;
}

/**
 * One task: the application, and the proxy through which alone it is reached. No container is root, can write to its root, or holds a
 * capability.
 *
 * What they write goes to memory: `/dev/shm`, 64 MB that each container has for itself, is where the proxy lives and where `TMPDIR` points.
 * An image that needs more declares `VOLUME /tmp`: Fargate makes volumes for root alone, unless the image says who they belong to.
 *
 * A container goes before and ends: `certificates` compares the authorities that the database will be verified against with the digest
 * that was reviewed, and the task does not start if they differ. It runs in the application's own image, which needs a shell and
 * `sha256sum`.
 *
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
 */
export class ApplicationTask extends Construct {
  readonly definition: ecs.FargateTaskDefinition;

  constructor(scope: Construct, id: string, props: ApplicationTaskProps) {
    super(scope, id);
    this.definition = new ecs.FargateTaskDefinition(this, 'Definition', {
      cpu: props.cpu,
      memoryLimitMiB: props.memory,
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.X86_64,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
      executionRole: props.roles.execution,
      taskRole: props.roles.task,
      volumes: [{ name: 'scratch' }],
    });
    const certificates = this.certificates(props);
    const application = this.application(props);
    const proxy = this.proxy(props);
    // The load balancer talks to the first container that maps a port
    this.definition.defaultContainer = proxy;
    application.addContainerDependencies({
      container: certificates,
      condition: ecs.ContainerDependencyCondition.SUCCESS,
    });
    proxy.addContainerDependencies({ container: application, condition: ecs.ContainerDependencyCondition.HEALTHY });
  }

  private certificates(props: ApplicationTaskProps): ecs.ContainerDefinition {
    const { path, sha256 } = props.certificates;
    return this.confined(props, 'certificates', props.image, APPLICATION_USER, {
      essential: false,
      ...shell(`echo '${sha256}  ${path}' | sha256sum -c -`),
    });
  }

  private application(props: ApplicationTaskProps): ecs.ContainerDefinition {
    const address = `http://127.0.0.1:${props.port}${props.proxy.healthPath ?? '/health'}`;
    const container = this.confined(props, 'application', props.image, APPLICATION_USER, {
      essential: true,
      environment: { ...props.environment, PORT: String(props.port), TMPDIR: '/dev/shm' },
      secrets: { ...props.secrets },
      healthCheck: {
        command: ['CMD-SHELL', `wget -q -O /dev/null ${address} || curl -fsS -o /dev/null ${address}`],
        interval: Duration.seconds(15),
        startPeriod: Duration.minutes(1),
      },
    });
    container.addMountPoints({ sourceVolume: 'scratch', containerPath: '/tmp', readOnly: false });
    return container;
  }

  private proxy(props: ApplicationTaskProps): ecs.ContainerDefinition {
    const configuration = proxyConfiguration({ ...props.proxy, applicationPort: props.port });
    return this.confined(props, 'proxy', props.proxyImage, PROXY_USER, {
      essential: true,
      environment: { PROXY_CONFIGURATION: configuration },
      portMappings: [{ containerPort: PROXY_PORT }],
      healthCheck: { command: ['CMD-SHELL', proxyIsUp(PROXY_PORT)], startPeriod: Duration.seconds(15) },
      ...shell(proxyStart(PROXY_DIRECTORY)),
    });
  }

  private confined(
    props: ApplicationTaskProps,
    name: string,
    { image }: PinnedImage,
    user: string,
    options: Omit<ecs.ContainerDefinitionOptions, 'image'>,
  ): ecs.ContainerDefinition {
    return this.definition.addContainer(name, {
      ...options,
      image,
      user,
      privileged: false,
      readonlyRootFilesystem: true,
      linuxParameters: confinement(this, name),
      // A full log must not stop the service: lines beyond the buffer are lost instead
      logging: ecs.LogDrivers.awsLogs({
        streamPrefix: name,
        logGroup: props.logGroup,
        mode: ecs.AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: Size.mebibytes(8),
      }),
    });
  }
}

/** No capabilities at all; a first process that hands signals on and collects what ended. */
function confinement(scope: Construct, name: string): ecs.LinuxParameters {
  const parameters = new ecs.LinuxParameters(scope, `${name}Confinement`, { initProcessEnabled: true });
  parameters.dropCapabilities(ecs.Capability.ALL);
  return parameters;
}

function shell(script: string) {
  return { entryPoint: ['/bin/sh', '-c'], command: [script] };
}
