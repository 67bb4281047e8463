import { Duration, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AlertPath } from '../constructs/alerts/alert-path';
import { EventAlerts } from '../constructs/alerts/event-alerts';
import { TrailAlarms } from '../constructs/alerts/trail-alarms';
import { ConfigRecorder } from '../constructs/detection/config-recorder';
import { ConfigRules } from '../constructs/detection/config-rules';
import { AccessLogBucket } from '../constructs/logging/access-log-bucket';
import { LogArchive } from '../constructs/logging/log-archive';
import { CentralConfiguration } from '../constructs/organization/central-configuration';
import { CentralDetection } from '../constructs/organization/central-detection';
import { GatheredFindings } from '../constructs/organization/gathered-findings';
import { MemberEvents } from '../constructs/organization/member-events';
import { MemberRecorder } from '../constructs/organization/member-recorder';
import { OrganizationTrail, organizationTrailWriter } from '../constructs/organization/organization-trail';
import { OrganizationView } from '../constructs/organization/organization-view';
import { DataKey, logWriter, recorderWriter } from '../constructs/storage/data-key';
import type { OrganizationStackProps } from './organization-stack-props';

export interface OrganizationAuditStackProps extends OrganizationStackProps {
  /** Accounts of the environments, which record themselves. */
  readonly environmentAccounts: readonly string[];
  /** Regions beside the stack's own in which every account can deploy. */
  readonly otherRegions: readonly string[];
}

/**
 * What happened in every account, kept in an account of its own, which the others cannot reach, and what is found in any of them, switched on,
 * gathered and reported from there.
 */
export class OrganizationAuditStack extends Stack {
  constructor(scope: Construct, id: string, props: OrganizationAuditStackProps) {
    super(scope, id, props);
    const { environmentAccounts: exceptAccounts, figures, otherRegions, settings } = props;
    const { auditRetentionDays: retentionDays, minimumTls, apiInsights: insights } = figures;
    const retention = Duration.days(retentionDays);
    const keyRotation = Duration.days(figures.keyRotationDays);
    const trail = { name: 'organization-audit', managementAccount: settings.managementAccount, insights };
    // Addresses and names of those who did something
    Tags.of(this).add('data-class', 'personal');

    const { key } = new DataKey(this, 'Key', {
      protects: 'Record of every account',
      alias: 'organization/audit',
      rotationPeriod: keyRotation,
      services: ['s3'],
      writers: [
        organizationTrailWriter(this, trail),
        recorderWriter(this),
        recorderWriter(this, settings.id),
        logWriter(this),
      ],
    });
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', { retentionDays }).bucket;
    const archive = new LogArchive(this, 'LogArchive', { key, accessLogs, retention, minimumTls }).bucket;
    const { alerts } = new AlertPath(this, 'AlertPath', {
      contact: settings.securityContact,
      fallbackContact: settings.budget.contact,
      name: 'organization',
      keyRotation,
    });
    const { logGroup: trailLogGroup } = new OrganizationTrail(this, 'Trail', {
      ...trail,
      organizationId: settings.id,
      archive,
      key,
      logKey: key,
      retention,
    });
    const { recorder, history } = new ConfigRecorder(this, 'ConfigRecorder', {
      key,
      accessLogs,
      retention,
      minimumTls,
      frequency: figures.configFrequency,
      organizationId: settings.id,
    });
    new ConfigRules(this, 'ConfigRules', { recorder, ...figures });
    const reporting = { alerts, exceptAccounts, namespace: 'Avouch/Organization' };
    new TrailAlarms(this, 'TrailAlarms', { ...reporting, trailLogGroup, insights });
    const { bus } = new MemberEvents(this, 'MemberEvents', { organizationId: settings.id, alerts });
    new MemberRecorder(this, 'MemberRecorder', {
      targets: [settings.rootId],
      managementAccount: settings.managementAccount,
      ownAccounts: exceptAccounts,
      otherRegions,
      frequency: figures.configFrequency,
      history,
      key,
      bus,
      figures,
    });
    const regions = figures.allowedRegions;
    new OrganizationView(this, 'View', { regions });
    const { findings } = new CentralDetection(this, 'CentralDetection', { regions, logKey: key, retentionDays });
    new CentralConfiguration(this, 'CentralConfiguration', { rootId: settings.rootId, findings });
    new EventAlerts(this, 'Findings', { alerts, reports: 'findings' });
    new GatheredFindings(this, 'Gathered', { alerts });
  }
}
