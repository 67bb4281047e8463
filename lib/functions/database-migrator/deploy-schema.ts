import { createDatabase } from '../../database/create-database';
import {
  type DatabaseReport,
  type DatabaseTarget,
  type DeployingRole,
  failureOf,
  migrateDatabases,
  type Session,
} from '../../database/migrate-databases';
import type { Migration } from '../../database/migration-files';
import { migrate } from '../../database/migrator';
import { tenantNames } from '../../database/tenant-names';
import type { CustomResourceRequest } from '../custom-resource/custom-resource';

/** What a template asks for: the newest schema in every database that holds data of tenants. */
export interface SchemaRequest extends CustomResourceRequest {
  readonly ResourceProperties: {
    /** How tenants are kept apart. */
    readonly Mode: 'rls' | 'database';
    /** Column that holds the tenant. */
    readonly TenantKey: string;
    /** Database that all tenants share, where they do. */
    readonly Database: string;
  };
}

/** What the deployment of a schema reaches out to; tests hand over their own. */
export interface SchemaDeployment {
  /** Signs in to the maintenance database as who administers the cluster. */
  administrator(): Promise<Session>;
  connect(role: DeployingRole, database: string): Promise<Session>;
  /** Ids of the tenants that have a database. */
  tenants(): Promise<readonly string[]>;
  readonly cluster: readonly Migration[];
  readonly migrations: readonly Migration[];
  /**
   * The application's own migrations.
   *
   * @default - none
   */
  readonly application?: readonly Migration[];
  log(line: string): void;
}

/**
 * Brings the cluster and each of its databases to the newest schema: ours, and then the application's.
 *
 * @throws Error that names the databases that could not be, and why; the others are
 */
export async function deploySchema(request: SchemaRequest, deployment: SchemaDeployment): Promise<void> {
  const { Mode: mode, TenantKey: tenantKey, Database: database } = request.ResourceProperties;
  await prepareCluster(deployment);
  const targets =
    mode === 'rls' ? [await sharedDatabase(database, deployment)] : (await deployment.tenants()).map(databaseOf);
  const reports = await migrateDatabases({
    targets,
    migrations: deployment.migrations,
    application: deployment.application,
    role: 'schema_owner',
    settings: { 'tenancy.mode': mode, 'tenancy.tenant_key': tenantKey },
    connect: (role, name) => deployment.connect(role, name),
    verify: (session) => refuseOtherTenancy(session, mode, tenantKey),
    onReport: (report) => deployment.log(JSON.stringify(report)),
  });
  const failure = failureOf(reports);
  if (failure !== undefined) {
    // An answer to CloudFormation holds 4096 bytes
    throw new Error(failure.slice(0, 2000));
  }
}

async function prepareCluster({ administrator, cluster, log }: SchemaDeployment): Promise<void> {
  const session = await administrator();
  try {
    const report: DatabaseReport = {
      database: 'postgres',
      ok: true,
      ...(await migrate(session, { migrations: cluster })),
    };
    log(JSON.stringify(report));
  } finally {
    await session.end();
  }
}

async function sharedDatabase(database: string, { connect }: SchemaDeployment): Promise<DatabaseTarget> {
  const provisioner = await connect('provisioner', 'postgres');
  try {
    await createDatabase(provisioner, database, ['application']);
  } finally {
    await provisioner.end();
  }
  return { database };
}

function databaseOf(tenant: string): DatabaseTarget {
  return { database: tenantNames(tenant).database, settings: { 'tenancy.tenant_id': tenant } };
}

/** Rows that name their tenant cannot be told apart by another column all of a sudden. */
async function refuseOtherTenancy(session: Session, mode: string, tenantKey: string): Promise<void> {
  const { rows } = await session.query<{ mode: string; tenant_key: string }>(
    'SELECT mode, tenant_key FROM tenancy.settings',
  );
  const [found] = rows;
  if (found?.mode !== mode || found.tenant_key !== tenantKey) {
    throw new Error(
      `tenants are kept apart by mode ${found?.mode} and key ${found?.tenant_key}, asked for are ${mode} and ${tenantKey}: move the data to a new cluster`,
    );
  }
}
