import type { Provisioner } from '../../lib/functions/tenant-provisioner/provisioner';
import { provision } from '../../lib/functions/tenant-provisioner/provisioner';
import { type BucketCalls, TenantBuckets } from '../../lib/functions/tenant-provisioner/tenant-buckets';
import type { TenantRecord, TenantStatus } from '../../lib/functions/tenant-provisioner/tenant-catalogue';

import { type Document, decide } from '../policy-evaluation/evaluate';

const ACCOUNT = '111122223333';
const KEY = `arn:aws-eusc:kms:eusc-de-east-1:${ACCOUNT}:key/1`;
const tenant = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const digits = '7c9e6679742540de944be07fc1f90ae7';
const TENANT_ROLE = `arn:aws-eusc:iam::${ACCOUNT}:role/production-Data-TenantAccessRole`;
const bucket = `tenant-files-${ACCOUNT}-${digits}`;

const named = (name: string) => Object.assign(new Error(name), { name });

/** Does what S3 does with the function's calls, one bucket; breaks off before or after the call of a number. */
class Account implements BucketCalls {
  readonly set: Record<string, Record<string, unknown>> = {};
  calls: string[] = [];
  owner = ACCOUNT;
  isPublic = false;
  breakOff?: { readonly at: number; readonly when: 'before' | 'after' };
  afterCall?: (name: string) => Promise<void>;

  createBucket = (input: Parameters<BucketCalls['createBucket']>[0]) =>
    this.call('createBucket', async () => {
      if (this.set.createBucket) {
        throw named(this.owner === ACCOUNT ? 'BucketAlreadyOwnedByYou' : 'BucketAlreadyExists');
      }
      this.set.createBucket = input;
    });
  getPublicAccessBlock = (input: { Bucket: string }) =>
    this.call('getPublicAccessBlock', async () => {
      this.check(input);
      const blocks = { BlockPublicAcls: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
      return { PublicAccessBlockConfiguration: { ...blocks, BlockPublicPolicy: !this.isPublic } };
    });
  putBucketPolicy = this.keep('putBucketPolicy');
  putBucketEncryption = this.keep('putBucketEncryption');
  putBucketVersioning = this.keep('putBucketVersioning');
  putBucketLifecycleConfiguration = this.keep('putBucketLifecycleConfiguration');
  putBucketLogging = this.keep('putBucketLogging');
  putBucketTagging = this.keep('putBucketTagging');

  /** Sids of what the bucket's policy refuses. */
  refused(): readonly string[] {
    const text = this.set.putBucketPolicy?.Policy;
    return typeof text === 'string' ? JSON.parse(text).Statement.map(({ Sid }: { Sid: string }) => Sid) : [];
  }

  /** Whether plans of backups take the bucket, by its tag. */
  get isBackedUp(): boolean {
    return JSON.stringify(this.set.putBucketTagging).includes('"tenant-in-use"');
  }

  private keep(name: string) {
    return (input: { Bucket: string; ExpectedBucketOwner: string }) =>
      this.call(name, async () => {
        this.check(input);
        this.set[name] = { ...input };
      });
  }

  private check(input: { Bucket: string; ExpectedBucketOwner?: string }): void {
    if (this.set.createBucket?.Bucket !== input.Bucket) {
      throw named('NoSuchBucket');
    }
    if (input.ExpectedBucketOwner !== this.owner) {
      throw named('AccessDenied');
    }
  }

  private async call<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.calls.push(name);
    const breaksOff = this.breakOff?.at === this.calls.length ? this.breakOff.when : undefined;
    if (breaksOff === 'before') {
      throw new Error('interrupted');
    }
    const answer = await work();
    await this.afterCall?.(name);
    if (breaksOff === 'after') {
      throw new Error('interrupted');
    }
    return answer;
  }
}

const REACHED_FROM: Readonly<Record<TenantStatus, readonly (TenantStatus | undefined)[]>> = {
  provisioning: [undefined, 'provisioning'],
  ready: ['provisioning', 'ready'],
  removing: ['provisioning', 'ready', 'removing'],
  removed: ['removing', 'removed'],
};

