import { change, type Edit } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

// A process of incidents, for the cases of the controls that judge it, and edits of its states

export const machine = 'AWS::StepFunctions::StateMachine';

const publish = 'arn:aws:states:::sns:publish';

/** A wait for people with its clock, and the calls where they are late. */
function step(name: string, next: string, hours: number, remind: readonly number[] = []): Json {
  const result = name.toLowerCase();
  const clock = `Clock of ${name}`;
  const calls: Json =
    remind.length > 0
      ? {
          [`Is late ${result}`]: {
            Type: 'Choice',
            Choices: [{ Variable: '$.clock.next', StringEquals: 'reminder', Next: `Remind ${result}` }],
            Default: `Escalate ${result}`,
          },
          [`Remind ${result}`]: { Type: 'Task', Resource: publish, ResultPath: null, Next: clock },
        }
      : {};
  return {
    [clock]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { Payload: { 'discoveredAt.$': '$.incident.discoveredAt', hours, remind } },
      ResultPath: '$.clock',
      Next: name,
    },
    [name]: {
      Type: 'Task',
      Resource: `${publish}.waitForTaskToken`,
      TimeoutSecondsPath: '$.clock.seconds',
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          ResultPath: '$.error',
          Next: remind.length > 0 ? `Is late ${result}` : `Escalate ${result}`,
        },
      ],
      ResultPath: `$.${result}`,
      Next: next,
    },
    ...calls,
    [`Escalate ${result}`]: { Type: 'Task', Resource: publish, ResultPath: null, Next: clock },
  };
}

const present = (path: string): Json => ({ Variable: path, IsPresent: true });

/** Tests of an answer that says something under each name. */
const says = (result: string, ...names: readonly string[]): Json => ({
  And: names.flatMap((name) => [
    present(`$.${result}.${name}`),
    { Variable: `$.${result}.${name}`, StringGreaterThan: '' },
  ]),
});

const choice = (fallback: string, ...choices: readonly Json[]): Json => ({
  Type: 'Choice',
  Choices: choices,
  Default: fallback,
});

const response: Json = {
  ...step('Assess', 'Is assessed', 0.5),
  'Is assessed': choice('Escalate assess', {
    And: [present('$.assess.severity'), present('$.assess.impact'), present('$.assess.lead')],
    Next: 'Clock of Contain',
  }),
  ...step('Contain', 'Clock of FindCause', 1),
  ...step('FindCause', 'Is cause found', 24, [12]),
  'Is cause found': choice('Escalate findcause', {
    ...says('findcause', 'cause', 'evidence'),
    Next: 'Clock of Eradicate',
  }),
  ...step('Eradicate', 'Is cause removed', 48),
  'Is cause removed': choice('Escalate eradicate', {
    ...says('eradicate', 'removed', 'change'),
    Next: 'Clock of VerifyIntegrity',
  }),
  ...step('VerifyIntegrity', 'Is intact', 72),
  'Is intact': choice('Recovery refused', {
    Variable: '$.verifyintegrity.intact',
    BooleanEquals: true,
    Next: 'Recovered',
  }),
  'Recovery refused': { Type: 'Task', Resource: publish, Next: 'Clock of FindCause' },
  Recovered: { Type: 'Pass', Next: 'Clock of Review' },
  ...step('Review', 'Reviewed', 336),
  Reviewed: { Type: 'Pass', End: true },
};

const content = ['nature', 'people', 'records', 'contact', 'consequences', 'measures'];

