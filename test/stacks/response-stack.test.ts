import { Template } from 'aws-cdk-lib/assertions';
import { incidentClock } from '../../lib/functions/incident-clock/clock';
import { definitionOf, interpret, statesOf } from './interpret';
import { environment } from './synthesize';

type Answer = Record<string, unknown> | Error;

const template = Template.fromStack(environment().response);
const definition = () => definitionOf(template, 'production-incident');

const assessed = { severity: 1, impact: 'two tenants, names and addresses', lead: 'the incident lead' };
const found = { cause: 'a stolen key', evidence: 'queries.md' };
const notice = {
  nature: 'names and addresses were read',
  people: 'about 200',
  records: 'about 300',
  contact: 'privacy@example.com',
  consequences: 'mail in the name of the company',
  measures: 'the key was replaced',
  approvedBy: 'the privacy lead',
  sentAt: '2026-11-30T09:00:00Z',
  receipt: 'message 1',
};
const reviewed = { review: 'review.md', actions: [{ what: 'a rule', owner: 'the team', due: '2026-12-31' }] };
const good: Readonly<Record<string, readonly Answer[]>> = {
  Assess: [assessed],
  Contain: [{ done: 'the service was stopped' }],
  FindCause: [found],
  Eradicate: [{ removed: 'the key', change: 'commit 1' }],
  VerifyIntegrity: [{ intact: true, evidence: 'report.md' }],
  Review: [reviewed],
  Account: [{ account: 'account.md', sent: 'to both tenants, 2026-12-10' }],
  NotifyAuthority: [notice],
  NotifyCustomers: [notice],
};
const late = Object.assign(new Error('nobody answered'), { name: 'States.Timeout' });

/**
 * Runs the real definition; people give one answer after the other, and the last one again. Where the time is not told, it is an hour after
 * the discovery.
 */
