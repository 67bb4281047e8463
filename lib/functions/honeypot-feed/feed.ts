import { isIP } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { changeAddresses, type IPSetName, type IPSets } from './ip-set';

/** What CloudWatch Logs sends: a compressed batch of log lines; or the schedule: it is time to let addresses go. */
export type FeedEvent = { readonly awslogs: { readonly data: string } } | { readonly turn: true };

/** Both generations of both kinds of addresses. */
export interface Generations {
  readonly v4: { readonly recent: IPSetName; readonly earlier: IPSetName };
  readonly v6: { readonly recent: IPSetName; readonly earlier: IPSetName };
}

export interface Surroundings {
  readonly sets: IPSets;
  readonly generations: Generations;
  /** Waits; tests do not. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** One decision of AWS WAF, as far as it is read here. */
interface Decision {
  readonly action?: string;
  readonly terminatingRuleId?: string;
  readonly httpRequest?: {
    readonly clientIp?: string;
    readonly headers?: readonly { readonly name: string; readonly value: string }[];
  };
}

/** Name of the rule that decoys trip. */
const RULE = 'honeypot';

/**
 * Makes the handler: blocks who took the bait, and on every turn of the schedule lets those go who were blocked for a whole turn.
 *
 * @throws if a batch cannot be read or a set not be written: a hit that is lost in silence would look like nobody scanning
 */
export function honeypotFeed(around: Surroundings): (event: FeedEvent) => Promise<void> {
  return (event) => ('turn' in event ? turn(around) : learn(around, event.awslogs.data));
}

async function learn(around: Surroundings, data: string): Promise<void> {
  const { v4, v6 } = around.generations;
  const caught = [...new Set(decisionsIn(data).filter(isBait).flatMap(addressOf))];
  for (const [{ recent }, found] of [
    [v4, caught.filter((range) => range.endsWith('/32'))],
    [v6, caught.filter((range) => range.endsWith('/64'))],
  ] as const) {
    if (found.length > 0) {
      await changeAddresses(around.sets, recent, (present) => [...present, ...found], around.pause);
    }
  }
}

/** What was recent is earlier, and what was earlier is gone. Earlier is written first: nobody gets out in between. */
async function turn({ sets, generations, pause }: Surroundings): Promise<void> {
  for (const { recent, earlier } of [generations.v4, generations.v6]) {
    const moved = await changeAddresses(sets, recent, (present) => present, pause);
    await changeAddresses(sets, earlier, () => moved, pause);
    // What came in since the set was read stays for the next turn
    await changeAddresses(sets, recent, (present) => present.filter((each) => !moved.includes(each)), pause);
  }
}

function decisionsIn(data: string): Decision[] {
  const batch: { messageType?: string; logEvents?: readonly { message: string }[] } = JSON.parse(
    gunzipSync(Buffer.from(data, 'base64')).toString('utf8'),
  );
  if (batch.messageType === 'CONTROL_MESSAGE') {
    return [];
  }
  if (!batch.logEvents) {
    throw new Error('a batch of log lines has no logEvents, expected those of a subscription');
  }
  return batch.logEvents.map(({ message }) => JSON.parse(message));
}

/**
 * A browser that fetches a decoy because a page told it to says so: another site could otherwise have its visitors locked out with
 * a single picture. The request is refused all the same; only its address is not learnt. Scanners send no such header, and who types
 * the address sends `none`.
 */
function isBait({ action, terminatingRuleId, httpRequest }: Decision): boolean {
  const told = httpRequest?.headers?.find(({ name }) => name.toLowerCase() === 'sec-fetch-site')?.value;
  return action === 'BLOCK' && terminatingRuleId === RULE && (told === undefined || told === 'none');
}

/** One IPv4 address, or the /64 of an IPv6 address: every line of a household or server has one, and may use all of it. */
function addressOf({ httpRequest }: Decision): string[] {
  const address = httpRequest?.clientIp ?? '';
  const mapped = address.toLowerCase().startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  if (isIP(mapped) === 4) {
    return [`${mapped}/32`];
  }
  if (isIP(address) === 6) {
    return [`${prefixOf(address)}/64`];
  }
  throw new Error(`a decision of the firewall names the client '${address}', expected an IP address`);
}

/** Written out in full, as AWS WAF returns what it was given: the same address must look the same. */
function prefixOf(address: string): string {
  const [front = '', back] = address.split('::');
  const head = front ? front.split(':') : [];
  const tail = back ? back.split(':') : [];
  const left = back === undefined ? [] : Array<string>(8 - head.length - tail.length).fill('0');
  const prefix = [...head, ...left, ...tail].slice(0, 4);
  return [...prefix, '0', '0', '0', '0'].map((group) => group.toLowerCase().padStart(4, '0')).join(':');
}
