import type { Session } from '../../database/migrate-databases';
import { removeTenant } from '../../database/provision-tenant';
import { tenantNames } from '../../database/tenant-names';
import { everyDatabase } from '../database-access/every-database';
import { destroyKeys as destroyTenantKeys, eraseRows, remainingRows, type SharedRows } from '../tenant-erasure/rows';
import type { Erased } from './erasure-ledger';

/** A cluster that was restored, and into which nobody is let yet. */
export interface RestoredCluster {
  /** Opens a session in a database, as one of the roles of the cluster. */
  connect(role: 'tenant_eraser' | 'provisioner', database: string): Promise<Session>;
  /** Whether there is time for another batch of rows. */
  hasTime(): boolean;
}

/** The ledger, as a restored cluster needs it. */
interface Places {
  /** Databases that tenants share. */
  readonly shared: SharedRows;
  readonly tenants: readonly string[];
  /** Keys of people, by tenant, and the databases that may hold them. */
  readonly people: readonly {
    readonly tenant: string;
    readonly keys: string[];
    readonly databases: readonly string[];
  }[];
  /** Erased tenants that have a database of their own again. */
  readonly returned: readonly string[];
}

/** The database of one tenant, by its name. */
const OWN = /^tenant_[0-9a-f]{32}$/;

/**
 * Erases again, in a cluster that was restored, what the ledger says was erased: databases of tenants, rows, keys. Whatever the copy does not hold is
 * passed over; run again it finishes what was begun.
 *
 * @throws Unfinished where there was no time for all, and Error where something cannot be erased
 */
export async function eraseAgain(erased: readonly Erased[], cluster: RestoredCluster): Promise<void> {
  const { people, returned, shared, tenants } = await placesOf(erased, cluster);
  for (const tenant of returned) {
    await removeTenant(tenant, { connect: () => cluster.connect('provisioner', 'postgres') });
  }
  if (shared.databases?.length !== 0) {
    for (const tenant of tenants) {
      await eraseRows(tenant, shared);
      await destroyTenantKeys(tenant, shared);
    }
  }
  await forPeople(people, cluster, 'SELECT erasure.destroy_keys($1, $2) AS left_over');
}

/**
 * What of the ledger a restored cluster still holds in a form that somebody could read, in words; none where all is gone. It is looked for anew: what
 * erased it is not asked.
 */
export async function erasedThatLive(erased: readonly Erased[], cluster: RestoredCluster): Promise<readonly string[]> {
  const { people, returned, shared, tenants } = await placesOf(erased, cluster);
  const found = returned.map((tenant) => `tenant ${tenant} has its database`);
  if (shared.databases?.length !== 0) {
    for (const tenant of tenants) {
      const remains = await remainingRows(tenant, shared);
      found.push(...remains.map((words) => `tenant ${tenant} has ${words}`));
    }
  }
  const living = await forPeople(people, cluster, 'SELECT erasure.living_keys($1, $2) AS left_over');
  return [...found, ...living.map(({ tenant, count }) => `tenant ${tenant} has ${count} keys of people`)];
}

async function placesOf(erased: readonly Erased[], cluster: RestoredCluster): Promise<Places> {
  const connect = (database: string) => cluster.connect('tenant_eraser', database);
  const databases = await everyDatabase(connect);
  const shared = databases.filter((name) => !OWN.test(name));
  const tenants = erased.filter(({ key }) => key === undefined).map(({ tenant }) => tenant);
  const present = await databasesOfTenants(cluster);
  const returned = tenants.filter((tenant) => present.includes(tenantNames(tenant).database));
  const keys = new Map<string, string[]>();
  for (const { key, tenant } of erased) {
    if (key !== undefined) {
      keys.set(tenant, [...(keys.get(tenant) ?? []), key]);
    }
  }
  const people = [...keys].map(([tenant, ids]) => {
    const { database: own } = tenantNames(tenant);
    return {
      tenant,
      keys: ids,
      databases: databases.filter((name) => shared.includes(name) || (name === own && !returned.includes(tenant))),
    };
  });
  return { shared: { connect, databases: shared, hasTime: cluster.hasTime }, tenants, people, returned };
}

/** Those into which nobody is let too: the copy may have been made, or a run may have ended, while one was being removed. */
async function databasesOfTenants(cluster: RestoredCluster): Promise<readonly string[]> {
  const session = await cluster.connect('tenant_eraser', 'postgres');
  try {
    const { rows } = await session.query<{ datname: string }>(
      "SELECT datname FROM pg_database WHERE datname ~ '^tenant_'",
    );
    return rows.map(({ datname }) => datname);
  } finally {
    await session.end();
  }
}

/** Asks for the keys of people in every database that may hold them; gives back where some are left. */
async function forPeople(
  people: Places['people'],
  cluster: RestoredCluster,
  sql: string,
): Promise<readonly { readonly tenant: string; readonly count: number }[]> {
  const left: { tenant: string; count: number }[] = [];
  for (const { databases, keys, tenant } of people) {
    for (const database of databases) {
      const session = await cluster.connect('tenant_eraser', database);
      try {
        const { rows } = await session.query<{ left_over: string }>(sql, [tenant, keys]);
        const count = Number(rows[0]?.left_over);
        if (count !== 0) {
          left.push({ tenant, count });
        }
      } finally {
        await session.end();
      }
    }
  }
  return left;
}
