import { Duration, Stack, Tags } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { DisclosureReminder } from '../constructs/disclosure-reminder';
import { IncidentDetection } from '../constructs/incident-detection';
import { IncidentProcess } from '../constructs/incident-process';
import { ReportProcess } from '../constructs/report-process';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface ResponseStackProps extends EnvironmentStackProps {
  readonly vpc: ec2.IVpc;
  readonly keys: { readonly logs: kms.IKey };
  /** Hears of every step of an incident. */
  readonly alerts: sns.ITopic;
}

/** What happens once something has happened. */
export class ResponseStack extends Stack {
  readonly incidents: IncidentProcess;

  constructor(scope: Construct, id: string, props: ResponseStackProps) {
    super(scope, id, props);
    const { alerts, figures, keys, settings, vpc } = props;
    // Names of those who lead, and of whom an incident touches
    Tags.of(this).add('data-class', 'personal');
    const process = {
      alerts,
      vpc,
      logKey: keys.logs,
      retentionDays: figures.auditRetentionDays,
      keyRotation: Duration.days(figures.keyRotationDays),
    };
    this.incidents = new IncidentProcess(this, 'Incidents', { ...process, name: `${settings.name}-incident` });
    new ReportProcess(this, 'Reports', {
      ...process,
      ...figures.disclosure,
      name: `${settings.name}-vulnerability-report`,
    });
    new DisclosureReminder(this, 'DisclosureReminder', { expires: settings.disclosure.expires, alerts });
    new IncidentDetection(this, 'Detection', { process: this.incidents, alerts });
  }
}
