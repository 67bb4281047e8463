import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlertTarget } from '../alerts/alert-topic';

/** Every name under which Amazon Trust Services issues. */
const ISSUERS = ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com'];

export interface CertificateDomainProps {
  /** Domain under which customers reach the service, such as `app.example.com`. */
  readonly domainName: string;
  /** Mail address to which other issuers report an order that they refused. */
  readonly contact: string;
  /** Hears of certificates that were not renewed in time. */
  readonly alerts: sns.ITopic;
  /**
   * Hosts below the domain that the service answers to as well; each stands in the certificate and is public thereby.
   *
   * @default - none
   */
  readonly hosts?: readonly string[];
}

/**
 * The domain and its certificate: a hosted zone, records that let nobody but Amazon issue for it, and a certificate that ACM renews by
 * itself for as long as the zone answers.
 *
 * The first deployment waits until the zone is delegated: whoever holds the parent domain must enter its four name servers there.
 *
 * Not signed with DNSSEC: Route 53 takes only a key that lies in one Region outside the EU, which nothing here may need. Where that
 * is no obstacle, sign the zone by hand.
 *
 * @throws if a host is not below the domain
 *
 * Sources: https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html and
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html
 */
export class CertificateDomain extends Construct {
  readonly zone: route53.IPublicHostedZone;
  readonly certificate: acm.ICertificate;
  private readonly domainName: string;
  private readonly hosts: readonly string[];

  constructor(scope: Construct, id: string, props: CertificateDomainProps) {
    super(scope, id);
    this.domainName = props.domainName;
    this.hosts = below(props.domainName, props.hosts ?? []);
    const zone = new route53.PublicHostedZone(this, 'Zone', { zoneName: props.domainName });
    zone.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.zone = zone;
    const issuers = limitIssuers(zone, props.contact);

    const certificate = new acm.Certificate(this, 'Certificate', {
      domainName: props.domainName,
      ...(this.hosts.length > 0 ? { subjectAlternativeNames: [...this.hosts] } : {}),
      validation: acm.CertificateValidation.fromDns(zone),
      keyAlgorithm: acm.KeyAlgorithm.EC_PRIME256V1,
      transparencyLoggingEnabled: true,
    });
    certificate.node.addDependency(issuers);
    this.certificate = certificate;
    reportExpiry(this, props.alerts);
  }

  /** Sends the domain to a load balancer. IPv4 only: its VPC has no other addresses. */
  pointTo(loadBalancer: elbv2.IApplicationLoadBalancer): void {
    const target = route53.RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer));
    new route53.ARecord(this, 'Address', { zone: this.zone, recordName: this.domainName, target });
    for (const host of this.hosts) {
      new route53.ARecord(this, `Address-${host}`, { zone: this.zone, recordName: host, target });
    }
  }
}

function below(domainName: string, hosts: readonly string[]): readonly string[] {
  const stranger = hosts.find((host) => !host.endsWith(`.${domainName}`));
  if (stranger !== undefined) {
    throw new Error(`host '${stranger}' is not below '${domainName}', expected one such as name.${domainName}`);
  }
  return hosts;
}

/** `issuewild` with nothing in it: a certificate for all names at once is nobody's to order. */
function limitIssuers(zone: route53.IHostedZone, contact: string): route53.CaaRecord {
  const issue = ISSUERS.map((value) => ({ flag: 0, tag: route53.CaaTag.ISSUE, value }));
  return new route53.CaaRecord(zone, 'Issuers', {
    zone,
    ttl: Duration.hours(1),
    values: [
      ...issue,
      { flag: 0, tag: route53.CaaTag.ISSUEWILD, value: ';' },
      { flag: 0, tag: route53.CaaTag.IODEF, value: `mailto:${contact}` },
    ],
  });
}

/** ACM reports every day from some weeks before the end, by which time it should have renewed: whoever hears of it has time to find out why not. */
function reportExpiry(scope: Construct, topic: sns.ITopic): void {
  new events.Rule(scope, 'Expiry', {
    description: 'A certificate approaches its end and was not renewed',
    eventPattern: {
      source: ['aws.acm'],
      detailType: [
        'ACM Certificate Approaching Expiration',
        'ACM Certificate Expired',
        'ACM Certificate Renewal Action Required',
      ],
    },
    targets: [new AlertTarget(topic)],
  });
}
