import { Match, Template } from 'aws-cdk-lib/assertions';
import { type ClockQuestion, incidentClock } from '../../lib/functions/incident-clock/clock';
import { type Definition, definitionOf, interpret, statesOf } from './interpret';
import { environment, FIGURES } from './synthesize';

const template = Template.fromStack(environment().privacy);
const { requests } = FIGURES;
const extensible = Template.fromStack(environment({}, { requests: { ...requests, extensionMonths: 2 } }).privacy);

const name = 'production-data-subject-request';
const definition = definitionOf(template, name);
const withExtension = definitionOf(extensible, name);

const nobody = 'nobody answers';
type Answer = typeof nobody | object;

const identified = { by: 'the privacy lead', identity: 'signed in' };
const answered = { by: 'the privacy lead', answer: 'a copy', sentAt: '2026-02-10T10:00:00Z', reference: 'r-1/copy' };
const told = { by: 'the privacy lead', reason: 'forty systems', toldAt: '2026-02-20T10:00:00Z' };

interface Rehearsal {
  readonly of?: Definition;
  readonly right?: string;
  readonly receivedAt?: string;
  /** When the execution starts. @default - at the receipt */
  readonly startedAt?: string;
  /** What people answer one after the other in each step, and the last one again. @default - as they should */
  readonly answers?: Readonly<Record<string, readonly Answer[]>>;
  readonly failing?: Readonly<Record<string, number>>;
  readonly input?: object;
  /** Time of the decisions, behind everything that people did. */
  readonly decidedAt?: string;
}

const usual: Readonly<Record<string, readonly Answer[]>> = {
  Identify: [identified],
  Answer: [answered],
  AnswerLater: [answered],
  OptOut: [answered],
};

/** Runs the definition with the real clock; where nobody answers, the time goes by that the step waits. */
async function rehearse({
  of = definition,
  right = 'access',
  receivedAt = '2026-01-31T10:00:00Z',
  ...given
}: Rehearsal) {
  let now = Date.parse(given.startedAt ?? receivedAt);
  let seconds = 0;
  const path: string[] = [];
  const at: Record<string, string> = {};
  const said: Record<string, unknown> = {};
  const turns: Record<string, number> = {};
  const once = (state: string) => {
    const turn = turns[state] ?? 0;
    turns[state] = turn + 1;
    return turn;
  };
  const tasks = statesOf(of).filter(([, { Type: type }]) => type === 'Task');
  const handlers = tasks.map(([state, { Resource: resource = '' }]) => {
    const handler = (asked: { Payload?: ClockQuestion }) => {
      if (path.length > 200) {
        throw new Error('the process runs in a circle');
      }
      if (resource.endsWith(':lambda:invoke') && asked.Payload) {
        const answer = incidentClock({ ...asked.Payload, now: new Date(now).toISOString() });
        seconds = answer.seconds;
        return { Payload: answer };
      }
      path.push(state);
      at[state] = new Date(now).toISOString();
      said[state] = asked;
      if (!resource.endsWith('.waitForTaskToken')) {
        if (once(state) < (given.failing?.[state] ?? 0)) {
          throw new Error('refused');
        }
        return {};
      }
      const list = given.answers?.[state] ?? usual[state] ?? [];
      const answer = list[Math.min(once(state), list.length - 1)] ?? nobody;
      if (answer === nobody) {
        now += seconds * 1000;
        throw Object.assign(new Error(nobody), { name: 'States.Timeout' });
      }
      return answer;
    };
    return [state, handler] as const;
  });
  const context = {
    State: { EnteredTime: given.decidedAt ?? '2026-12-31T00:00:00Z', Name: 'any' },
    Task: { Token: 't' },
  };
  const input = given.input ?? { request: { id: 'r-1', right, receivedAt } };
  const outcome = await interpret(of, input, Object.fromEntries(handlers), context);
  return { path, at, said, ...outcome };
}

test.each([
  'access',
  'rectification',
  'erasure',
  'restriction',
  'portability',
  'objection',
  'know',
  'delete',
  'whatever the letter said',
])('%s is confirmed, answered, recorded, and closed', async (right) => {
  const { path, said, ...outcome } = await rehearse({ right });
  expect(outcome).not.toHaveProperty('error');
  expect(path).toEqual(['Identify', 'Answer', 'Record answer']);
  expect(said.Answer).toMatchObject({ Message: { request: { task: expect.stringMatching(/\w/) }, token: 't' } });
  expect(said['Record answer']).toMatchObject({
    Entries: [
      {
        Source: 'avouch.requests',
        Detail: {
          id: 'r-1',
          right,
          receivedAt: '2026-01-31T10:00:00Z',
          dueAt: '2026-02-28T10:00:00.000Z',
          sentAt: answered.sentAt,
          by: answered.by,
          reference: answered.reference,
        },
      },
    ],
  });
});

