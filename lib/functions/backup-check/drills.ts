import type { Backup } from '@aws-sdk/client-backup';

/** The drills that somebody counts on. */
export interface Drills {
  /** Name of the restore testing plan. */
  readonly plan: string;
  /** Kinds of stores that are restored, as AWS Backup calls them, such as `Aurora`. */
  readonly kinds: readonly string[];
}

const DAY = 86_400_000;

/**
 * Days since each kind of store was last restored in a drill and stood the questions. Counted from the plan's own beginning as long as it
 * never was: a new environment is not overdue.
 *
 * @throws Error if the plan is gone
 */
export async function daysSinceDrills(
  backup: Pick<Backup, 'getRestoreTestingPlan' | 'listRestoreJobs'>,
  drills: Drills,
  now: Date,
): Promise<Readonly<Record<string, number>>> {
  const { RestoreTestingPlan: plan } = await backup.getRestoreTestingPlan({ RestoreTestingPlanName: drills.plan });
  if (!plan?.RestoreTestingPlanArn || !plan.CreationTime) {
    throw new Error(`restore testing plan '${drills.plan}' was read without ARN or time of creation, expected both`);
  }
  const newest = new Map(drills.kinds.map((kind) => [kind, plan.CreationTime?.getTime() ?? 0]));
  let NextToken: string | undefined;
  do {
    const page = await backup.listRestoreJobs({
      ByRestoreTestingPlanArn: plan.RestoreTestingPlanArn,
      ByStatus: 'COMPLETED',
      NextToken,
    });
    for (const { ResourceType: kind = '', ValidationStatus: validation, CompletionDate: at } of page.RestoreJobs ??
      []) {
      // That it came up proves nothing: only what was looked into counts
      if (validation === 'SUCCESSFUL' && at) {
        newest.set(kind, Math.max(newest.get(kind) ?? 0, at.getTime()));
      }
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return Object.fromEntries(drills.kinds.map((kind) => [kind, (now.getTime() - (newest.get(kind) ?? 0)) / DAY]));
}
