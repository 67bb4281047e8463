import { type DrillEvent, restoreDrill, type Surroundings } from '../../lib/functions/restore-validation/drill';
import type { ReadingSession } from '../../lib/functions/restore-validation/files';
import type { TenantRecord } from '../../lib/functions/tenant-provisioner/tenant-catalogue';

const planArn = 'arn:aws:backup:eu-central-1:333333333333:restore-testing-plan:production_restore_drill-1';
const filesKey = 'arn:aws:kms:eu-central-1:333333333333:key/files';
const tableKey = 'arn:aws:kms:eu-central-1:333333333333:key/database';
const copiedAt = new Date('2026-11-29T06:00:00Z');
const settledAt = new Date('2026-11-01T00:00:00Z');
const restored = 'awsbackup-restore-test-6f8d';

const completed = (createdResourceArn: string): DrillEvent => ({
  source: 'aws.backup',
  detail: { restoreJobId: 'job', status: 'COMPLETED', createdResourceArn },
});

interface File {
  readonly size: number;
  readonly changed?: Date;
  readonly key?: string;
  /** Name of the error that S3 gives in place of the file. */
  readonly refused?: string;
}

interface Account {
  readonly kind: 'S3' | 'DynamoDB';
  readonly source: string;
  readonly buckets?: Readonly<Record<string, Readonly<Record<string, File>>>>;
  readonly tables?: Readonly<Record<string, readonly TenantRecord[]>>;
  readonly descriptions?: Readonly<Record<string, object>>;
  readonly validation?: 'SUCCESSFUL' | 'FAILED';
  /** Whether each tenant has a bucket of its own. */
  readonly isShared?: boolean;
}

/** AWS as the drill sees it: one file on a page of a list. */
function aws({ buckets = {}, tables = {}, descriptions = {}, ...account }: Account) {
  const verdicts: Record<string, unknown>[] = [];
  const evidence: string[] = [];
  const reports: string[] = [];
  const read: string[] = [];
  const sessions: ReadingSession[] = [];
  const bucketOf = (name: string) => {
    const found = buckets[name];
    if (!found) {
      throw Object.assign(new Error('not authorized to list'), { name: 'AccessDenied' });
    }
    return Object.entries(found).sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  };
  /** What the policy of the role lets a session do. */
  const reader = ({ tenant, restored: tag }: ReadingSession) => ({
    listObjectsV2: async (input: {
      Bucket: string;
      Prefix?: string;
      Delimiter?: string;
      ContinuationToken?: string;
    }) => {
      const { Bucket, Prefix = '', Delimiter, ContinuationToken } = input;
      const isLive = account.isShared ? Bucket === 'shared' && Prefix === `${tenant}/` : Bucket.endsWith(`-${tenant}`);
      if (!isLive && Bucket !== `awsbackup-restore-test-${tag}`) {
        throw Object.assign(new Error('not authorized to list'), { name: 'AccessDenied' });
      }
      const at = Number(ContinuationToken ?? 0);
      const files = bucketOf(Bucket).filter(([name]) => name.startsWith(Prefix));
      const page = files.slice(at, at + 1);
      return {
        ...(Delimiter
          ? { CommonPrefixes: page.map(([name]) => ({ Prefix: name.replace(/\/.*/, '/') })) }
          : {
              Contents: page.map(([Key, { size, changed = settledAt }]) => ({
                Key,
                Size: size,
                LastModified: changed,
              })),
            }),
        NextContinuationToken: at + 1 < files.length ? String(at + 1) : undefined,
      };
    },
    getObject: async ({ Bucket, Key, Range }: { Bucket: string; Key: string; Range: string }) => {
      expect([Bucket, Range]).toEqual([`awsbackup-restore-test-${tag}`, 'bytes=0-0']);
      read.push(Key);
      const { key = filesKey, refused } = buckets[Bucket]?.[Key] ?? { size: 0 };
      if (refused) {
        throw Object.assign(new Error('no'), { name: refused });
      }
      return { Body: { transformToByteArray: async () => new Uint8Array(1) }, SSEKMSKeyId: key };
    },
  });
  const surroundings = {
    backup: {
      describeRestoreJob: async () => ({
        RestoreJobId: 'job',
        CreatedBy: { RestoreTestingPlanArn: planArn },
        ResourceType: account.kind,
        SourceResourceArn: account.source,
        CreationDate: new Date('2026-12-01T04:30:00Z'),
        CompletionDate: new Date('2026-12-01T05:00:00Z'),
        RecoveryPointCreationDate: copiedAt,
        ValidationStatus: account.validation,
      }),
      putRestoreValidationResult: async (input: object) => {
        verdicts.push({ ...input });
      },
    } as unknown as Surroundings['backup'],
    bucketPrefix: account.isShared ? undefined : 'tenant-files-333333333333-',
    below: (limit: number) => limit - 1,
    filesAs: (async (session: ReadingSession) => {
      sessions.push(session);
      return reader(session);
    }) as unknown as Surroundings['filesAs'],
    dynamoDb: {
      describeTable: async ({ TableName }: { TableName: string }) => ({ Table: descriptions[TableName] }),
    } as unknown as Surroundings['dynamoDb'],
    catalogueOf: (table: string) => ({ every: async () => tables[table] ?? [] }),
    catalogue: 'catalogue',
    tableKey,
    filesKey,
    rds: {} as Surroundings['rds'],
    planArn,
    instanceClass: 'db.t4g.medium',
    ca: '',
    inDatabase: () => Promise.reject(new Error('no database is asked')),
    openAs: () => Promise.reject(new Error('no database is asked')),
    erased: () => Promise.reject(new Error('no ledger is read')),
    hasTime: () => true,
    report: async (_: string, message: string) => {
      reports.push(message);
    },
    write: (line: string) => evidence.push(line),
    now: () => new Date('2026-12-01T05:01:00Z'),
    pause: async () => undefined,
  } satisfies Surroundings;
  return { drill: restoreDrill(surroundings), verdicts, evidence, reports, read, sessions };
}