async function incident(
  answers: Readonly<Record<string, readonly Answer[]>>,
  input: object = {},
  nowAt: (name: string, turn: number) => string = () => '2026-11-29T10:00:00Z',
) {
  const path: string[] = [];
  const asked: Record<string, number> = {};
  const whole = definition();
  const handlers = statesOf(whole)
    .filter(([, { Type: type }]) => type === 'Task')
    .map(([name, { Resource: resource = '' }]) => {
      const handler = (given: { Payload?: Parameters<typeof incidentClock>[0] }) => {
        path.push(name);
        if (path.length > 100) {
          throw new Error('the process runs in a circle');
        }
        if (resource.endsWith(':lambda:invoke') && given.Payload) {
          const step = name.replace('Clock of ', '');
          return { Payload: incidentClock({ ...given.Payload, now: nowAt(step, asked[step] ?? 0) }) };
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
  const outcome = await interpret(
    whole,
    { incident: { id: 'i-1', title: 'a doubt', discoveredAt: '2026-11-29T09:00:00Z', ...input } },
    Object.fromEntries(handlers),
  );
  const walked = path.filter((name) => !name.startsWith('Clock of'));
  const of = (audience: string) => walked.filter((name) => name.toLowerCase().includes(audience));
  return {
    path: walked.filter((name) => !/authority|customers/i.test(name)),
    authority: of('authority'),
    customers: of('customers'),
    outcome,
  };
}

test('the process goes from declaration to review, tells those who must hear of it, and closes', async () => {
  const { path, authority, customers, outcome } = await incident(good);
  expect(path).toEqual([
    'Assess',
    'Contain',
    'FindCause',
    'Eradicate',
    'VerifyIntegrity',
    'Recovered',
    'Review',
    'Account',
  ]);
  expect(authority).toEqual(['NotifyAuthority', 'Authority told']);
  expect(customers).toEqual(['NotifyCustomers', 'Customers told']);
  expect(outcome).toMatchObject({
    value: {
      response: { review: reviewed, account: { account: 'account.md' } },
      authority: { notifyauthority: notice },
      customers: { notifycustomers: notice },
    },
  });
});

test('what is not declared with the time of its discovery does not begin', async () => {
  const { path, authority, customers, outcome } = await incident(good, { discoveredAt: 'yesterday' });
  expect([...path, ...authority, ...customers, outcome]).toEqual([
    { error: expect.stringContaining('an incident has an id and the time of its discovery') },
  ]);
});

test('an assessment that lacks grade, impact or lead is called out, and asked for again', async () => {
  const { path } = await incident({
    ...good,
    Assess: [{ severity: 1, lead: 'x' }, { impact: 'x', lead: 'x' }, { severity: 1, impact: 'x' }, assessed],
  });
  expect(path.filter((name) => name === 'Escalate assess').length).toBe(3);
  expect(path.slice(-7)).toEqual([
    'Contain',
    'FindCause',
    'Eradicate',
    'VerifyIntegrity',
    'Recovered',
    'Review',
    'Account',
  ]);
});

test('an incident that turns out to be none is reviewed, and nothing is contained', async () => {
  const { path } = await incident({ ...good, Assess: [{ ...assessed, severity: 0 }] });
  expect(path).toEqual(['Assess', 'Review']);
});

test.each([
  [1, ['Review', 'Account']],
  [2, ['Review', 'Account']],
  [3, ['Recovered', 'Review']],
])('an incident of grade %i ends with %s', async (severity, end) => {
  const { path } = await incident({ ...good, Assess: [{ ...assessed, severity }] });
  expect(path.slice(-2)).toEqual(end);
});

test.each([
  ['no action', { review: 'review.md', actions: [] }],
  ['an action of nobody', { ...reviewed, actions: [{ what: 'a rule', due: '2026-12-31' }] }],
  ['an action without a day', { ...reviewed, actions: [{ what: 'a rule', owner: 'the team', due: 'soon' }] }],
  ['no text', { actions: reviewed.actions }],
])('a review with %s is called out', async (_name, answer) => {
  const { path } = await incident({ ...good, Review: [answer, reviewed] });
  expect(path.slice(-4)).toEqual(['Review', 'Escalate review', 'Review', 'Account']);
});

test('an account that went to nobody closes nothing', async () => {
  const { path } = await incident({ ...good, Account: [{ account: 'account.md' }, ...(good.Account ?? [])] });
  expect(path.slice(-3)).toEqual(['Account', 'Escalate account', 'Account']);
});

test('trap 33: every wait for people ends after the time that the clock left it', () => {
  const waits = statesOf(definition()).filter(([, { Resource: resource = '' }]) =>
    resource.endsWith('.waitForTaskToken'),
  );
  expect(waits.map(([, { TimeoutSecondsPath: path }]) => path)).toEqual(Array(11).fill('$.clock.seconds'));
});

test('whoever does not answer in time is called out, and the step waits on', async () => {
  const { path } = await incident({ ...good, Contain: [late, late, { done: 'at last' }] });
  expect(path.slice(0, 7)).toEqual([
    'Assess',
    'Contain',
    'Escalate contain',
    'Contain',
    'Escalate contain',
    'Contain',
    'FindCause',
  ]);
});

test.each([
  ['a cause without what shows it', { cause: 'a stolen key' }],
  ['a cause in no words', { cause: '', evidence: 'queries.md' }],
  ['what was removed, and no cause', { removed: 'the key', change: 'commit 1' }],
])('the cause is not found with %s, and is asked for again', async (_name, answer) => {
  const { path } = await incident({ ...good, FindCause: [answer, found] });
  expect(path.slice(2, 6)).toEqual(['FindCause', 'Escalate findcause', 'FindCause', 'Eradicate']);
});

test('nothing recovers before the cause was removed', async () => {
  const { path } = await incident({ ...good, Eradicate: [{ removed: 'the key' }, ...(good.Eradicate ?? [])] });
  expect(path.slice(3, 7)).toEqual(['Eradicate', 'Escalate eradicate', 'Eradicate', 'VerifyIntegrity']);
});

test('whoever seeks the cause is reminded after half a day, and everybody is woken after a whole one', async () => {
  const times = ['2026-11-29T10:00:00Z', '2026-11-29T21:00:00Z', '2026-11-30T09:00:00Z'];
  const { path } = await incident({ ...good, FindCause: [late, late, late, found] }, {}, (name, turn) =>
    name === 'FindCause' ? (times[turn] ?? '2026-11-30T10:00:00Z') : '2026-11-29T10:00:00Z',
  );
  expect(path.filter((name) => /cause$/.test(name))).toEqual([
    'Remind findcause',
    'Escalate findcause',
    'Escalate findcause',
  ]);
});

test('trap 33: 72 hours from the discovery: reminded at 24, 48 and 60, called out at the end, and told all the same', async () => {
  const times = [10, 33, 57, 69, 81, 82].map((hour) => new Date(Date.UTC(2026, 10, 29, hour)).toISOString());
  const { customers, authority } = await incident(
    { ...good, NotifyCustomers: [late, late, late, late, late, notice] },
    {},
    (name, turn) => (name === 'NotifyCustomers' && times[turn]) || '2026-11-29T10:00:00Z',
  );
  expect(customers.filter((name) => name !== 'NotifyCustomers')).toEqual([
    'Remind notifycustomers',
    'Remind notifycustomers',
    'Remind notifycustomers',
    'Escalate notifycustomers',
    'Escalate notifycustomers',
    'Customers told',
  ]);
  expect(authority).toEqual(['NotifyAuthority', 'Authority told']);
});

test.each(Object.keys(notice))('a notice is none without %s, nor with it in no words', async (field) => {
  const { [field]: _left, ...rest } = notice as Record<string, string>;
  const { authority } = await incident({ ...good, NotifyAuthority: [rest, { ...notice, [field]: '' }, notice] });
  expect(authority).toEqual([
    'NotifyAuthority',
    'Escalate notifyauthority',
    'NotifyAuthority',
    'Escalate notifyauthority',
    'NotifyAuthority',
    'Authority told',
  ]);
});

test('what is not known yet is said, and follows', async () => {
  const part = { ...notice, records: 'not known yet' };
  const { customers } = await incident({
    ...good,
    NotifyCustomers: [part],
    SupplementCustomers: [part, { records: 'about 300' }, notice],
  });
  expect(customers).toEqual([
    'NotifyCustomers',
    'SupplementCustomers',
    'SupplementCustomers',
    'Escalate supplementcustomers',
    'SupplementCustomers',
    'Customers told',
  ]);
});

test('that nobody need be told is decided by somebody, for a reason', async () => {
  const reason = { notRequired: 'no data was reached', decidedBy: 'the privacy lead' };
  const { authority } = await incident({
    ...good,
    NotifyAuthority: [{ notRequired: reason.notRequired }, { ...reason, notRequired: '' }, reason],
  });
  expect(authority.filter((name) => name !== 'NotifyAuthority')).toEqual([
    'Escalate notifyauthority',
    'Escalate notifyauthority',
    'Authority not told',
  ]);
});

test.each([
  ['data that was not shown to be intact', { intact: false, evidence: 'report.md' }],
  ['a yes without evidence', { intact: true }],
  ['a yes in words', { intact: 'true', evidence: 'report.md' }],
  ['an answer about something else', { done: true }],
])('nothing recovers with %s', async (_name, answer) => {
  const { path } = await incident({ ...good, VerifyIntegrity: [answer, { intact: true, evidence: 'second.md' }] });
  expect(path).toEqual([
    'Assess',
    'Contain',
    'FindCause',
    'Eradicate',
    'VerifyIntegrity',
    'Recovery refused',
    'FindCause',
    'Eradicate',
    'VerifyIntegrity',
    'Recovered',
    'Review',
    'Account',
  ]);
});

test('a grave finding declares an incident whose clock starts with the event', () => {
  const rules = Object.values(template.findResources('AWS::Events::Rule')).filter(
    ({ Properties: { Description: description } }) => /is an incident$/.test(description),
  );
  expect(rules.map(({ Properties: { EventPattern: pattern } }) => pattern.source)).toEqual(
    expect.arrayContaining([['aws.guardduty'], ['aws.securityhub']]),
  );
  for (const { Properties: properties } of rules) {
    expect(properties.Targets[0].InputTransformer.InputPathsMap).toMatchObject({ time: '$.time' });
    expect(properties.Targets[0].InputTransformer.InputTemplate).toContain('"discoveredAt":<time>');
  }
});
