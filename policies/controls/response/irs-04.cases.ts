import { type ControlCases, removeResource } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { definition, definitionText, editState, editStates, machine, resources } from './example-incident';

const usual = 'a process as CDK writes it';

const payload = (state: Json): Json => (state.Parameters as Json).Payload as Json;

/** The same clock, counted from somewhere else. */
function countedFrom(path: string): Json {
  return JSON.parse(JSON.stringify(definition).replaceAll('$.incident.discoveredAt', path));
}

/** Takes every test of one name out of a decision. */
function without(name: string): (state: Json) => void {
  const strip = (tests: unknown): unknown =>
    Array.isArray(tests)
      ? tests.filter((test) => !String((test as Json).Variable).endsWith(`.${name}`)).map(strip)
      : isObject(tests)
        ? Object.fromEntries(Object.entries(tests).map(([key, value]) => [key, strip(value)]))
        : tests;
  return (state) => {
    state.Choices = strip(state.Choices);
  };
}

export const cases: ControlCases = {
  compliant: {
    [usual]: { template: { Resources: resources({ DefinitionString: definitionText }) } },
    'a process as an object': { template: { Resources: resources({ Definition: definition }) } },
    'a clock that starts with the confirmation, where no more is promised': {
      figures: { 'ir.clockStart': 'confirmed' },
      template: { Resources: resources({ Definition: countedFrom('$.incident.confirmedAt') }) },
    },
    'a clock that starts with the awareness, where no more is promised': {
      figures: { 'ir.clockStart': 'awareness' },
      template: { Resources: resources({ Definition: countedFrom('$.incident.awareAt') }) },
    },
  },
  mutations: [
    { name: 'there is no process', of: usual, edit: removeResource(machine), expect: { message: 'missing', at: '' } },
    ...['$.incident.confirmedAt', '$.incident.awareAt', '$$.State.EnteredTime', '$$.Execution.StartTime'].map(
      (path) => ({
        name: `trap 33: the hours count from ${path}`,
        of: usual,
        edit: editState('Clock of NotifyCustomers', (state) => {
          payload(state)['discoveredAt.$'] = path;
        }),
        expect: { message: 'wrongStart' },
      }),
    ),
    {
      name: 'people may take four days',
      of: usual,
      edit: editState('Clock of NotifyCustomers', (state) => {
        payload(state).hours = 96;
      }),
      expect: { message: 'tooLong' },
    },
    {
      name: 'how many hours is decided while it runs',
      of: usual,
      edit: editState('Clock of NotifyAuthority', (state) => {
        const asked = payload(state);
        delete asked.hours;
        asked['hours.$'] = '$.incident.hours';
      }),
      expect: { message: 'not-assessed' },
    },
    ...['NotifyAuthority', 'NotifyCustomers'].map((name) => ({
      name: `nobody is waited for in ${name}`,
      of: usual,
      edit: editState(name, (state) => {
        state.Resource = String(state.Resource).replace('.waitForTaskToken', '');
      }),
      expect: { message: 'untold' },
    })),
    {
      name: 'there is no authority',
      of: usual,
      edit: editStates((_states, whole) => {
        const handle = (whole.States as Json).Handle as Json;
        handle.Branches = (handle.Branches as Json[]).filter((branch) => branch.StartAt !== 'Clock of NotifyAuthority');
      }),
      expect: { message: 'untold' },
    },
    ...['nature', 'people', 'records', 'contact', 'consequences', 'measures', 'approvedBy', 'sentAt'].map((name) => ({
      name: `a notice need not say '${name}'`,
      of: usual,
      edit: editState('Is Customers notice whole', without(name)),
      expect: { message: 'fieldMissing' },
    })),
    {
      name: 'an empty notice is good enough',
      of: usual,
      edit: editState('Is Authority notice whole', (state) => {
        state.Choices = [{ Variable: '$.notifyauthority', IsPresent: true, Next: 'Authority told' }];
      }),
      expect: { message: 'skipped' },
    },
    {
      name: 'a lacking notice is done',
      of: usual,
      edit: editState('Is Authority notice whole', (state) => {
        state.Default = 'Authority told';
      }),
      expect: { message: 'skipped' },
    },
    {
      name: 'whoever is late is passed over',
      of: usual,
      edit: editState('Remind notifycustomers', (state) => {
        state.Next = 'Customers told';
      }),
      expect: { message: 'nobodyCalled' },
    },
    {
      name: 'that nobody need be told takes no reason',
      of: usual,
      edit: editState('Is Customers notice whole', without('notRequired')),
      expect: { message: 'skipped' },
    },
    {
      name: 'what is not known yet is not followed up',
      of: usual,
      edit: editState('Is Customers notice whole', (state) => {
        const [part, ...rest] = state.Choices as Json[];
        state.Choices = [{ ...part, Next: 'Customers told' }, ...rest];
      }),
      expect: { message: 'unknownForgotten' },
    },
    {
      name: 'what is not known yet is looked for too late',
      of: usual,
      edit: editState('Is Customers notice whole', (state) => {
        state.Choices = (state.Choices as Json[]).toReversed();
      }),
      expect: { message: 'unknownForgotten' },
    },
    {
      name: 'the rest may lack something',
      of: usual,
      edit: editState('Is Authority supplement whole', (state) => {
        state.Default = 'Authority told';
      }),
      expect: { message: 'skipped' },
    },
    {
      name: 'the notice waits for the containment',
      of: usual,
      edit: editStates((states, whole) => {
        const handle = (whole.States as Json).Handle as Json;
        const branches = handle.Branches as Json[];
        const [work, authority, customers] = branches;
        // Everything of the customers' branch moves behind the work on the incident
        Object.assign(work?.States as Json, customers?.States);
        (states.Contain as Json).Next = 'Clock of NotifyCustomers';
        (states['Customers told'] as Json).Next = 'Clock of FindCause';
        delete (states['Customers told'] as Json).End;
        (states['Customers not told'] as Json).Next = 'Clock of FindCause';
        delete (states['Customers not told'] as Json).End;
        handle.Branches = [work, authority];
      }),
      expect: { message: 'startsLate' },
      notShipped: 'an incident of grade 0 would pass it by there, which is found as well',
    },
    {
      name: 'nobody is reminded',
      of: usual,
      edit: editState('Clock of NotifyAuthority', (state) => {
        payload(state).remind = [];
      }),
      expect: { message: 'noReminder' },
    },
    {
      name: 'reminders come after the end',
      of: usual,
      edit: editState('Clock of NotifyAuthority', (state) => {
        payload(state).remind = [72, 96];
      }),
      expect: { message: 'noReminder' },
    },
    {
      name: 'a reminder looks like the end',
      of: usual,
      edit: editState('NotifyAuthority', (state) => {
        const [only] = state.Catch as Json[];
        state.Catch = [{ ...only, Next: 'Escalate notifyauthority' }];
      }),
      expect: { message: 'noReminder' },
    },
    {
      name: 'nobody is called at the end',
      of: usual,
      edit: editState('Is late notifycustomers', (state) => {
        state.Default = 'Customers told';
      }),
      expect: { message: 'nobodyCalled' },
    },
    {
      name: 'mail leaves by itself',
      of: usual,
      edit: editState('Recovered', (state) => {
        state.Type = 'Task';
        state.Resource = 'arn:aws:states:::aws-sdk:sesv2:sendEmail';
      }),
      expect: { message: 'sentByItself' },
    },
  ],
  others: [
    {
      name: 'how long a notice may take cannot be read',
      template: {
        Resources: resources({
          Definition: JSON.parse(JSON.stringify(definition).replaceAll('"hours":72', '"hours":"72"')),
        }),
      },
      expect: { Process: 'not-assessed' },
    },
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
  ],
  indifferent: {
    [`${machine}: Definition`]: 'its states are judged, not its mere presence',
  },
};