describe('a restored bucket', () => {
  const source = 'arn:aws:s3:::tenant-files-333333333333-7c9e6679742540de944be07fc1f90ae7';
  const whole = { 'contract.pdf': { size: 1200 }, 'empty.txt': { size: 0 }, 'photo of Ada.png': { size: 9 } };
  const look = async (copy: Readonly<Record<string, File>>, live: Readonly<Record<string, File>> = whole) => {
    const around = aws({
      kind: 'S3',
      source,
      buckets: { 'tenant-files-333333333333-7c9e6679742540de944be07fc1f90ae7': live, [restored]: copy },
    });
    await around.drill(completed(`arn:aws:s3:::${restored}`));
    return around;
  };

  test('that has every file of its source passes; the evidence counts and names none', async () => {
    const { verdicts, evidence, reports, read } = await look({ ...whole, 'deleted since.pdf': { size: 3 } });
    expect(verdicts).toEqual([
      { RestoreJobId: 'job', ValidationStatus: 'SUCCESSFUL', ValidationStatusMessage: '5 checks passed' },
    ]);
    expect(reports).toEqual([]);
    // Of an empty file no byte can be read
    expect(read).toEqual(['contract.pdf', 'deleted since.pdf', 'photo of Ada.png']);
    expect(evidence).toHaveLength(1);
    expect(evidence[0]).not.toMatch(/Ada|contract/);
    expect(JSON.parse(String(evidence[0]))).toEqual({
      evidence: 'restore-drill',
      at: '2026-12-01T05:01:00.000Z',
      job: 'job',
      kind: 'S3',
      source,
      recoveryPointAt: copiedAt.toISOString(),
      restored,
      seconds: 1800,
      status: 'SUCCESSFUL',
      results: [
        ['there are files to compare', '3 from before the backup'],
        ['every file is there', '0 of 3 missing'],
        ['every file has its size', '0 of 3 differ'],
        ['a sample can be read', '3 files'],
        ['the sample lies under our key', '0 of 3 under another'],
      ].map(([check, found]) => ({ store: restored, check, outcome: 'passed', found })),
    });
  });

  test('is read in a session of its tenant and of nobody else', async () => {
    expect((await look(whole)).sessions).toEqual([{ tenant: '7c9e6679742540de944be07fc1f90ae7', restored: '6f8d' }]);
  });

  describe('of all tenants', () => {
    const [ada, bob] = ['a'.repeat(32), 'b'.repeat(32)];
    const of = (tenant: string): Record<string, File> => ({ [`${tenant}/contract.pdf`]: { size: 7 } });
    const shared = async (copy: Record<string, File>, live: Record<string, File>) => {
      const buckets = { shared: live, [restored]: copy };
      const around = aws({ kind: 'S3', source: 'arn:aws:s3:::shared', buckets, isShared: true });
      await around.drill(completed(`arn:aws:s3:::${restored}`));
      return around;
    };

    test('is compared in the folder of one that is drawn', async () => {
      const both = { ...of(ada), ...of(bob) };
      const { sessions, verdicts, read } = await shared(both, both);
      expect(sessions.map(({ tenant }) => tenant)).toEqual(['0'.repeat(32), bob]);
      expect(read).toEqual([`${bob}/contract.pdf`]);
      expect(verdicts).toMatchObject([{ ValidationStatus: 'SUCCESSFUL' }]);
    });

    test('fails where that folder lacks a file', async () => {
      const { verdicts } = await shared({ ...of(bob) }, { ...of(bob), [`${bob}/lost.pdf`]: { size: 1 } });
      expect(verdicts).toMatchObject([{ ValidationStatusMessage: expect.stringContaining('1 of 2 missing') }]);
    });

    test.each<[string, Record<string, File>]>([
      ['is empty', {}],
      ['holds no folder of a tenant', { 'notes/contract.pdf': { size: 1 } }],
    ])('fails where it %s', async (_, copy) => {
      const { verdicts } = await shared(copy, of(ada));
      expect(verdicts).toMatchObject([
        { ValidationStatus: 'FAILED', ValidationStatusMessage: expect.stringContaining('no folder of a tenant') },
      ]);
    });
  });

  test('need not have what changed shortly before the backup', async () => {
    const live = { ...whole, 'new.pdf': { size: 5, changed: new Date('2026-11-28T00:00:00Z') } };
    expect((await look(whole, live)).verdicts).toMatchObject([{ ValidationStatus: 'SUCCESSFUL' }]);
  });

  test.each<[string, Readonly<Record<string, File>>, RegExp]>([
    ['a file is missing', { 'contract.pdf': { size: 1200 }, 'empty.txt': { size: 0 } }, /every file is there: 1 of 3/],
    ['a file was cut', { ...whole, 'contract.pdf': { size: 100 } }, /every file has its size: 1 of 3/],
    ['nothing was restored', {}, /every file is there: 3 of 3/],
    [
      'a key does not open it',
      { ...whole, 'contract.pdf': { size: 1200, refused: 'AccessDenied' } },
      /can be read: Acc/,
    ],
    [
      'it lies under a key of AWS',
      { ...whole, 'contract.pdf': { size: 1200, key: 'aws/s3' } },
      /under our key: 1 of 2/,
    ],
  ])('fails when %s', async (_, copy, words) => {
    const { verdicts, reports } = await look(copy);
    expect(verdicts).toMatchObject([
      { ValidationStatus: 'FAILED', ValidationStatusMessage: expect.stringMatching(words) },
    ]);
    expect(reports).toEqual([expect.stringMatching(words)]);
    expect(String(verdicts[0]?.ValidationStatusMessage)).not.toContain('contract.pdf');
  });

  test('fails when there was nothing to compare: an empty bucket shows nothing', async () => {
    expect((await look({}, {})).verdicts).toMatchObject([
      { ValidationStatus: 'FAILED', ValidationStatusMessage: expect.stringContaining('there are files to compare: 0') },
    ]);
  });

  test.each(['tenant-files-333333333333-7c9e6679742540de944be07fc1f90ae7', restored])(
    'gets no verdict as long as %s cannot be listed',
    async (name) => {
      const both: Record<string, Readonly<Record<string, File>>> = {
        'tenant-files-333333333333-7c9e6679742540de944be07fc1f90ae7': whole,
        [restored]: whole,
      };
      const { [name]: _, ...buckets } = both;
      const { drill, verdicts } = aws({ kind: 'S3', source, buckets });
      await expect(drill(completed(`arn:aws:s3:::${restored}`))).rejects.toThrow('not authorized to list');
      expect(verdicts).toEqual([]);
    },
  );

  test('gets no verdict when S3 gives no answer for a file', async () => {
    const { drill, verdicts } = aws({
      kind: 'S3',
      source,
      buckets: {
        'tenant-files-333333333333-7c9e6679742540de944be07fc1f90ae7': whole,
        [restored]: { ...whole, 'contract.pdf': { size: 1, refused: 'TimeoutError' } },
      },
    });
    await expect(drill(completed(`arn:aws:s3:::${restored}`))).rejects.toThrow('no');
    expect(verdicts).toEqual([]);
  });

  test.each(['SUCCESSFUL', 'FAILED'] as const)('that was judged %s is not judged again', async (validation) => {
    const { drill, verdicts, evidence } = aws({ kind: 'S3', source, validation });
    await drill(completed(`arn:aws:s3:::${restored}`));
    expect([...verdicts, ...evidence]).toEqual([]);
  });

  test('that has a name of its own is somebody else’s, and not looked into', async () => {
    const { drill } = aws({ kind: 'S3', source });
    await expect(drill(completed('arn:aws:s3:::customers'))).rejects.toThrow('begins with awsbackup-restore-test-');
  });
});

