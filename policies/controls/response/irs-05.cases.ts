import { type ControlCases, type Edit, removeResource, set } from '../../../lib/control/cases';
import type { StatusPage } from '../../../lib/control/publication';
import type { Vendor } from '../../../lib/control/vendor';
import type { Json } from '../../../lib/template/parse';
import { rewrite } from './example-incident';

const machine = 'AWS::StepFunctions::StateMachine';
const zone = 'AWS::Route53::HostedZone';
const record = 'AWS::Route53::RecordSet';

/** A wait for people with its clock, and the call where they are late. */
function step(name: string, hours: number, next: string): Json {
  const late = `Escalate ${name.toLowerCase()}`;
  return {
    [`Clock of ${name}`]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { Payload: { 'discoveredAt.$': '$.incident.discoveredAt', hours } },
      ResultPath: '$.clock',
      Next: name,
    },
    [name]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish.waitForTaskToken',
      TimeoutSecondsPath: '$.clock.seconds',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: late }],
      Next: next,
    },
    [late]: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', Next: `Clock of ${name}` },
  };
}

const grade = '$.assess.severity';
const definition: Json = {
  StartAt: 'Clock of Assess',
  States: {
    ...step('Assess', 1, 'Is assessed'),
    'Is assessed': {
      Type: 'Choice',
      Choices: [{ Variable: grade, NumericEquals: 0, Next: 'Clock of Review' }],
      Default: 'Clock of Contain',
    },
    ...step('Contain', 1, 'Clock of Eradicate'),
    ...step('Eradicate', 24, 'Clock of Review'),
    ...step('Review', 336, 'Is reviewed'),
    'Is reviewed': {
      Type: 'Choice',
      Choices: [
        {
          And: [
            { Variable: '$.review.actions[0].owner', IsPresent: true },
            { Variable: '$.review.actions[0].due', IsPresent: true },
          ],
          Next: 'Is light',
        },
      ],
      Default: 'Escalate review',
    },
    'Is light': {
      Type: 'Choice',
      Choices: [
        {
          And: [
            { Variable: grade, IsPresent: true },
            {
              Or: [
                { Variable: grade, NumericEquals: 0 },
                { Variable: grade, NumericGreaterThanEquals: 3 },
              ],
            },
          ],
          Next: 'Learnt',
        },
      ],
      Default: 'Clock of Account',
    },
    ...step('Account', 504, 'Learnt'),
    Learnt: { Type: 'Succeed' },
  },
};

const template = {
  Resources: {
    Process: { Type: machine, Properties: { DefinitionString: JSON.stringify(definition) } },
    Zone: { Type: zone, Properties: { Name: 'app.example.eu.' } },
    Record: { Type: record, Properties: { Name: 'app.example.eu', Type: 'A' } },
  },
};
const figures = { 'status.hosts': ['status.example.net'] };
const usual = 'a review with actions, an account for customers, and a page in a zone of its own';

const isIncident = (resource: Json) => JSON.stringify(resource).includes('Eradicate');
const ofProcess = (name: string, edit: Edit, message: string) => ({
  name,
  of: usual,
  edit,
  expect: { message },
  shippedWhere: isIncident,
});

const page: StatusPage = {
  url: 'https://status.example.net/',
  provider: 'A company',
  by: 'support lead',
  drilled: '2026-10-01',
  evidence: { reference: 'update-status-page/2026-10-01/timeline.md', sha256: '0'.repeat(64) },
};
const host: Vendor = {
  id: 'host',
  name: 'A host',
  country: 'LU',
  purpose: 'hosting',
  role: 'host',
  dataCategories: ['settings of the account'],
  dpa: { signed: true, date: '2026-01-01', reference: 'terms' },
  domains: [],
  profiles: ['strictest'],
  answersFor: ['its data centres'],
  auth: { kind: 'iam' },
};
const given = (over: Partial<StatusPage>) => ({ records: { vendors: [host], statusPages: [{ ...page, ...over }] } });

export const cases: ControlCases = {
  compliant: {
    [usual]: { template, figures },
    'a process as an object, before there is a page': {
      template: { Resources: { Process: { Type: machine, Properties: { Definition: definition } } } },
    },
  },
  mutations: [
    {
      name: 'there is no process',
      of: usual,
      edit: removeResource(machine),
      expect: { message: 'missing', at: '' },
      shippedWhere: isIncident,
    },
    ofProcess('nobody reviews', rewrite('"Next":"Clock of Review"', '"Next":"Learnt"', true), 'noReview'),
    ofProcess('actions have no owner', rewrite('actions[0].owner', 'actions[0].idea', true), 'noActions'),
    ofProcess('actions have no day', rewrite('actions[0].due', 'actions[0].wish', true), 'noActions'),
    ofProcess(
      'a review without actions is good enough',
      rewrite('"Default":"Escalate review"', '"Default":"Clock of Account"'),
      'noActions',
    ),
    ofProcess('grade 2 is light', rewrite('"NumericGreaterThanEquals":3', '"NumericGreaterThanEquals":2'), 'noAccount'),
    ofProcess(
      'grade 1 is light',
      rewrite(
        '"Or":[{"Variable":"$.assess.severity","NumericEquals":0}',
        '"Or":[{"Variable":"$.assess.severity","NumericEquals":1}',
      ),
      'noAccount',
    ),
    ofProcess('nobody is told', rewrite('"Default":"Clock of Account"', '"Default":"Learnt"'), 'noAccount'),
    ofProcess('the review may take a month', rewrite('"hours":336', '"hours":720'), 'lateReview'),
    {
      name: 'the page is found through a zone of the service',
      of: usual,
      edit: set(zone, 'Name', 'example.net'),
      expect: { message: 'sameZone' },
      notShipped: 'no status page is on record',
    },
    {
      name: 'the page is a record of the service',
      of: usual,
      edit: set(record, 'Name', 'Status.example.net.'),
      expect: { message: 'sameZone' },
      notShipped: 'no status page is on record',
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
      name: 'a definition that is no JSON is not assessed',
      template: { Resources: { Process: { Type: machine, Properties: { DefinitionString: '{"StartAt":' } } } },
      expect: { Process: 'not-assessed' },
    },
  ],
  registers: [
    { name: 'a page of somebody else was drilled within the year', ...given({}), expect: { [page.url]: 'satisfied' } },
    {
      name: 'nobody set a page up: no pass',
      records: { vendors: [host] },
      expect: { 'status page': 'not-assessed' },
    },
    {
      name: 'a page of the same provider counts in another account and Region',
      ...given({ provider: 'host', account: '444444444444', region: 'eu-west-1' }),
      expect: { [page.url]: 'satisfied' },
    },
    {
      name: 'fails where it stands on the provider of the service, and nobody says where',
      ...given({ provider: 'host', region: 'eu-west-1' }),
      expect: { [page.url]: { message: 'samePlace' } },
    },
    {
      name: 'it counts for a year and a day',
      ...given({ drilled: '2025-11-30' }),
      expect: { [page.url]: 'satisfied' },
    },
    {
      name: 'fails on the day after',
      ...given({ drilled: '2025-11-29' }),
      expect: { [page.url]: { message: 'stale' } },
    },
    {
      name: 'fails where the drill has not come yet',
      ...given({ drilled: '2026-12-02' }),
      expect: { [page.url]: { message: 'future' } },
    },
  ],
  indifferent: {
    [`${machine}: Definition`]: 'its states are judged, not its mere presence',
  },
};
