import type { Inspector2 } from '@aws-sdk/client-inspector2';
import type { Organizations } from '@aws-sdk/client-organizations';
import { inEachRegion } from '../custom-resource/each-region';

/** What Inspector scans in every account of the organization. */
export interface ScanProperties {
  /** The administrator's own account. */
  readonly AccountId: string;
  readonly Regions: readonly string[];
  readonly ResourceTypes: readonly string[];
}

/** The clients that it is set through; tests hand over their own. */
export interface ScanClients {
  readonly organizations: Pick<Organizations, 'listAccounts'>;
  readonly inspector: (
    region: string,
  ) => Pick<Inspector2, 'enable' | 'listMembers' | 'associateMember' | 'updateOrganizationConfiguration'>;
}

/**
 * Accounts that one call enables, at most.
 *
 * Source: https://docs.aws.amazon.com/inspector/v2/APIReference/API_Enable.html
 */
const ACCOUNTS_A_CALL = 100;

/**
 * Enables Inspector in the account of the administrator, in each active account that the organization has, and in those that join it later,
 * Region by Region. Inspector itself only follows those that join.
 *
 * @throws if nothing is named to scan, if AWS refuses a call, and if it reports that an account failed, naming the Region
 */
export async function scanOrganization(clients: ScanClients, properties: ScanProperties): Promise<void> {
  const { AccountId: administrator, ResourceTypes: types } = properties;
  if (types.length === 0) {
    throw new Error('no kind of resource is named, expected one or more of EC2, ECR, LAMBDA and LAMBDA_CODE');
  }
  const others = (await activeAccounts(clients.organizations)).filter((account) => account !== administrator);
  await inEachRegion(properties.Regions, async (region) => {
    const inspector = clients.inspector(region);
    await enable(inspector, [administrator], types);
    await inspector.updateOrganizationConfiguration({
      autoEnable: {
        ec2: types.includes('EC2'),
        ecr: types.includes('ECR'),
        lambda: types.includes('LAMBDA'),
        lambdaCode: types.includes('LAMBDA_CODE'),
      },
    });
    const members = await membersOf(inspector);
    for (const account of others.filter((each) => !members.has(each))) {
      await inspector.associateMember({ accountId: account });
    }
    for (let first = 0; first < others.length; first += ACCOUNTS_A_CALL) {
      await enable(inspector, others.slice(first, first + ACCOUNTS_A_CALL), types);
    }
  });
}

async function enable(
  inspector: Pick<Inspector2, 'enable'>,
  accounts: readonly string[],
  types: readonly string[],
): Promise<void> {
  const { failedAccounts = [] } = await inspector.enable({ accountIds: [...accounts], resourceTypes: [...types] });
  if (failedAccounts.length > 0) {
    const failed = failedAccounts.map(({ accountId, errorCode, errorMessage }) => {
      return `${accountId} (${errorCode} ${errorMessage})`;
    });
    throw new Error(`Inspector was not enabled in ${failed.join(', ')}`);
  }
}

async function activeAccounts(organizations: ScanClients['organizations']): Promise<readonly string[]> {
  const accounts: string[] = [];
  let token: string | undefined;
  do {
    const page = await organizations.listAccounts(token ? { NextToken: token } : {});
    for (const { Id: id, State: state, Status: status } of page.Accounts ?? []) {
      // Organizations gave an account a status before it gave it a state
      if (id !== undefined && (state ?? status) === 'ACTIVE') {
        accounts.push(id);
      }
    }
    token = page.NextToken;
  } while (token);
  return accounts;
}

async function membersOf(inspector: Pick<Inspector2, 'listMembers'>): Promise<ReadonlySet<string>> {
  const members = new Set<string>();
  let token: string | undefined;
  do {
    const page = await inspector.listMembers({ onlyAssociated: true, ...(token ? { nextToken: token } : {}) });
    for (const { accountId } of page.members ?? []) {
      members.add(accountId ?? '');
    }
    token = page.nextToken;
  } while (token);
  return members;
}
