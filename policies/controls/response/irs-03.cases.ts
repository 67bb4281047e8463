import { type ControlCases, removeResource } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import { definition, definitionText, editState, editStates, machine, resources } from './example-incident';

const usual = 'a process as CDK writes it';

const payload = (state: Json): Json => (state.Parameters as Json).Payload as Json;

export const cases: ControlCases = {
  compliant: {
    [usual]: { template: { Resources: resources({ DefinitionString: definitionText }) } },
    'a process as an object': { template: { Resources: resources({ Definition: definition }) } },
    'a day and a half, where that is promised': {
      figures: { 'ir.rcaHours': 36 },
      template: { Resources: resources({ DefinitionString: definitionText }) },
    },
  },
  mutations: [
    { name: 'there is no process', of: usual, edit: removeResource(machine), expect: { message: 'missing', at: '' } },
    {
      name: 'people may take two days to find the cause',
      of: usual,
      edit: editState('Clock of FindCause', (state) => {
        payload(state).hours = 48;
      }),
      expect: { message: 'tooLong' },
    },
    {
      name: 'people may take half an hour more than promised',
      of: usual,
      edit: editState('Clock of FindCause', (state) => {
        payload(state).hours = 24.5;
      }),
      expect: { message: 'tooLong' },
    },
    {
      name: 'how many hours is decided while it runs',
      of: usual,
      edit: editState('Clock of FindCause', (state) => {
        const asked = payload(state);
        delete asked.hours;
        asked['hours.$'] = '$.assess.hours';
      }),
      expect: { message: 'not-assessed' },
    },
    ...['$.assess.confirmedAt', '$.contain.doneAt', '$$.State.EnteredTime', '$$.Execution.StartTime'].map((path) => ({
      name: `trap 33: the clock counts from ${path}`,
      of: usual,
      edit: editState('Clock of FindCause', (state) => {
        payload(state)['discoveredAt.$'] = path;
      }),
      expect: { message: 'wrongStart' },
    })),
    {
      name: 'trap 33: another step writes the time of the discovery anew',
      of: usual,
      edit: editState('Assess', (state) => {
        state.ResultPath = '$.incident.discoveredAt';
      }),
      expect: { message: 'wrongStart' },
    },
    {
      name: 'trap 33: the wait counts from its own beginning',
      of: usual,
      edit: editState('FindCause', (state) => {
        delete state.TimeoutSecondsPath;
        state.TimeoutSeconds = 86400;
      }),
      expect: { message: 'wrongStart' },
    },
    {
      name: 'people wait for as long as another step was left',
      of: usual,
      edit: editState('Contain', (state) => {
        state.Next = 'FindCause';
      }),
      expect: { message: 'wrongStart' },
    },
    {
      name: 'nobody is called where the cause is not found',
      of: usual,
      edit: editState('FindCause', (state) => {
        delete state.Catch;
      }),
      expect: { message: 'nobodyCalled' },
    },
    {
      name: 'the time is up, and the process goes on without the cause',
      of: usual,
      edit: editState('Escalate findcause', (state) => {
        state.Next = 'Clock of Eradicate';
      }),
      expect: { message: 'skipped' },
    },
    {
      name: 'any answer is a cause',
      of: usual,
      edit: editState('Is cause found', (state) => {
        state.Choices = [{ Variable: '$.findcause', IsPresent: true, Next: 'Clock of Eradicate' }];
      }),
      expect: { message: 'notAsked' },
    },
    {
      name: 'an empty cause is good enough',
      of: usual,
      edit: editState('Is cause found', (state) => {
        state.Choices = [{ And: [{ Variable: '$.findcause.cause', IsPresent: true }], Next: 'Clock of Eradicate' }];
      }),
      expect: { message: 'notAsked' },
    },
    {
      name: 'nothing has to show the cause',
      of: usual,
      edit: editState('Is cause found', (state) => {
        const [choice] = state.Choices as Json[];
        state.Choices = [{ Variable: '$.findcause.cause', StringGreaterThan: '', Next: choice?.Next }];
      }),
      expect: { message: 'notAsked' },
    },
    {
      name: 'a lacking cause leads on',
      of: usual,
      edit: editState('Is cause found', (state) => {
        state.Default = 'Clock of Eradicate';
      }),
      expect: { message: 'skipped' },
    },
    {
      name: 'what was contained recovers without its cause',
      of: usual,
      edit: editState('Contain', (state) => {
        state.Next = 'Clock of Eradicate';
      }),
      expect: { message: 'skipped' },
    },
    {
      name: 'eradication is skipped',
      of: usual,
      edit: editState('Is cause found', (state) => {
        const [choice] = state.Choices as Json[];
        state.Choices = [{ ...choice, Next: 'Clock of VerifyIntegrity' }];
      }),
      expect: { message: 'skipped' },
    },
    {
      name: 'nobody says what was removed',
      of: usual,
      edit: editStates((states) => {
        const gate = states['Is cause removed'] as Json;
        gate.Choices = [{ Variable: '$.eradicate.done', StringGreaterThan: '', Next: 'Clock of VerifyIntegrity' }];
      }),
      expect: { message: 'notAsked' },
    },
    {
      name: 'a lacking removal leads on',
      of: usual,
      edit: editState('Is cause removed', (state) => {
        state.Default = 'Clock of VerifyIntegrity';
      }),
      expect: { message: 'skipped' },
    },
  ],
  others: [
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
      name: 'a process whose decisions are written in another language is not assessed',
      template: { Resources: resources({ Definition: { ...definition, QueryLanguage: 'JSONata' } }) },
      expect: { Process: 'not-assessed' },
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
