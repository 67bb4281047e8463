import { Duration, Stack } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { CertificateDomain } from '../constructs/application/certificate-domain';
import { CertificateWatch } from '../constructs/application/certificate-watch';
import { PublicLoadBalancer } from '../constructs/application/public-load-balancer';
import { EdgeFirewall } from '../constructs/edge/edge-firewall';
import { StaticContent } from '../constructs/edge/static-content';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface EdgeStackProps extends EnvironmentStackProps {
  /** VPC with public subnets for the load balancer and private ones for the functions that watch the edge. */
  readonly vpc: ec2.IVpc;
  readonly keys: { readonly logs: kms.IKey };
  /** Bucket for server access logs, into which `logging.s3.amazonaws.com` may already write. */
  readonly accessLogs: s3.IBucket;
  /** User pools whose API is a public entry too. */
  readonly userPools: readonly cognito.IUserPool[];
  /** Hears of foreign certificates and of watchers that failed. */
  readonly alerts: sns.ITopic;
}

/** Where the service meets the internet. An application attaches its own rules to `listener`, in its own stack. */
export class EdgeStack extends Stack {
  readonly loadBalancer: elbv2.IApplicationLoadBalancer;
  /** Security group of the load balancer; lets nothing out until an application adds the way to itself. */
  readonly securityGroup: ec2.ISecurityGroup;
  readonly listener: elbv2.IApplicationListener;
  /** Zone of the domain name. */
  readonly zone: route53.IPublicHostedZone;
  readonly webAclArn: string;
  /** Requests that each of the firewalls blocked. */
  readonly blocked: EdgeFirewall['blocked'];

  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    super(scope, id, props);
    const { accessLogs, figures, keys, settings, vpc } = props;
    const { domainName, contacts } = settings;
    const retentionDays = figures.auditRetentionDays;
    const keyRotation = Duration.days(figures.keyRotationDays);

    const watching = { vpc, logKey: keys.logs, retentionDays, alerts: props.alerts };
    const domain = new CertificateDomain(this, 'Domain', {
      domainName,
      hosts: settings.organisations?.map(({ host }) => host),
      contact: contacts.security,
      alerts: props.alerts,
    });
    new CertificateWatch(this, 'CertificateWatch', {
      ...watching,
      domainName,
      certificates: [domain.certificate],
      everyHours: figures.certificateWatchHours,
      monitor: settings.certificateMonitor,
    });
    const door = new PublicLoadBalancer(this, 'LoadBalancer', {
      vpc,
      accessLogs,
      retentionDays,
      certificate: domain.certificate,
      minimumTls: figures.edgeMinimumTls,
      hstsSeconds: figures.hstsSeconds,
    });
    domain.pointTo(door.loadBalancer);
    this.zone = domain.zone;
    this.loadBalancer = door.loadBalancer;
    this.securityGroup = door.securityGroup;
    this.listener = door.listener;
    const firewall = new EdgeFirewall(this, 'Firewall', {
      ...watching,
      ...figures,
      name: settings.name,
      domainName,
      organisations: settings.organisations,
      loadBalancer: door.loadBalancer,
      userPools: props.userPools,
    });
    this.webAclArn = firewall.webAclArn;
    this.blocked = firewall.blocked;
    if (figures.edgeMode === 'cdn') {
      new StaticContent(this, 'StaticContent', {
        ...settings,
        zone: domain.zone,
        accessLogs,
        retentionDays,
        hstsSeconds: figures.hstsSeconds,
        minimumTls: figures.edgeMinimumTls,
        keyRotation,
      });
    }
  }
}
