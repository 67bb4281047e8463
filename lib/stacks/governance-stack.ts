import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DataKey, logWriter } from '../constructs/data-key';
import { DelegatedAdministrators } from '../constructs/delegated-administrators';
import { EnvironmentSeparation } from '../constructs/environment-separation';
import { GuardRails } from '../constructs/guard-rails';
import { MemberBaseline } from '../constructs/member-baseline';
import { OrganizationBackup } from '../constructs/organization-backup';
import { PermissionSets } from '../constructs/permission-sets';
import { SecurityBudget } from '../constructs/security-budget';
import type { OrganizationStackProps } from './organization-stack-props';

export interface GovernanceStackProps extends OrganizationStackProps {
  /** Name and account of each environment. */
  readonly environments: readonly { readonly name: string; readonly account: string }[];
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

    new GuardRails(this, 'GuardRails', {
      organizationId: settings.id,
      targets: root,
      regions: figures.allowedRegions,
      deliveryNetwork: figures.edgeMode === 'cdn',
    });
    new EnvironmentSeparation(this, 'Environments', { environments });
    const baseline = new MemberBaseline(this, 'MemberBaseline', {
      ...names,
      targets: root,
      region: settings.region,
      backupDays: figures.pitrDays,
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
