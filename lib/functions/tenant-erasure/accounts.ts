import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { Unfinished } from './unfinished';

export interface TenantAccounts {
  readonly client: Pick<
    CognitoIdentityProvider,
    'listUsersInGroup' | 'adminListGroupsForUser' | 'adminRemoveUserFromGroup' | 'adminDeleteUser'
  >;
  readonly userPool: string;
  /** Whether there is time for another account. */
  hasTime(): boolean;
}

/**
 * Erases the accounts of a tenant: those in the group that is named by the digits of its id, until the group is empty. Who is in other groups as
 * well belongs to other tenants too, and is taken out of this one only. The group stays, as the mark that it was there.
 *
 * @returns how many accounts the tenant has no more
 * @throws Unfinished where there was no time for all, and Error where the group is not there: whose accounts are the tenant's cannot be known
 */
export async function eraseAccounts(group: string, accounts: TenantAccounts): Promise<number> {
  let erased = 0;
  for (;;) {
    const names = await accountsOf(group, accounts);
    if (names.length === 0) {
      return erased;
    }
    for (const name of names) {
      if (!accounts.hasTime()) {
        throw new Unfinished('accounts are left for the next run');
      }
      await eraseAccount(name, group, accounts);
      erased += 1;
    }
  }
}

/** Accounts that are still in the group, at least: the first page is counted. */
export async function remainingAccounts(group: string, accounts: Omit<TenantAccounts, 'hasTime'>): Promise<number> {
  return (await accountsOf(group, accounts)).length;
}

/** What is erased in between moves up: each page is the first of what is left. */
async function accountsOf(
  GroupName: string,
  { client, userPool: UserPoolId }: Omit<TenantAccounts, 'hasTime'>,
): Promise<readonly string[]> {
  const { Users: users = [] } = await client.listUsersInGroup({ UserPoolId, GroupName, Limit: 60 });
  return users.map(({ Username: name = '' }) => name);
}

async function eraseAccount(
  Username: string,
  GroupName: string,
  { client, userPool: UserPoolId }: TenantAccounts,
): Promise<void> {
  const account = { UserPoolId, Username };
  try {
    const { Groups: groups = [] } = await client.adminListGroupsForUser({ ...account, Limit: 60 });
    await (groups.some((group) => group.GroupName !== GroupName)
      ? client.adminRemoveUserFromGroup({ ...account, GroupName })
      : client.adminDeleteUser(account));
  } catch (error) {
    // The list is a moment old: whoever is gone is erased
    if (!(error instanceof Error && error.name === 'UserNotFoundException')) {
      throw error;
    }
  }
}
