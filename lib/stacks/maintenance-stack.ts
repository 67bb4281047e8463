import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ImageAgeWatch } from '../constructs/application/image-age-watch';
import { RowRetention } from '../constructs/database/row-retention';
import type { TenantDatabase } from '../constructs/database/tenant-database';
import { LogGroupSweep } from '../constructs/logging/log-group-sweep';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface MaintenanceStackProps extends EnvironmentStackProps {
  readonly vpc: ec2.IVpc;
  readonly database: TenantDatabase;
  readonly keys: { readonly logs: kms.IKey };
  /** Hears of what is old, bare or left over, and of rows that outlive their period. */
  readonly alerts: sns.ITopic;
}

/** Looks by schedule for what grows old or appears by itself in an account that nobody changes, and deletes rows whose period is over. */
export class MaintenanceStack extends Stack {
  constructor(scope: Construct, id: string, props: MaintenanceStackProps) {
    super(scope, id, props);
    const { alerts, database, figures, keys, settings, vpc } = props;
    const watching = { alerts, vpc, logKey: keys.logs, retentionDays: figures.auditRetentionDays };
    new LogGroupSweep(this, 'LogGroupSweep', watching);
    new RowRetention(this, 'RowRetention', { ...watching, database });
    new ImageAgeWatch(this, 'ImageAgeWatch', {
      ...watching,
      images: [settings.application.image, settings.application.proxyImage],
      days: figures.patchDays,
    });
  }
}
