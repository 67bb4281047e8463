import type { CloudTrail } from '@aws-sdk/client-cloudtrail';
import type { GuardDuty } from '@aws-sdk/client-guardduty';
import type { Inspector2 } from '@aws-sdk/client-inspector2';
import type { Organizations } from '@aws-sdk/client-organizations';
import type { CustomResourceRequest } from '../custom-resource/custom-resource';
import { inEachRegion } from '../custom-resource/each-region';

/** What a template asks for: the account that administers some services for the organization. */
export type DelegationRequest = CustomResourceRequest & {
  readonly ResourceProperties: {
    readonly AccountId: string;
    /** Services by the first word of their principal. */
    readonly Services: readonly string[];
    /** Regions in which the regional ones of them get their administrator. */
    readonly Regions: readonly string[];
  };
};

/** The clients that it is delegated through; tests hand over their own. */
export interface Clients {
  readonly organizations: Pick<Organizations, 'enableAWSServiceAccess' | 'registerDelegatedAdministrator'>;
  readonly cloudTrail: Pick<CloudTrail, 'registerOrganizationDelegatedAdmin'>;
  readonly guardDuty: (
    region: string,
  ) => Pick<GuardDuty, 'listOrganizationAdminAccounts' | 'enableOrganizationAdminAccount'>;
  readonly inspector: (
    region: string,
  ) => Pick<Inspector2, 'listDelegatedAdminAccounts' | 'enableDelegatedAdminAccount'>;
}

type Delegation = (clients: Clients, account: string, regions: readonly string[]) => Promise<void>;

/** How each service is told who administers it. */
const DELEGATIONS: Readonly<Record<string, Delegation>> = {
  'access-analyzer': registered('access-analyzer.amazonaws.com'),
  cloudtrail: async ({ organizations, cloudTrail }, account) => {
    await organizations.enableAWSServiceAccess({ ServicePrincipal: 'cloudtrail.amazonaws.com' });
    await unless('AccountRegisteredException', () =>
      cloudTrail.registerOrganizationDelegatedAdmin({ MemberAccountId: account }),
    );
  },
  config: registered('config.amazonaws.com'),
  guardduty: delegateGuardDuty,
  inspector2: delegateInspector,
};

/**
 * Makes an account the administrator of services for all accounts of an organization; making it what it is already changes nothing.
 *
 * @throws on a service that it does not know, where another account administers one, and if AWS refuses a call
 */
export async function delegateAdministration(
  clients: Clients,
  { ResourceProperties: { AccountId: account, Services: services, Regions: regions } }: DelegationRequest,
): Promise<void> {
  const known = Object.keys(DELEGATIONS);
  if (services.length === 0) {
    throw new Error(`no service is named, expected one or more of ${known.join(', ')}`);
  }
  for (const service of services) {
    const delegate = Object.hasOwn(DELEGATIONS, service) ? DELEGATIONS[service] : undefined;
    if (!delegate) {
      throw new Error(`service is '${service}', expected one of ${known.join(', ')}`);
    }
    await delegate(clients, account, regions);
  }
}

/** A service of the whole organization that Organizations itself registers an administrator for. */
function registered(principal: string): Delegation {
  return async ({ organizations }, account) => {
    await organizations.enableAWSServiceAccess({ ServicePrincipal: principal });
    await unless('AccountAlreadyRegisteredException', () =>
      organizations.registerDelegatedAdministrator({ AccountId: account, ServicePrincipal: principal }),
    );
  };
}

/** GuardDuty trusts itself with the organization, but not its scans for malware: those are another principal. */
async function delegateGuardDuty(clients: Clients, account: string, regions: readonly string[]): Promise<void> {
  await inEachRegion(regions, async (region) => {
    const guardDuty = clients.guardDuty(region);
    const present: string[] = [];
    let token: string | undefined;
    do {
      const page = await guardDuty.listOrganizationAdminAccounts(token ? { NextToken: token } : {});
      present.push(...(page.AdminAccounts ?? []).map(({ AdminAccountId }) => AdminAccountId ?? 'unknown'));
      token = page.NextToken;
    } while (token);
    if (isAlready('GuardDuty', account, present)) {
      return;
    }
    await guardDuty.enableOrganizationAdminAccount({ AdminAccountId: account });
  });
  await clients.organizations.enableAWSServiceAccess({
    ServicePrincipal: 'malware-protection.guardduty.amazonaws.com',
  });
}

async function delegateInspector(clients: Clients, account: string, regions: readonly string[]): Promise<void> {
  await inEachRegion(regions, async (region) => {
    const inspector = clients.inspector(region);
    const present: string[] = [];
    let token: string | undefined;
    do {
      const page = await inspector.listDelegatedAdminAccounts(token ? { nextToken: token } : {});
      const enabled = (page.delegatedAdminAccounts ?? []).filter(({ status }) => status !== 'DISABLED');
      present.push(...enabled.map(({ accountId }) => accountId ?? 'unknown'));
      token = page.nextToken;
    } while (token);
    if (isAlready('Inspector', account, present)) {
      return;
    }
    await inspector.enableDelegatedAdminAccount({ delegatedAdminAccountId: account });
  });
}

/** @throws where another account is: taking it away would part its members from it, which a person decides */
function isAlready(service: string, account: string, present: readonly string[]): boolean {
  const other = present.find((each) => each !== account);
  if (other !== undefined) {
    throw new Error(`${service} is administered by account ${other}, expected ${account}: remove that one first`);
  }
  return present.length > 0;
}

async function unless(errorName: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof Error && error.name === errorName)) {
      throw error;
    }
  }
}
