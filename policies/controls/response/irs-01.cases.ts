import { type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import { definition, definitionText, machine, resources, rewrite } from './example-incident';

const rule = 'AWS::Events::Rule';

const asText = resources({ DefinitionString: definitionText });

const usual = 'a process as CDK writes it';

export const cases: ControlCases = {
  compliant: {
    [usual]: { template: { Resources: asText } },
    'a process as an object': { template: { Resources: resources({ Definition: definition }) } },
    'a process as text': { template: { Resources: resources({ DefinitionString: JSON.stringify(definition) }) } },
    'a key of AWS, where the profile asks no more': {
      figures: { 'keys.mode': 'platform' },
      template: {
        Resources: resources({ Definition: definition, EncryptionConfiguration: { Type: 'AWS_OWNED_KEY' } }),
      },
    },
  },
  mutations: [
    {
      name: 'there is no process',
      of: usual,
      edit: removeResource(machine),
      expect: { message: 'missing', at: '' },
    },
    {
      name: 'nobody looks back',
      of: usual,
      edit: rewrite('"Next":"Clock of Review"', '"Next":"Closed"', true),
      expect: { message: 'stepMissing' },
    },
    {
      name: 'nobody checks whether the data is intact',
      of: usual,
      edit: rewrite('"Next":"Clock of VerifyIntegrity"', '"Next":"Recovered"', true),
      expect: { message: 'stepMissing' },
    },
    {
      name: 'nobody is named to lead',
      of: usual,
      edit: rewrite('$.assess.lead', '$.assess.team', true),
      expect: { message: 'unassessed' },
    },
    {
      name: 'whom it touches is not asked',
      of: usual,
      edit: rewrite('$.assess.impact', '$.assess.comment', true),
      expect: { message: 'unassessed' },
    },
    {
      name: 'an assessment that lacks something is good enough',
      of: usual,
      edit: rewrite('"Default":"Escalate assess"', '"Default":"Clock of Contain"'),
      expect: { message: 'unassessed' },
    },
    {
      name: 'data that is not intact recovers as well',
      of: usual,
      edit: rewrite('"Default":"Recovery refused"', '"Default":"Recovered"'),
      expect: { message: 'integritySkipped' },
    },
    {
      name: 'a refused recovery is closed',
      of: usual,
      edit: rewrite('"Default":"Recovery refused"', '"Default":"Closed"'),
      expect: { message: 'integritySkipped' },
    },
    {
      name: 'any answer lets recover',
      of: usual,
      edit: rewrite('"BooleanEquals":true', '"IsPresent":true'),
      expect: { message: 'integrityIgnored' },
    },
    {
      name: 'the answer that data is lost lets recover',
      of: usual,
      edit: rewrite('"BooleanEquals":true', '"BooleanEquals":false'),
      expect: { message: 'integrityIgnored' },
    },
    {
      name: 'a wait for people without an end',
      of: usual,
      edit: rewrite('"TimeoutSecondsPath":"$.clock.seconds",', ''),
      expect: { message: 'waitsForEver' },
    },
    {
      name: 'trap 33: a wait that counts from its own beginning',
      of: usual,
      edit: rewrite('"TimeoutSecondsPath":"$.clock.seconds"', '"TimeoutSeconds":86400'),
      expect: { message: 'clockFromEntry' },
    },
    {
      name: 'trap 33: nobody asks when it was discovered',
      of: usual,
      edit: rewrite('discovered', 'started', true),
      expect: { message: 'noDiscovery' },
    },
    {
      name: 'nobody is called where people are late',
      of: usual,
      edit: rewrite('"ErrorEquals":["States.ALL"]', '"ErrorEquals":["States.TaskFailed"]'),
      expect: { message: 'nobodyCalled' },
    },
    {
      name: 'findings start nothing',
      of: usual,
      edit: change(machine, (_properties, template) => {
        const all = template.Resources as Json;
        template.Resources = Object.fromEntries(Object.entries(all).filter(([, each]) => (each as Json).Type !== rule));
      }),
      expect: { message: 'notDeclared' },
    },
    {
      name: 'the rule that starts it is off',
      of: usual,
      edit: set(rule, 'State', 'DISABLED'),
      expect: { message: 'notDeclared', at: 'Process' },
      notShipped: 'another rule of ours starts the process as well',
    },
    {
      name: 'a schedule is no finding',
      of: usual,
      edit: remove(rule, 'EventPattern'),
      expect: { message: 'notDeclared', at: 'Process' },
      notShipped: 'another rule of ours starts the process as well',
    },
    {
      name: 'only errors are logged',
      of: usual,
      edit: set(machine, 'LoggingConfiguration.Level', 'ERROR'),
      expect: { message: 'unlogged' },
    },
    {
      name: 'nothing is logged',
      of: usual,
      edit: remove(machine, 'LoggingConfiguration'),
      expect: { message: 'unlogged' },
    },
    {
      name: 'AWS holds the key',
      of: usual,
      edit: set(machine, 'EncryptionConfiguration.Type', 'AWS_OWNED_KEY'),
      expect: { message: 'platformKey' },
    },
    {
      name: 'no key is named',
      of: usual,
      edit: remove(machine, 'EncryptionConfiguration'),
      expect: { message: 'platformKey' },
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
      name: 'a definition in a file is not assessed',
      template: {
        Resources: { Process: { Type: machine, Properties: { DefinitionS3Location: { Bucket: 'b', Key: 'k' } } } },
      },
      expect: { Process: 'not-assessed' },
    },
    {
      name: 'a definition that is no JSON is not assessed',
      template: { Resources: { Process: { Type: machine, Properties: { DefinitionString: '{"StartAt":' } } } },
      expect: { Process: 'not-assessed' },
    },
    {
      name: 'a process that stops half-way',
      template: {
        Resources: resources({
          Definition: {
            StartAt: 'Assess',
            States: { Assess: { Type: 'Pass', Next: 'Contain' }, Contain: { Type: 'Succeed' } },
          },
        }),
      },
      expect: { Process: { message: 'stepMissing' } },
    },
  ],
  absentKeeps: {
    [`${rule}: State`]: 'on: the page of the resource',
  },
  indifferent: {
    [`${machine}: Definition`]: 'its states are judged, not its mere presence',
    [`${rule}: EventPattern`]: 'what counts as grave is judged by det-02',
    [`${rule}: State`]: 'only the word DISABLED switches a rule off',
  },
};
