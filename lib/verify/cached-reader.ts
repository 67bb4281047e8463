import type { AccountReader, FailedRead, ReadResult } from '../control/live';
import { failedRead } from './failed-read';
import { canonicalJson, plainObject } from './plain-data';
import { readingOperation, type SdkClients } from './sdk-clients';

/** Pages of one listing before it counts as endless. At 25 to 100 items a page that is more than an account holds. */
export const maximumPages = 500;

/** Requests under way at once in a Region: services throttle by account and Region, and others call them too. */
const maximumRequests = 6;

type Output = Readonly<Record<string, unknown>>;

/** How services name what leads to the next page in an answer, and what carries it in the next request. */
const tokens: readonly (readonly [output: string, input: string])[] = [
  ['NextToken', 'NextToken'],
  ['nextToken', 'nextToken'],
  ['NextMarker', 'Marker'],
  ['Marker', 'Marker'],
];

/** Reads the account through SDK clients: each request once in a run, a few at a time, lists whole or not at all. */
export class CachedReader implements AccountReader {
  private readonly answers = new Map<string, Promise<ReadResult<Output>>>();
  private readonly elsewhere = new Map<string, CachedReader>();
  private readonly waiting: (() => void)[] = [];
  private underWay = 0;

  constructor(
    private readonly clients: SdkClients,
    readonly accountId: string,
    readonly region: string,
    readonly now: Date,
  ) {}

  async read(action: string, input: Output = {}): Promise<ReadResult<Output>> {
    const answer = await this.request(action, input);
    return answer.ok && nextPage(answer.value)
      ? incomplete('the answer goes on for more pages, and only the first was asked for')
      : answer;
  }

  async list(action: string, field: string, input: Output = {}): Promise<ReadResult<readonly unknown[]>> {
    const items: unknown[] = [];
    const seen = new Set<string>();
    let page: Output = {};
    for (let number = 1; number <= maximumPages; number++) {
      const answer = await this.request(action, { ...input, ...page });
      const part = answer.ok ? itemsOf(answer.value, field) : answer;
      if (!part.ok) {
        return number === 1 ? part : incomplete(`page ${number} failed: ${part.message}`);
      }
      items.push(...part.value);
      const next = answer.ok ? nextPage(answer.value) : undefined;
      if (!next) {
        return { ok: true, value: items };
      }
      if (seen.size === seen.add(canonicalJson(next)).size) {
        return incomplete(`page ${number} leads back to a page that was read already`);
      }
      page = next;
    }
    return incomplete(`more than ${maximumPages} pages`);
  }

  in(region: string): CachedReader {
    if (region === this.region) {
      return this;
    }
    let reader = this.elsewhere.get(region);
    if (!reader) {
      reader = new CachedReader(this.clients.in(region), this.accountId, region, this.now);
      this.elsewhere.set(region, reader);
    }
    return reader;
  }

  /** Closes the connections, to other Regions too; nothing can be read afterwards. */
  close(): void {
    this.clients.close();
    for (const reader of this.elsewhere.values()) {
      reader.close();
    }
  }

  private request(action: string, input: Output): Promise<ReadResult<Output>> {
    readingOperation(action);
    const key = `${action} ${canonicalJson(input)}`;
    let answer = this.answers.get(key);
    if (!answer) {
      answer = this.inTurn(() => this.send(action, input));
      this.answers.set(key, answer);
    }
    return answer;
  }

  private async send(action: string, input: Output): Promise<ReadResult<Output>> {
    try {
      return { ok: true, value: plainObject(await this.clients.send(action, input)) };
    } catch (error) {
      return failedRead(error);
    }
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.underWay >= maximumRequests) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.underWay++;
    }
    try {
      return await work();
    } finally {
      // The turn passes to the next one in line; only where nobody waits does it end
      const next = this.waiting.shift();
      if (next) {
        next();
      } else {
        this.underWay--;
      }
    }
  }
}

function itemsOf(answer: Output, field: string): ReadResult<readonly unknown[]> {
  const items = answer[field];
  return Array.isArray(items)
    ? { ok: true, value: items }
    : { ok: false, failure: 'failed', message: `the answer holds no list ${field}` };
}

function nextPage(answer: Output): Output | undefined {
  for (const [output, input] of tokens) {
    const token = answer[output];
    if (typeof token === 'string' && token !== '' && answer.IsTruncated !== false) {
      return { [input]: token };
    }
  }
  return undefined;
}

function incomplete(message: string): FailedRead {
  return { ok: false, failure: 'incomplete', message };
}
