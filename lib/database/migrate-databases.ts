import type { ClientBase } from 'pg';
import { migrateApplication } from './application-migrations';
import type { Migration } from './migration-files';
import { type MigrateOptions, type MigrationReport, migrate } from './migrator';

/** A session that can be ended. */
export type Session = ClientBase & { end(): Promise<void> };

/** Roles of the cluster that a deployment signs in as. */
export type DeployingRole = 'provisioner' | 'migrator' | 'application_migrator';

export interface DatabaseTarget {
  readonly database: string;
  /** Settings of the session for this database, over those of all. */
  readonly settings?: Readonly<Record<string, string>>;
}

export type DatabaseReport =
  | ({ readonly database: string; readonly ok: true; readonly application?: MigrationReport } & MigrationReport)
  | { readonly database: string; readonly ok: false; readonly reason: string };

export interface MigrateDatabasesOptions extends Omit<MigrateOptions, 'onProgress' | 'history' | 'around'> {
  readonly targets: readonly DatabaseTarget[];
  connect(role: 'migrator' | 'application_migrator', database: string): Promise<Session>;
  /**
   * The application's own migrations, which follow in each database.
   *
   * @default - none
   */
  readonly application?: readonly Migration[];
  /**
   * Looks at a database after it was migrated; what it throws fails this one.
   *
   * @default - nobody looks
   */
  verify?(session: Session): Promise<void>;
  /**
   * How many databases are migrated at the same time.
   *
   * @default 4
   */
  readonly concurrency?: number;
  /**
   * Hears of each database when it is done, or failed.
   *
   * @default - nobody does
   */
  readonly onReport?: (report: DatabaseReport) => void;
}

/**
 * Brings many databases to the newest schema. One that fails keeps none of the others from it.
 *
 * @returns a report for each, in the order of the targets; `failureOf` says whether all went well
 */
export async function migrateDatabases(options: MigrateDatabasesOptions): Promise<readonly DatabaseReport[]> {
  const { targets, concurrency = 4 } = options;
  const reports: DatabaseReport[] = [];
  const waiting = [...targets.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, target] = next;
      const report = await migrateOne(target, options);
      reports[index] = report;
      options.onReport?.(report);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, work));
  return reports;
}

async function migrateOne(target: DatabaseTarget, options: MigrateDatabasesOptions): Promise<DatabaseReport> {
  const { database } = target;
  const { application = [] } = options;
  try {
    const report = await withSession(options.connect('migrator', database), async (session) => {
      const applied = await migrate(session, { ...options, settings: { ...options.settings, ...target.settings } });
      await options.verify?.(session);
      return applied;
    });
    if (application.length === 0) {
      return { database, ok: true, ...report };
    }
    const theirs = await withSession(options.connect('application_migrator', database), (session) =>
      migrateApplication(session, application),
    );
    return { database, ok: true, ...report, application: theirs };
  } catch (error) {
    return { database, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Works with a session and ends it, however the work went. */
export async function withSession<T>(connecting: Promise<Session>, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await connecting;
  try {
    return await work(session);
  } finally {
    await session.end().catch(() => undefined);
  }
}

/** What went wrong, in one sentence that names databases, or undefined where nothing did. */
export function failureOf(reports: readonly DatabaseReport[]): string | undefined {
  const failed = reports.filter((report) => !report.ok);
  if (failed.length === 0) {
    return undefined;
  }
  const named = failed.slice(0, 5).map(({ database, reason }) => `${database}: ${reason}`);
  const rest = failed.length > named.length ? `; and ${failed.length - named.length} more` : '';
  return `${failed.length} of ${reports.length} databases could not be migrated: ${named.join('; ')}${rest}`;
}
