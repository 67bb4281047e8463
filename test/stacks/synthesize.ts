import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import { readEnvironment } from '../../lib/settings/check-settings';
import type { EnvironmentSettings } from '../../lib/settings/environment';
import type { DeployedFigures } from '../../lib/settings/figures';
import { EnvironmentStage } from '../../lib/stacks/environment-stage';

/** Figures of the strictest profile, by value: a test that asked the profile could not see it change. */
export const FIGURES: DeployedFigures = {
  availabilityZones: 3,
  flowLogSeconds: 60,
  databasePort: 5432,
  minimumTls: '1.3',
  keyRotationDays: 365,
  pitrDays: 30,
  tenancyMode: 'database',
  tenantFiles: 'bucket',
  tenantKey: 'tenant_id',
  backups: { intervalHours: 24, dailyDays: 30, weeklyDays: 90, drillDays: 31 },
  auditRetentionDays: 731,
  auditAnchorMinutes: 60,
  erasureGraceDays: 30,
  requests: { answerDays: 30, extensionMonths: 0, confirmBusinessDays: 10, optOutBusinessDays: 15 },
  exports: { formats: ['json', 'csv'], keepDays: 7, linkMinutes: 15 },
  passwordMinLength: 12,
  customerMfa: 'ON',
  customerSms: true,
  tokenMinutes: 15,
  roles: 18,
  customRoles: true,
  lockoutFailures: 10,
  lockoutMinutes: 30,
  vendorSecrets: [],
  egressDomains: ['iam.amazonaws.com', 'api.example.com'],
  credentialMaxAgeDays: 90,
  adminSessionMinutes: 60,
  peopleSessionMinutes: 240,
  allowedRegions: ['eu-central-1'],
  edgeMode: 'regional',
  edgeMinimumTls: '1.3',
  hstsSeconds: 31_536_000,
  rateLimits: { login: 100, passwordReset: 100, contact: 100, signUp: 100, billing: 300, publicPages: 2000, api: 2000 },
  strictCookies: true,
  maxAlertSeconds: 299,
  refusalLimits: { databaseSignIns: 5, blockedRequests: 500, blockedEgress: 5, lockedSignIns: 1 },
  incidents: { containMinutes: 5, causeHours: 24, notifyHours: 72 },
  monitorPeriodSeconds: 60,
  certificateWatchHours: 6,
  patchDays: 30,
  apiInsights: true,
  configFrequency: 'CONTINUOUS',
  disclosure: { acknowledgeHours: 48, updateBusinessDays: 5, bounty: true },
};

/** An environment under the flags of cdk.json. Reading a template from it synthesizes the whole stage, once. */
export function environment(
  settings: Partial<EnvironmentSettings> = {},
  figures: Partial<DeployedFigures> = {},
  detectedByOrganization = false,
): EnvironmentStage {
  const app = new App({ context });
  const name = settings.name ?? 'production';
  return new EnvironmentStage(app, name, {
    settings: { ...readEnvironment(name), ...settings },
    figures: { ...FIGURES, ...figures },
    detectedByOrganization,
  });
}

/** Templates of the stacks that this folder's tests read. */
export function templates(stage: EnvironmentStage): Record<'keys' | 'audit' | 'network', Template> {
  return {
    keys: Template.fromStack(stage.keys),
    audit: Template.fromStack(stage.audit),
    network: Template.fromStack(stage.network),
  };
}