test('who opts out is asked for nothing, and has less time', async () => {
  const { path, at } = await rehearse({
    right: 'opt-out',
    answers: { OptOut: [nobody, nobody, nobody, nobody, answered] },
  });
  expect(path).toEqual([
    ...Array(3).fill(['OptOut', 'Remind optout']).flat(),
    'OptOut',
    'Escalate optout',
    'OptOut',
    'Record optout',
  ]);
  expect(at['Escalate optout']).toBe('2026-02-20T10:00:00.000Z');
});

test.each([
  ['31 January', '2026-01-31T10:00:00Z', '2026-02-28T10:00:00.000Z'],
  ['31 January of a leap year', '2028-01-31T10:00:00Z', '2028-02-29T10:00:00.000Z'],
  ['the end of a year', '2026-12-31T10:00:00Z', '2027-01-30T10:00:00.000Z'],
  ['a month of 31 days', '2026-03-10T10:00:00Z', '2026-04-09T10:00:00.000Z'],
])('what came on %s wakes others exactly when it is due', async (_name, receivedAt, due) => {
  const sent = { ...answered, sentAt: due };
  const { path, at } = await rehearse({
    receivedAt,
    answers: { Answer: [nobody, nobody, nobody, nobody, sent] },
    decidedAt: '2029-01-01T00:00:00Z',
  });
  expect(path).toEqual([
    'Identify',
    ...Array(3).fill(['Answer', 'Remind answer']).flat(),
    'Answer',
    'Escalate answer',
    'Answer',
    'Record answer',
  ]);
  expect(at['Escalate answer']).toBe(due);
  expect(at['Remind answer']).toBe(new Date(Date.parse(due) - 48 * 3_600_000).toISOString());
});

test('a process that starts late gains nothing', async () => {
  const { path, at } = await rehearse({
    startedAt: '2026-02-27T10:00:00Z',
    answers: { Identify: [nobody, identified], Answer: [nobody, answered] },
  });
  expect(path).toEqual([
    'Identify',
    'Escalate identify',
    'Identify',
    'Answer',
    'Escalate answer',
    'Answer',
    'Record answer',
  ]);
  expect(at['Escalate answer']).toBe('2026-02-28T10:00:00.000Z');
});

test('a process that starts when the time is over says so every hour', async () => {
  const { path, at } = await rehearse({
    startedAt: '2026-05-01T10:00:00Z',
    answers: { Answer: [nobody, nobody, answered] },
  });
  expect(path.filter((state) => state === 'Escalate answer')).toHaveLength(2);
  expect(at['Escalate answer']).toBe('2026-05-01T12:00:00.000Z');
});

test('a receipt that has not come yet is refused', async () => {
  const { path, error } = await rehearse({ receivedAt: '2026-03-31T10:00:00Z', startedAt: '2026-03-01T10:00:00Z' });
  expect([path, error]).toEqual([[], expect.stringContaining('has not come yet')]);
});

test.each([
  ['the time of its receipt', { id: 'r-1', right: 'access', receivedAt: 'yesterday' }],
  ['a receipt', { id: 'r-1', right: 'access' }],
  ['an id', { right: 'access', receivedAt: '2026-01-31T10:00:00Z' }],
  ['a right', { id: 'r-1', receivedAt: '2026-01-31T10:00:00Z' }],
])('what has not %s does not begin', async (_name, request) => {
  const { path, error } = await rehearse({ input: { request } });
  expect([path, error]).toEqual([
    [],
    expect.stringContaining('a request has an id, a right and the time of its receipt'),
  ]);
});

describe('who asks', () => {
  test('is looked at in ten business days, and then others are woken', async () => {
    const { at, path } = await rehearse({ answers: { Identify: [nobody, nobody, nobody, identified] } });
    expect(path.filter((state) => state === 'Remind identify')).toHaveLength(2);
    expect(at['Escalate identify']).toBe('2026-02-13T10:00:00.000Z');
  });

  test('in doubt, the time runs on', async () => {
    const doubt = { by: 'the privacy lead', doubt: 'another address', asked: 'the number of the account' };
    const { path, at } = await rehearse({
      answers: { Identify: [doubt], Answer: [nobody, nobody, nobody, nobody, answered] },
    });
    expect(path.slice(0, 2)).toEqual(['Identify', 'Answer']);
    expect(at['Escalate answer']).toBe('2026-02-28T10:00:00.000Z');
  });

  test.each([
    ['nothing', {}],
    ['a doubt about which nobody was asked', { by: 'the privacy lead', doubt: 'another address' }],
    ['an identity without whoever saw it', { identity: 'signed in' }],
    ['empty words', { by: '', identity: '' }],
  ])('is not settled by %s', async (_name, answer) => {
    const { path } = await rehearse({ answers: { Identify: [answer, identified] } });
    expect(path.slice(0, 3)).toEqual(['Identify', 'Escalate identify', 'Identify']);
  });
});

