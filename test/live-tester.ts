import type { ControlCases, LiveCase } from '../lib/control/cases';
import type { Control } from '../lib/control/control';
import type { ControlEvidence } from '../lib/control/evidence';
import type { AccountReader, LiveHalf, ReadFailure } from '../lib/control/live';
import { verifyAccount } from '../lib/verify/verify-account';
import { figuresOf, messageOf } from './control-tester';
import { RecordedAccount } from './recorded-account';

const failures: readonly ReadFailure[] = ['denied', 'throttled', 'not-implemented', 'incomplete', 'failed'];

/** Runs a live case, and judges its facts twice: both answers. */
async function run(control: Control, half: LiveHalf, given: LiveCase, answers = given.answers) {
  const account = new RecordedAccount(answers, given.now);
  const figures = figuresOf(control, given.figures);
  const evidence = await verifyAccount({ controls: [control], figures, account });
  const facts = evidence.facts[control.id];
  const again = facts === null ? undefined : judged(() => half.judge(facts, { figures }));
  const stored = facts === null ? undefined : judged(() => half.judge(JSON.parse(JSON.stringify(facts)), { figures }));
  const [first] = evidence.controls;
  if (!first) {
    throw new Error(`control ${control.id} was not verified`);
  }
  return { evidence: first, again, stored, asked: account.asked };
}

function judged(judge: () => unknown): unknown {
  try {
    return judge();
  } catch (error) {
    return String(error);
  }
}

/** What a case came to, in the words of its expectation. */
function summary(control: Control, { verdict, subjects }: ControlEvidence, { expect: expected }: LiveCase) {
  const at = subjects.filter((subject) => expected.subject === undefined || subject.logicalId === expected.subject);
  const messages = at.map((subject) => messageOf(control, subject));
  return {
    verdict,
    message: expected.message === undefined || messages.includes(expected.message) ? expected.message : messages,
    subject: at.some((subject) => subject.verdict === verdict)
      ? expected.subject
      : subjects.map((each) => each.logicalId),
  };
}

/**
 * Law 6, for every control with a live half: its recorded cases come out as they say; an account with nothing in it satisfies only
 * what may be empty; a read that fails in any way is not assessed; judging is pure; what is declared is read, and nothing else.
 */
export function describeLiveHalf(control: Control, half: LiveHalf, cases: ControlCases): void {
  const live = cases.live ?? [];
  const satisfiedCase = live.find(({ expect: { verdict } }) => verdict === 'satisfied');

  test('law 6: live cases are told apart, and one of them satisfies', () => {
    const names = live.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(satisfiedCase).toBeDefined();
    expect(half.expects !== 'at-least-one' || Object.hasOwn(control.messages, 'missing')).toBe(true);
  });

  test.each(live.map((given) => [given.name, given] as const))('law 6: live: %s', async (_name, given) => {
    const { evidence, again, stored } = await run(control, half, given);
    const { verdict, message, subject } = given.expect;
    expect(summary(control, evidence, given)).toEqual({ verdict, message, subject });
    expect(again).toEqual(stored);
    for (const { verdict: each, message: words } of evidence.subjects) {
      expect([each, words]).toEqual([each, each === 'satisfied' ? undefined : expect.any(String)]);
    }
  });

  test('law 6: an account with nothing in it satisfies only what may be empty', async () => {
    const empty = new RecordedAccount({});
    const account: AccountReader = Object.assign(empty, {
      read: async () => ({ ok: true as const, value: {} }),
      list: async () => ({ ok: true as const, value: [] }),
      in: () => account,
    });
    const evidence = await verifyAccount({ controls: [control], figures: figuresOf(control), account });
    expect(evidence.controls.map(({ verdict }) => verdict === 'satisfied')).toEqual([half.expects === 'any-number']);
  });

  test.each(half.reads.flatMap((action) => failures.map((failure) => [action, failure] as const)))(
    'law 6: %s %s is not assessed',
    async (action, failure) => {
      if (!satisfiedCase) {
        throw new Error('no live case satisfies');
      }
      const answers = { ...satisfiedCase.answers, [action]: { failure } };
      const { evidence } = await run(control, half, satisfiedCase, answers);
      expect(evidence.verdict).toBe('not-assessed');
      expect(evidence.subjects.map(({ message }) => message ?? '').join('\n')).toContain(action);
    },
  );

  test('law 6: what is declared is read, and nothing else', async () => {
    const asked = new Set<string>();
    for (const given of live) {
      for (const action of (await run(control, half, given)).asked) {
        asked.add(action);
      }
    }
    expect([...asked].sort()).toEqual([...half.reads].sort());
  });
}
