import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';

/** The calls that a sweep makes; tests hand over their own. */
export type LogGroups = Pick<CloudWatchLogs, 'describeLogGroups' | 'listTagsForResource'>;

export interface Surroundings {
  readonly logs: LogGroups;
  readonly report: (subject: string, message: string) => Promise<void>;
}

/** What a log group lacks, and who made it. */
interface Bare {
  readonly name: string;
  readonly lacks: readonly string[];
  readonly arn: string | undefined;
}

/** A message of more is read by nobody; the rest is counted. */
const MOST_IN_A_MESSAGE = 50;

/** Tag that CloudFormation puts on what it makes. */
const STACK_TAG = 'aws:cloudformation:stack-name';

/**
 * Looks at every log group of the account in this Region, and reports those that have no key of ours or no end: a service made them by
 * itself, or somebody by hand, and no template shows either.
 *
 * @returns how many were reported
 * @throws if anything could not be read or sent: half a list would look like a clean account
 */
export async function sweepLogGroups({ logs, report }: Surroundings): Promise<number> {
  const bare = (await everyGroup(logs)).filter(({ lacks }) => lacks.length > 0);
  if (bare.length > 0) {
    const lines = await Promise.all(bare.slice(0, MOST_IN_A_MESSAGE).map((group) => described(logs, group)));
    const rest = bare.length - lines.length;
    const more = rest > 0 ? [`and ${rest} more: aws logs describe-log-groups lists them`] : [];
    await report(`${bare.length} log groups without key or retention`, [...lines, ...more].join('\n'));
  }
  return bare.length;
}

async function everyGroup(logs: LogGroups): Promise<Bare[]> {
  const found: Bare[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.describeLogGroups(nextToken === undefined ? { limit: 50 } : { limit: 50, nextToken });
    if (!page.logGroups) {
      throw new Error('a page of log groups has none, expected a list');
    }
    for (const { logGroupName: name, logGroupArn: arn, kmsKeyId, retentionInDays } of page.logGroups) {
      const lacks = [...(kmsKeyId ? [] : ['key']), ...(retentionInDays === undefined ? ['retention'] : [])];
      found.push({ name: name ?? 'a log group without a name', arn, lacks });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

async function described(logs: LogGroups, { name, lacks, arn }: Bare): Promise<string> {
  const tags = arn === undefined ? {} : ((await logs.listTagsForResource({ resourceArn: arn })).tags ?? {});
  const stack = tags[STACK_TAG];
  const origin = stack === undefined ? 'no stack declares it' : `declared by stack ${stack}`;
  return `${name}: no ${lacks.join(', no ')}; ${origin}`;
}
