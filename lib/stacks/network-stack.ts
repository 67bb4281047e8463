import { Duration, Stack, Tags } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EgressLog } from '../constructs/egress/egress-log';
import { Network } from '../constructs/network/network';
import type { NetworkFlowLog } from '../constructs/network/network-flow-log';
import { AccountGuards } from '../constructs/organization/account-guards';
import { REGIONS } from '../settings/regions';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface NetworkStackProps extends EnvironmentStackProps {
  readonly keys: { readonly logs: kms.IKey };
}

/** The VPC of an environment, and the guards of the account it lies in. */
export class NetworkStack extends Stack {
  readonly vpc: ec2.Vpc;
  readonly flowLog: NetworkFlowLog;
  readonly egressLog: EgressLog;
  private readonly zones: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props);
    const { figures, keys, settings } = props;
    const retention = Duration.days(figures.auditRetentionDays);
    this.zones = REGIONS[settings.region].zones;
    // Addresses of visitors
    Tags.of(this).add('data-class', 'personal');

    const network = new Network(this, 'Network', {
      cidr: settings.vpcCidr,
      logKey: keys.logs,
      zones: figures.availabilityZones,
      databasePort: figures.databasePort,
      flowLogSeconds: figures.flowLogSeconds,
      retention,
      egressDomains: figures.egressDomains,
    });
    this.vpc = network.vpc;
    this.flowLog = network.flowLog;
    this.egressLog = network.egressLog;
    new AccountGuards(this, 'AccountGuards', {
      vpc: this.vpc,
      logKey: keys.logs,
      retention,
      passwordMinLength: figures.passwordMinLength,
      passwordMaxAge: Duration.days(figures.credentialMaxAgeDays),
    });
  }

  /** Known by name: CDK would ask the account for them, and the offline synth has none. */
  override get availabilityZones(): string[] {
    return [...this.zones];
  }
}
