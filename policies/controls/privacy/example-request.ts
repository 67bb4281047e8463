import type { Json } from '../../../lib/template/parse';

// A process of requests about personal data, for the cases of the control that judges it

const publish = 'arn:aws:states:::sns:publish';
const desk = '<<Desk>>';
const alerts = '<<Alerts>>';

const publishing = (topic: string, next: string): Json => ({
  Type: 'Task',
  Resource: publish,
  Parameters: { TopicArn: topic, 'Message.$': '$.request' },
  ResultPath: null,
  Next: next,
});

/** A wait for people with its clock, and the calls before and at the end of the time. */
function step(name: string, limit: Json, next: string): Json {
  const result = name.toLowerCase();
  const clock = `Clock of ${name}`;
  const late: Json = {
    [`Is late ${result}`]: {
      Type: 'Choice',
      Choices: [{ Variable: '$.clock.next', StringEquals: 'reminder', Next: `Remind ${result}` }],
      Default: `Escalate ${result}`,
    },
    [`Remind ${result}`]: publishing(desk, clock),
  };
  return {
    [clock]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: {
        FunctionName: 'clock',
        Payload: { 'discoveredAt.$': '$.request.receivedAt', 'now.$': '$$.State.EnteredTime', ...limit },
      },
      ResultSelector: {
        'next.$': '$.Payload.next',
        'seconds.$': '$.Payload.seconds',
        'deadline.$': '$.Payload.deadline',
      },
      ResultPath: '$.clock',
      Next: name,
    },
    [name]: {
      Type: 'Task',
      Resource: `${publish}.waitForTaskToken`,
      Parameters: { TopicArn: desk, Message: { 'token.$': '$$.Task.Token' } },
      TimeoutSecondsPath: '$.clock.seconds',
      ResultPath: `$.${result}`,
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          ResultPath: '$.error',
          Next: limit.remindBefore ? `Is late ${result}` : `Escalate ${result}`,
        },
      ],
      Next: next,
    },
    ...(limit.remindBefore ? late : {}),
    [`Escalate ${result}`]: publishing(alerts, clock),
  };
}

/** Tests of an answer that says something under each name. */
const says = (result: string, ...names: readonly string[]): Json => ({
  And: names.map((name) => ({ Variable: `$.${result}.${name}`, StringGreaterThan: '' })),
});

const closed = (result: string): Json => ({ ...says(result, 'by', 'answer', 'sentAt', 'reference'), Next: 'Answered' });

const told: Json = {
  And: [
    says('answer', 'reason', 'toldAt'),
    { Variable: '$.answer.toldAt', TimestampLessThanEqualsPath: '$.clock.deadline' },
  ],
  Next: 'Clock of AnswerLater',
};

const usual = ['access', 'rectification', 'erasure', 'restriction', 'portability', 'objection', 'know', 'delete'];

/** The definition, with a way to more time or without one. */
export function requestDefinition(isExtensible = false): Json {
  const right = (name: string, next: string): Json => ({ Variable: '$.request.right', StringEquals: name, Next: next });
  return {
    StartAt: 'Is received',
    States: {
      'Is received': {
        Type: 'Choice',
        Choices: [{ Variable: '$.request.receivedAt', IsTimestamp: true, Next: 'Which right' }],
        Default: 'Not received',
      },
      'Not received': { Type: 'Fail' },
      'Which right': {
        Type: 'Choice',
        Choices: [...usual.map((name) => right(name, `Note ${name}`)), right('opt-out', 'Clock of OptOut')],
        Default: 'Clock of Identify',
      },
      ...Object.fromEntries(
        usual.map((name) => [
          `Note ${name}`,
          { Type: 'Pass', Result: name, ResultPath: '$.request.task', Next: 'Clock of Identify' },
        ]),
      ),
      ...step('Identify', { businessDays: 10 }, 'Is identified'),
      'Is identified': {
        Type: 'Choice',
        Choices: [{ ...says('identify', 'by', 'identity'), Next: 'Clock of Answer' }],
        Default: 'Escalate identify',
      },
      ...step('Answer', { days: 30, months: 1, remindBefore: [240, 48] }, 'Is answered'),
      'Is answered': {
        Type: 'Choice',
        Choices: [closed('answer'), ...(isExtensible ? [told] : [])],
        Default: 'Escalate answer',
      },
      ...(isExtensible
        ? {
            ...step('AnswerLater', { days: 90, months: 3, remindBefore: [240] }, 'Is answered later'),
            'Is answered later': {
              Type: 'Choice',
              Choices: [closed('answerlater')],
              Default: 'Escalate answerlater',
            },
          }
        : {}),
      ...step('OptOut', { businessDays: 15, remindBefore: [48] }, 'Is opted out'),
      'Is opted out': { Type: 'Choice', Choices: [closed('optout')], Default: 'Escalate optout' },
      Answered: { Type: 'Succeed' },
    },
  };
}

/** The process with its topics, the mailbox of those who answer, and the alarms on how it ends. */
export function requestResources(definition: Json, properties: Json = {}): Json {
  const pieces = JSON.stringify(definition).split(/<<(\w+)>>/);
  const alarm = (MetricName: string): Json => ({
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/States',
      MetricName,
      Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: 'Process' } }],
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      AlarmActions: [{ Ref: 'Alerts' }],
    },
  });
  return {
    Key: { Type: 'AWS::KMS::Key', Properties: {} },
    Alerts: { Type: 'AWS::SNS::Topic', Properties: {} },
    Desk: { Type: 'AWS::SNS::Topic', Properties: {} },
    Mailbox: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: 'Desk' }, Protocol: 'email', Endpoint: 'privacy@example.eu' },
    },
    Undelivered: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        Namespace: 'AWS/SNS',
        MetricName: 'NumberOfNotificationsFailed',
        Dimensions: [{ Name: 'TopicName', Value: { 'Fn::GetAtt': ['Desk', 'TopicName'] } }],
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        AlarmActions: [{ Ref: 'Alerts' }],
      },
    },
    Process: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        DefinitionString: { 'Fn::Join': ['', pieces.map((piece, at) => (at % 2 === 0 ? piece : { Ref: piece }))] },
        LoggingConfiguration: { Level: 'ALL' },
        EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
        ...properties,
      },
    },
    Failed: alarm('ExecutionsFailed'),
    Stopped: alarm('ExecutionsAborted'),
  };
}