describe('a restored table', () => {
  const source = 'arn:aws:dynamodb:eu-central-1:333333333333:table/catalogue';
  const KeySchema = [{ AttributeName: 'tenant', KeyType: 'HASH' }];
  const description = { TableStatus: 'ACTIVE', KeySchema, SSEDescription: { KMSMasterKeyArn: tableKey } };
  const one: TenantRecord = { tenant: 'one', status: 'ready', since: '2026-10-01T00:00:00Z', bucket: 'bucket-of-one' };
  const two: TenantRecord = { tenant: 'two', status: 'removed', since: '2026-10-02T00:00:00Z' };
  const young: TenantRecord = { tenant: 'three', status: 'ready', since: '2026-11-29T00:00:00Z' };
  const look = async (
    copy: readonly TenantRecord[],
    over: object = {},
    live: readonly TenantRecord[] = [one, two, young],
  ) => {
    const around = aws({
      kind: 'DynamoDB',
      source,
      tables: { catalogue: live, [restored]: copy },
      descriptions: { catalogue: description, [restored]: { ...description, ...over } },
    });
    await around.drill(completed(`arn:aws:dynamodb:eu-central-1:333333333333:table/${restored}`));
    return around;
  };

  test('that has every entry from before the backup passes', async () => {
    const { verdicts, evidence } = await look([two, one]);
    expect(verdicts).toMatchObject([{ ValidationStatus: 'SUCCESSFUL', ValidationStatusMessage: '4 checks passed' }]);
    expect(JSON.parse(String(evidence[0])).results).toContainEqual({
      store: restored,
      check: 'every entry is there as it was',
      outcome: 'passed',
      found: '0 of 2 differ',
    });
  });

  test('that was empty and is, before the first tenant, passes by its form; the evidence says that nothing was compared', async () => {
    const { verdicts, evidence } = await look([], {}, []);
    expect(verdicts).toMatchObject([{ ValidationStatus: 'SUCCESSFUL' }]);
    expect(evidence[0]).toContain('0 of 0 differ');
  });

  test.each<[string, readonly TenantRecord[], object, RegExp]>([
    ['an entry is missing', [one], {}, /every entry is there as it was: 1 of 2/],
    ['an entry is another', [one, { ...two, status: 'ready' }], {}, /every entry is there as it was: 1 of 2/],
    ['nothing was restored', [], {}, /every entry is there as it was: 2 of 2/],
    ['it is still being made', [one, two], { TableStatus: 'CREATING' }, /in use: CREATING/],
    ['it lies under a key of AWS', [one, two], { SSEDescription: undefined }, /under our key: no key of ours/],
    ['its key is another', [one, two], { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] }, /have their key/],
  ])('fails when %s', async (_, copy, over, words) => {
    const { verdicts } = await look(copy, over);
    expect(verdicts).toMatchObject([
      { ValidationStatus: 'FAILED', ValidationStatusMessage: expect.stringMatching(words) },
    ]);
  });
});
