import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { DnsFirewall } from './dns-firewall';
import { domainsOf } from './egress-domains';
import { EgressLog } from './egress-log';
import { EgressPolicy } from './egress-policy';
import { smallSubnet } from './egress-subnets';
import { EgressZone } from './egress-zone';

export interface EgressControlProps {
  /** VPC whose private subnets have no way out yet, made with `natGateways: 0`. */
  readonly vpc: ec2.Vpc;
  /** Its range, /16 to /20; the last sixteenth of it must be free. */
  readonly cidr: string;
  /** Hosts that may be called; see `DeployedFigures.egressDomains`. */
  readonly domains: readonly string[];
  /** Key of the logs. */
  readonly logKey: kms.IKey;
  readonly retention: Duration;
}

/** The only way out of the private subnets: named hosts over TLS, through a firewall in each zone, and their names through another. */
export class EgressControl extends Construct {
  readonly log: EgressLog;

  constructor(scope: Construct, id: string, props: EgressControlProps) {
    super(scope, id);
    const { cidr, vpc } = props;
    const domains = domainsOf(this, props.domains);
    const log = new EgressLog(this, 'Log', { key: props.logKey, retention: props.retention });
    this.log = log;
    const { arn } = new EgressPolicy(this, 'Policy', { cidr, domains });
    const zones = vpc.privateSubnets.length;
    vpc.privateSubnets.forEach((privateSubnet, index) => {
      new EgressZone(this, `Zone${index + 1}`, {
        vpc,
        privateSubnet,
        firewallCidr: smallSubnet(cidr, index),
        natCidr: smallSubnet(cidr, zones + index),
        policyArn: arn,
        log,
      });
    });
    new DnsFirewall(this, 'Names', { vpc, domains, log });
  }
}
