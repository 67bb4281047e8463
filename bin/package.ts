/**
 * The package as a CDK app imports it: the hardened constructs, the plugin that judges the app by a profile, and what an application needs to
 * keep its own part: transactions of a tenant, field encryption, and the checks of what it attests.
 */

export { AlertPath, type AlertPathProps } from '../lib/constructs/alerts/alert-path';
export { AlertProbe, type AlertProbeProps } from '../lib/constructs/alerts/alert-probe';
export { AlertTarget, AlertTopic, type AlertTopicProps } from '../lib/constructs/alerts/alert-topic';
export { AlertTopicWatch, type AlertTopicWatchProps } from '../lib/constructs/alerts/alert-topic-watch';
export { EventAlerts, type EventAlertsProps } from '../lib/constructs/alerts/event-alerts';
export { FlowLogAlarms, type FlowLogAlarmsProps } from '../lib/constructs/alerts/flow-log-alarms';
export { RefusalAlarms, type RefusalAlarmsProps } from '../lib/constructs/alerts/refusal-alarms';
export { SourceHeartbeats, type SourceHeartbeatsProps } from '../lib/constructs/alerts/source-heartbeats';
export { TrailAlarms, type TrailAlarmsProps } from '../lib/constructs/alerts/trail-alarms';
export { ApplicationAlarms, type ApplicationAlarmsProps } from '../lib/constructs/application/application-alarms';
export { CertificateDomain, type CertificateDomainProps } from '../lib/constructs/application/certificate-domain';
export { CertificateWatch, type CertificateWatchProps } from '../lib/constructs/application/certificate-watch';
export { ImageAgeWatch, type ImageAgeWatchProps } from '../lib/constructs/application/image-age-watch';
export { PublicLoadBalancer, type PublicLoadBalancerProps } from '../lib/constructs/application/public-load-balancer';
export { VendorSecrets, type VendorSecretsProps } from '../lib/constructs/application/vendor-secrets';
export { AuthorizationStore, type AuthorizationStoreProps } from '../lib/constructs/authorization/authorization-store';
export { BackupAlerts, type BackupAlertsProps } from '../lib/constructs/backup/backup-alerts';
export { BackupCheck, type BackupCheckProps } from '../lib/constructs/backup/backup-check';
export { BackupPlans, type BackupPlansProps } from '../lib/constructs/backup/backup-plans';
export { BackupVaults, type BackupVaultsProps } from '../lib/constructs/backup/backup-vaults';
export { RestoreDrill, type RestoreDrillProps } from '../lib/constructs/backup/restore-drill';
export { AuditAnchor, type AuditAnchorProps } from '../lib/constructs/database/audit-anchor';
export { DatabaseSchema, type DatabaseSchemaProps } from '../lib/constructs/database/database-schema';
export { RowRetention, type RowRetentionProps } from '../lib/constructs/database/row-retention';
export { TenantDatabase, type TenantDatabaseProps } from '../lib/constructs/database/tenant-database';
export { DeliveryRole, type DeliveryRoleProps } from '../lib/constructs/delivery/delivery-role';
export {
  EnvironmentSeparation,
  type EnvironmentSeparationProps,
} from '../lib/constructs/delivery/environment-separation';
export { AccessAnalyzer, type AccessAnalyzerProps } from '../lib/constructs/detection/access-analyzer';
export { ConfigRecorder, type ConfigRecorderProps } from '../lib/constructs/detection/config-recorder';
export { ConfigRules, type ConfigRulesProps } from '../lib/constructs/detection/config-rules';
export { ThreatDetection } from '../lib/constructs/detection/threat-detection';
export {
  VulnerabilityScanning,
  type VulnerabilityScanningProps,
} from '../lib/constructs/detection/vulnerability-scanning';
export { EdgeFirewall, type EdgeFirewallProps } from '../lib/constructs/edge/edge-firewall';
export { StaticContent, type StaticContentProps } from '../lib/constructs/edge/static-content';
export { CustomerDirectory, type CustomerDirectoryProps } from '../lib/constructs/identity/customer-directory';
export { SignInLockout, type SignInLockoutProps } from '../lib/constructs/identity/sign-in-lockout';
export { StaffDirectory, type StaffDirectoryProps } from '../lib/constructs/identity/staff-directory';
export { AccessLogBucket, type AccessLogBucketProps } from '../lib/constructs/logging/access-log-bucket';
export { AuditTrail, type AuditTrailProps } from '../lib/constructs/logging/audit-trail';
export { LogArchive, type LogArchiveProps } from '../lib/constructs/logging/log-archive';
export { LogGroupSweep, type LogGroupSweepProps } from '../lib/constructs/logging/log-group-sweep';
export { MailDelivery, type MailDeliveryProps } from '../lib/constructs/mail/mail-delivery';
export { Network, type NetworkProps } from '../lib/constructs/network/network';
export { NetworkFlowLog, type NetworkFlowLogProps } from '../lib/constructs/network/network-flow-log';
export { AccountGuards, type AccountGuardsProps } from '../lib/constructs/organization/account-guards';
export {
  CentralConfiguration,
  type CentralConfigurationProps,
} from '../lib/constructs/organization/central-configuration';
export { CentralDetection, type CentralDetectionProps } from '../lib/constructs/organization/central-detection';
export {
  DelegatedAdministrators,
  type DelegatedAdministratorsProps,
} from '../lib/constructs/organization/delegated-administrators';
export { DeliveryGuardRails, type DeliveryGuardRailsProps } from '../lib/constructs/organization/delivery-guard-rails';
export { GatheredFindings, type GatheredFindingsProps } from '../lib/constructs/organization/gathered-findings';
export { GuardRails, type GuardRailsProps } from '../lib/constructs/organization/guard-rails';
export { MemberBaseline, type MemberBaselineProps } from '../lib/constructs/organization/member-baseline';
export { MemberGuards, type MemberGuardsProps } from '../lib/constructs/organization/member-guards';
export { OrganizationBackup, type OrganizationBackupProps } from '../lib/constructs/organization/organization-backup';
export { OrganizationPolicy, type OrganizationPolicyProps } from '../lib/constructs/organization/organization-policy';
export { OrganizationTrail, type OrganizationTrailProps } from '../lib/constructs/organization/organization-trail';
export { OrganizationView, type OrganizationViewProps } from '../lib/constructs/organization/organization-view';
export { PermissionSets, type PermissionSetsProps } from '../lib/constructs/organization/permission-sets';
export { SecurityBudget, type SecurityBudgetProps } from '../lib/constructs/organization/security-budget';
export { RequestProcess, type RequestProcessProps } from '../lib/constructs/privacy/request-process';
export { DisclosureReminder, type DisclosureReminderProps } from '../lib/constructs/response/disclosure-reminder';
export { IncidentContainment, type IncidentContainmentProps } from '../lib/constructs/response/incident-containment';
export { IncidentDetection, type IncidentDetectionProps } from '../lib/constructs/response/incident-detection';
export { IncidentProcess, type IncidentProcessProps } from '../lib/constructs/response/incident-process';
export { ReportProcess, type ReportProcessProps } from '../lib/constructs/response/report-process';
export { DataKey, type DataKeyProps } from '../lib/constructs/storage/data-key';
export { ErasureLedger, type ErasureLedgerProps } from '../lib/constructs/tenants/erasure-ledger';
export { KeyEraser, type KeyEraserProps } from '../lib/constructs/tenants/key-eraser';
export { TenantAccess, type TenantAccessProps } from '../lib/constructs/tenants/tenant-access';
export { TenantBuckets, type TenantBucketsProps } from '../lib/constructs/tenants/tenant-buckets';
export { TenantCatalogue, type TenantCatalogueProps } from '../lib/constructs/tenants/tenant-catalogue';
export { TenantFiles, type TenantFilesProps } from '../lib/constructs/tenants/tenant-files';
export { TenantProvisioner, type TenantProvisionerProps } from '../lib/constructs/tenants/tenant-provisioner';
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
