import { Match, Template } from 'aws-cdk-lib/assertions';
import { incidentClock } from '../../lib/functions/incident-clock/clock';
import { definitionOf, interpret, statesOf } from './interpret';
import { environment } from './synthesize';

const template = Template.fromStack(environment().response);

const definition = () => definitionOf(template, 'production-vulnerability-report');

const received = { id: 'r-1', title: 'a hole', receivedAt: '2026-11-27T08:00:00Z' };
const now = '2026-11-29T10:00:00Z';
const late = Object.assign(new Error('nobody answered'), { name: 'States.Timeout' });
const acknowledged = { by: 'the security lead', reference: 'r-1' };
const news = { told: 'confirmed', closed: false };
const closing = { told: 'mended', closed: true };

/** Runs the real definition; people give one answer after the other, and the last one again. */
async function report(answers: Readonly<Record<string, readonly (object | Error)[]>>, input: object = received) {
  const asked: Record<string, number> = {};
  const questions: object[] = [];
  const path: string[] = [];
  const handlers = statesOf(definition())
    .filter(([, { Type: type }]) => type === 'Task')
    .map(([name, { Resource: resource = '' }]) => {
      const handler = (given: { Payload?: Parameters<typeof incidentClock>[0] }) => {
        path.push(name);
        if (path.length > 100) {
          throw new Error('the process runs in a circle');
        }
        if (resource.endsWith(':lambda:invoke') && given.Payload) {
          questions.push(given.Payload);
          return { Payload: incidentClock({ ...given.Payload, now }) };
        }
        if (!resource.endsWith('.waitForTaskToken')) {
          return { MessageId: 'sent' };
        }
        const turn = asked[name] ?? 0;
        asked[name] = turn + 1;
        const list = answers[name] ?? [];
        const answer = list[Math.min(turn, list.length - 1)];
        if (!answer || answer instanceof Error) {
          throw answer ?? new Error(`nobody was told to answer ${name}`);
        }
        return answer;
      };
      return [name, handler] as const;
    });
  const outcome = await interpret(definition(), { report: input }, Object.fromEntries(handlers));
  return { outcome, path: path.filter((name) => !name.startsWith('Clock of')), questions };
}

test('a report is acknowledged, and told news until somebody closes it', async () => {
  const { path, outcome } = await report({ Acknowledge: [acknowledged], Update: [news, news, closing] });
  expect(path).toEqual(['Acknowledge', 'Update', 'Update', 'Update']);
  expect(outcome).toHaveProperty('value.update.closed', true);
});

test('the acknowledgement and the first news count from the receipt, later news from the last', async () => {
  const { questions } = await report({ Acknowledge: [acknowledged], Update: [news, closing] });
  expect(questions).toEqual([
    expect.objectContaining({ discoveredAt: received.receivedAt, hours: 48, remind: [36] }),
    expect.objectContaining({ discoveredAt: received.receivedAt, businessDays: 4 }),
    expect.objectContaining({ discoveredAt: now, businessDays: 4 }),
  ]);
});

test('whoever does not answer in time is called out, and the step waits on', async () => {
  const { path } = await report({ Acknowledge: [late, late, acknowledged], Update: [late, closing] });
  expect(path).toEqual([
    'Acknowledge',
    'Escalate acknowledge',
    'Acknowledge',
    'Escalate acknowledge',
    'Acknowledge',
    'Update',
    'Escalate update',
    'Update',
  ]);
});

test('whoever has a quarter of the time left is reminded, and nobody is woken', async () => {
  const receivedAt = '2026-11-28T12:00:00Z';
  const { path } = await report({ Acknowledge: [late, acknowledged], Update: [closing] }, { ...received, receivedAt });
  expect(path).toEqual(['Acknowledge', 'Remind acknowledge', 'Acknowledge', 'Update']);
});

test.each([
  ['nobody', {}],
  ['a machine without a name', { by: '', reference: 'r-1' }],
  ['a name without a reference', { by: 'the security lead' }],
  ['a number', { by: 1, reference: 'r-1' }],
])('%s acknowledges nothing', async (_name, answer) => {
  const { path } = await report({ Acknowledge: [answer, acknowledged], Update: [closing] });
  expect(path).toEqual(['Acknowledge', 'Escalate acknowledge', 'Acknowledge', 'Update']);
});

test.each([
  ['closed without a word', { closed: true }],
  ['empty words', { told: '', closed: true }],
])('%s is no news', async (_name, answer) => {
  const { path } = await report({ Acknowledge: [acknowledged], Update: [answer, closing] });
  expect(path).toEqual(['Acknowledge', 'Update', 'Escalate update', 'Update']);
});

test('a yes in words closes nothing', async () => {
  const { path } = await report({ Acknowledge: [acknowledged], Update: [{ told: 'x', closed: 'true' }, closing] });
  expect(path).toEqual(['Acknowledge', 'Update', 'Update']);
});

test.each([
  ['the time of its receipt', { id: 'r-1', receivedAt: 'yesterday' }],
  ['an id', { receivedAt: received.receivedAt }],
])('what has not %s does not begin', async (_name, input) => {
  const { path, outcome } = await report({}, input);
  expect(path).toEqual([]);
  expect(outcome).toHaveProperty('error', expect.stringContaining('a report has an id and the time of its receipt'));
});

test('six weeks before security.txt ends, a mail says so', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'cron(0 9 4 10 ? *)',
    Targets: [Match.objectLike({ Input: Match.stringLikeRegexp('security.txt counts until 2027-11-15') })],
  });
});