function startOf() {
  const account = new Account();
  let record: TenantRecord | undefined;
  const provisioner: Provisioner = {
    catalogue: {
      find: async () => record,
      move: async (_, status) => {
        if (!REACHED_FROM[status].includes(record?.status)) {
          throw new Error(`is ${record?.status}, from which it cannot become ${status}`);
        }
        record = { tenant, status, since: '2026-03-02T12:00:00.000Z', bucket };
        return record;
      },
    },
    buckets: new TenantBuckets(account, {
      prefix: `tenant-files-${ACCOUNT}-`,
      account: ACCOUNT,
      partition: 'aws-eusc',
      region: 'eusc-de-east-1',
      key: KEY,
      minimumTls: '1.3',
      tenantRole: TENANT_ROLE,
      admitted: ['arn:*:iam::*:role/backup/*'],
      accessLogs: 'access-logs',
      keepReplacedDays: 30,
      abortUploadAfterDays: 7,
      backupTag: { key: 'backup', value: 'tenant-in-use' },
    }),
    now: () => new Date('2026-03-02T12:00:00Z'),
  };
  const ask = (action: 'provision' | 'remove') => provision({ action, tenant }, provisioner);
  return { account, ask, status: () => record?.status };
}

test('a tenant gets a bucket with everything that the shared one has, and asked twice the same', async () => {
  const { account, ask } = startOf();
  const ready = { tenant, status: 'ready', since: '2026-03-02T12:00:00.000Z', bucket };
  expect(await ask('provision')).toEqual(ready);
  const first = structuredClone(account.set);
  expect(await ask('provision')).toEqual(ready);
  expect(account.set).toEqual(first);
  const own = { Bucket: bucket, ExpectedBucketOwner: ACCOUNT };
  expect(first).toMatchObject({
    createBucket: {
      Bucket: bucket,
      ObjectOwnership: 'BucketOwnerEnforced',
      CreateBucketConfiguration: { LocationConstraint: 'eusc-de-east-1' },
    },
    putBucketEncryption: {
      ...own,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY },
            BucketKeyEnabled: true,
            BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
          },
        ],
      },
    },
    putBucketVersioning: { ...own, VersioningConfiguration: { Status: 'Enabled' } },
    putBucketLifecycleConfiguration: {
      LifecycleConfiguration: {
        Rules: [
          {
            Status: 'Enabled',
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          },
        ],
      },
    },
    putBucketLogging: {
      BucketLoggingStatus: { LoggingEnabled: { TargetBucket: 'access-logs', TargetPrefix: `${bucket}/` } },
    },
    putBucketTagging: {
      Tagging: {
        TagSet: [
          { Key: 'data-class', Value: 'personal' },
          { Key: 'retention', Value: 'tenant-files' },
          { Key: 'tenant', Value: digits },
          { Key: 'backup', Value: 'tenant-in-use' },
        ],
      },
    },
  });
});

