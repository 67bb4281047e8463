import {
  addBeside,
  type ControlCases,
  type Edit,
  type Mutation,
  remove,
  removeResource,
  set,
} from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import { editState, editStates, rewrite } from '../response/example-incident';
import { requestDefinition, requestResources } from './example-request';
import { liveCases } from './prv-02-live.cases';
import { registerCases } from './prv-02-register.cases';

const machine = 'AWS::StepFunctions::StateMachine';
const alarm = 'AWS::CloudWatch::Alarm';
const subscription = 'AWS::SNS::Subscription';

const strict = { 'dsr.extensionMonths': 0 };
const usual = 'thirty days or a month, and no day more';
const extensible = 'two months more for whoever is told in time';

const isRequests = (resource: Json) => JSON.stringify(resource).includes('opt-out');
const isOfDesk = (resource: Json) => /Desk.*NumberOfNotificationsFailed/.test(JSON.stringify(resource));
const isOfRequests = (resource: Json) => /data-subject request/.test(JSON.stringify(resource));

const ofProcess = (name: string, edit: Edit, message: string): Mutation => ({
  name,
  of: usual,
  edit,
  expect: { message, at: 'Process' },
  shippedWhere: isRequests,
});
const ofExtension = (name: string, edit: Edit, message: string): Mutation => ({
  name,
  of: extensible,
  edit,
  expect: { message, at: 'Process' },
  notShipped:
    'the default profile promises nobody more time; test/stacks/request-extension.test.ts tries it on the one of cly',
});

/** What a clock is asked. */
const payload = (name: string, edit: (payload: Json) => void): Edit =>
  editState(`Clock of ${name}`, (state) => edit((state.Parameters as Json).Payload as Json));
const change = (name: string, over: Json): Edit => editState(name, (state) => Object.assign(state, over));

const others: ControlCases['others'] = [
  {
    name: 'a process of something else is no concern',
    template: {
      Resources: {
        Orders: {
          Type: machine,
          Properties: { DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}' },
        },
      },
    },
    presentOnly: true,
    expect: { Orders: 'not-applicable' },
  },
  {
    name: 'a definition in a file is not assessed',
    template: {
      Resources: { Process: { Type: machine, Properties: { DefinitionS3Location: { Bucket: 'b', Key: 'k' } } } },
    },
    expect: { Process: 'not-assessed' },
  },
  {
    name: 'fails where nobody counts',
    template: { Resources: {} },
    expect: { '': { message: 'missing' } },
  },
  {
    name: 'people who are asked through a topic that is not here: who hears is not known',
    template: {
      Resources: requestResources(
        JSON.parse(JSON.stringify(requestDefinition()).replaceAll('<<Desk>>', 'arn:aws:sns:eu-central-1:1:theirs')),
      ),
    },
    figures: strict,
    expect: { Process: 'not-assessed' },
  },
  {
    name: 'a time that the input decides is not assessed',
    template: {
      Resources: requestResources(
        JSON.parse(JSON.stringify(requestDefinition()).replace('"days":30', '"days.$":"$.request.days"')),
      ),
    },
    figures: strict,
    expect: { Process: 'not-assessed' },
  },
  {
    name: 'fails where more time is promised to nobody and a way leads to it',
    template: { Resources: requestResources(requestDefinition(true)) },
    figures: strict,
    expect: { Process: { message: 'late' } },
  },
  {
    name: 'fails where others are asked than those who are published',
    template: { Resources: requestResources(requestDefinition()) },
    figures: { ...strict, 'dsr.contacts': ['dpo@example.eu'] },
    expect: { Process: { message: 'otherMailbox' } },
  },
];

