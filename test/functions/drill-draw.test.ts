import { drawBucket, type Surroundings } from '../../lib/functions/drill-draw/draw';
import type { TenantRecord } from '../../lib/functions/tenant-provisioner/tenant-catalogue';

const now = new Date('2026-12-01T04:00:00Z');
const tenant = (name: string, over: Partial<TenantRecord> = {}): TenantRecord => ({
  tenant: name,
  status: 'ready',
  since: '2026-10-01T00:00:00Z',
  bucket: `bucket-of-${name}`,
  ...over,
});

function draw(records: readonly TenantRecord[], over: Partial<Surroundings> = {}) {
  const updates: unknown[] = [];
  const evidence: string[] = [];
  const limits: number[] = [];
  const drawn = drawBucket({
    catalogue: { every: async () => records },
    backup: {
      updateRestoreTestingSelection: async (input: unknown) => {
        updates.push(input);
        return {};
      },
    } as Surroundings['backup'],
    bucketArn: 'arn:aws:s3:::',
    plan: 'production_restore_drill',
    selection: 'files',
    now: () => now,
    below: (limit) => {
      limits.push(limit);
      return limit - 1;
    },
    write: (line) => evidence.push(JSON.parse(line)),
    ...over,
  });
  return { drawn, updates, evidence, limits };
}

test('one of the tenants in use is drawn, none that is gone, without a bucket, or too young to have a copy', async () => {
  const { drawn, updates, evidence, limits } = draw([
    tenant('one'),
    tenant('two', { since: '2026-11-30T12:00:00Z', readySince: '2026-10-01T00:00:00Z' }),
    tenant('gone', { status: 'removed' }),
    tenant('young', { since: '2026-11-28T12:00:00Z' }),
    tenant('bare', { bucket: undefined }),
  ]);
  expect(await drawn).toBe('arn:aws:s3:::bucket-of-two');
  expect(limits).toEqual([2]);
  expect(updates).toEqual([
    {
      RestoreTestingPlanName: 'production_restore_drill',
      RestoreTestingSelectionName: 'files',
      RestoreTestingSelection: { ProtectedResourceArns: ['arn:aws:s3:::bucket-of-two'] },
    },
  ]);
  expect(evidence).toEqual([
    { evidence: 'drill-draw', at: now.toISOString(), of: 2, bucket: 'arn:aws:s3:::bucket-of-two' },
  ]);
});

test('without a tenant the selection stays as it is, and the evidence says so', async () => {
  const { drawn, updates, evidence } = draw([tenant('gone', { status: 'removed' })]);
  expect(await drawn).toBeUndefined();
  expect(updates).toEqual([]);
  expect(evidence).toEqual([{ evidence: 'drill-draw', at: now.toISOString(), of: 0, bucket: null }]);
});

test('fails when the selection cannot be changed, so that somebody is told', async () => {
  const backup = {
    updateRestoreTestingSelection: () => Promise.reject(new Error('denied')),
  } as unknown as Surroundings['backup'];
  await expect(draw([tenant('one')], { backup }).drawn).rejects.toThrow('denied');
});
