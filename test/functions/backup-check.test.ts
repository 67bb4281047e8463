import { Readable } from 'node:stream';
import { Backup } from '@aws-sdk/client-backup';
import { checkBackups, type Surroundings } from '../../lib/functions/backup-check/check';
import { recentPoints } from '../../lib/functions/backup-check/recovery-points';
import type { TenantRecord } from '../../lib/functions/tenant-provisioner/tenant-catalogue';

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
  readonly drills?: readonly {
    readonly CompletionDate: Date;
    readonly ValidationStatus?: string;
    readonly ResourceType?: string;
  }[];
  readonly planAge?: number;
  /** Where each tenant has a bucket: the catalogue, and the names of the buckets that there are. */
  readonly tenants?: readonly TenantRecord[];
  readonly buckets?: readonly string[];
}

/** An account as AWS answers for it: one item on a page, so that whoever forgets the next page misses something. */
function around(account: Account, over: Partial<Surroundings> = {}) {
  const metrics: Record<string, number> = {};
  const { tenants } = account;
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
        ByCreatedAfter?: Date;
        NextToken?: string;
      }) => {
        const found = account.points.filter(
          ({ vault, hours }) =>
            vault === input.BackupVaultName && hoursAgo(hours) > (input.ByCreatedAfter ?? new Date(0)),
        );
        const { item, next } = paged(found, input.NextToken);
        return {
          RecoveryPoints: item.map(({ store, Status = 'COMPLETED', EncryptionKeyArn }) => ({
            ResourceArn: store,
            Status,
            EncryptionKeyArn,
          })),
          NextToken: next,
        };
      },
      listRestoreJobs: async (input: { ByRestoreTestingPlanArn?: string; ByStatus?: string; NextToken?: string }) => {
        expect(input).toMatchObject({ ByRestoreTestingPlanArn: planArn, ByStatus: 'COMPLETED' });
        const { item, next } = paged(account.drills ?? [], input.NextToken);
        return { RestoreJobs: item.map((job) => ({ ResourceType: 'Aurora', ...job })), NextToken: next };
      },
    } as Surroundings['backup'],
    cloudWatch: {
      putMetricData: async (input: {
        Namespace?: string;
        MetricData?: { MetricName?: string; Value?: number; Dimensions?: { Name?: string; Value?: string }[] }[];
      }) => {
        expect(input.Namespace).toBe('production/Backup');
        for (const { MetricName: name, Value: value, Dimensions: dimensions = [] } of input.MetricData ?? []) {
          metrics[[name, ...dimensions.map((each) => `${each.Name}=${each.Value}`)].join(' ')] = value ?? Number.NaN;
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
    drills: { plan: 'production_restore_drill', kinds: ['Aurora', 'S3'] },
    tenants: tenants && {
      catalogue: { every: async () => tenants },
      buckets: {
        listBuckets: async ({ Prefix, ContinuationToken }: { Prefix: string; ContinuationToken?: string }) => {
          const { item, next } = paged(
            (account.buckets ?? []).filter((name) => name.startsWith(Prefix)),
            ContinuationToken,
          );
          return { Buckets: item.map((Name) => ({ Name })), ContinuationToken: next };
        },
      },
      bucketPrefix: 'tenant-files-333333333333-',
      bucketArn: 'arn:aws:s3:::',
    },
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
    drills: [
      { CompletionDate: hoursAgo(48), ValidationStatus: 'SUCCESSFUL' },
      { CompletionDate: hoursAgo(72), ValidationStatus: 'SUCCESSFUL', ResourceType: 'S3' },
    ],
  });
  expect(await look()).toEqual([]);
  expect(metrics).toEqual({
    StoresExpected: 2,
    StoresWithoutRecentBackup: 0,
    'DaysSinceRestoreDrill Kind=Aurora': 2,
    'DaysSinceRestoreDrill Kind=S3': 3,
  });
  expect(evidence).toEqual([
    {
      evidence: 'backup-check',
      at: '2026-11-20T06:00:00.000Z',
      deployed: [cluster, bucket],
      StoresExpected: 2,
      StoresWithoutRecentBackup: 0,
      problems: [],
      daysSinceDrill: { Aurora: 2, S3: 3 },
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

describe('buckets of tenants', () => {
  const bucketOf = (name: string) => `tenant-files-333333333333-${name}`;
  const arnOf = (name: string) => `arn:aws:s3:::${bucketOf(name)}`;
  const tenant = (name: string, over: Partial<TenantRecord> = {}): TenantRecord => ({
    tenant: name,
    status: 'ready',
    since: hoursAgo(900).toISOString(),
    bucket: bucketOf(name),
    ...over,
  });

  test('each of a tenant in use must have a backup and a copy, wherever in the catalogue it stands', async () => {
    const { look, metrics } = around({
      tenants: [tenant('one'), tenant('two'), tenant('three')],
      buckets: ['one', 'two', 'three'].map(bucketOf),
      points: lastNight(cluster, bucket, arnOf('one')).concat(lastNight(arnOf('three')).slice(0, 1)),
    });
    expect(await look()).toEqual([
      `${arnOf('two')} has no backup in 'backups' younger than 28 hours`,
      `${arnOf('two')} has no backup in 'air-gapped' younger than 52 hours`,
      `${arnOf('three')} has no backup in 'air-gapped' younger than 52 hours`,
    ]);
    expect(metrics).toMatchObject({ StoresExpected: 5, StoresWithoutRecentBackup: 2, TenantsInUse: 3 });
  });

  test('that of a removed tenant, or of one that is being made, needs none', async () => {
    const { look } = around({
      tenants: [tenant('gone', { status: 'removed' }), tenant('begun', { status: 'provisioning' })],
      buckets: [bucketOf('gone'), bucketOf('begun')],
      points: lastNight(cluster, bucket),
    });
    expect(await look()).toEqual([]);
  });

  test.each([
    ['27 hours', 27, 0],
    ['28 hours: its first backup is due', 28, 1],
    ['51 hours', 51, 1],
    ['52 hours: its first copy is due as well', 52, 2],
  ])('that of a tenant in use for %s', async (_, hours, missing) => {
    const { look } = around({
      // Asked for again a minute ago, which makes it no younger
      tenants: [tenant('new', { since: hoursAgo(0).toISOString(), readySince: hoursAgo(hours).toISOString() })],
      buckets: [bucketOf('new')],
      points: lastNight(cluster, bucket),
    });
    expect(await look()).toHaveLength(missing);
  });

  test('fails when the catalogue does not know one: an empty catalogue excuses nothing', async () => {
    const { look, metrics } = around({
      tenants: [],
      buckets: ['one', 'two'].map(bucketOf).concat('somebody-elses'),
      points: lastNight(cluster, bucket, arnOf('one'), arnOf('two')),
    });
    expect(await look()).toEqual([
      `${arnOf('one')} is in no entry of the catalogue`,
      `${arnOf('two')} is in no entry of the catalogue`,
    ]);
    expect(metrics).toMatchObject({ StoresWithoutRecentBackup: 2, TenantsInUse: 0 });
  });

  test.each<[string, Partial<NonNullable<Surroundings['tenants']>>]>([
    ['the catalogue', { catalogue: { every: () => Promise.reject(new Error('denied')) } }],
    ['the list of buckets', { buckets: { listBuckets: () => Promise.reject(new Error('denied')) } }],
  ])('fails without publishing when %s cannot be read', async (_, over) => {
    const tenants = {
      catalogue: { every: async () => [] },
      buckets: { listBuckets: async () => ({}) },
      bucketPrefix: 'tenant-files-',
      bucketArn: 'arn:aws:s3:::',
      ...over,
    };
    const { look, metrics } = around({ points: lastNight(cluster, bucket) }, { tenants });
    await expect(look()).rejects.toThrow('denied');
    expect(metrics).toEqual({});
  });
});

test('fails when it is told of no store and finds none: no problem of nothing is no good news', async () => {
  const { look, metrics } = around({ clusters: [], points: [] }, { named: [] });
  await expect(look()).rejects.toThrow('the check was told of no store and found none');
  expect(metrics).toEqual({});
});

describe('a vault, asked by the real client', () => {
  const point = { resourceArn: cluster };
  const answers = (...list: readonly (readonly [number, object])[]) => {
    const asked: { path: string; query: Record<string, unknown> }[] = [];
    const backup = new Backup({
      region: 'eu-central-1',
      maxAttempts: 3,
      credentials: { accessKeyId: 'id', secretAccessKey: 'none' },
      requestHandler: {
        handle: async ({ path, query }: { path: string; query: Record<string, unknown> }) => {
          const [statusCode, body] = list[asked.length] ?? [500, {}];
          asked.push({ path, query });
          const headers: Record<string, string> =
            statusCode === 200 ? {} : { 'x-amzn-errortype': 'ThrottlingException' };
          return { response: { statusCode, headers, body: Readable.from([JSON.stringify(body)]) } };
        },
      } as never,
    });
    return { look: () => recentPoints(backup, { name: 'backups', hours: 28 }, now), asked };
  };

  test('is read to its last page, and again where it was throttled', async () => {
    const { look, asked } = answers(
      [200, { RecoveryPoints: [{ ResourceArn: cluster, Status: 'COMPLETED' }], NextToken: 'two' }],
      [429, { message: 'slow down' }],
      [200, { RecoveryPoints: [{ ResourceArn: bucket, Status: 'PARTIAL' }] }],
    );
    expect([...(await look()).keys()]).toEqual([cluster, bucket]);
    expect(asked.map(({ path, query }) => [path, query.nextToken])).toEqual([
      ['/backup-vaults/backups/recovery-points', undefined],
      ['/backup-vaults/backups/recovery-points', 'two'],
      ['/backup-vaults/backups/recovery-points', 'two'],
    ]);
    expect(asked[0]?.query).toMatchObject({ createdAfter: '2026-11-19T02:00:00Z', maxResults: '1000' });
  });

  test('fails when it is throttled for ever: half a vault is none', async () => {
    const { look } = answers([200, { RecoveryPoints: [point], NextToken: 'two' }], [429, {}], [429, {}], [429, {}]);
    await expect(look()).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
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
    expect(metrics['DaysSinceRestoreDrill Kind=Aurora']).toBe(days);
    // A drill of one kind says nothing of another
    expect(metrics['DaysSinceRestoreDrill Kind=S3']).toBe(100);
  });

  test('a new environment counts from its first day', async () => {
    const { look, metrics } = around({ points: lastNight(cluster, bucket), planAge: 3 });
    await look();
    expect(metrics).toMatchObject({ 'DaysSinceRestoreDrill Kind=Aurora': 3, 'DaysSinceRestoreDrill Kind=S3': 3 });
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
      backup: {
        listRecoveryPointsByBackupVault: async () => ({}),
        getRestoreTestingPlan: async () => ({}),
      } as unknown as Surroundings['backup'],
    },
  );
  await expect(gone.look()).rejects.toThrow("restore testing plan 'production_restore_drill' was read without ARN");
});
