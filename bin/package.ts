/**
 * The package as a CDK app imports it: the hardened constructs, the plugin that judges the app by a profile, and what an application needs to
 * keep its own part: transactions of a tenant, field encryption, and the checks of what it attests.
 */
export { AccessAnalyzer, type AccessAnalyzerProps } from '../lib/constructs/access-analyzer';
export { AccessLogBucket, type AccessLogBucketProps } from '../lib/constructs/access-log-bucket';
export { AccountGuards, type AccountGuardsProps } from '../lib/constructs/account-guards';
export { AlertPath, type AlertPathProps } from '../lib/constructs/alert-path';
export { AlertProbe, type AlertProbeProps } from '../lib/constructs/alert-probe';
export { AlertTarget, AlertTopic, type AlertTopicProps } from '../lib/constructs/alert-topic';
export { AlertTopicWatch, type AlertTopicWatchProps } from '../lib/constructs/alert-topic-watch';
export { ApplicationAlarms, type ApplicationAlarmsProps } from '../lib/constructs/application-alarms';
export { AuditAnchor, type AuditAnchorProps } from '../lib/constructs/audit-anchor';
export { AuditTrail, type AuditTrailProps } from '../lib/constructs/audit-trail';
export { AuthorizationStore, type AuthorizationStoreProps } from '../lib/constructs/authorization-store';
export { BackupAlerts, type BackupAlertsProps } from '../lib/constructs/backup-alerts';
export { BackupCheck, type BackupCheckProps } from '../lib/constructs/backup-check';
export { BackupPlans, type BackupPlansProps } from '../lib/constructs/backup-plans';
export { BackupVaults, type BackupVaultsProps } from '../lib/constructs/backup-vaults';
export { CentralConfiguration, type CentralConfigurationProps } from '../lib/constructs/central-configuration';
export { CentralDetection, type CentralDetectionProps } from '../lib/constructs/central-detection';
export { CertificateDomain, type CertificateDomainProps } from '../lib/constructs/certificate-domain';
export { CertificateWatch, type CertificateWatchProps } from '../lib/constructs/certificate-watch';
export { ConfigRecorder, type ConfigRecorderProps } from '../lib/constructs/config-recorder';
export { ConfigRules, type ConfigRulesProps } from '../lib/constructs/config-rules';
export { CustomerDirectory, type CustomerDirectoryProps } from '../lib/constructs/customer-directory';
export { DataKey, type DataKeyProps } from '../lib/constructs/data-key';
export { DatabaseSchema, type DatabaseSchemaProps } from '../lib/constructs/database-schema';
export {
  DelegatedAdministrators,
  type DelegatedAdministratorsProps,
} from '../lib/constructs/delegated-administrators';
export { DeliveryGuardRails, type DeliveryGuardRailsProps } from '../lib/constructs/delivery-guard-rails';
export { DeliveryRole, type DeliveryRoleProps } from '../lib/constructs/delivery-role';
export { DisclosureReminder, type DisclosureReminderProps } from '../lib/constructs/disclosure-reminder';
export { EdgeFirewall, type EdgeFirewallProps } from '../lib/constructs/edge-firewall';
export { EnvironmentSeparation, type EnvironmentSeparationProps } from '../lib/constructs/environment-separation';
export { EventAlerts, type EventAlertsProps } from '../lib/constructs/event-alerts';
export { FlowLogAlarms, type FlowLogAlarmsProps } from '../lib/constructs/flow-log-alarms';
export { GatheredFindings, type GatheredFindingsProps } from '../lib/constructs/gathered-findings';
export { GuardRails, type GuardRailsProps } from '../lib/constructs/guard-rails';
export { ImageAgeWatch, type ImageAgeWatchProps } from '../lib/constructs/image-age-watch';
export { IncidentContainment, type IncidentContainmentProps } from '../lib/constructs/incident-containment';
export { IncidentDetection, type IncidentDetectionProps } from '../lib/constructs/incident-detection';
export { IncidentProcess, type IncidentProcessProps } from '../lib/constructs/incident-process';
export { LogArchive, type LogArchiveProps } from '../lib/constructs/log-archive';
export { LogGroupSweep, type LogGroupSweepProps } from '../lib/constructs/log-group-sweep';
export { MailDelivery, type MailDeliveryProps } from '../lib/constructs/mail-delivery';
export { MemberBaseline, type MemberBaselineProps } from '../lib/constructs/member-baseline';
export { Network, type NetworkProps } from '../lib/constructs/network';
export { NetworkFlowLog, type NetworkFlowLogProps } from '../lib/constructs/network-flow-log';
export { OrganizationBackup, type OrganizationBackupProps } from '../lib/constructs/organization-backup';
export { OrganizationPolicy, type OrganizationPolicyProps } from '../lib/constructs/organization-policy';
export { OrganizationTrail, type OrganizationTrailProps } from '../lib/constructs/organization-trail';
export { OrganizationView, type OrganizationViewProps } from '../lib/constructs/organization-view';
export { PermissionSets, type PermissionSetsProps } from '../lib/constructs/permission-sets';
export { PublicLoadBalancer, type PublicLoadBalancerProps } from '../lib/constructs/public-load-balancer';
export { RefusalAlarms, type RefusalAlarmsProps } from '../lib/constructs/refusal-alarms';
export { ReportProcess, type ReportProcessProps } from '../lib/constructs/report-process';
export { RestoreDrill, type RestoreDrillProps } from '../lib/constructs/restore-drill';
export { RowRetention, type RowRetentionProps } from '../lib/constructs/row-retention';
export { SecurityBudget, type SecurityBudgetProps } from '../lib/constructs/security-budget';
export { SignInLockout, type SignInLockoutProps } from '../lib/constructs/sign-in-lockout';
export { SourceHeartbeats, type SourceHeartbeatsProps } from '../lib/constructs/source-heartbeats';
export { StaffDirectory, type StaffDirectoryProps } from '../lib/constructs/staff-directory';
export { StaticContent, type StaticContentProps } from '../lib/constructs/static-content';
export { TenantAccess, type TenantAccessProps } from '../lib/constructs/tenant-access';
export { TenantBuckets, type TenantBucketsProps } from '../lib/constructs/tenant-buckets';
export { TenantCatalogue, type TenantCatalogueProps } from '../lib/constructs/tenant-catalogue';
export { TenantDatabase, type TenantDatabaseProps } from '../lib/constructs/tenant-database';
export { TenantFiles, type TenantFilesProps } from '../lib/constructs/tenant-files';
export { TenantProvisioner, type TenantProvisionerProps } from '../lib/constructs/tenant-provisioner';
export { ThreatDetection } from '../lib/constructs/threat-detection';
export { TrailAlarms, type TrailAlarmsProps } from '../lib/constructs/trail-alarms';
export { VendorSecrets, type VendorSecretsProps } from '../lib/constructs/vendor-secrets';
export { VulnerabilityScanning, type VulnerabilityScanningProps } from '../lib/constructs/vulnerability-scanning';
export {
  type ApplicationUnderTest,
  type ConformanceOptions,
  type ConformanceResult,
  conformance,
} from '../lib/database/conformance';
export {
  FieldEncryption,
  type FieldEncryptionOptions,
  type KeyService,
  type KeySession,
  type PersonalField,
} from '../lib/database/field-encryption';
export { type FieldPlace, keyOf, openEnvelope, sealEnvelope } from '../lib/database/gcm-envelope';
export { inTenantTransaction, type TenantContext, type TransactionClient } from '../lib/database/tenant-transaction';
export { type PromiseValidationOptions, promiseValidation } from './validation';
