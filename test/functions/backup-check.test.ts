import { checkBackups, type Surroundings } from '../../lib/functions/backup-check/check';

const cluster = 'arn:aws:rds:eu-central-1:333333333333:cluster:main';
const bucket = 'arn:aws:s3:::files';
const tableArn = 'arn:aws:dynamodb:eu-central-1:333333333333:table/';
const keyArn = 'arn:aws:kms:eu-central-1:333333333333:key/backup';
const planArn = 'arn:aws:backup:eu-central-1:333333333333:restore-testing-plan:production_restore_drill-1';
const now = new Date('2026-11-20T06:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

interface Point {
  readonly store: string;
  readonly vault: 'backups' | 'air-gapped';
  readonly hours: number;
  readonly Status?: string;
  readonly EncryptionKeyArn?: string;
}

/** Backups of the last night, and their copies under the key of backups. */
function lastNight(...stores: string[]): Point[] {
  return stores.flatMap((store) => [
    {
      store,
      vault: 'backups' as const,
      hours: 4,
      EncryptionKeyArn: 'arn:aws:kms:eu-central-1:333333333333:key/database',
    },
    { store, vault: 'air-gapped' as const, hours: 3, EncryptionKeyArn: keyArn },
  ]);
}

interface Account {
  readonly clusters?: readonly string[];
  readonly tables?: readonly string[];
  readonly points: readonly Point[];
  readonly drills?: readonly { readonly CompletionDate: Date; readonly ValidationStatus?: string }[];
  readonly planAge?: number;
}

/** An account as AWS answers for it: one item on a page, so that whoever forgets the next page misses something. */
function around(account: Account, over: Partial<Surroundings> = {}) {
  const metrics: Record<string, number> = {};
  const evidence: Record<string, unknown>[] = [];
  const paged = <T>(items: readonly T[], token: string | undefined) => {
    const at = Number(token ?? 0);
    return { item: items.slice(at, at + 1), next: at + 1 < items.length ? String(at + 1) : undefined };
  };
  const surroundings: Surroundings = {
    backup: {
      getRestoreTestingPlan: async ({ RestoreTestingPlanName: name }: { RestoreTestingPlanName?: string }) => ({
        RestoreTestingPlan: {
          RestoreTestingPlanName: name,
          RestoreTestingPlanArn: planArn,
          CreationTime: hoursAgo((account.planAge ?? 100) * 24),
        },
      }),
      listRecoveryPointsByBackupVault: async (input: {
        BackupVaultName?: string;
        ByResourceArn?: string;
        ByCreatedAfter?: Date;
        NextToken?: string;
      }) => {
        const found = account.points.filter(
          ({ store, vault, hours }) =>
            vault === input.BackupVaultName &&
            store === input.ByResourceArn &&
            hoursAgo(hours) > (input.ByCreatedAfter ?? new Date(0)),
        );
        const { item, next } = paged(found, input.NextToken);
        return {
          RecoveryPoints: item.map(({ Status = 'COMPLETED', EncryptionKeyArn }) => ({ Status, EncryptionKeyArn })),
          NextToken: next,
        };
      },
      listRestoreJobs: async (input: { ByRestoreTestingPlanArn?: string; ByStatus?: string; NextToken?: string }) => {
        expect(input).toMatchObject({ ByRestoreTestingPlanArn: planArn, ByStatus: 'COMPLETED' });
        const { item, next } = paged(account.drills ?? [], input.NextToken);
        return { RestoreJobs: [...item], NextToken: next };
      },
    } as Surroundings['backup'],
    cloudWatch: {
      putMetricData: async (input: { Namespace?: string; MetricData?: { MetricName?: string; Value?: number }[] }) => {
        expect(input.Namespace).toBe('production/Backup');
        for (const { MetricName: name, Value: value } of input.MetricData ?? []) {
          metrics[name ?? ''] = value ?? Number.NaN;
        }
        return {};
      },
    } as Surroundings['cloudWatch'],
    listing: {
      describeDBClusters: async ({ Marker }) => {
        const { item, next } = paged(account.clusters ?? [cluster], Marker);
        return { DBClusters: item.map((DBClusterArn) => ({ DBClusterArn })), Marker: next };
      },
      listTables: async ({ ExclusiveStartTableName: token }) => {
        const { item, next } = paged(account.tables ?? [], token);
        return { TableNames: [...item], LastEvaluatedTableName: next };
      },
    },
    named: [cluster, bucket],
    tableArn,
    vault: { name: 'backups', hours: 28 },
    copies: { name: 'air-gapped', hours: 52, keyArn },
    drillPlan: 'production_restore_drill',
    namespace: 'production/Backup',
    now: () => now,
    write: (line) => evidence.push(JSON.parse(line)),
    ...over,
  };
  return { look: () => checkBackups(surroundings), metrics, evidence };
}

test('every store with a backup of last night and a copy under the right key is fine', async () => {
  const { look, metrics, evidence } = around({
    points: lastNight(cluster, bucket),
    drills: [{ CompletionDate: hoursAgo(48), ValidationStatus: 'SUCCESSFUL' }],
  });
  expect(await look()).toEqual([]);
  expect(metrics).toEqual({ StoresWithoutRecentBackup: 0, DaysSinceRestoreDrill: 2 });
  expect(evidence).toEqual([
    {
      evidence: 'backup-check',
      at: '2026-11-20T06:00:00.000Z',
      stores: [cluster, bucket],
      problems: [],
      daysSinceDrill: 2,
    },
  ]);
});

test('fails when last night made no backup, though that of the night before is there', async () => {
  const points = lastNight(cluster, bucket).map((point) =>
    point.store === cluster && point.vault === 'backups' ? { ...point, hours: 28 } : point,
  );
  const { look, metrics } = around({ points });
  expect(await look()).toEqual([`${cluster} has no backup in 'backups' younger than 28 hours`]);
  expect(metrics.StoresWithoutRecentBackup).toBe(1);
});

test('fails when the backup of last night is incomplete', async () => {
  const points = [
    ...lastNight(bucket),
    { store: cluster, vault: 'backups' as const, hours: 4, Status: 'PARTIAL' },
    { store: cluster, vault: 'air-gapped' as const, hours: 3, EncryptionKeyArn: keyArn },
  ];
  expect(await around({ points }).look()).toEqual([`${cluster} has no backup in 'backups' younger than 28 hours`]);
});

test('fails when nothing was copied', async () => {
  const points = lastNight(cluster, bucket).filter(({ store, vault }) => store !== bucket || vault === 'backups');
  expect(await around({ points }).look()).toEqual([`${bucket} has no backup in 'air-gapped' younger than 52 hours`]);
});

test('fails when one of the copies lies under the key of the database', async () => {
  const foreign = 'arn:aws:kms:eu-central-1:333333333333:key/database';
  const points = [
    ...lastNight(cluster, bucket),
    { store: cluster, vault: 'air-gapped' as const, hours: 27, EncryptionKeyArn: foreign },
  ];
  expect(await around({ points }).look()).toEqual([
    `${cluster} lies in 'air-gapped' under ${foreign}, expected ${keyArn}`,
  ]);
});

test('a cluster and a table that nobody told the deployment of must have backups too', async () => {
  const other = 'arn:aws:rds:eu-central-1:333333333333:cluster:made-by-hand';
  const { look, metrics } = around({
    clusters: [cluster, other],
    tables: ['sessions', 'orders'],
    points: lastNight(cluster, bucket, `${tableArn}sessions`),
  });
  expect((await look()).map((problem) => problem.split(' ')[0])).toEqual([
    other,
    other,
    `${tableArn}orders`,
    `${tableArn}orders`,
  ]);
  expect(metrics.StoresWithoutRecentBackup).toBe(2);
});

test('a store of the deployment that is gone is missed', async () => {
  const { look } = around({ clusters: [], points: lastNight(bucket) });
  expect(await look()).toHaveLength(2);
});

test('what a drill restored, and will be removed, needs no backup', async () => {
  const restored = 'arn:aws:rds:eu-central-1:333333333333:cluster:awsbackup-restore-test-1a2b';
  const { look } = around({
    clusters: [cluster, restored],
    tables: ['awsbackup-restore-test-3c4d'],
    points: lastNight(cluster, bucket),
  });
  expect(await look()).toEqual([]);
});

describe('days since a drill', () => {
  test.each([
    ['restored, and stood the questions', [{ CompletionDate: hoursAgo(24 * 9), ValidationStatus: 'SUCCESSFUL' }], 9],
    ['restored, and never asked, is no drill', [{ CompletionDate: hoursAgo(24) }], 100],
    ['restored, and failed, is no drill', [{ CompletionDate: hoursAgo(24), ValidationStatus: 'FAILED' }], 100],
    [
      'restored, and asked too late, is no drill',
      [{ CompletionDate: hoursAgo(24), ValidationStatus: 'TIMED_OUT' }],
      100,
    ],
    [
      'the newest success counts, whatever came after it',
      [
        { CompletionDate: hoursAgo(24 * 40), ValidationStatus: 'SUCCESSFUL' },
        { CompletionDate: hoursAgo(24 * 10), ValidationStatus: 'SUCCESSFUL' },
        { CompletionDate: hoursAgo(24), ValidationStatus: 'FAILED' },
      ],
      10,
    ],
  ])('%s', async (_, drills, days) => {
    const { look, metrics } = around({ points: lastNight(cluster, bucket), drills });
    await look();
    expect(metrics.DaysSinceRestoreDrill).toBe(days);
  });

  test('a new environment counts from its first day', async () => {
    const { look, metrics } = around({ points: lastNight(cluster, bucket), planAge: 3 });
    await look();
    expect(metrics.DaysSinceRestoreDrill).toBe(3);
  });
});

test('fails without publishing when a vault cannot be read: not having looked is not having found nothing', async () => {
  const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
  const { look, metrics } = around(
    { points: [] },
    {
      backup: { listRecoveryPointsByBackupVault: () => Promise.reject(denied) } as unknown as Surroundings['backup'],
    },
  );
  await expect(look()).rejects.toThrow('not authorized');
  expect(metrics).toEqual({});
});

test('fails when the plan of the drills is gone', async () => {
  const gone = around(
    { points: [] },
    {
      named: [],
      listing: { describeDBClusters: async () => ({}), listTables: async () => ({}) },
      backup: { getRestoreTestingPlan: async () => ({}) } as unknown as Surroundings['backup'],
    },
  );
  await expect(gone.look()).rejects.toThrow("restore testing plan 'production_restore_drill' was read without ARN");
});
