import type { ClientBase } from 'pg';
import { type MigrateOptions, type MigrationReport, migrate } from './migrator';

/** A session that can be ended. */
export type Session = ClientBase & { end(): Promise<void> };

export interface DatabaseTarget {
  readonly database: string;
  /** Settings of the session for this database, over those of all. */
  readonly settings?: Readonly<Record<string, string>>;
}

export type DatabaseReport =
  | ({ readonly database: string; readonly ok: true } & MigrationReport)
  | { readonly database: string; readonly ok: false; readonly reason: string };

export interface MigrateDatabasesOptions extends Omit<MigrateOptions, 'onProgress'> {
  readonly targets: readonly DatabaseTarget[];
  connect(database: string): Promise<Session>;
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
  try {
    const session = await options.connect(database);
    try {
      const settings = { ...options.settings, ...target.settings };
      const report = await migrate(session, { ...options, settings });
      await options.verify?.(session);
      return { database, ok: true, ...report };
    } finally {
      await session.end().catch(() => undefined);
    }
  } catch (error) {
    return { database, ok: false, reason: error instanceof Error ? error.message : String(error) };
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
