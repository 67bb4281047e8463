import type { DynamoDB } from '@aws-sdk/client-dynamodb';

/** The calls that keep a count; tests hand over their own. */
export type Counts = Pick<DynamoDB, 'updateItem' | 'deleteItem'>;

export interface CounterProps {
  readonly counts: Counts;
  readonly tableName: string;
  /** Attempts without success after which no further one is let through. */
  readonly failures: number;
  /** Minutes for which the account then stays locked, counted from the last attempt that was let through. */
  readonly minutes: number;
  readonly now: () => Date;
}

/** How often a count that ended is begun anew against others who do the same. */
const ATTEMPTS = 5;

/**
 * Counts an attempt to sign in, unless there were too many.
 *
 * Each count is one conditional write: of attempts at the same moment none is lost, and no more than `failures` of them pass. An attempt
 * that is refused counts for nothing, so that nobody can keep somebody out for ever by trying on.
 *
 * @returns whether the attempt may go on
 * @throws if the table does not answer, or if others were faster five times in a row
 */
export async function countAttempt(account: string, props: CounterProps): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const now = seconds(props.now());
    const refused = await write(account, props, now, {
      UpdateExpression: 'SET #failures = if_not_exists(#failures, :none) + :one, #ends = :ends',
      ConditionExpression: 'attribute_not_exists(#ends) OR (#ends > :now AND #failures < :most)',
      values: { ':none': 0, ':now': now, ':most': props.failures },
    });
    if (refused === undefined) {
      return true;
    }
    if (refused.ends > now) {
      return false;
    }
    // The time is over, though the table has not forgotten yet: begin anew, unless somebody else just did
    const overtaken = await write(account, props, now, {
      UpdateExpression: 'SET #failures = :one, #ends = :ends',
      ConditionExpression: '#ends = :seen AND #failures = :counted',
      values: { ':seen': refused.ends, ':counted': refused.failures },
    });
    if (overtaken === undefined) {
      return true;
    }
  }
  throw new Error(`the count of an account changed ${ATTEMPTS} times while it was written, expected to be first once`);
}

/** Forgets the attempts of an account: somebody has signed in. */
export async function clearAttempts(account: string, { counts, tableName }: CounterProps): Promise<void> {
  await counts.deleteItem({ TableName: tableName, Key: { account: { S: account } } });
}

interface Count {
  readonly failures: number;
  /** Seconds since 1970. */
  readonly ends: number;
}

/** The count that is there where its condition refused the write, otherwise nothing. */
async function write(
  account: string,
  { counts, tableName, minutes }: CounterProps,
  now: number,
  change: { UpdateExpression: string; ConditionExpression: string; values: Readonly<Record<string, number>> },
): Promise<Count | undefined> {
  const values = { ...change.values, ':one': 1, ':ends': now + minutes * 60 };
  try {
    await counts.updateItem({
      TableName: tableName,
      Key: { account: { S: account } },
      UpdateExpression: change.UpdateExpression,
      ConditionExpression: change.ConditionExpression,
      ExpressionAttributeNames: { '#failures': 'failures', '#ends': 'ends' },
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, { N: String(value) }]),
      ),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    return undefined;
  } catch (error) {
    return countOf(error);
  }
}

/** What the refusal says of the item; any other error is not ours to read. */
function countOf(error: unknown): Count {
  if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') {
    throw error;
  }
  const { Item: item }: Error & { Item?: Record<string, { N?: string }> } = error;
  // Gone in between: a time that is over, which the next round finds absent
  return { failures: Number(item?.failures?.N ?? 0), ends: Number(item?.ends?.N ?? 0) };
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
