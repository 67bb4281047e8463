import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EnvironmentSeparation } from '../constructs/delivery/environment-separation';
import { DelegatedAdministrators } from '../constructs/organization/delegated-administrators';
import { DeliveryGuardRails } from '../constructs/organization/delivery-guard-rails';
import { GuardRails } from '../constructs/organization/guard-rails';
import { MemberBaseline } from '../constructs/organization/member-baseline';
import { MemberGuards } from '../constructs/organization/member-guards';
import { OrganizationBackup } from '../constructs/organization/organization-backup';
import { PermissionSets } from '../constructs/organization/permission-sets';
import { SecurityBudget } from '../constructs/organization/security-budget';
import { DataKey, logWriter } from '../constructs/storage/data-key';
import { type DeliverySettings, deliveryRoleName } from '../settings/environment';
import type { OrganizationStackProps } from './organization-stack-props';

export interface GovernanceStackProps extends OrganizationStackProps {
  /** Regions in which every account can deploy. */
  readonly memberRegions: readonly string[];
  /** Name and account of each environment, and the pipeline that deploys it, where one does. */
  readonly environments: readonly {
    readonly name: string;
    readonly account: string;
    readonly delivery?: DeliverySettings;
  }[];
}

const names = { boundaryName: 'people-boundary', vaultName: 'organization', backupRoleName: 'organization-backup' };

/**
 * The guard-rails of the organization, and who may enter its accounts. Deployed to the management account, which is bound by none of it, so that nothing
 * else belongs there.
 */
export class GovernanceStack extends Stack {
  constructor(scope: Construct, id: string, props: GovernanceStackProps) {
    super(scope, id, props);
    const { settings, figures, environments } = props;
    const root = [settings.rootId];
    const accounts = [settings.securityAccount, ...environments.map(({ account }) => account)];

    // No role of the environments erases by key: a person who must takes the role for emergencies, so nobody is named here who may
    new GuardRails(this, 'GuardRails', {
      organizationId: settings.id,
      targets: root,
      regions: figures.allowedRegions,
      deliveryNetwork: figures.edgeMode === 'cdn',
    });
    new EnvironmentSeparation(this, 'Environments', { environments });
    new DeliveryGuardRails(this, 'Delivery', {
      environments: environments
        .filter(({ delivery }) => delivery !== undefined)
        .map(({ name, account }) => ({ name, account, roleName: deliveryRoleName(name) })),
    });
    const baseline = new MemberBaseline(this, 'MemberBaseline', {
      ...names,
      targets: root,
      region: settings.region,
      backupDays: figures.pitrDays,
    });
    new MemberGuards(this, 'MemberGuards', {
      targets: root,
      region: settings.region,
      regions: props.memberRegions,
      ownAccounts: environments.map(({ account }) => account),
      passwordMinLength: figures.passwordMinLength,
      passwordMaxAgeDays: figures.credentialMaxAgeDays,
      retention: Duration.days(figures.auditRetentionDays),
    });
    const people = new PermissionSets(this, 'PermissionSets', {
      instanceArn: `arn:${this.partition}:sso:::instance/${settings.identityCenter.instanceId}`,
      accounts,
      groups: settings.identityCenter.groups,
      boundaryName: names.boundaryName,
      adminSession: Duration.minutes(figures.adminSessionMinutes),
      session: Duration.minutes(figures.peopleSessionMinutes),
    });
    // A permission set is refused by an account that lacks its boundary
    people.node.addDependency(baseline);
    const backup = new OrganizationBackup(this, 'Backup', {
      ...names,
      targets: [settings.workloadsUnitId],
      regions: [settings.region],
      days: figures.pitrDays,
    });
    backup.node.addDependency(baseline);
    new SecurityBudget(this, 'Budget', settings.budget);
    const { key } = new DataKey(this, 'Key', {
      protects: 'Log of what is set for the organization',
      alias: 'organization/logs',
      rotationPeriod: Duration.days(figures.keyRotationDays),
      writers: [logWriter(this)],
    });
    new DelegatedAdministrators(this, 'Administrators', {
      account: settings.securityAccount,
      regions: figures.allowedRegions,
      logKey: key,
      retentionDays: figures.auditRetentionDays,
    });
  }
}
