import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AlertProbe } from '../constructs/alerts/alert-probe';
import { EventAlerts } from '../constructs/alerts/event-alerts';
import { FlowLogAlarms, type FlowLogAlarmsProps } from '../constructs/alerts/flow-log-alarms';
import { RefusalAlarms, type RefusalAlarmsProps } from '../constructs/alerts/refusal-alarms';
import { SourceHeartbeats } from '../constructs/alerts/source-heartbeats';
import { TrailAlarms } from '../constructs/alerts/trail-alarms';
import { ApplicationAlarms, type ApplicationAlarmsProps } from '../constructs/application/application-alarms';
import { ThreatDetection } from '../constructs/detection/threat-detection';
import { VulnerabilityScanning } from '../constructs/detection/vulnerability-scanning';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface DetectionStackProps extends EnvironmentStackProps {
  readonly keys: { readonly logs: kms.IKey };
  readonly vpc: ec2.IVpc;
  /** Hears of everything. */
  readonly alerts: sns.ITopic;
  /** Hears of it where `alerts` itself fails. */
  readonly fallback: sns.ITopic;
  /** Log of the trail of all Regions. */
  readonly trailLogGroup: logs.ILogGroup;
  readonly flowLog: FlowLogAlarmsProps['flowLog'];
  /** Where somebody is turned away. */
  readonly refusals: Pick<RefusalAlarmsProps, 'databaseLog' | 'egressLog' | 'blocked' | 'lockout'>;
  /**
   * Whether GuardDuty and Security Hub come to the account from its organization (`CentralDetection`), so that it makes none of its own.
   *
   * @default false
   */
  readonly detectedByOrganization?: boolean;
  /** What is watched of the application. */
  readonly application: Pick<
    ApplicationAlarmsProps,
    'loadBalancer' | 'targetGroup' | 'service' | 'database' | 'logGroup'
  >;
}

/** Notices what goes wrong and what somebody does wrong, reports it within minutes, and measures that it does. */
export class DetectionStack extends Stack {
  constructor(scope: Construct, id: string, props: DetectionStackProps) {
    super(scope, id, props);
    const { alerts, fallback, figures, flowLog, keys, refusals, trailLogGroup, vpc } = props;
    const running = { vpc, alerts, logKey: keys.logs, retentionDays: figures.auditRetentionDays };

    if (!props.detectedByOrganization) {
      new ThreatDetection(this, 'Threats');
    }
    new VulnerabilityScanning(this, 'Vulnerabilities', running);
    new EventAlerts(this, 'Events', { alerts });
    new TrailAlarms(this, 'Trail', { trailLogGroup, alerts, insights: figures.apiInsights });
    new SourceHeartbeats(this, 'Heartbeats', {
      sources: { Trail: trailLogGroup, FlowLog: flowLog.logGroup },
      // The anchor of the audit log signs in every hour, and the probe asks for names every half hour, whatever else is going on
      hourly: { Database: refusals.databaseLog, Names: refusals.egressLog.queries },
      alerts,
    });
    new FlowLogAlarms(this, 'Flows', { flowLog, alerts });
    new RefusalAlarms(this, 'Refusals', { ...refusals, limits: figures.refusalLimits, alerts });
    new AlertProbe(this, 'Probe', { ...running, fallback, maxAlertSeconds: figures.maxAlertSeconds });
    new ApplicationAlarms(this, 'Application', {
      ...props.application,
      alerts,
      logKey: keys.logs,
      periodSeconds: figures.monitorPeriodSeconds,
    });
  }
}
