import { type LogGroups, sweepLogGroups } from '../../lib/functions/log-group-sweep/sweep';

interface Group {
  readonly logGroupName: string;
  readonly kmsKeyId?: string;
  readonly retentionInDays?: number;
  readonly stack?: string;
}

const key = 'arn:aws:kms:eu-central-1:111122223333:key/0f0e0d0c-0b0a-4908-8706-050403020100';
const arnOf = (name: string) => `arn:aws:logs:eu-central-1:111122223333:log-group:${name}`;

/** An account in which each page of the listing holds two log groups. */
class Account implements LogGroups {
  pages = 0;

  constructor(private readonly groups: readonly Group[]) {}

  async describeLogGroups({ nextToken }: { nextToken?: string }) {
    this.pages += 1;
    const from = Number(nextToken ?? 0);
    const page = this.groups.slice(from, from + 2).map(({ stack: _stack, ...group }) => ({
      ...group,
      arn: `${arnOf(group.logGroupName)}:*`,
      logGroupArn: arnOf(group.logGroupName),
      creationTime: 1_763_640_000_000,
      metricFilterCount: 0,
      storedBytes: 1024,
      logGroupClass: 'STANDARD',
    }));
    return { logGroups: page, ...(from + 2 < this.groups.length ? { nextToken: String(from + 2) } : {}) };
  }

  async listTagsForResource({ resourceArn }: { resourceArn: string }): Promise<{ tags: Record<string, string> }> {
    const stack = this.groups.find(({ logGroupName }) => arnOf(logGroupName) === resourceArn)?.stack;
    return { tags: stack === undefined ? {} : { 'aws:cloudformation:stack-name': stack } };
  }
}

async function sweep(logs: LogGroups) {
  const reports: [string, string][] = [];
  const count = await sweepLogGroups({
    logs,
    report: async (subject, message) => {
      reports.push([subject, message]);
    },
  });
  return { count, reports };
}

test('what a service made by itself is reported, wherever in the listing it stands', async () => {
  const account = new Account([
    { logGroupName: '/production/trail', kmsKeyId: key, retentionInDays: 731 },
    { logGroupName: '/aws/lambda/by-hand' },
    { logGroupName: '/aws/rds/cluster/tenants/postgresql', retentionInDays: 731, stack: 'production-Data' },
    { logGroupName: '/aws/codebuild/images', kmsKeyId: key },
    { logGroupName: '/production/flows', kmsKeyId: key, retentionInDays: 731 },
  ]);
  const { count, reports } = await sweep(account);
  expect(count).toBe(3);
  expect(account.pages).toBe(3);
  expect(reports).toEqual([
    [
      '3 log groups without key or retention',
      [
        '/aws/lambda/by-hand: no key, no retention; no stack declares it',
        '/aws/rds/cluster/tenants/postgresql: no key; declared by stack production-Data',
        '/aws/codebuild/images: no retention; no stack declares it',
      ].join('\n'),
    ],
  ]);
});

test('an account whose log groups are all kept well is not talked about', async () => {
  const { count, reports } = await sweep(
    new Account([{ logGroupName: '/production/trail', kmsKeyId: key, retentionInDays: 731 }]),
  );
  expect([count, reports]).toEqual([0, []]);
});

test('a report that would be too long is cut, and says so', async () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ logGroupName: `/aws/lambda/${index}` }));
  const { count, reports } = await sweep(new Account(many));
  const lines = (reports[0]?.[1] ?? '').split('\n');
  expect([count, lines.length, lines.at(-1)]).toEqual([60, 51, 'and 10 more: aws logs describe-log-groups lists them']);
});

test('half a list is no clean account', async () => {
  const account = new Account([{ logGroupName: '/a' }, { logGroupName: '/b' }, { logGroupName: '/c' }]);
  const failing: LogGroups = {
    describeLogGroups: async (input) => {
      if (input.nextToken !== undefined) {
        throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      }
      return account.describeLogGroups(input);
    },
    listTagsForResource: (input) => account.listTagsForResource(input),
  };
  await expect(sweep(failing)).rejects.toThrow('Rate exceeded');
  await expect(sweep({ ...failing, describeLogGroups: async () => ({}) })).rejects.toThrow('expected a list');
});
