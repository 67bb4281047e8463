import { Template } from 'aws-cdk-lib/assertions';
import { incidentClock } from '../../lib/functions/incident-clock/clock';
import { environment } from './synthesize';

type Answer = Record<string, unknown> | Error;

interface Machine {
  run(input: object, options: object): { readonly result: Promise<unknown> };
}

// Newer than Node.js 20, and expected by the interpreter of the definition
if (!('withResolvers' in Promise)) {
  Object.assign(Promise, {
    withResolvers: () => {
      let resolve: (value: unknown) => void = () => undefined;
      let reject: (reason: unknown) => void = () => undefined;
      const promise = new Promise((yes, no) => {
        resolve = yes;
        reject = no;
      });
      return { promise, resolve, reject };
    },
  });
}

const { StateMachine } = require('aws-local-stepfunctions') as {
  StateMachine: new (definition: object, options?: object) => Machine;
};

const template = Template.fromStack(environment().response);

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSecondsPath?: string;
}

interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** The definition as CloudFormation would hand it to Step Functions. */
function definition(): Definition {
  const machines = Object.values(
    template.findResources('AWS::StepFunctions::StateMachine', {
      Properties: { StateMachineName: 'production-incident' },
    }),
  );
  const [pieces] = machines.map(({ Properties: properties }) => properties.DefinitionString['Fn::Join'][1]);
  return JSON.parse(pieces.map((piece: unknown) => (typeof piece === 'string' ? piece : 'reference')).join(''));
}

/** The interpreter looks for the path in the parameters of a task, AWS in the input of its state. */
function withoutTimeouts(whole: Definition): Definition {
  const states = Object.entries(whole.States).map(([name, { TimeoutSecondsPath: _left, ...state }]) => [name, state]);
  return { ...whole, States: Object.fromEntries(states) };
}

const assessed = { severity: 1, impact: 'two tenants, names and addresses', lead: 'the incident lead' };
const reviewed = { review: 'review.md', actions: [{ what: 'a rule', owner: 'the team', due: '2026-12-31' }] };
const good: Readonly<Record<string, readonly Answer[]>> = {
  Assess: [assessed],
  Contain: [{ done: 'the service was stopped' }],
  Eradicate: [{ cause: 'a stolen key', removed: 'the key' }],
  VerifyIntegrity: [{ intact: true, evidence: 'report.md' }],
  Review: [reviewed],
  Account: [{ account: 'account.md', sent: 'to both tenants, 2026-12-10' }],
};

/** Runs the real definition; people give one answer after the other, and the last one again. */
async function incident(answers: Readonly<Record<string, readonly Answer[]>>, input: object = {}) {
  const path: string[] = [];
  const asked: Record<string, number> = {};
  const whole = definition();
  const handlers = Object.entries(whole.States)
    .filter(([, { Type: type }]) => type === 'Task')
    .map(([name, { Resource: resource = '' }]) => {
      const handler = (given: { Payload?: Parameters<typeof incidentClock>[0] }) => {
        path.push(name);
        if (path.length > 100) {
          throw new Error('the process runs in a circle');
        }
        if (resource.endsWith(':lambda:invoke') && given.Payload) {
          return { Payload: incidentClock({ ...given.Payload, now: '2026-11-29T10:00:00Z' }) };
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
  const machine = new StateMachine(withoutTimeouts(whole), { validationOptions: { checkArn: false } });
  const { result } = machine.run(
    { incident: { id: 'i-1', title: 'a doubt', discoveredAt: '2026-11-29T09:00:00Z', ...input } },
    {
      overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) },
      context: {
        State: { EnteredTime: '2026-11-29T10:00:00Z', Name: 'any', RetryCount: 0 },
        Task: { Token: 'token' },
      },
    },
  );
  const outcome = await result.then(
    (value) => ({ value }),
    (error: unknown) => ({ error: String(error) }),
  );
  return { path: path.filter((name) => !name.startsWith('Clock of')), ...outcome };
}

test('the process goes from declaration to review, and closes', async () => {
  const { path, ...outcome } = await incident(good);
  expect(path).toEqual(['Assess', 'Contain', 'Eradicate', 'VerifyIntegrity', 'Recovered', 'Review', 'Account']);
  expect(outcome).toHaveProperty('value.account.account', 'account.md');
});

test('what is not declared with the time of its discovery does not begin', async () => {
  const { path, ...outcome } = await incident(good, { discoveredAt: 'yesterday' });
  expect([path, outcome]).toEqual([
    [],
    { error: expect.stringContaining('an incident has an id and the time of its discovery') },
  ]);
});

test('an assessment that lacks grade, impact or lead is called out, and asked for again', async () => {
  const { path } = await incident({
    ...good,
    Assess: [{ severity: 1, lead: 'x' }, { impact: 'x', lead: 'x' }, { severity: 1, impact: 'x' }, assessed],
  });
  expect(path.filter((name) => name === 'Escalate assess').length).toBe(3);
  expect(path.slice(-6)).toEqual(['Contain', 'Eradicate', 'VerifyIntegrity', 'Recovered', 'Review', 'Account']);
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
  const waits = Object.values(definition().States).filter(({ Resource: resource = '' }) =>
    resource.endsWith('.waitForTaskToken'),
  );
  expect(waits.map(({ TimeoutSecondsPath: path }) => path)).toEqual(Array(6).fill('$.clock.seconds'));
});

test('whoever does not answer in time is called out, and the step waits on', async () => {
  const late = Object.assign(new Error('nobody answered'), { name: 'States.Timeout' });
  const { path } = await incident({ ...good, Contain: [late, late, { done: 'at last' }] });
  expect(path.slice(0, 7)).toEqual([
    'Assess',
    'Contain',
    'Escalate contain',
    'Contain',
    'Escalate contain',
    'Contain',
    'Eradicate',
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
    'Eradicate',
    'VerifyIntegrity',
    'Recovery refused',
    'Eradicate',
    'VerifyIntegrity',
    'Recovered',
    'Review',
    'Account',
  ]);
});

test('a grave finding declares an incident whose clock starts with the event', () => {
  const rules = Object.values(template.findResources('AWS::Events::Rule')).filter(
    ({ Properties: { EventPattern: pattern } }) => pattern !== undefined,
  );
  expect(rules.map(({ Properties: { EventPattern: pattern } }) => pattern.source)).toEqual(
    expect.arrayContaining([['aws.guardduty'], ['aws.securityhub']]),
  );
  for (const { Properties: properties } of rules) {
    expect(properties.Targets[0].InputTransformer.InputPathsMap).toMatchObject({ time: '$.time' });
    expect(properties.Targets[0].InputTransformer.InputTemplate).toContain('"discoveredAt":<time>');
  }
});
