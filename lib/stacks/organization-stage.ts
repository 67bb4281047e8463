import { Stage, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkOrganization } from '../settings/check-organization';
import { ENVIRONMENTS } from '../settings/environments';
import type { DeployedFigures } from '../settings/figures';
import type { OrganizationSettings } from '../settings/organization';
import { isOptIn, isRegion, REGIONS } from '../settings/regions';
import { GovernanceStack, type GovernanceStackProps } from './governance-stack';
import { ManagementStack } from './management-stack';
import { OrganizationAuditStack } from './organization-audit-stack';

export interface OrganizationStageProps {
  readonly settings: OrganizationSettings;
  readonly figures: DeployedFigures;
  /**
   * Name and account of each environment, and whether a pipeline deploys it.
   *
   * @default - those of `lib/settings/environments.ts`
   */
  readonly environments?: GovernanceStackProps['environments'];
}

/**
 * Everything that stands above the environments: the guard-rails in the management account, the record in the security account, and what is recorded of the
 * management account itself.
 *
 * @throws if a setting is missing or wrong, naming each
 */
export class OrganizationStage extends Stage {
  readonly governance: GovernanceStack;
  readonly audit: OrganizationAuditStack;
  /** One in each Region in which every account can deploy, the home Region first. */
  readonly management: readonly ManagementStack[];

  constructor(scope: Construct, id: string, props: OrganizationStageProps) {
    const settings = checkOrganization(props.settings);
    const { region, managementAccount, securityAccount } = settings;
    super(scope, id, { env: { account: managementAccount, region } });
    const { partition } = REGIONS[region];
    const allowedRegions = props.figures.allowedRegions.filter(
      (each) => isRegion(each) && REGIONS[each].partition === partition,
    );
    const figures = { ...props.figures, allowedRegions };
    const environments =
      props.environments ??
      Object.entries(ENVIRONMENTS).map(([name, { account, delivery }]) => ({ name, account, delivery }));
    const tags = { environment: 'organization' };
    Tags.of(this).add('environment', 'organization');

    const otherRegions = allowedRegions.filter((each) => each !== region && !isOptIn(each));
    this.governance = new GovernanceStack(this, 'Governance', {
      env: { account: managementAccount, region },
      settings,
      figures,
      environments,
      memberRegions: [region, ...otherRegions],
      tags,
    });
    this.audit = new OrganizationAuditStack(this, 'Record', {
      env: { account: securityAccount, region },
      settings,
      figures,
      environmentAccounts: environments.map(({ account }) => account),
      otherRegions,
      tags,
    });
    // The security account is delegated before it looks at the others
    this.audit.addStackDependency(this.governance);
    const home = new ManagementStack(this, 'Management', {
      env: { account: managementAccount, region },
      settings,
      figures,
      tags,
    });
    home.addStackDependency(this.audit);
    const others = otherRegions.map((each) => {
      const env = { account: managementAccount, region: each };
      return new ManagementStack(this, `Management-${each}`, { env, settings, figures, tags });
    });
    // The role of AWS Config, which an account has once, is made at home
    others.forEach((other) => {
      other.addStackDependency(home);
    });
    this.management = [home, ...others];
  }
}
