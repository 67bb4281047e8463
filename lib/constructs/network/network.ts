import { Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { EgressControl } from '../egress/egress-control';
import type { EgressLog } from '../egress/egress-log';
import { closeIsolatedSubnets } from './network-access-list';
import { NetworkEndpoints } from './network-endpoints';
import { NetworkFlowLog } from './network-flow-log';
import { blockPublicAccess } from './network-public-access';

export interface NetworkProps {
  /** Private IPv4 range, /16 to /20, such as `10.20.0.0/16`. */
  readonly cidr: string;
  /** Key of the flow log's log group; its policy must let CloudWatch Logs use it. */
  readonly logKey: kms.IKey;
  /**
   * Availability zones to spread over. The stack must know so many: in an environment-bound stack CDK asks the account for
   * them unless the stack overrides `availabilityZones`.
   *
   * @default 3
   */
  readonly zones?: number;
  /**
   * TCP port of the database, which only the private subnets may reach in the isolated ones.
   *
   * @default 5432
   */
  readonly databasePort?: number;
  /**
   * Seconds over which the flow log aggregates.
   *
   * @default 60
   */
  readonly flowLogSeconds?: 60 | 600;
  /**
   * Days for which the flow log is kept, at least.
   *
   * @default Duration.days(731)
   */
  readonly retention?: Duration;
  /**
   * Hosts that may be called from the private subnets over TLS: an exact name, or everything below a leading dot. `{account}`,
   * `{region}` and `{suffix}` stand for the place that is deployed to.
   *
   * @default - none: nothing leaves but through the endpoints of AWS
   */
  readonly egressDomains?: readonly string[];
}

/**
 * A VPC in three tiers over several zones: public subnets hold load balancers only and give nobody a public address by themselves,
 * private subnets hold what we run and reach named hosts through a firewall and a NAT gateway of their own zone, isolated subnets
 * hold data and have no route out at all.
 *
 * A function that talks to the database belongs in the private subnets: the access list of the isolated ones lets nothing
 * in but the database port, and nothing out but the answers.
 *
 * The rules of the default security group are removed by `AccountGuards`, because CloudFormation cannot.
 */
export class Network extends Construct {
  readonly vpc: ec2.Vpc;
  readonly endpoints: NetworkEndpoints;
  readonly flowLog: NetworkFlowLog;
  readonly egressLog: EgressLog;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const cidrMask = subnetMask(props.cidr);
    this.vpc = new ec2.Vpc(this, 'Resource', {
      ipAddresses: ec2.IpAddresses.cidr(props.cidr),
      maxAzs: props.zones ?? 3,
      // They stand behind the firewalls
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC, cidrMask, mapPublicIpOnLaunch: false },
        { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask },
        { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask },
      ],
    });
    closeIsolatedSubnets(this, this.vpc, props.databasePort ?? 5432);
    blockPublicAccess(this, this.vpc);
    this.endpoints = new NetworkEndpoints(this, 'Endpoints', { vpc: this.vpc, account: Stack.of(this).account });
    const retention = props.retention ?? Duration.days(731);
    this.flowLog = new NetworkFlowLog(this, 'FlowLog', {
      vpc: this.vpc,
      key: props.logKey,
      seconds: props.flowLogSeconds,
      retention,
    });
    this.egressLog = new EgressControl(this, 'Egress', {
      vpc: this.vpc,
      cidr: props.cidr,
      domains: props.egressDomains ?? [],
      logKey: props.logKey,
      retention,
    }).log;
  }
}

/** Sixteen equal subnets: nine for three tiers over three zones, the rest to grow without renumbering. */
function subnetMask(cidr: string): number {
  return Number(cidr.split('/')[1]) + 4;
}
