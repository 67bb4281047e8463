import { Duration, Stack, Tags } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AlertPath } from '../constructs/alerts/alert-path';
import { AccessAnalyzer } from '../constructs/detection/access-analyzer';
import { ConfigRecorder } from '../constructs/detection/config-recorder';
import { ConfigRules } from '../constructs/detection/config-rules';
import { AccessLogBucket } from '../constructs/logging/access-log-bucket';
import { AuditTrail } from '../constructs/logging/audit-trail';
import { LogArchive } from '../constructs/logging/log-archive';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface AuditStackProps extends EnvironmentStackProps {
  readonly keys: { readonly audit: kms.IKey; readonly logs: kms.IKey };
  /** Name of the trail, as the policy of the audit key knows it. */
  readonly trailName: string;
}

/** What happened in the account, and how it was configured when: kept where nobody can take it back. */
export class AuditStack extends Stack {
  /** Receives the server access logs of every bucket of the environment. */
  readonly accessLogs: s3.IBucket;
  /** Every call to the account; alarms read it. */
  readonly trailLogGroup: logs.ILogGroup;
  /** Hears of everything that a person must look at. */
  readonly alerts: sns.ITopic;
  /** Hears of it where `alerts` itself fails. */
  readonly fallback: sns.ITopic;

  constructor(scope: Construct, id: string, props: AuditStackProps) {
    super(scope, id, props);
    const { figures, keys, settings } = props;
    const retention = Duration.days(figures.auditRetentionDays);
    const { minimumTls } = figures;
    // Addresses and names of those who did something
    Tags.of(this).add('data-class', 'personal');

    const { contacts, name } = settings;
    const path = new AlertPath(this, 'AlertPath', {
      contact: contacts.security,
      fallbackContact: contacts.operations,
      name,
      keyRotation: Duration.days(figures.keyRotationDays),
    });
    const { alerts } = path;
    this.alerts = alerts;
    this.fallback = path.fallback;
    this.accessLogs = new AccessLogBucket(this, 'AccessLogs', { retentionDays: figures.auditRetentionDays }).bucket;
    const archive = new LogArchive(this, 'LogArchive', {
      key: keys.audit,
      accessLogs: this.accessLogs,
      retention,
      minimumTls,
    });
    const trail = new AuditTrail(this, 'AuditTrail', {
      name: props.trailName,
      archive: archive.bucket,
      key: keys.audit,
      logKey: keys.logs,
      retention,
      insights: figures.apiInsights,
    });
    this.trailLogGroup = trail.logGroup;
    const { recorder } = new ConfigRecorder(this, 'ConfigRecorder', {
      key: keys.audit,
      accessLogs: this.accessLogs,
      retention,
      minimumTls,
      frequency: figures.configFrequency,
    });
    new ConfigRules(this, 'ConfigRules', { recorder, ...figures });
    new AccessAnalyzer(this, 'AccessAnalyzer');
  }
}
