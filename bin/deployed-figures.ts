import { InputError } from '../lib/control/input-error';
import type { Figures } from '../lib/control/parameter';
import type { DeployedFigures } from '../lib/settings/figures';

/**
 * The figures of a profile as the stacks take them. This is where promises become settings; the judge reads the template and shares
 * none of it.
 */
export function deployedFigures(figures: Figures): DeployedFigures {
  return {
    availabilityZones: figures.number('network.azs'),
    flowLogSeconds: oneOf(figures.number('network.flowLogSeconds'), [60, 600] as const, 'network.flowLogSeconds'),
    databasePort: 5432,
    minimumTls: oneOf(figures.choice('data.minTls'), ['1.2', '1.3'] as const, 'data.minTls'),
    keyRotationDays: figures.number('keys.rotationDays'),
    pitrDays: figures.number('backup.pitrDays'),
    tenancyMode: oneOf(figures.choice('tenancy.mode'), ['rls', 'database'] as const, 'tenancy.mode'),
    tenantFiles: oneOf(figures.choice('tenancy.files'), ['prefix', 'bucket'] as const, 'tenancy.files'),
    tenantKey: figures.choice('tenancy.key'),
    backups: {
      intervalHours: figures.number('backup.intervalHours'),
      dailyDays: figures.number('backup.dailyRetentionDays'),
      weeklyDays: figures.number('backup.weeklyRetentionDays'),
      drillDays: figures.number('backup.drillDays'),
    },
    auditRetentionDays: figures.number('audit.retentionDays'),
    auditAnchorMinutes: figures.number('audit.anchorMinutes'),
    erasureGraceDays: figures.number('erasure.purgeDays'),
    requests: {
      answerDays: figures.number('dsr.responseDays'),
      extensionMonths: figures.number('dsr.extensionMonths'),
      confirmBusinessDays: figures.number('dsr.confirmBusinessDays'),
      optOutBusinessDays: figures.number('dsr.optOutBusinessDays'),
    },
    exports: {
      formats: figures
        .set('export.formats')
        .map((format) => oneOf(format.toLowerCase(), ['json', 'csv'] as const, 'export.formats')),
      keepDays: figures.number('export.keepDays'),
      linkMinutes: figures.number('export.linkMinutes'),
    },
    passwordMinLength: figures.number('identity.passwordMinLength'),
    // A profile that promises no second factor still offers one: the pool has no stricter neighbour than OPTIONAL to fall back to.
    customerMfa: figures.choice('mfa.customers') === 'ON' ? 'ON' : 'OPTIONAL',
    customerSms: figures.flag('mfa.customersSms'),
    tokenMinutes: figures.number('session.tokenMinutes'),
    lockoutFailures: figures.number('identity.lockoutFailures'),
    lockoutMinutes: figures.number('identity.lockoutMinutes'),
    roles: oneOf(figures.number('authz.roles'), [3, 5, 18] as const, 'authz.roles'),
    customRoles: figures.flag('authz.customRoles'),
    edgeMode: oneOf(figures.choice('edge.mode'), ['cdn', 'regional'] as const, 'edge.mode'),
    edgeMinimumTls: oneOf(figures.choice('edge.minTls'), ['1.2', '1.3'] as const, 'edge.minTls'),
    hstsSeconds: figures.number('edge.hstsSeconds'),
    rateLimits: {
      login: figures.number('edge.limits.login'),
      passwordReset: figures.number('edge.limits.passwordReset'),
      contact: figures.number('edge.limits.contact'),
      signUp: figures.number('edge.limits.signUp'),
      billing: figures.number('edge.limits.billing'),
      publicPages: figures.number('edge.limits.public'),
      api: figures.number('edge.limits.api'),
    },
    strictCookies: figures.flag('cookies.strict'),
    maxAlertSeconds: figures.number('detect.maxAlertSeconds'),
    refusalLimits: {
      databaseSignIns: figures.number('detect.refusals.databaseSignIns'),
      blockedRequests: figures.number('detect.refusals.blockedRequests'),
      blockedEgress: figures.number('detect.refusals.blockedEgress'),
      lockedSignIns: figures.number('detect.refusals.lockedSignIns'),
    },
    incidents: {
      containMinutes: figures.number('ir.containMinutes'),
      causeHours: figures.number('ir.rcaHours'),
      notifyHours: figures.number('ir.notifyHours'),
    },
    monitorPeriodSeconds: figures.number('monitor.periodSeconds'),
    certificateWatchHours: figures.number('certs.ctIntervalHours'),
    apiInsights: figures.flag('detect.apiInsights'),
    configFrequency: oneOf(figures.choice('config.mode'), ['CONTINUOUS', 'DAILY'] as const, 'config.mode'),
    patchDays: figures.number('patch.days'),
    egressDomains: figures.set('egress.domains'),
    credentialMaxAgeDays: figures.number('credentials.maxAgeDays'),
    adminSessionMinutes: figures.number('admin.sessionMinutes'),
    peopleSessionMinutes: figures.number('people.sessionMinutes'),
    allowedRegions: figures.set('residency.regions'),
    disclosure: {
      acknowledgeHours: figures.number('vdp.ackHours'),
      updateBusinessDays: figures.number('vdp.updateBusinessDays'),
      // Five classes or none: the policy names all that there are
      bounty: figures.number('vdp.bountyClasses') > 0,
    },
    vendorSecrets: figures.set('vendors.secrets'),
  };
}

function oneOf<T extends string | number>(value: string | number, allowed: readonly T[], parameter: string): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) {
    throw new InputError(
      `'${parameter}' is ${value}, which nothing can be deployed with: allowed are ${allowed.join(', ')}`,
    );
  }
  return found;
}
