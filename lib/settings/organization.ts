import type { Region } from './regions';

/** Name of the stage that holds the organization, beside the one of an environment. */
export const ORGANIZATION_STAGE = 'organization';

/**
 * Groups of IAM Identity Center whose members may enter the accounts, by their ids. Who is in them is decided where people are kept.
 */
export interface AccessGroups {
  /** Deploys: takes on the roles that the CDK made in an account, and nothing else. */
  readonly deployers: string;
  /** Runs what is deployed: reads logs and metrics, restarts tasks. */
  readonly operators: string;
  /** Looks and changes nothing. */
  readonly auditors: string;
  /** Everything, in an emergency; each use is looked at afterwards. */
  readonly breakGlass: string;
}

/** The AWS organization that the environments belong to; all of it is in `our-organization.ts`. */
export interface OrganizationSettings {
  /** Id of the organization, such as `o-exampleorgid`. */
  readonly id: string;
  /** Id of its root, such as `r-abcd`. */
  readonly rootId: string;
  /** Organizational unit of the accounts of the environments, such as `ou-abcd-11111111`. */
  readonly workloadsUnitId: string;
  /** Account that pays for and manages the others. No guard-rail binds it, so nothing else belongs there. */
  readonly managementAccount: string;
  /** Account that keeps the record of all others, registered as delegated administrator. */
  readonly securityAccount: string;
  /** Region inside the European Union in which Identity Center is, and from which everything of the organization is deployed. */
  readonly region: Region;
  /** Mail address that hears of what is found in any account, and of what happens in those that are no environment; AWS asks it to confirm first. */
  readonly securityContact: string;
  readonly identityCenter: {
    /** Id of the instance, such as `ssoins-1111111111111111`. */
    readonly instanceId: string;
    readonly groups: AccessGroups;
  };
  readonly budget: {
    /** What the security services of all accounts may cost in a month, in US dollars: AWS bills in nothing else. */
    readonly monthlyUsd: number;
    /** Address that hears of it, and of alerts that could not be delivered to `securityContact`. */
    readonly contact: string;
  };
}
