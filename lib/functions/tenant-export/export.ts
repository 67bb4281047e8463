import type { Client } from 'pg';
import { tenantId } from '../../database/tenant-names';
import { inTenantTransaction } from '../../database/tenant-transaction';
import { type AccountExport, type AccountProgress, exportAccounts } from './accounts';
import { type ExportFolder, ExportPlace, type PlaceCalls } from './export-place';
import { exportedTables } from './exported-tables';
import { type CopyCalls, FileSource } from './file-copy';
import { exportFiles, type FileProgress } from './files';
import { readRequest, tenantOfRequest } from './request';
import type { RowFormat } from './row-parts';
import { exportRows, type RowProgress } from './rows';
import { type SealedExport, sealExport } from './seal';
import { giveTurnBack, type TurnPlace, takeTurn } from './turn';

/** An export that has begun, as every later step is told of it. */
export interface BegunExport {
  readonly tenant: string;
  readonly export: string;
  readonly by: string;
  readonly requestedAt: string;
}

/** What the process asks for, one after the other. */
export type ExportStep =
  | { readonly action: 'begin'; readonly key: string; readonly run: string; readonly requestedAt: string }
  | { readonly action: 'rows'; readonly begun: BegunExport; readonly progress?: RowProgress | null }
  | { readonly action: 'accounts'; readonly begun: BegunExport; readonly progress?: AccountProgress | null }
  | { readonly action: 'files'; readonly begun: BegunExport; readonly progress?: FileProgress | null }
  | { readonly action: 'seal'; readonly begun: BegunExport }
  | { readonly action: 'abandon'; readonly begun: BegunExport };

/** Where there is no turn, another export of the tenant is under way. */
export type Begun = { readonly isTurn: false } | ({ readonly isTurn: true } & BegunExport);

export interface Turn {
  readonly isDone: boolean;
  /** How far it came, for whoever goes on. */
  readonly progress: AccountProgress | FileProgress | null;
}

/** All that is of one tenant, reached in a session of that tenant. */
export interface TenantReach {
  readonly s3: PlaceCalls & CopyCalls & TurnPlace['client'];
  /** Opens a session in the database that holds the rows of the tenant, as whoever works for it. */
  database(): Promise<Client>;
}

export interface Exporting {
  /** The directory that holds accounts of tenants. */
  readonly directory: Pick<AccountExport, 'client' | 'userPool'>;
  /** Bucket of exports, and the account that all buckets must belong to. */
  readonly target: { readonly bucket: string; readonly account: string };
  readonly formats: readonly RowFormat[];
  /** Hours after which no run is under way any more. */
  readonly runHours: number;
  as(digits: string): Promise<TenantReach>;
  /** Where the files of a tenant lie, by the digits of its id. */
  source(digits: string): { readonly bucket: string; readonly prefix: string };
  hasTime(): boolean;
  patience(): boolean;
  /** Tells the process how far the rows have come, so that it starts whoever goes on. */
  handOver(progress: RowProgress): Promise<void>;
  now(): Date;
}

/**
 * Does one step of an export.
 *
 * @throws Error on another action, on an id that is no UUID, and where a step fails: then nothing that looks like an export is there
 */
export async function exportStep(step: ExportStep, work: Exporting): Promise<Begun | Turn | SealedExport | undefined> {
  if (step.action === 'begin') {
    return begin(step, work);
  }
  const { begun } = step;
  const digits = tenantId(begun.tenant);
  const reach = await work.as(digits);
  const place = new ExportPlace(reach.s3, folderOf(begun, digits, work));
  const turn = { client: reach.s3, ...work.target, digits };
  switch (step.action) {
    case 'rows':
      return { isDone: await rowsTurn(step, place, reach, work), progress: null };
    case 'accounts': {
      const { directory, formats, hasTime } = work;
      return turnOf(
        await exportAccounts(step.progress ?? undefined, { ...directory, digits, place, formats, hasTime }),
      );
    }
    case 'files': {
      const source = new FileSource(reach.s3, work.source(digits), work.target);
      return turnOf(await exportFiles(step.progress ?? undefined, { source, place, hasTime: work.hasTime }));
    }
    case 'seal': {
      const sealed = await sealExport({ ...begun, place, formats: work.formats });
      await giveTurnBack(turn, begun.export);
      return sealed;
    }
    case 'abandon':
      return giveTurnBack(turn, begun.export).then(() => undefined);
    default:
      throw new Error(
        `action is '${String((step as { action: unknown }).action)}', expected begin, rows, accounts, files, seal or abandon`,
      );
  }
}

function turnOf(progress: Turn['progress'] | undefined): Turn {
  return { isDone: progress === undefined, progress: progress ?? null };
}

function rowsTurn(
  { begun, progress }: Extract<ExportStep, { action: 'rows' }>,
  place: ExportPlace,
  reach: TenantReach,
  { formats, handOver, hasTime, patience }: Exporting,
): Promise<boolean> {
  const { by, tenant } = begun;
  return withClient(reach, (client) =>
    exportRows(client, progress ?? undefined, { tenant, by, place, formats, hasTime, handOver, patience }),
  );
}

/** Notes the export in the activity log of the tenant before anything is read: where that fails, nothing is. */
async function begin(
  { key, requestedAt, run }: Extract<ExportStep, { action: 'begin' }>,
  work: Exporting,
): Promise<Begun> {
  const id = nameOf(run, requestedAt);
  const { digits } = tenantOfRequest(key);
  const reach = await work.as(digits);
  const { by, tenant } = await readRequest(reach.s3, work.target, key);
  const turn = { client: reach.s3, ...work.target, digits };
  if (!(await takeTurn(turn, id, work.now(), work.runHours))) {
    return { isTurn: false };
  }
  try {
    await withClient(reach, (client) =>
      inTenantTransaction(client, { tenantId: tenant, actor: by, userAgent: 'export of a tenant' }, async (session) => {
        const tables = (await exportedTables(session)).exported.map(({ name }) => name);
        const about = JSON.stringify({ export: id, tables, formats: work.formats, accounts: true, files: true });
        await session.query("SELECT audit.record('export', 'tenant', after => $1)", [about]);
      }),
    );
  } catch (error) {
    await giveTurnBack(turn, id);
    throw error;
  }
  return { isTurn: true, tenant, export: id, by, requestedAt };
}

/** Name of an export: when it was asked for, and by which run. */
function nameOf(run: string, requestedAt: string): string {
  const at = new Date(requestedAt);
  if (Number.isNaN(at.getTime()) || !/^[\w-]{1,80}$/.test(run)) {
    throw new Error(`run is '${run}' and requestedAt '${requestedAt}', expected the name of an execution and a time`);
  }
  return `${at.toISOString().replace(/[-:]|\.\d+/g, '')}-${run}`;
}

function folderOf(begun: BegunExport, digits: string, { target }: Exporting): ExportFolder {
  if (!/^\d{8}T\d{6}Z-[\w-]{1,80}$/.test(begun.export)) {
    throw new Error(`export is '${begun.export}', expected the name that its beginning gave it`);
  }
  return { ...target, digits, id: begun.export };
}

async function withClient<T>(reach: TenantReach, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await reach.database();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
