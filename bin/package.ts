/** The package as a CDK app imports it: the hardened constructs, and the plugin that judges the app by a profile. */
export { AccessAnalyzer, type AccessAnalyzerProps } from '../lib/constructs/access-analyzer';
export { AccessLogBucket, type AccessLogBucketProps } from '../lib/constructs/access-log-bucket';
export { AccountGuards, type AccountGuardsProps } from '../lib/constructs/account-guards';
export { AuditTrail, type AuditTrailProps } from '../lib/constructs/audit-trail';
export { ConfigRecorder, type ConfigRecorderProps } from '../lib/constructs/config-recorder';
export { ConfigRules, type ConfigRulesProps } from '../lib/constructs/config-rules';
export { CustomerDirectory, type CustomerDirectoryProps } from '../lib/constructs/customer-directory';
export { DataKey, type DataKeyProps } from '../lib/constructs/data-key';
export { LogArchive, type LogArchiveProps } from '../lib/constructs/log-archive';
export { Network, type NetworkProps } from '../lib/constructs/network';
export { NetworkFlowLog, type NetworkFlowLogProps } from '../lib/constructs/network-flow-log';
export { StaffDirectory, type StaffDirectoryProps } from '../lib/constructs/staff-directory';
export { TenantDatabase, type TenantDatabaseProps } from '../lib/constructs/tenant-database';
export { TenantFiles, type TenantFilesProps } from '../lib/constructs/tenant-files';
export { type PromiseValidationOptions, promiseValidation } from './validation';