export const cases: ControlCases = {
  compliant: {
    [usual]: { template: { Resources: requestResources(requestDefinition()) }, figures: strict },
    [extensible]: { template: { Resources: requestResources(requestDefinition(true)) } },
    'a published mailbox, and four weeks in hours': {
      template: {
        Resources: requestResources(
          JSON.parse(JSON.stringify(requestDefinition()).replace('"days":30,"months":1', '"hours":672')),
          { StateMachineType: 'STANDARD' },
        ),
      },
      figures: { ...strict, 'dsr.contacts': ['privacy@example.eu'] },
    },
  },
  mutations: [
    {
      name: 'there is no process',
      of: usual,
      edit: removeResource(machine),
      expect: { message: 'missing', at: '' },
      shippedWhere: isRequests,
    },
    ofProcess(
      'the answer takes 31 days',
      payload('Answer', (asked) => Object.assign(asked, { days: 31 })),
      'late',
    ),
    ofProcess(
      '30 days outlive February',
      payload('Answer', (asked) => delete asked.months),
      'late',
    ),
    ofProcess(
      'a month has 31 days',
      payload('Answer', (asked) => delete asked.days),
      'late',
    ),
    ofProcess(
      'a month has two',
      payload('Answer', (asked) => Object.assign(asked, { months: 2 })),
      'late',
    ),
    ofProcess(
      'thirty days are business days',
      payload('Answer', (asked) => {
        delete asked.days;
        delete asked.months;
        asked.businessDays = 30;
      }),
      'late',
    ),
    ofProcess(
      'it counts from the start',
      payload('Answer', (asked) => {
        asked['discoveredAt.$'] = '$$.Execution.StartTime';
      }),
      'fromStart',
    ),
    ofProcess(
      'it counts from the look at who asks',
      payload('Answer', (asked) => {
        asked['discoveredAt.$'] = '$.identify.at';
      }),
      'fromStart',
    ),
    ofProcess(
      'the receipt is set to the start on the way',
      editStates((states, whole) => {
        const Parameters = { request: { 'receivedAt.$': '$$.Execution.StartTime', 'right.$': '$.request.right' } };
        Object.assign(states['Not received'] as Json, { Type: 'Pass', Parameters, Next: 'Which right' });
        whole.StartAt = 'Not received';
      }),
      'receiptChanged',
    ),
    ofProcess(
      'an identity starts the clock anew',
      editStates((states, whole) => {
        for (const choice of (states['Is identified'] as Json).Choices as Json[]) {
          choice.Next = choice.Next === 'Clock of Answer' ? 'Anew' : choice.Next;
        }
        (whole.States as Json).Anew = {
          Type: 'Pass',
          InputPath: '$$.State.EnteredTime',
          ResultPath: '$.request.receivedAt',
          Next: 'Clock of Answer',
        };
      }),
      'receiptChanged',
    ),
    ofProcess(
      'a step replaces all that was known',
      editState('Escalate identify', (state) => {
        delete state.ResultPath;
      }),
      'receiptChanged',
    ),
    ofProcess(
      'the clock is told that it is still the receipt',
      payload('Answer', (asked) => {
        asked['now.$'] = '$.request.receivedAt';
      }),
      'standsStill',
    ),
    ofProcess(
      'the clock is asked for nothing',
      payload('Answer', (asked) => {
        delete asked.days;
        delete asked.months;
      }),
      'noClock',
    ),
    ofProcess(
      'a doubt leads past the clock',
      editStates((states) => {
        (states['Is identified'] as Json).Default = 'Answer';
      }),
      'noClock',
    ),
    ofProcess(
      'the wait ends when something else says',
      change('Answer', { TimeoutSecondsPath: '$.request.seconds' }),
      'otherEnd',
    ),
    ofProcess(
      'the seconds of the clock are replaced',
      editState('Clock of Answer', (state) => {
        const selected = state.ResultSelector as Json;
        delete selected['seconds.$'];
        selected.seconds = 99_999_999;
      }),
      'otherEnd',
    ),
    ofProcess(
      'people have as long as they like',
      editState('Answer', (state) => {
        delete state.TimeoutSecondsPath;
      }),
      'waitsForEver',
    ),
    ofProcess(
      'the wait has thirty days of its own',
      editState('Answer', (state) => {
        delete state.TimeoutSecondsPath;
        state.TimeoutSeconds = 2_592_000;
      }),
      'clockFromEntry',
    ),
    ofProcess(
      'nobody is woken',
      editState('Answer', (state) => {
        delete state.Catch;
      }),
      'nobodyCalled',
    ),
    ofProcess(
      'the call is a silent step',
      change('Escalate answer', { Type: 'Pass', Resource: undefined }),
      'nobodyCalled',
    ),
    ofProcess(
      'those who did not answer are told that they did not',
      editStates((states) => {
        const late = (states['Escalate answer'] as Json).Parameters as Json;
        late.TopicArn = ((states.Answer as Json).Parameters as Json).TopicArn;
      }),
      'sameEars',
    ),
    ofProcess(
      'nobody is reminded',
      payload('Answer', (asked) => Object.assign(asked, { remindBefore: [] })),
      'noReminder',
    ),
    ofProcess(
      'the receipt is confirmed in three weeks',
      payload('Identify', (asked) => Object.assign(asked, { businessDays: 16 })),
      'unconfirmed',
    ),
    ofProcess(
      'an opt-out takes four weeks',
      payload('OptOut', (asked) => Object.assign(asked, { businessDays: 20 })),
      'optOutLate',
    ),
    ofProcess(
      'a right is forgotten',
      rewrite('"StringEquals":"portability"', '"StringEquals":"portable"'),
      'rightMissing',
    ),
    ofProcess(
      'an objection ends at once',
      editStates((states) => {
        const [found] = ((states['Which right'] as Json).Choices as Json[]).filter(
          ({ StringEquals: word }) => word === 'objection',
        );
        Object.assign(found ?? {}, { Next: 'Not received' });
      }),
      'rightMissing',
    ),
    ofProcess('words of no law are turned away', change('Which right', { Default: 'Not received' }), 'dropped'),
    ofProcess(
      'words of no law find no way',
      editState('Which right', (state) => {
        delete state.Default;
      }),
      'dropped',
    ),
    ofProcess('whatever is answered closes it', change('Is answered', { Default: 'Answered' }), 'unanswered'),
    ofProcess('an answer need not be filed', rewrite('$.answer.reference', '$.answer.by', true), 'unanswered'),
    ofProcess(
      'an empty answer counts',
      rewrite(
        '"Variable":"$.answer.answer","StringGreaterThan":""',
        '"Variable":"$.answer.answer","IsPresent":true',
        true,
      ),
      'unanswered',
    ),
    ofProcess('a late answer is given up', change('Escalate answer', { Next: 'Answered' }), 'nobodyCalled'),
    ofProcess(
      'a function answers',
      change('Answer', { Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }),
      'automatic',
    ),
    ofProcess(
      'it sleeps before anybody looks',
      editStates((states, whole) => {
        (whole.States as Json).Sleep = { Type: 'Wait', Seconds: 5_184_000, Next: 'Clock of Answer' };
        for (const choice of (states['Is identified'] as Json).Choices as Json[]) {
          choice.Next = choice.Next === 'Clock of Answer' ? 'Sleep' : choice.Next;
        }
      }),
      'pauses',
    ),
    ofProcess(
      'it stands still until something else is done',
      editStates((states, whole) => {
        (whole.States as Json).Erase = {
          Type: 'Task',
          Resource: 'arn:aws:states:::states:startExecution.sync:2',
          ResultPath: null,
          Next: 'Clock of Answer',
        };
        for (const choice of (states['Is identified'] as Json).Choices as Json[]) {
          choice.Next = choice.Next === 'Clock of Answer' ? 'Erase' : choice.Next;
        }
      }),
      'pauses',
    ),
    ofProcess(
      'a wait begins anew a few times before anybody is called',
      change('Answer', { Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 3 }] }),
      'triesAgain',
    ),
    ...['states:StopExecution', 'states:*'].map((Action) =>
      ofProcess(
        `a function may call ${Action}`,
        addBeside(machine, 'Robot', () => ({
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Statement: [
                { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
              ],
            },
            Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] } }],
          },
        })),
        'programEnds',
      ),
    ),
    ofProcess(
      'the machine answers itself',
      change('Escalate answer', { ResultPath: '$.answer.answer' }),
      'answersItself',
    ),
    ofProcess(
      'it ends after thirty days',
      editStates((_states, whole) => {
        whole.TimeoutSeconds = 2_592_000;
      }),
      'endsByItself',
    ),
    ofProcess('it is an express machine', set(machine, 'StateMachineType', 'EXPRESS'), 'express'),
    ofProcess('it logs errors alone', set(machine, 'LoggingConfiguration.Level', 'ERROR'), 'unlogged'),
    ofProcess('it logs nothing', remove(machine, 'LoggingConfiguration'), 'unlogged'),
    ofProcess(
      'it logs what people say',
      set(machine, 'LoggingConfiguration.IncludeExecutionData', true),
      'wordsLogged',
    ),
    ofProcess('the key is one of AWS', set(machine, 'EncryptionConfiguration.Type', 'AWS_OWNED_KEY'), 'platformKey'),
    ...['Failed', 'Stopped'].flatMap((target): readonly Mutation[] => {
      const of = { of: usual, target, expect: { message: 'failsSilently', at: 'Process' }, shippedWhere: isOfRequests };
      return [
        { ...of, name: `no alarm: ${target}`, edit: removeResource(alarm) },
        { ...of, name: `an alarm that is off: ${target}`, edit: set(alarm, 'ActionsEnabled', false) },
        { ...of, name: `an alarm that rings at the tenth: ${target}`, edit: set(alarm, 'Threshold', 10) },
        { ...of, name: `an alarm that tells nobody: ${target}`, edit: set(alarm, 'AlarmActions', []) },
      ];
    }),
    {
      name: 'nobody is subscribed',
      of: usual,
      edit: removeResource(subscription),
      expect: { message: 'unheard', at: 'Process' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('Desk'),
    },
    {
      name: 'only some messages are heard',
      of: usual,
      edit: set(subscription, 'FilterPolicy', { kind: ['urgent'] }),
      expect: { message: 'unheard', at: 'Process' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('Desk'),
    },
    ...(
      [
        ['nobody hears of what the desk is not told', removeResource(alarm)],
        ['what the desk is told is counted', set(alarm, 'MetricName', 'NumberOfNotificationsDelivered')],
        ['nobody is told what the desk is not told', set(alarm, 'AlarmActions', [])],
      ] as const
    ).map(
      ([name, edit]): Mutation => ({
        name,
        of: usual,
        target: 'Undelivered',
        edit,
        expect: { message: 'deskUnwatched', at: 'Process' },
        shippedWhere: isOfDesk,
      }),
    ),
    ofExtension(
      'more time without a reason',
      rewrite('"Variable":"$.answer.reason"', '"Variable":"$.answer.by"', true),
      'extendedFreely',
    ),
    ofExtension(
      'more time without the person told',
      rewrite('"Variable":"$.answer.toldAt","StringGreaterThan":""', '"Variable":"$.answer.by","StringGreaterThan":""'),
      'extendedFreely',
    ),
    ofExtension(
      'more time for everybody',
      change('Is answered', { Default: 'Clock of AnswerLater' }),
      'extendedFreely',
    ),
    ofExtension(
      'the person is told whenever it suits',
      rewrite('"TimestampLessThanEqualsPath":"$.clock.deadline"', '"IsTimestamp":true'),
      'toldLate',
    ),
    ofExtension(
      'the person is told before a time that the input names',
      rewrite('"TimestampLessThanEqualsPath":"$.clock.deadline"', '"TimestampLessThanEqualsPath":"$.request.deadline"'),
      'toldLate',
    ),
    ofExtension('three months more', rewrite('"days":90,"months":3', '"days":120,"months":4'), 'late'),
    ofExtension('three months, of which some have 92 days', rewrite('"days":90,"months":3', '"months":3'), 'late'),
  ],
  others,
  registers: registerCases,
  live: liveCases,
  absentKeeps: {
    [`${machine}: StateMachineType`]: 'STANDARD: the page of the resource',
    [`${machine}: LoggingConfiguration.IncludeExecutionData`]: 'false: the page of the resource',
    [`${alarm}: ActionsEnabled`]: 'true: the page of the resource',
    [`${subscription}: FilterPolicy`]: 'no filter: the page of the resource',
  },
};