function notice(audience: string): Json {
  const [first, further] = [`notify${audience.toLowerCase()}`, `supplement${audience.toLowerCase()}`];
  const whole = (result: string) => says(result, ...content, 'approvedBy', 'sentAt', 'receipt');
  const part = (result: string): Json => ({
    And: [
      whole(result),
      { Or: content.map((name) => ({ Variable: `$.${result}.${name}`, StringMatches: '*not known yet*' })) },
    ],
    Next: `Clock of Supplement${audience}`,
  });
  return {
    ...step(`Notify${audience}`, `Is ${audience} notice whole`, 72, [24, 48, 60]),
    [`Is ${audience} notice whole`]: choice(
      `Escalate ${first}`,
      part(first),
      { ...whole(first), Next: `${audience} told` },
      { ...says(first, 'notRequired', 'decidedBy'), Next: `${audience} not told` },
    ),
    ...step(`Supplement${audience}`, `Is ${audience} supplement whole`, 336, [168]),
    [`Is ${audience} supplement whole`]: choice(`Escalate ${further}`, part(further), {
      ...whole(further),
      Next: `${audience} told`,
    }),
    [`${audience} told`]: { Type: 'Task', Resource: publish, End: true },
    [`${audience} not told`]: { Type: 'Task', Resource: publish, End: true },
  };
}

export const definition: Json = {
  StartAt: 'Handle',
  States: {
    Handle: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Clock of Assess', States: response },
        { StartAt: 'Clock of NotifyAuthority', States: notice('Authority') },
        { StartAt: 'Clock of NotifyCustomers', States: notice('Customers') },
      ],
      Next: 'Closed',
    },
    Closed: { Type: 'Succeed' },
  },
};

/** The definition as CDK writes it: text, cut where it names the partition. */
export const definitionText: Json = {
  'Fn::Join': [
    '',
    JSON.stringify(definition)
      .split('arn:aws:states')
      .flatMap((text, index) => (index === 0 ? [text] : ['arn:', { Ref: 'AWS::Partition' }, `:states${text}`])),
  ],
};

/** The process with its key, and the finding that starts it. */
export const resources = (properties: Json): Json => ({
  Key: { Type: 'AWS::KMS::Key', Properties: {} },
  Process: {
    Type: machine,
    Properties: {
      LoggingConfiguration: { Level: 'ALL' },
      EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
      ...properties,
    },
  },
  Finding: {
    Type: 'AWS::Events::Rule',
    Properties: {
      State: 'ENABLED',
      EventPattern: { source: ['aws.guardduty'] },
      Targets: [{ Id: 'Process', Arn: { Ref: 'Process' } }],
    },
  },
});

/** Rewrites the text of a definition, wherever it is cut by references. */
export function rewrite(from: string, to: string, everywhere = false): Edit {
  const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
  return change(machine, (properties) => {
    const text = JSON.stringify(properties.DefinitionString);
    properties.DefinitionString = JSON.parse(
      everywhere ? text.replaceAll(escaped(from), escaped(to)) : text.replace(escaped(from), escaped(to)),
    );
  });
}

/** Changes states of a definition by their names, those of branches too; what it refers to stays as it is. */
export function editStates(edit: (states: Json, whole: Json) => void): Edit {
  return change(machine, (properties) => {
    const { DefinitionString: text } = properties;
    const pieces = isObject(text) && Array.isArray(text['Fn::Join']) ? (text['Fn::Join'][1] as unknown[]) : [text];
    const marked = pieces.map((piece, at) => (typeof piece === 'string' ? piece : `<<${at}>>`)).join('');
    const whole: Json = JSON.parse(marked);
    edit(statesOf(whole), whole);
    const parts = JSON.stringify(whole).split(/<<(\d+)>>/);
    properties.DefinitionString = {
      'Fn::Join': ['', parts.map((part, at) => (at % 2 === 0 ? part : pieces[Number(part)]))],
    };
  });
}

/** Changes one state of a definition. */
export function editState(name: string, edit: (state: Json) => void): Edit {
  return editStates((states) => {
    const state = states[name];
    if (!isObject(state)) {
      throw new Error(`the process has no state '${name}' to edit`);
    }
    edit(state);
  });
}

function statesOf(part: Json): Json {
  const own = part.States as Json;
  const below = Object.values(own).flatMap((state) => ((state as Json).Branches ?? []) as Json[]);
  return Object.assign({}, own, ...below.map(statesOf));
}
