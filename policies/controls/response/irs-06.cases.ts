import { type ControlCases, type Edit, removeResource, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import {
  carriesProxy,
  exampleConfiguration,
  proxiedApplication,
  rewrite as rewriteProxy,
  task,
} from '../edge/example-proxy';
import { rewrite } from './example-incident';

const machine = 'AWS::StepFunctions::StateMachine';

const securityTxt = [
  'Contact: mailto:security@example.eu?subject=Security%20report',
  'Expires: 2027-11-15T23:59:59Z',
  'Preferred-Languages: en',
  'Canonical: https://app.example.eu/.well-known/security.txt',
  'Policy: https://app.example.eu/security-policy',
  '',
].join('\n');

const policy = [
  '<h1>Report a vulnerability</h1>',
  '<p>A person acknowledges your report within 48 hours, and you hear news within 5 business days.</p>',
  '<h2>Safe harbour</h2><p>Who acts in good faith has no legal action to expect.</p>',
  '<h2>Coordinated disclosure</h2><p>Please do not publish before 90 days have passed.</p>',
  '<h2>Bounties</h2><ul><li>bypassed authentication or authorisation</li><li>remote execution of code</li>',
  '<li>injected SQL</li><li>cross-site scripting</li><li>exposed data</li></ul>',
].join('\n');

const configuration = exampleConfiguration.replace(
  'location / {',
  `location = /.well-known/security.txt {
      if ($changes_state) { return 405; }
      default_type 'text/plain; charset=utf-8';
      return 200 '${securityTxt}';
    }
    location = /security-policy {
      default_type 'text/html; charset=utf-8';
      return 200 '${policy}';
    }
    location / {`,
);

/** A wait for people with its clock, and the call where they are late. */
function step(name: string, since: string, limit: Json, next: string): Json {
  const late = `Escalate ${name.toLowerCase()}`;
  return {
    [`Clock of ${name}`]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { Payload: { 'discoveredAt.$': since, 'now.$': '$$.State.EnteredTime', ...limit } },
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

const definition: Json = {
  StartAt: 'Is received',
  States: {
    'Is received': {
      Type: 'Choice',
      Choices: [{ Variable: '$.report.receivedAt', IsTimestamp: true, Next: 'Clock of Acknowledge' }],
      Default: 'Not received',
    },
    'Not received': { Type: 'Fail' },
    ...step('Acknowledge', '$.report.receivedAt', { hours: 48, remind: [36] }, 'Is acknowledged'),
    'Is acknowledged': {
      Type: 'Choice',
      Choices: [{ Variable: '$.acknowledge.by', IsPresent: true, Next: 'Count from receipt' }],
      Default: 'Escalate acknowledge',
    },
    'Count from receipt': {
      Type: 'Pass',
      InputPath: '$.report.receivedAt',
      ResultPath: '$.since',
      Next: 'Clock of Update',
    },
    ...step('Update', '$.since', { businessDays: 4 }, 'Is told'),
    'Is told': {
      Type: 'Choice',
      Choices: [
        { Variable: '$.update.closed', BooleanEquals: true, Next: 'Closed' },
        { Variable: '$.update.told', IsPresent: true, Next: 'Count from news' },
      ],
      Default: 'Escalate update',
    },
    'Count from news': {
      Type: 'Pass',
      InputPath: '$$.State.EnteredTime',
      ResultPath: '$.since',
      Next: 'Clock of Update',
    },
    Closed: { Type: 'Succeed' },
  },
};

const figures = { 'vdp.bountyClasses': 5, 'vdp.subject': true };
const process = { Type: machine, Properties: { DefinitionString: JSON.stringify(definition) } };
const template = { Resources: { ...proxiedApplication(configuration), Process: process } };
const usual = 'both pages, and a process with its clocks';

const isReportProcess = (resource: Json) => JSON.stringify(resource).includes('Acknowledge');
const ofProxy = (name: string, edit: Edit, message: string) => ({
  name,
  of: usual,
  edit,
  expect: { message },
  shippedWhere: carriesProxy,
});
const ofProcess = (name: string, edit: Edit, message: string) => ({
  name,
  of: usual,
  edit,
  expect: { message },
  shippedWhere: isReportProcess,
});

/** The status with which a page is answered. */
const answered = (path: string, code: string) =>
  rewriteProxy(new RegExp(`(location = ${path} \\{[\\s\\S]*?return) 200`), `$1 ${code}`);

export const cases: ControlCases = {
  compliant: {
    [usual]: { template, figures },
    'a definition as an object, no bounties, and no subject that was announced': {
      template: {
        Resources: {
          ...proxiedApplication(
            configuration.replace(/<h2>Bounties[^']*/, '').replace('?subject=Security%20report', ''),
          ),
          Process: { Type: machine, Properties: { Definition: definition } },
        },
      },
    },
    'five days in a row, which are never longer than five business days': {
      template: {
        Resources: {
          ...template.Resources,
          Process: {
            Type: machine,
            Properties: { DefinitionString: JSON.stringify(definition).replace('"businessDays":4', '"hours":120') },
          },
        },
      },
      figures,
    },
    'the last day on which the file still has a month to go': { template, figures, today: '2027-10-16' },
  },
  mutations: [
    ofProxy('no mail address is named', rewriteProxy(/Contact: mailto:/, 'Contact: https://example.eu/'), 'noContact'),
    ofProxy('the contact is missing', rewriteProxy(/Contact: [^\n]*\n/, ''), 'noContact'),
    ofProxy('the announced subject is missing', rewriteProxy(/\?subject=[^\n]*/, ''), 'noSubject'),
    ofProxy('it expired', rewriteProxy(/Expires: [^\n]*/, 'Expires: 2026-01-31T00:00:00Z'), 'expired'),
    ofProxy('it counts for longer than a year', rewriteProxy(/Expires: 20\d\d/, 'Expires: 2099'), 'tooLong'),
    ofProxy('it says no end', rewriteProxy(/Expires: [^\n]*\n/, ''), 'undated'),
    ofProxy('it says two ends', rewriteProxy(/(Expires: [^\n]*\n)/, '$1$1'), 'undated'),
    ofProxy('it ends on a day in words', rewriteProxy(/Expires: [^\n]*/, 'Expires: next year'), 'undated'),
    ofProxy('a redirect stands in its place', answered('/.well-known/security.txt', '301'), 'notServed'),
    ofProxy('it is not found', answered('/.well-known/security.txt', '404'), 'notServed'),
    ofProxy(
      'only a neighbour of its path is served',
      rewriteProxy(/location = \/\.well-known\/security\.txt/, 'location = /.well-known/securitytxt'),
      'notServed',
    ),
    ofProxy(
      'every visitor is refused before it',
      rewriteProxy(/(location = \/\.well-known\/security\.txt \{)/, '$1 if ($request_method = GET) { return 403; }'),
      'notServed',
    ),
    ofProxy('it is sent as a web page', rewriteProxy(/text\/plain; charset=utf-8/, 'text/html'), 'wrongType'),
    ofProxy('it leads to no policy', rewriteProxy(/Policy: [^\n]*/, 'Comment: see our site'), 'noPolicy'),
    ofProxy('the policy is not found', answered('/security-policy', '404'), 'notServed'),
    ofProxy(
      'the policy is left to the application',
      rewriteProxy(/location = \/security-policy/, 'location = /policy'),
      'notServed',
    ),
    ofProxy('safe harbour is missing', rewriteProxy(/<h2>Safe harbour[\s\S]*?<\/p>/, ''), 'noSafeHarbour'),
    ofProxy(
      'safe harbour is a heading over nothing',
      rewriteProxy(/(<h2>Safe harbour<\/h2><p>)[\s\S]*?<\/p>/, '$1We thank you.</p>'),
      'noSafeHarbour',
    ),
    ofProxy(
      'nobody is asked to wait with publication',
      rewriteProxy(/<h2>Coordinated disclosure[\s\S]*?<\/p>/, ''),
      'uncoordinated',
    ),
    ofProxy('the page takes 96 hours', rewriteProxy(/within 48 hours/, 'within 96 hours'), 'latePage'),
    ofProxy('the page takes two weeks', rewriteProxy(/within 5 business days/, 'within 10 business days'), 'latePage'),
    ofProxy('a class has no bounty', rewriteProxy(/<li>injected SQL<\/li>/, ''), 'bountyScope'),
    {
      name: 'the load balancer goes around the proxy',
      of: usual,
      edit: set('AWS::ECS::Service', 'LoadBalancers.0.ContainerName', 'application'),
      expect: { message: 'bypassed', at: 'Task' },
    },
    {
      name: 'nobody counts',
      of: usual,
      edit: removeResource(machine),
      expect: { message: 'noProcess', at: '' },
      shippedWhere: isReportProcess,
    },
    ofProcess('a person has 96 hours', rewrite('"hours":48', '"hours":96'), 'late'),
    ofProcess('48 hours leave out the weekend', rewrite('"hours":48', '"businessDays":2'), 'late'),
    ofProcess(
      'a week of calendar days stands for five business days',
      rewrite('"businessDays":4', '"hours":168'),
      'late',
    ),
    ofProcess('news take six business days', rewrite('"businessDays":4', '"businessDays":6'), 'late'),
    ofProcess('the clock is not told how long', rewrite('"hours":48', '"limit":"none"'), 'noClock'),
    ofProcess(
      'it counts from the triage',
      rewrite('"discoveredAt.$":"$.report.receivedAt"', '"discoveredAt.$":"$$.State.EnteredTime"'),
      'fromTriage',
    ),
    ofProcess(
      'an automatic reply acknowledges',
      rewrite('sns:publish.waitForTaskToken', 'sns:publish', true),
      'automatic',
    ),
    ofProcess(
      'a report can go on without an acknowledgement',
      rewrite('"Default":"Not received"', '"Default":"Count from receipt"'),
      'unacknowledged',
    ),
    ofProcess(
      'a report can end without news',
      rewrite('"Default":"Escalate acknowledge"', '"Default":"Closed"'),
      'noNews',
    ),
    ofProcess('news are told once', rewrite('"Next":"Count from news"', '"Next":"Closed"'), 'onlyOnce'),
    ofProcess('a wait without an end', rewrite('"TimeoutSecondsPath":"$.clock.seconds",', ''), 'waitsForEver'),
    ofProcess(
      'a wait that counts from its own beginning',
      rewrite('"TimeoutSecondsPath":"$.clock.seconds"', '"TimeoutSeconds":172800'),
      'clockFromEntry',
    ),
    ofProcess(
      'nobody is called where people are late',
      rewrite('"ErrorEquals":["States.ALL"]', '"ErrorEquals":["States.TaskFailed"]'),
      'nobodyCalled',
    ),
  ],
  others: [
    {
      name: 'fails on the day on which less than a month is left',
      template,
      figures,
      today: '2027-10-17',
      expect: { Task: { message: 'expired' } },
    },
    {
      name: 'an application that brings no proxy is not assessed',
      template: {
        Resources: {
          ...template.Resources,
          Task: { Type: task, Properties: { ContainerDefinitions: [{ Name: 'proxy', Image: 'x' }] } },
        },
      },
      expect: { Task: 'not-assessed' },
    },
    {
      name: 'a file on a disk is not assessed',
      template: {
        Resources: proxiedApplication(
          exampleConfiguration.replace(
            'location / {',
            'location = /.well-known/security.txt { root /srv; }\nlocation / {',
          ),
        ),
      },
      presentOnly: true,
      expect: { Task: 'not-assessed' },
    },
    {
      name: 'a policy on another host is not assessed',
      template: {
        Resources: proxiedApplication(
          configuration.replace('https://app.example.eu/security', 'https://example.org/security'),
        ),
      },
      presentOnly: true,
      expect: { Task: 'not-assessed' },
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
      name: 'a definition that is no JSON is not assessed',
      template: { Resources: { Process: { Type: machine, Properties: { DefinitionString: '{"StartAt":' } } } },
      presentOnly: true,
      expect: { Process: 'not-assessed' },
    },
    {
      name: 'fails where nothing is deployed',
      template: { Resources: {} },
      expect: { '': { message: 'missing' } },
    },
  ],
  indifferent: {
    [`${machine}: Definition`]: 'its states are judged, not its mere presence',
  },
};
