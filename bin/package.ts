/**
 * The package as a CDK app imports it: the hardened constructs, the plugin that judges the app by a profile, and what an application needs to
 * keep its own part: field encryption, and the checks of what it attests.
 */
export { AccessAnalyzer, type AccessAnalyzerProps } from '../lib/constructs/access-analyzer';
export { AccessLogBucket, type AccessLogBucketProps } from '../lib/constructs/access-log-bucket';
export { AccountGuards, type AccountGuardsProps } from '../lib/constructs/account-guards';
export { AlertTopic, type AlertTopicProps } from '../lib/constructs/alert-topic';
export { AuditAnchor, type AuditAnchorProps } from '../lib/constructs/audit-anchor';
export { AuditTrail, type AuditTrailProps } from '../lib/constructs/audit-trail';
export { CertificateDomain, type CertificateDomainProps } from '../lib/constructs/certificate-domain';
export { CertificateWatch, type CertificateWatchProps } from '../lib/constructs/certificate-watch';
export { ConfigRecorder, type ConfigRecorderProps } from '../lib/constructs/config-recorder';
export { ConfigRules, type ConfigRulesProps } from '../lib/constructs/config-rules';
export { CustomerDirectory, type CustomerDirectoryProps } from '../lib/constructs/customer-directory';
export { DataKey, type DataKeyProps } from '../lib/constructs/data-key';
export { DatabaseSchema, type DatabaseSchemaProps } from '../lib/constructs/database-schema';
export { EdgeFirewall, type EdgeFirewallProps } from '../lib/constructs/edge-firewall';
export { LogArchive, type LogArchiveProps } from '../lib/constructs/log-archive';
export { Network, type NetworkProps } from '../lib/constructs/network';
export { NetworkFlowLog, type NetworkFlowLogProps } from '../lib/constructs/network-flow-log';
export { PublicLoadBalancer, type PublicLoadBalancerProps } from '../lib/constructs/public-load-balancer';
export { StaffDirectory, type StaffDirectoryProps } from '../lib/constructs/staff-directory';
export { StaticContent, type StaticContentProps } from '../lib/constructs/static-content';
export { TenantCatalogue, type TenantCatalogueProps } from '../lib/constructs/tenant-catalogue';
export { TenantDatabase, type TenantDatabaseProps } from '../lib/constructs/tenant-database';
export { TenantFiles, type TenantFilesProps } from '../lib/constructs/tenant-files';
export { TenantFilesAccess, type TenantFilesAccessProps } from '../lib/constructs/tenant-files-access';
export { TenantProvisioner, type TenantProvisionerProps } from '../lib/constructs/tenant-provisioner';
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
export { type PromiseValidationOptions, promiseValidation } from './validation';
