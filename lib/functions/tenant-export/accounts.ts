import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import type { ExportPlace } from './export-place';
import { type RowFormat, type RowPart, RowParts } from './row-parts';

/** How far the accounts of an export have come, for whoever goes on. */
export interface AccountProgress {
  /** Which turn comes next, from 1 on. */
  readonly round: number;
  /** Where the directory goes on with its list. */
  readonly token: string;
  /** Parts and accounts that are written. */
  readonly parts: number;
  readonly rows: number;
}

/** What one turn has written, as it stands in the index. */
export interface AccountIndex {
  readonly columns: readonly string[];
  readonly parts: readonly RowPart[];
  /** All accounts; only where the last part is among these. */
  readonly rows?: number;
}

export interface AccountExport {
  readonly client: Pick<CognitoIdentityProvider, 'listUsersInGroup'>;
  readonly userPool: string;
  /** The 32 hexadecimal digits of the tenant's id: the name of the group. */
  readonly digits: string;
  readonly place: Pick<ExportPlace, 'write' | 'writeJson'>;
  readonly formats: readonly RowFormat[];
  /** Whether there is time for another page. */
  hasTime(): boolean;
}

/** Name that the accounts have in an export, like that of a table. */
export const ACCOUNTS = 'directory.accounts';

const COLUMNS = ['name', 'status', 'enabled', 'created', 'changed', 'attributes'].map((name) => ({
  name,
  isNumber: false,
}));

/**
 * Writes the accounts of a tenant, those in the group that is named by the digits of its id, with all that the directory knows of them: passwords
 * and second factors it tells nobody.
 *
 * @returns how far it came, where there was no time for all
 * @throws Error where the group is not there: whose accounts are the tenant's cannot be known
 */
export async function exportAccounts(
  from: AccountProgress | undefined,
  work: AccountExport,
): Promise<AccountProgress | undefined> {
  const { client, digits, formats, hasTime, place } = work;
  const { round = 1, parts: before = 0 } = from ?? {};
  let { rows = 0, token: NextToken } = from ?? {};
  const parts = new RowParts({ place, formats, table: ACCOUNTS, columns: COLUMNS, before, most: 16 * 1024 * 1024 });
  do {
    const page = await client.listUsersInGroup({ UserPoolId: work.userPool, GroupName: digits, Limit: 60, NextToken });
    for (const user of page.Users ?? []) {
      const account = {
        name: user.Username ?? null,
        status: user.UserStatus ?? null,
        enabled: user.Enabled ?? null,
        created: user.UserCreateDate?.toISOString() ?? null,
        changed: user.UserLastModifiedDate?.toISOString() ?? null,
        attributes: Object.fromEntries((user.Attributes ?? []).map(({ Name: name, Value: value }) => [name, value])),
      };
      const values = Object.values(account).map(textOf);
      parts.add(JSON.stringify(account), values);
      rows += 1;
    }
    if (parts.isFull) {
      await parts.flush();
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined && hasTime());
  await parts.flush();
  const index: AccountIndex = {
    columns: COLUMNS.map(({ name }) => name),
    parts: parts.written,
    ...(NextToken === undefined && { rows }),
  };
  await place.writeJson(`index/accounts-${String(round).padStart(6, '0')}.json`, index);
  return NextToken === undefined
    ? undefined
    : { round: round + 1, token: NextToken, parts: before + parts.written.length, rows };
}

function textOf(value: string | boolean | object | null): string | null {
  return value === null || typeof value === 'string' ? value : JSON.stringify(value);
}
