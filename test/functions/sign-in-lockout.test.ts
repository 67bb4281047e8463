import type { Counts } from '../../lib/functions/sign-in-lockout/counter';
import { type SignInEvent, signInLockout } from '../../lib/functions/sign-in-lockout/lockout';

type Item = { failures: number; ends: number };
type Update = Parameters<Counts['updateItem']>[0];

/**
 * A table that keeps the promise of DynamoDB: condition and change of one item are one step. Answers arrive late and in any order, so that
 * a count that was read and then written would get lost.
 */
class Table implements Counts {
  readonly items = new Map<string, Item>();
  readonly inputs: Update[] = [];
  fails = false;
  private turn = 0;

  async updateItem(input: Update): Promise<Record<string, never>> {
    await this.answerLater();
    this.inputs.push(input);
    const key = keyOf(input);
    const item = this.items.get(key);
    const value = (name: string) => numberIn(input.ExpressionAttributeValues[name]);
    const isMet =
      input.ConditionExpression === '#ends = :seen AND #failures = :counted'
        ? item?.ends === value(':seen') && item.failures === value(':counted')
        : item === undefined || (item.ends > value(':now') && item.failures < value(':most'));
    if (!isMet) {
      const refusal = Object.assign(new Error('The conditional request failed'), {
        name: 'ConditionalCheckFailedException',
        ...(item ? { Item: { failures: { N: String(item.failures) }, ends: { N: String(item.ends) } } } : {}),
      });
      throw refusal;
    }
    const isNew = input.UpdateExpression.startsWith('SET #failures = :one');
    this.items.set(key, { failures: isNew ? 1 : (item?.failures ?? 0) + 1, ends: value(':ends') });
    return {};
  }

  async deleteItem(input: Pick<Update, 'Key'>): Promise<unknown> {
    await this.answerLater();
    this.items.delete(keyOf(input));
    return {};
  }

  private async answerLater(): Promise<void> {
    if (this.fails) {
      throw Object.assign(new Error('no answer'), { name: 'InternalServerError' });
    }
    this.turn = (this.turn * 7 + 3) % 11;
    for (let waited = 0; waited < this.turn; waited += 1) {
      await Promise.resolve();
    }
  }
}

function numberIn(attribute: Update['Key'][string] | undefined): number {
  return Number(attribute && 'N' in attribute ? attribute.N : Number.NaN);
}

function keyOf({ Key: key }: Pick<Update, 'Key'>): string {
  return JSON.stringify(key);
}

const start = Date.parse('2026-11-20T12:00:00Z');

function lockout(failures = 10, minutes = 30) {
  const table = new Table();
  const clock = { time: start };
  const lines: string[] = [];
  const handler = signInLockout({
    counts: table,
    tableName: 'attempts',
    failures,
    minutes,
    now: () => new Date(clock.time),
    log: (line) => lines.push(line),
  });
  return { table, clock, lines, handler };
}

/** As Cognito sends it before it looks at a password. */
const before = (userName = '8c3f1d50-0001-7044-2e11-0a6b1f5d2c11', over: object = {}): SignInEvent => ({
  triggerSource: 'PreAuthentication_Authentication',
  userPoolId: 'eu-central-1_AbCdEfGhI',
  userName,
  request: { userAttributes: { email: 'ada@example.com', email_verified: 'true' }, validationData: null },
  response: {},
  ...over,
});
const after = (userName?: string): SignInEvent => ({
  ...before(userName),
  triggerSource: 'PostAuthentication_Authentication',
  request: { userAttributes: { email: 'ada@example.com' }, newDeviceUsed: false },
});

async function times(count: number, attempt: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    await attempt();
  }
}

test('ten attempts without success pass to the password check, the eleventh does not', async () => {
  const { handler, lines } = lockout();
  await times(10, () => handler(before()));
  await expect(handler(before())).rejects.toThrow('Too many attempts. Try again in 30 minutes.');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      event: 'sign-in-refused',
      userPoolId: 'eu-central-1_AbCdEfGhI',
      account: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
});

test('of forty attempts at the same moment ten pass: no count is lost', async () => {
  const { handler, table } = lockout();
  const attempts = await Promise.allSettled(Array.from({ length: 40 }, () => handler(before())));
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  expect([...table.items.values()].map(({ failures }) => failures)).toEqual([10]);
});

test('somebody who gets in starts anew', async () => {
  const { handler, table } = lockout();
  await times(9, () => handler(before()));
  await handler(before());
  await handler(after());
  expect(table.items.size).toBe(0);
  await times(10, () => handler(before()));
});

test('a sign-in that stops at the second factor stays counted (trap 18: codes are guessed, too)', async () => {
  const { handler } = lockout(2);
  // The password was right each time, and Cognito asked for a code; only the code's success would call again
  await times(2, () => handler(before()));
  await expect(handler(before())).rejects.toThrow('Too many attempts');
});

test('the lock ends by itself, and trying on does not prolong it (trap 18: anyone can lock a victim)', async () => {
  const { handler, clock } = lockout();
  await times(10, () => handler(before()));
  for (clock.time += 60_000; clock.time < start + 30 * 60_000; clock.time += 60_000) {
    await expect(handler(before())).rejects.toThrow('Too many attempts');
  }
  await handler(before());
});

test('after the lock forty at the same moment get ten attempts again, though the table has not forgotten', async () => {
  const { handler, clock, table } = lockout();
  await times(10, () => handler(before()));
  clock.time += 31 * 60_000;
  const attempts = await Promise.allSettled(Array.from({ length: 40 }, () => handler(before())));
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  expect([...table.items.values()]).toEqual([{ failures: 10, ends: Math.floor(clock.time / 1000) + 1800 }]);
});

test('the table is told when to forget, in seconds', async () => {
  const { handler, table } = lockout(10, 45);
  await handler(before());
  expect([...table.items.values()]).toEqual([{ failures: 1, ends: start / 1000 + 45 * 60 }]);
});

test('a name that nobody has is locked like any other, and told so in the same words', async () => {
  const { handler } = lockout();
  const unknown = before('nobody@example.com', { request: { userAttributes: {}, userNotFound: true } });
  await times(10, () => handler(unknown));
  await expect(handler(unknown)).rejects.toThrow('Too many attempts. Try again in 30 minutes.');
});

test('one lock leaves other accounts and other pools alone; capitals make no other account', async () => {
  const { handler } = lockout(1);
  await handler(before('ada@example.com'));
  await expect(handler(before('ADA@example.com'))).rejects.toThrow('Too many attempts');
  await handler(before('grace@example.com'));
  await handler({ ...before('ada@example.com'), userPoolId: 'eu-central-1_Other' });
});

test('neither the table nor the log learns a name', async () => {
  const { handler, lines, table } = lockout(1);
  await handler(before('ada@example.com'));
  await expect(handler(before('ada@example.com'))).rejects.toThrow('Too many attempts');
  expect(JSON.stringify([lines, table.inputs])).not.toContain('ada');
});

test('fails closed: without an answer of the table nobody signs in', async () => {
  const { handler, table } = lockout();
  table.fails = true;
  await expect(handler(before())).rejects.toThrow('no answer');
});

test('fails where it is attached to another trigger: it would count nothing', async () => {
  const { handler } = lockout();
  await expect(handler(before('ada', { triggerSource: 'PreSignUp_SignUp' }))).rejects.toThrow('attach it to these two');
});
