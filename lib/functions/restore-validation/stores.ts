import type { DescribeRestoreJobOutput } from '@aws-sdk/client-backup';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { TenantCatalogue } from '../tenant-provisioner/tenant-catalogue';
import { type FilesToCompare, judgeFiles } from './files';
import type { CheckResult } from './integrity';
import { judgeTable } from './tables';

/** What AWS Backup says of a restore. */
export type RestoreJob = Pick<
  DescribeRestoreJobOutput,
  | 'CompletionDate'
  | 'CreatedBy'
  | 'CreationDate'
  | 'RecoveryPointCreationDate'
  | 'ResourceType'
  | 'RestoreJobId'
  | 'SourceResourceArn'
  | 'ValidationStatus'
>;

/** Which moment something was restored to, and by which job. */
export type BackupTime = Pick<RestoreJob, 'RecoveryPointCreationDate' | 'RestoreJobId'>;

/** The live stores that restored ones are compared with. */
export interface Stores extends Pick<FilesToCompare, 'below' | 'bucketPrefix' | 'filesAs'> {
  readonly dynamoDb: Pick<DynamoDB, 'describeTable'>;
  /** Reads a table of tenants by its name. */
  readonly catalogueOf: (table: string) => Pick<TenantCatalogue, 'every'>;
  /** Name of the live table of tenants. */
  readonly catalogue: string;
  /** Keys that restored tables and files must lie under, by ARN. */
  readonly tableKey: string;
  readonly filesKey: string;
}

/**
 * What changed in so many hours before a backup is not asked for: a copy has the date at which it was made, up to 28 hours after the backup itself.
 */
const UNSETTLED_HOURS = 48;

/**
 * Compares a restored table or bucket with its source.
 *
 * @throws Error if the job names no source, time or kind that can be compared
 */
export async function compareStore(stores: Stores, job: RestoreJob, restored: string): Promise<readonly CheckResult[]> {
  const source = job.SourceResourceArn?.split(/:::|:table\//)[1];
  if (!source) {
    throw new Error(`restore job '${job.RestoreJobId}' is of '${job.SourceResourceArn}', expected a bucket or a table`);
  }
  const settled = settledBefore(job);
  switch (job.ResourceType) {
    case 'S3':
      return judgeFiles({ ...stores, source, restored, key: stores.filesKey, settled });
    case 'DynamoDB':
      return judgeTable({ ...stores, source, restored, key: stores.tableKey, settled });
    default:
      throw new Error(
        `restore job '${job.RestoreJobId}' is of kind '${job.ResourceType}', expected Aurora, DynamoDB or S3`,
      );
  }
}

/** Databases of the tenants that were in use well before a backup and still are: it must hold each of them. */
export async function databasesBefore(stores: Stores, job: BackupTime): Promise<readonly string[]> {
  const settled = settledBefore(job).getTime();
  const records = await stores.catalogueOf(stores.catalogue).every();
  return records.flatMap(({ database, status, since, readySince = since }) =>
    database !== undefined && status === 'ready' && Date.parse(readySince) < settled ? [database] : [],
  );
}

function settledBefore({ RecoveryPointCreationDate: made, RestoreJobId: id }: BackupTime): Date {
  if (!made) {
    throw new Error(`restore job '${id}' does not say when its backup was made, expected a time`);
  }
  return new Date(made.getTime() - UNSETTLED_HOURS * 3_600_000);
}
