import type { Backup } from '@aws-sdk/client-backup';
import type { RDS } from '@aws-sdk/client-rds';
import { type Examination, examine } from './examine';
import { RESTORED } from './files';
import type { CheckResult } from './integrity';
import { compareStore, type RestoreJob } from './stores';

/** What EventBridge sends: a restore ended, or an instance of a restored cluster came up. */
export type DrillEvent =
  | {
      readonly source: 'aws.backup';
      readonly detail: { readonly restoreJobId: string; readonly status: string; readonly createdResourceArn?: string };
    }
  | { readonly source: 'aws.rds'; readonly detail: { readonly SourceIdentifier: string } };

/** What the drill knows of its deployment, and whom it asks. Tests hand over their own. */
export interface Surroundings extends Examination {
  readonly backup: Pick<Backup, 'describeRestoreJob' | 'putRestoreValidationResult'>;
  readonly rds: Pick<
    RDS,
    'createDBInstance' | 'deleteDBInstance' | 'describeDBClusters' | 'describeDBInstances' | 'modifyDBCluster'
  >;
  /** Plan whose restores are drills; every other restore is somebody's emergency and left alone. */
  readonly planArn: string;
  readonly instanceClass: string;
  /** Tells people that a drill failed. */
  readonly report: (subject: string, message: string) => Promise<void>;
  /** Writes one line of evidence. */
  readonly write: (line: string) => void;
}

/** Start of the names of the instances that are added here to what AWS Backup restored. */
const INSTANCE = 'restore-check-';
const JOB_TAG = 'restore-job';

/**
 * Makes the handler of a restore drill. A restored table or bucket is compared with its source at once. AWS Backup restores a cluster of Aurora without an instance, so nobody could ask it anything: the first
 * event adds one, the second, minutes later, asks. The verdict goes to AWS Backup, where it cannot be changed any more, and to the log. AWS Backup
 * removes what it restored after the verdict.
 *
 * Sources: https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-aur.html and
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-validation.html
 *
 * @throws if AWS refuses anything, so that the event comes again and, in the end, somebody is told
 */
export function restoreDrill(around: Surroundings): (event: DrillEvent) => Promise<void> {
  return (event) =>
    event.source === 'aws.backup' ? completed(around, event.detail) : validate(around, event.detail.SourceIdentifier);
}

async function completed(
  around: Surroundings,
  { restoreJobId, status, createdResourceArn }: Extract<DrillEvent, { source: 'aws.backup' }>['detail'],
): Promise<void> {
  const job = await around.backup.describeRestoreJob({ RestoreJobId: restoreJobId });
  if (status !== 'COMPLETED' || job.CreatedBy?.RestoreTestingPlanArn !== around.planArn) {
    return;
  }
  // A verdict cannot be changed: the event came a second time
  if (job.ValidationStatus === 'SUCCESSFUL' || job.ValidationStatus === 'FAILED') {
    return;
  }
  const restored = createdResourceArn?.split(/:::|:cluster:|:table\//)[1];
  if (!restored?.startsWith(RESTORED)) {
    throw new Error(
      `restore job '${restoreJobId}' made '${createdResourceArn}', expected a store whose name begins with ${RESTORED}`,
    );
  }
  if (job.ResourceType === 'Aurora') {
    await addInstance(around, restoreJobId, restored);
  } else {
    await conclude(around, job, restored, await compareStore(around, job, restored));
  }
}

async function addInstance({ rds, instanceClass }: Surroundings, restoreJobId: string, cluster: string): Promise<void> {
  try {
    await rds.createDBInstance({
      DBInstanceIdentifier: `${INSTANCE}${restoreJobId.toLowerCase()}`,
      DBClusterIdentifier: cluster,
      DBInstanceClass: instanceClass,
      Engine: 'aurora-postgresql',
      PubliclyAccessible: false,
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
      // The job's id as it was written: names of instances know no capitals
      Tags: [{ Key: JOB_TAG, Value: restoreJobId }],
    });
  } catch (error) {
    if (!(error instanceof Error && /^DBInstanceAlreadyExists/.test(error.name))) {
      throw error;
    }
  }
}

async function validate(around: Surroundings, instance: string): Promise<void> {
  const { backup, rds } = around;
  const { DBInstances: found } = await rds.describeDBInstances({ DBInstanceIdentifier: instance });
  const cluster = found?.[0]?.DBClusterIdentifier;
  const restoreJobId = found?.[0]?.TagList?.find(({ Key: key }) => key === JOB_TAG)?.Value;
  if (!instance.startsWith(INSTANCE) || !cluster?.startsWith(RESTORED) || !restoreJobId) {
    throw new Error(
      `instance '${instance}' belongs to '${cluster}' and job '${restoreJobId}', expected those of a restore test`,
    );
  }
  const job = await backup.describeRestoreJob({ RestoreJobId: restoreJobId });
  const results = await examine(around, cluster, job);
  // First: a cluster that still has an instance is not removed after the verdict
  await conclude(around, job, cluster, results, () =>
    rds.deleteDBInstance({ DBInstanceIdentifier: instance, SkipFinalSnapshot: true }),
  );
}

/** Writes down what was restored from when, how long it took and what was found, and hands AWS Backup the verdict. */
async function conclude(
  { backup, report, write, now }: Surroundings,
  job: RestoreJob,
  restored: string,
  results: readonly CheckResult[],
  before: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  const status = failed.length === 0 ? 'SUCCESSFUL' : 'FAILED';
  const { CompletionDate: end, CreationDate: begin, RestoreJobId: id } = job;
  const seconds = begin && end ? Math.round((end.getTime() - begin.getTime()) / 1000) : undefined;
  const of = { kind: job.ResourceType, source: job.SourceResourceArn, recoveryPointAt: job.RecoveryPointCreationDate };
  write(JSON.stringify({ evidence: 'restore-drill', at: now(), job: id, ...of, restored, seconds, status, results }));
  await before();
  await backup.putRestoreValidationResult({
    RestoreJobId: id,
    ValidationStatus: status,
    ValidationStatusMessage: summary(results, failed),
  });
  if (failed.length > 0) {
    await report('Restore drill failed', `Restore job ${id}:\n\n${failed.map(described).join('\n')}`);
  }
}

function summary(results: readonly CheckResult[], failed: readonly CheckResult[]): string {
  const words =
    failed.length === 0
      ? `${results.filter(({ outcome }) => outcome === 'passed').length} checks passed`
      : failed.map(described).join('; ');
  return words.slice(0, 1000);
}

function described({ store, check, found }: CheckResult): string {
  return `${store}: not true that ${check}: ${found}`;
}