describe('a whole customer', () => {
  const customer = { ...identified, tenant: '00000000-0000-4000-8000-00000000000a' };

  test.each(['erasure', 'delete'])('that asks for %s is erased by the process for it', async (right) => {
    const { path, said } = await rehearse({ right, answers: { Identify: [customer] } });
    expect(path).toEqual(['Identify', 'Begin erasure', 'Answer', 'Record answer']);
    expect(said['Begin erasure']).toMatchObject({
      Name: 'r-1',
      Input: { erasure: { tenant: customer.tenant, by: customer.by } },
    });
  });

  test('that asks for a copy is not erased', async () => {
    const { path } = await rehearse({ right: 'access', answers: { Identify: [customer] } });
    expect(path).toEqual(['Identify', 'Answer', 'Record answer']);
  });

  test('whose erasure does not begin is told of, and the clock runs on', async () => {
    const { path } = await rehearse({
      right: 'erasure',
      answers: { Identify: [customer] },
      failing: { 'Begin erasure': 1 },
    });
    expect(path).toEqual(['Identify', 'Begin erasure', 'Call for erasure by hand', 'Answer', 'Record answer']);
  });
});

test.each([
  ['nothing', {}],
  ['a yes', { answer: 'yes' }],
  ['no file', { ...answered, reference: '' }],
  ['nobody', { ...answered, by: undefined }],
  ['no day', { ...answered, sentAt: 'soon' }],
  ['a day that has not come yet', { ...answered, sentAt: '2027-06-01T10:00:00Z' }],
  ['a day before the receipt', { ...answered, sentAt: '2026-01-30T10:00:00Z' }],
])('an answer with %s closes nothing', async (_name, answer) => {
  const { path } = await rehearse({ answers: { Answer: [answer, answered] } });
  expect(path).toEqual(['Identify', 'Answer', 'Escalate answer', 'Answer', 'Record answer']);
});

test('nothing closes before its record is written', async () => {
  const { path, ...outcome } = await rehearse({ failing: { 'Record answer': 2 } });
  expect(outcome).not.toHaveProperty('error');
  expect(path.slice(2)).toEqual([
    ...Array(2).fill(['Record answer', 'Call for record of answer']).flat(),
    'Record answer',
  ]);
});

describe('an extension', () => {
  const later = { of: withExtension };

  test('gives two months more from the receipt, 90 days at most, to whoever told the person why in time', async () => {
    const { path, at } = await rehearse({
      ...later,
      answers: { Answer: [told], AnswerLater: [nobody, nobody, nobody, nobody, answered] },
    });
    expect(path).toEqual([
      'Identify',
      'Answer',
      ...Array(3).fill(['AnswerLater', 'Remind answerlater']).flat(),
      'AnswerLater',
      'Escalate answerlater',
      'AnswerLater',
      'Record answerlater',
    ]);
    expect(at['Escalate answerlater']).toBe('2026-04-30T10:00:00.000Z');
  });

  test.each([
    ['without a reason', { ...told, reason: '' }],
    ['without the person told', { ...told, toldAt: undefined }],
    ['with the person told after the first month', { ...told, toldAt: '2026-02-28T10:00:01Z' }],
    ['with the person told before the receipt', { ...told, toldAt: '2026-01-01T00:00:00Z' }],
    ['with the person told some day', { ...told, toldAt: '2027-02-01T00:00:00Z' }],
    ['by nobody', { ...told, by: '' }],
  ])('%s gives nothing', async (_name, answer) => {
    const { path } = await rehearse({ ...later, answers: { Answer: [answer, answered] } });
    expect(path).toEqual(['Identify', 'Answer', 'Escalate answer', 'Answer', 'Record answer']);
  });

  test('cannot be had where 30 days are promised', async () => {
    const { path } = await rehearse({ answers: { Answer: [told, answered] } });
    expect(path).toEqual(['Identify', 'Answer', 'Escalate answer', 'Answer', 'Record answer']);
    expect(Object.keys(definition.States)).not.toContain('AnswerLater');
  });
});

test('those who answer hear what is asked, others what is late, and each of them that a request was stopped', () => {
  template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'privacy@example.com' });
  for (const MetricName of ['ExecutionsFailed', 'ExecutionsAborted']) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName,
      AlarmDescription: Match.stringLikeRegexp('data-subject request'),
    });
  }
});

test.each([
  ['answerDays', 0],
  ['answerDays', 32],
  ['extensionMonths', 3],
  ['confirmBusinessDays', 16],
  ['optOutBusinessDays', 1.5],
])('fails where %s is %s', (figure, value) => {
  expect(() => environment({}, { requests: { ...requests, [figure]: value } })).toThrow(
    `${figure} is ${value}, expected a whole number from`,
  );
});
