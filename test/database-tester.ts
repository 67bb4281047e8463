import type { ControlCases, DatabaseCase } from '../lib/control/cases';
import type { FigureValue } from '../lib/control/claim';
import type { Control } from '../lib/control/control';
import type { DatabaseHalf, DatabaseReader } from '../lib/control/database';
import type { ControlEvidence } from '../lib/control/evidence';
import type { Fact } from '../lib/control/fact';
import type { ReadFailure, ReadResult } from '../lib/control/live';
import { openDatabase } from '../lib/verify/open-database';
import { verifyDatabase } from '../lib/verify/verify-database';
import { figuresOf, messageOf } from './control-tester';
import type { SampleDatabases } from './database/sample-databases';

const failures: readonly ReadFailure[] = ['denied', 'throttled', 'not-implemented', 'incomplete', 'failed'];
const modes = ['rls', 'database'] as const;
type Mode = DatabaseCase['mode'];

/** What a database answered, so that it can be asked again without it; one answer may be exchanged for a failure. */
class RecordedDatabase implements DatabaseReader {
  readonly answers = new Map<string, ReadResult<readonly Fact[]>>();

  constructor(
    private readonly database: DatabaseReader | undefined,
    readonly name: string,
    readonly now: Date,
    recorded: Iterable<readonly [string, ReadResult<readonly Fact[]>]> = [],
  ) {
    for (const [key, answer] of recorded) {
      this.answers.set(key, answer);
    }
  }

  async query(sql: string, values: readonly unknown[] = []): Promise<ReadResult<readonly Fact[]>> {
    const key = JSON.stringify([sql, values]);
    const answer = this.answers.get(key) ?? (await this.database?.query(sql, values));
    if (!answer) {
      throw new Error(`no answer is recorded to ${sql}`);
    }
    this.answers.set(key, answer);
    return answer;
  }
}

/** Judges a database as the role that `verify` logs in with. */
async function look(control: Control, reader: DatabaseReader, figures: Readonly<Record<string, FigureValue>>) {
  const { controls, facts } = await verifyDatabase({
    controls: [control],
    figures: figuresOf(control, figures),
    database: reader,
    target: `database/localhost/${reader.name}`,
  });
  const [evidence] = controls;
  if (!evidence) {
    throw new Error(`control ${control.id} was not verified`);
  }
  return { evidence, facts: facts[control.id] };
}

async function record(samples: SampleDatabases, mode: Mode, control: Control, figures: DatabaseCase['figures'] = {}) {
  const database = await openDatabase({ url: samples.url(mode) });
  try {
    const reader = new RecordedDatabase(database, database.name, database.now);
    const found = await look(control, reader, figuresFor(control, mode, figures));
    return { ...found, reader };
  } finally {
    await database.close();
  }
}

/** The figures of a profile that keeps tenants apart as the database does. */
function figuresFor(control: Control, mode: Mode, given: DatabaseCase['figures'] = {}) {
  return { ...(Object.hasOwn(control.parameters, 'tenancy.mode') ? { 'tenancy.mode': mode } : {}), ...given };
}

/** What a case came to, in the words of its expectation. */
function summary(control: Control, { verdict, subjects }: ControlEvidence, { expect: expected }: DatabaseCase) {
  const at = subjects.filter((subject) => expected.subject === undefined || subject.logicalId === expected.subject);
  const messages = at.map((subject) => messageOf(control, subject));
  return {
    verdict,
    message: expected.message === undefined || messages.includes(expected.message) ? expected.message : messages,
    subject:
      expected.subject === undefined || at.some((subject) => subject.verdict === verdict)
        ? expected.subject
        : subjects.map((each) => `${each.logicalId}: ${each.verdict} ${each.message ?? ''}`),
  };
}

/**
 * Law 7, for every control with a database half, on a real server: the database as it was set up satisfies, each change of it comes to
 * what its case says, a query that fails in any way is not assessed, facts are plain data, and judging them is pure.
 */
export function describeDatabaseHalf(
  control: Control,
  half: DatabaseHalf,
  cases: ControlCases,
  samples: () => SampleDatabases,
): void {
  const given = cases.database ?? [];

  test('law 7: database cases are told apart, and some change is found out', () => {
    const names = given.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(given.some(({ change, expect: { verdict } }) => change.length > 0 && verdict === 'not-satisfied')).toBe(
      true,
    );
    expect(half.expects !== 'at-least-one' || Object.hasOwn(control.messages, 'missing')).toBe(true);
  });

  test.each(modes)('law 7: the database as it was set up keeps it, %s', async (mode) => {
    const { evidence, facts } = await record(samples(), mode, control);
    const open = evidence.subjects.filter(({ verdict }) => verdict === 'not-satisfied' || verdict === 'not-assessed');
    expect(open.map(({ logicalId, message }) => [logicalId, message])).toEqual([]);
    const judgesMode = given.some((each) => each.mode === mode && each.expect.verdict === 'not-satisfied');
    expect(['satisfied', ...(judgesMode ? [] : ['not-applicable'])]).toContain(evidence.verdict);
    const stored = JSON.parse(JSON.stringify(facts));
    expect(stored).toEqual(facts);
    const context = { figures: figuresOf(control, figuresFor(control, mode)) };
    expect(half.judge(stored, context)).toEqual(half.judge(facts, context));
  });

  test.each(given.map((each) => [each.name, each] as const))('law 7: database: %s', async (_name, each) => {
    await samples().change(each.mode, each.change);
    try {
      const { evidence } = await record(samples(), each.mode, control, each.figures);
      const { verdict, message, subject } = each.expect;
      expect(summary(control, evidence, each)).toEqual({ verdict, message, subject });
      for (const { verdict: found, message: words } of evidence.subjects) {
        expect([found, words]).toEqual([found, found === 'satisfied' ? undefined : expect.any(String)]);
      }
    } finally {
      await samples().undo(each.mode);
    }
  });

  test.each(modes)('law 7: a query that fails in any way is not assessed, %s', async (mode) => {
    const { reader, evidence } = await record(samples(), mode, control);
    expect(reader.answers.size).toBeGreaterThan(0);
    const answered = [...reader.answers].filter(([, answer]) => answer.ok);
    const wrong: string[] = [];
    for (const [key] of evidence.verdict === 'not-applicable' ? [] : answered) {
      for (const failure of failures) {
        const answers = new Map([...answered, [key, { ok: false as const, failure, message: 'as recorded' }] as const]);
        const again = new RecordedDatabase(undefined, reader.name, reader.now, answers);
        const { evidence: found } = await look(control, again, figuresFor(control, mode));
        if (found.verdict !== 'not-assessed') {
          wrong.push(`${found.verdict} where this ${failure}: ${key}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('law 7: a database that answers nothing satisfies only what may be empty', async () => {
    const nothing: DatabaseReader = { name: 'nothing', now: new Date(), query: async () => ({ ok: true, value: [] }) };
    const { evidence } = await look(control, nothing, {});
    expect(evidence.verdict === 'satisfied' && half.expects === 'at-least-one').toBe(false);
  });
}
