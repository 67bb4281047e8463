import { isDeepStrictEqual } from 'node:util';
import type { LiveAnswer, LiveCase } from '../lib/control/cases';
import type { AccountReader, ReadResult } from '../lib/control/live';

/** An account that gives the answers of a live case, and keeps which actions were asked. */
export class RecordedAccount implements AccountReader {
  readonly accountId = '111122223333';
  readonly now: Date;

  constructor(
    private readonly answers: LiveCase['answers'],
    now = '2026-03-02T12:00:00.000Z',
    readonly region = 'eu-central-1',
    readonly asked = new Set<string>(),
  ) {
    this.now = new Date(now);
  }

  in(region: string) {
    return new RecordedAccount(this.answers, this.now.toISOString(), region, this.asked);
  }

  async read(action: string, input: Readonly<Record<string, unknown>> = {}) {
    return this.answer(action, input);
  }

  async list(action: string, field: string, input: Readonly<Record<string, unknown>> = {}) {
    const answer = this.answer(action, input);
    if (!answer.ok) {
      return answer;
    }
    const items = answer.value[field];
    if (!Array.isArray(items)) {
      throw new Error(`the recorded answer to ${action} has no list ${field}`);
    }
    return { ok: true as const, value: items };
  }

  private answer(
    action: string,
    input: Readonly<Record<string, unknown>>,
  ): ReadResult<Readonly<Record<string, unknown>>> {
    this.asked.add(action);
    const recorded: LiveAnswer | readonly LiveAnswer[] = this.answers[action] ?? [];
    const list: readonly LiveAnswer[] = Array.isArray(recorded) ? recorded : [recorded as LiveAnswer];
    const answer = list.find(
      ({ when = {}, region = this.region }) =>
        region === this.region &&
        // Cloned both: a list that comes from an earlier answer has another prototype than one of a case
        Object.entries(when).every(([key, value]) =>
          isDeepStrictEqual(structuredClone(input[key]), structuredClone(value)),
        ),
    );
    if (!answer) {
      throw new Error(`no answer is recorded to ${action} in ${this.region} with ${JSON.stringify(input)}`);
    }
    return 'failure' in answer
      ? { ok: false, failure: answer.failure, message: answer.message ?? 'as recorded' }
      : { ok: true, value: structuredClone(answer.value) };
  }
}
