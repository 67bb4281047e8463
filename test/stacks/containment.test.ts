import { Match, Template } from 'aws-cdk-lib/assertions';
import { definitionOf, interpret, statesOf } from './interpret';
import { environment } from './synthesize';

const template = Template.fromStack(environment().response);
const definition = definitionOf(template, 'production-containment');
const task = 'arn:aws:ecs:eu-central-1:111122223333:task/production-application/0123';

/** Runs the real definition; a call answers one thing after the other, and the last one again. */
async function contain(target: object | undefined, answers: Readonly<Record<string, readonly unknown[]>> = {}) {
  const path: string[] = [];
  const given: Record<string, unknown> = {};
  const handlers = statesOf(definition)
    .filter(([, { Type: type }]) => type === 'Task')
    .map(([name]) => {
      const handler = (input: unknown) => {
        const turn = path.filter((each) => each === name).length;
        path.push(name);
        if (path.length > 50) {
          throw new Error('the machine runs in a circle');
        }
        given[name] = input;
        const list = answers[name] ?? [{}];
        const answer = list[Math.min(turn, list.length - 1)];
        if (answer instanceof Error) {
          throw answer;
        }
        return answer;
      };
      return [name, handler] as const;
    });
  const outcome = await interpret(
    definition,
    { incident: { id: 'i-1', title: 'a doubt' }, ...(target && { target }) },
    Object.fromEntries(handlers),
  );
  return { path, given, outcome };
}

const tasksAre = (status: string) => ({ Tasks: [{ LastStatus: status }] });
const running = (count: number) => ({ Services: [{ RunningCount: count }] });

test('the task of a grave finding is stopped by itself, and seen to be gone', async () => {
  const { path, given } = await contain(
    { kind: 'task', task },
    { 'See task': [tasksAre('RUNNING'), tasksAre('DEPROVISIONING'), tasksAre('STOPPED')] },
  );
  expect(path).toEqual(['StopTask', 'See task', 'See task', 'See task', 'Contained']);
  expect(given.StopTask).toMatchObject({ Task: task });
  expect(given['See task']).toMatchObject({ Tasks: [task] });
});

test.each([
  ['service', ['SuspendScaling', 'StopService', 'See service', 'See service', 'Contained']],
  ['role', ['DenyRole', 'Contained']],
  ['user', ['DisableUser', 'SignOutUser', 'Contained']],
])('a person who decided so has the %s cut off', async (kind, expected) => {
  const target = { kind, approvedBy: 'the incident lead', userPoolId: 'pool', username: 'name' };
  const { path } = await contain(target, { 'See service': [running(2), running(0)] });
  expect(path).toEqual(expected);
});

test.each(['service', 'role', 'user'])('no false alarm takes the %s away: a person is asked first', async (kind) => {
  const target = { kind, userPoolId: 'pool', username: 'name' };
  const yes = await contain(target, {
    Approve: [{ approvedBy: 'the incident lead' }],
    'See service': [running(0)],
  });
  expect(yes.path[0]).toBe('Approve');
  expect(yes.path.at(-1)).toBe('Contained');
  const no = await contain(target, { Approve: [{ leave: 'a false alarm', decidedBy: 'the incident lead' }] });
  expect(no.path).toEqual(['Approve', 'Left alone']);
});

test.each([{}, { approvedBy: '' }, { leave: 'a false alarm' }, new Error('refused')])(
  'an answer that decides nothing cuts nothing off, and is reported: %p',
  async (answer) => {
    const { path, outcome } = await contain({ kind: 'service' }, { Approve: [answer] });
    expect(path).toEqual(['Approve', 'Containment failed']);
    expect(outcome).toHaveProperty('error');
  },
);

test.each(['StopTask', 'See task'])(
  'where AWS refuses %s, somebody is called, and the run has failed',
  async (name) => {
    const { path, outcome } = await contain({ kind: 'task', task }, { [name]: [new Error('AccessDenied')] });
    expect(path.slice(-2)).toEqual([name, 'Containment failed']);
    expect(outcome).toHaveProperty('error');
  },
);

test.each([undefined, { kind: 'planet', approvedBy: 'somebody' }])(
  'nothing is cut off for the target %p',
  async (target) => {
    const { path, outcome } = await contain(target);
    expect(path.filter((name) => !/^Containment/.test(name))).toEqual([]);
    expect(path.length).toBe(1);
    expect(outcome).toHaveProperty('error');
  },
);

test('a run that takes longer than five minutes ends, and both ends are reported', () => {
  expect(definition.TimeoutSeconds).toBe(300);
  for (const metric of ['ExecutionsFailed', 'ExecutionsTimedOut']) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: metric,
      Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: Match.stringLikeRegexp('^Containment') } }],
      Threshold: 1,
    });
  }
});

test('trap 44: scaling sleeps before the service is stopped, and a role is denied everything', () => {
  expect(statesOf(definition).find(([name]) => name === 'SuspendScaling')?.[1].Parameters).toMatchObject({
    SuspendedState: {
      DynamicScalingInSuspended: true,
      DynamicScalingOutSuspended: true,
      ScheduledScalingSuspended: true,
    },
  });
  expect(statesOf(definition).find(([name]) => name === 'DenyRole')?.[1].Parameters).toMatchObject({
    PolicyArn: expect.stringMatching(/policy\/AWSDenyAll$/),
  });
});

test('of all policies it may attach the one that denies everything', () => {
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'iam:AttachRolePolicy',
          Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AWSDenyAll' } },
        }),
      ]),
    },
  });
});

test('a grave finding about a task starts it with the task; one about the role only asks', () => {
  const rules = Object.values(template.findResources('AWS::Events::Rule')).map(
    ({ Properties: properties }) => properties,
  );
  const byTarget = (kind: string) =>
    rules.find(({ Targets: [target] }) => target.InputTransformer?.InputTemplate.includes(`"kind":"${kind}"`));
  expect(byTarget('task')).toMatchObject({
    EventPattern: { detail: { severity: [{ numeric: ['>=', 7] }], resource: { resourceType: ['ECSCluster'] } } },
    Targets: [
      {
        InputTransformer: {
          InputPathsMap: expect.objectContaining({
            'detail-resource-ecsClusterDetails-taskDetails-arn': '$.detail.resource.ecsClusterDetails.taskDetails.arn',
          }),
        },
      },
    ],
  });
  expect(byTarget('role')?.Targets[0].InputTransformer.InputTemplate).not.toContain('approvedBy');
});
