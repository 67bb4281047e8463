import { tenantId } from '../../database/tenant-names';
import type { RecordErasure } from '../erasure-ledger/erasure-ledger';
import { eraseAccounts, remainingAccounts, type TenantAccounts } from './accounts';
import { eraseFiles, type FilePlace, remainingFiles, type TenantFilesErasure } from './files';
import { destroyKeys, eraseRows, remainingRows, type SharedRows } from './rows';

/** What the process asks for, one after the other. */
export interface ErasureRequest {
  readonly action: 'plan' | 'record' | 'accounts' | 'files' | 'rows' | 'keys' | 'verify';
  /** Id of the tenant, a UUID in lower case. */
  readonly tenant: string;
  /** When its deletion was asked for, ISO 8601; for `plan`. */
  readonly requestedAt?: string;
  /** Days for which it can still be called off; for `plan`. */
  readonly graceDays?: number;
}

export interface ErasureAnswer {
  /** When it is erased, ISO 8601. */
  readonly erasedAt?: string;
  /** How many were erased, or are left. */
  readonly count?: number;
  /** What is left, in words. */
  readonly remains?: readonly string[];
  /** Whether nothing is left. */
  readonly erased?: boolean;
}

export interface TenantErasure {
  readonly record: RecordErasure;
  readonly accounts: TenantAccounts;
  /** Where the files of a tenant lie, by the digits of its id. */
  readonly place: (digits: string) => FilePlace;
  /** Who erases them, and nobody else's. */
  readonly files: (digits: string) => Promise<TenantFilesErasure>;
  /** Where tenants share a database: how it is entered. */
  readonly rows?: SharedRows;
}

const dayMilliseconds = 86_400_000;

/**
 * Does one step of the erasure of a tenant, or the rest of it after an interruption.
 *
 * @throws Error on another action, an id that is no UUID, and days or times that are none
 */
export async function eraseTenant(request: ErasureRequest, erasure: TenantErasure): Promise<ErasureAnswer> {
  const { action, tenant } = request;
  const digits = tenantId(tenant);
  switch (action) {
    case 'plan':
      return { erasedAt: dayOf(request) };
    case 'record':
      await erasure.record({ tenant });
      return {};
    case 'accounts':
      return { count: await eraseAccounts(digits, erasure.accounts) };
    case 'files':
      return { count: await eraseFiles(erasure.place(digits), await erasure.files(digits)) };
    case 'rows':
      return { count: await eraseRows(tenant, shared(erasure)) };
    case 'keys':
      return { count: await destroyKeys(tenant, shared(erasure)) };
    case 'verify': {
      const remains = await whatRemains(tenant, erasure);
      return { remains, erased: remains.length === 0 };
    }
    default:
      throw new Error(`action is '${String(action)}', expected plan, record, accounts, files, rows, keys or verify`);
  }
}

function dayOf({ requestedAt = '', graceDays = Number.NaN }: ErasureRequest): string {
  const from = Date.parse(requestedAt);
  if (Number.isNaN(from) || !(graceDays > 0)) {
    throw new Error(`requestedAt is '${requestedAt}' and graceDays ${graceDays}, expected a time and more than 0 days`);
  }
  return new Date(from + graceDays * dayMilliseconds).toISOString();
}

async function whatRemains(
  tenant: string,
  { accounts, files, place, rows }: TenantErasure,
): Promise<readonly string[]> {
  const digits = tenantId(tenant);
  const where = place(digits);
  const count = await remainingFiles(where, await files(digits));
  const people = await remainingAccounts(digits, accounts);
  return [
    ...(people > 0 ? [`${people} accounts or more`] : []),
    ...(count > 0 ? [`${count} files or more in ${where.bucket}`] : []),
    ...(rows ? await remainingRows(tenant, rows) : []),
  ];
}

function shared({ rows }: TenantErasure): SharedRows {
  if (!rows) {
    throw new Error(
      'no database that tenants share is known to this function: the provisioner drops the one of the tenant',
    );
  }
  return rows;
}