test('its policy refuses clear text, old TLS and other keys, in the partition that it lies in', async () => {
  const { account, ask } = startOf();
  await ask('provision');
  const arn = `arn:aws-eusc:s3:::${bucket}`;
  const { Statement: statements } = JSON.parse(String(account.set.putBucketPolicy?.Policy));
  expect(statements).toMatchObject([
    { Effect: 'Deny', Action: 's3:*', Resource: [arn, `${arn}/*`], Condition: { Bool: expect.anything() } },
    { Effect: 'Deny', Action: 's3:*', Condition: { NumericLessThan: { 's3:TlsVersion': '1.3' } } },
    { Effect: 'Deny', Action: 's3:PutObject', Resource: `${arn}/*` },
    {
      Effect: 'Deny',
      Action: 's3:PutObject',
      Condition: { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': KEY } },
    },
    { Effect: 'Deny', Action: 's3:PutObject', Condition: { Null: expect.anything() } },
    { Sid: 'RefuseFilesToOthers' },
    { Sid: 'RefuseNamesToOthers' },
    { Sid: 'RefuseFilesToOtherTenants' },
    { Sid: 'RefuseNamesToOtherTenants' },
  ]);
});

describe('of identities that may do anything with S3, its policy', () => {
  const other = 'ffffffffffffffffffffffffffffffff';
  const account = `arn:aws-eusc:iam::${ACCOUNT}`;
  const everything = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

  /** What S3 answers to somebody over TLS 1.3: the Sid that refuses, or nothing. */
  async function answer(action: string, arn: string, tag?: string, use: 'open' | 'closed' = 'open') {
    const { account: there, ask } = startOf();
    await ask('provision');
    if (use === 'closed') {
      await ask('remove');
    }
    const policy: Document = JSON.parse(String(there.set.putBucketPolicy?.Policy));
    const isOfObject = /Object|MultipartUpload$/.test(action) && !/^s3:List/.test(action);
    const context = {
      'aws:securetransport': 'true',
      's3:tlsversion': '1.3',
      ...(tag === undefined ? {} : { 'aws:principaltag/tenant': tag }),
    };
    const resource = `arn:aws-eusc:s3:::${bucket}${isOfObject ? '/invoice.pdf' : ''}`;
    const request = { principal: { arn, account: ACCOUNT }, action, resource, context };
    const { allowed, because } = decide(request, { identity: [everything, policy] });
    return allowed ? 'allowed' : because;
  }

  const uses = ['s3:GetObject', 's3:DeleteObject', 's3:GetObjectVersion', 's3:AbortMultipartUpload'];
  const names = ['s3:ListBucket', 's3:ListBucketVersions'];

  test.each([...uses, ...names])('admits the session of its tenant: %s', async (action) => {
    expect(await answer(action, TENANT_ROLE, digits)).toBe('allowed');
  });

  test.each([
    ['the session of another tenant', TENANT_ROLE, other, 'ToOtherTenants'],
    ['a session that names no tenant', TENANT_ROLE, undefined, 'ToOtherTenants'],
    ['a session with more behind the tenant', TENANT_ROLE, `${digits}0`, 'ToOtherTenants'],
    ['the role of the application', `${account}:role/production-application`, undefined, 'ToOthers'],
    ['a role that carries the tag of the tenant', `${account}:role/helpdesk`, digits, 'ToOthers'],
    ['a role whose name begins alike', `${TENANT_ROLE}2`, digits, 'ToOthers'],
    ['an administrator', `${account}:role/Admin`, undefined, 'ToOthers'],
    ['the root user', `${account}:root`, undefined, 'ToOthers'],
    ['a user who is named like backups', `${account}:user/backup/x`, undefined, 'ToOthers'],
  ])('refuses %s', async (_, arn, tag, whom) => {
    for (const action of uses) {
      expect(await answer(action, arn, tag)).toContain(`RefuseFiles${whom}`);
    }
    for (const action of names) {
      expect(await answer(action, arn, tag)).toContain(`RefuseNames${whom}`);
    }
  });

  test('admits backups, and lets whoever made the bucket set it up again', async () => {
    expect(await answer('s3:GetObject', `${account}:role/backup/production-Backup-PlansRole`)).toBe('allowed');
    expect(await answer('s3:ListBucketVersions', `${account}:role/backup/production-Backup-PlansRole`)).toBe('allowed');
    const provisioner = `${account}:role/production-Data-TenantProvisionerRole`;
    expect(await answer('s3:PutBucketPolicy', provisioner)).toBe('allowed');
    expect(await answer('s3:PutLifecycleConfiguration', provisioner, undefined, 'closed')).toBe('allowed');
  });

  test('refuses everybody once the tenant is removed, its own session and backups included', async () => {
    for (const arn of [TENANT_ROLE, `${account}:role/backup/production-Backup-PlansRole`, `${account}:root`]) {
      expect(await answer('s3:GetObject', arn, digits, 'closed')).toContain('RefuseFilesOfRemovedTenant');
      expect(await answer('s3:ListBucket', arn, digits, 'closed')).toContain('RefuseNamesOfRemovedTenant');
    }
  });
});

test('a removed tenant has its bucket closed and named as one to erase, and it never opens again', async () => {
  const { account, ask } = startOf();
  await ask('provision');
  expect(account.refused()).not.toContain('RefuseFilesOfRemovedTenant');
  expect(await ask('remove')).toMatchObject({ status: 'removed', toErase: bucket });
  expect(account.refused()).toEqual(
    expect.arrayContaining(['RefuseFilesOfRemovedTenant', 'RefuseNamesOfRemovedTenant', 'RefuseClearText']),
  );
  expect(account.calls).not.toContain('deleteBucket');
  await expect(ask('provision')).rejects.toThrow(/is removed/);
  expect(account.refused()).toContain('RefuseFilesOfRemovedTenant');
  expect(await ask('remove')).toMatchObject({ status: 'removed', toErase: bucket });
});

test('a removed tenant has no more backups from before its bucket is closed, however often it is asked for', async () => {
  const { account, ask } = startOf();
  await ask('provision');
  expect(account.isBackedUp).toBe(true);
  account.calls = [];
  account.afterCall = async (name) => {
    if (name === 'putBucketTagging') {
      // A backup that begins now would fail on a closed bucket: it must not begin
      expect(account.isBackedUp).toBe(false);
      expect(account.refused()).not.toContain('RefuseFilesOfRemovedTenant');
    }
  };
  await ask('remove');
  expect(account.calls).toEqual(['putBucketTagging', 'putBucketPolicy']);
  account.afterCall = undefined;
  await ask('remove');
  expect(account.isBackedUp).toBe(false);
});

test('a removed tenant whose bucket was erased has nothing left to erase', async () => {
  const { account, ask } = startOf();
  await ask('provision');
  await ask('remove');
  delete account.set.createBucket;
  expect(await ask('remove')).not.toHaveProperty('toErase');
});

const steps = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((at) => [
  { at, when: 'before' as const },
  { at, when: 'after' as const },
]);

test.each(steps)(
  'what is interrupted $when step $at is not ready, and is finished by the next call',
  async (breakOff) => {
    const undisturbed = startOf();
    await undisturbed.ask('provision');
    expect(undisturbed.account.calls).toHaveLength(8);
    const { account, ask, status } = startOf();
    account.breakOff = breakOff;
    await expect(ask('provision')).rejects.toThrow('interrupted');
    expect(status()).toBe('provisioning');
    expect(await ask('provision')).toMatchObject({ status: 'ready' });
    expect(account.set).toEqual(undisturbed.account.set);
  },
);

test.each(steps)('what is interrupted $when step $at can be removed', async (breakOff) => {
  const { account, ask } = startOf();
  account.breakOff = breakOff;
  await expect(ask('provision')).rejects.toThrow('interrupted');
  const isThere = account.set.createBucket !== undefined;
  expect(await ask('remove')).toMatchObject({ status: 'removed', ...(isThere ? { toErase: bucket } : {}) });
  expect(account.refused().includes('RefuseFilesOfRemovedTenant')).toBe(isThere);
});

test.each([
  { step: 1, when: 'before' as const },
  { step: 1, when: 'after' as const },
  { step: 2, when: 'before' as const },
  { step: 2, when: 'after' as const },
])('a removal that is interrupted $when its step $step is finished later', async ({ step, when }) => {
  const { account, ask, status } = startOf();
  await ask('provision');
  account.breakOff = { at: account.calls.length + step, when };
  await expect(ask('remove')).rejects.toThrow('interrupted');
  expect(status()).toBe('removing');
  expect(await ask('remove')).toMatchObject({ status: 'removed', toErase: bucket });
  expect(account.refused()).toContain('RefuseFilesOfRemovedTenant');
  expect(account.isBackedUp).toBe(false);
});

test.each(['createBucket', 'getPublicAccessBlock', 'putBucketPolicy', 'putBucketTagging'])(
  'a tenant that is removed right after %s does not keep an open bucket',
  async (name) => {
    const { account, ask, status } = startOf();
    account.afterCall = async (call) => {
      if (call === name) {
        account.afterCall = undefined;
        await ask('remove');
      }
    };
    await expect(ask('provision')).rejects.toThrow(/became removed while it was provisioned/);
    expect(status()).toBe('removed');
    expect(account.refused()).toContain('RefuseFilesOfRemovedTenant');
    expect(account.isBackedUp).toBe(false);
  },
);

test('a name that another account has is refused, and nothing is set there', async () => {
  const { account, ask, status } = startOf();
  account.set.createBucket = { Bucket: bucket };
  account.owner = '444455556666';
  await expect(ask('provision')).rejects.toThrow(`bucket ${bucket} belongs to another account`);
  expect(account.calls).toEqual(['createBucket']);
  expect(status()).toBe('provisioning');
});

test('a bucket that the public could be let into is refused', async () => {
  const { account, ask } = startOf();
  account.isPublic = true;
  await expect(ask('provision')).rejects.toThrow(/lacks BlockPublicPolicy/);
  expect(account.set).not.toHaveProperty('putBucketTagging');
});
