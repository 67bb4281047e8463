import type { Control } from '../../lib/control/control';
import { judgeGraph } from '../../lib/synth/judge-template';
import { Graph } from '../../lib/template/graph';
import { isObject, type Json } from '../../lib/template/parse';
import { Scope } from '../../lib/template/scope';
import { Template } from '../../lib/template/template';
import { control as det01 } from '../../policies/controls/detection/det-01';
import { control as det02 } from '../../policies/controls/detection/det-02';
import { control as det03 } from '../../policies/controls/detection/det-03';
import { control as det06 } from '../../policies/controls/detection/det-06';
import { matchesEvent } from '../../policies/controls/detection/event-pattern';
import { filterPattern } from '../../policies/controls/detection/filter-pattern';
import { linePattern } from '../../policies/controls/detection/line-pattern';
import { messageOf } from '../control-tester';
import { synthesizeOwnApp } from '../own-app';

const { graph, promises } = synthesizeOwnApp();
/** The account of an environment that belongs to no organization has a hub of its own. */
const alone = synthesizeOwnApp('strictest', 'production', null).graph;

/** What a control finds in the own stacks once every resource that fits is gone. */
function foundWithout(
  control: Control,
  fits: (resource: Json, stackName: string) => boolean,
  app = graph,
): readonly string[] {
  let gone = 0;
  const templates = app.templates.map((template) => {
    const document = structuredClone(template.document);
    const resources = isObject(document.Resources) ? document.Resources : {};
    for (const [logicalId, resource] of Object.entries(resources)) {
      if (isObject(resource) && fits(resource, template.origin.stackName ?? '')) {
        delete resources[logicalId];
        gone++;
      }
    }
    return new Template(template.origin, document);
  });
  expect(gone).toBeGreaterThan(0);
  const evidence = judgeGraph(control, new Graph(templates, app.files), promises.figures);
  return evidence.filter(({ verdict }) => verdict === 'not-satisfied').map((subject) => messageOf(control, subject));
}

const says = (type: string, words: RegExp) => (resource: Json) =>
  resource.Type === type && words.test(JSON.stringify(resource.Properties ?? {}));

describe('what several resources of ours hold together', () => {
  test.each([
    ['both alarms on the probe', det02, says('AWS::CloudWatch::Alarm', /AlertLatencySeconds/), 'noProbe'],
    ['the ear of the probe at the alerts', det02, says('AWS::SNS::Subscription', /FilterPolicyScope/), 'bypassed'],
    ['every band on the application', det03, says('AWS::CloudWatch::Alarm', /ANOMALY_DETECTION_BAND/), 'noBand'],
    ['the search of the log', det03, says('AWS::Logs::LogAnomalyDetector', /./), 'unsearched'],
    ['both alarms on its errors', det03, says('AWS::CloudWatch::Alarm', /HTTPCode_Target_5XX_Count/), 'unwatched'],
    [
      'what is left of the database',
      det03,
      says('AWS::CloudWatch::Alarm', /ACUUtilization|FreeableMemory/),
      'unwatched',
    ],
    [
      'detector and band on the flow log',
      det06,
      says('AWS::CloudWatch::Alarm', /AnomalyCount|ANOMALY_DETECTION/),
      'unlearnt',
    ],
    ['its connections', det03, says('AWS::CloudWatch::Alarm', /DatabaseConnections/), 'unwatched'],
  ] as const)('%s', (_name, control, fits, message) => {
    expect(foundWithout(control, fits)).toContain(message);
  });

  test.each([
    ['the recorder', says('AWS::Config::ConfigurationRecorder', /./), 'noRecorder'],
    ['both standards', says('AWS::SecurityHub::Standard', /./), 'noStandard'],
  ] as const)('%s, in an account that belongs to no organization', (_name, fits, message) => {
    expect(foundWithout(det01, fits, alone)).toContain(message);
  });
});

describe('each account by itself', () => {
  test.each(['production-Detection', 'organization-Record'])('all rules of %s are gone', (stack) => {
    const isRule = (resource: Json, name: string) => name === stack && resource.Type === 'AWS::Events::Rule';
    const found = foundWithout(det02, isRule);
    // The rules of the other account see none of it
    expect(found).toContain('unseen');
    expect(foundWithout(det01, isRule).includes('unrouted')).toBe(stack === 'organization-Record');
  });

  test('an environment in a Region that its organization does not reach has neither detector nor hub', () => {
    const moved = graph.templates.map((template) => {
      const isMoved = template.origin.stackName?.startsWith('production') ?? false;
      return isMoved ? new Template({ ...template.origin, region: 'eu-west-1' }, template.document) : template;
    });
    const evidence = judgeGraph(det01, new Graph(moved, graph.files), promises.figures);
    const [{ account } = { account: '' }] = moved
      .filter(({ origin }) => origin.region === 'eu-west-1')
      .map(({ origin }) => origin);
    expect(evidence.filter(({ verdict }) => verdict === 'not-satisfied').map(({ message }) => message)).toEqual([
      `nothing brings GuardDuty to account ${account} in eu-west-1`,
      `nothing brings Security Hub to account ${account} in eu-west-1`,
    ]);
  });

  test('an environment with a detector of its own needs no organization, and one without needs one', () => {
    const open = (app: Graph) =>
      judgeGraph(det01, app, promises.figures).filter(({ verdict }) => verdict !== 'satisfied').length;
    expect([open(graph), open(alone)]).toEqual([0, 0]);
    const environment = graph.templates.filter(({ origin }) => origin.stackName?.startsWith('production'));
    const found = judgeGraph(det01, new Graph(environment, graph.files), promises.figures);
    expect(found.map((subject) => messageOf(det01, subject))).toEqual(['missing']);
  });
});

/** Whether a rule with this pattern would match an event. */
function matches(pattern: unknown, event: object): boolean {
  const document = { Resources: { Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: pattern } } } };
  const template = new Template({ path: 'rule.template.json', sha256: '0'.repeat(64) }, document);
  const scope = new Scope(new Graph([template]));
  const [rule] = scope.resources('AWS::Events::Rule');
  return rule !== undefined && matchesEvent(rule.at('EventPattern'), event);
}

describe('a pattern of EventBridge', () => {
  const event = { source: 'aws.ec2', detail: { state: 'running', count: 5, tags: ['a', 'b'], on: true } };

  test.each([
    [{ source: ['aws.ec2', 'aws.rds'] }],
    [{ detail: { count: [{ numeric: ['>', 4, '<=', 5] }] } }],
    [{ detail: { tags: ['b'] } }],
    [{ detail: { on: [true] } }],
    [{ detail: { state: [{ prefix: 'run' }] } }],
    [{ detail: { state: [{ suffix: 'ning' }] } }],
    [{ detail: { state: [{ 'equals-ignore-case': 'RUNNING' }] } }],
    [{ detail: { state: [{ 'anything-but': ['stopped', 'pending'] }] } }],
    [{ detail: { gone: [{ exists: false }], state: [{ exists: true }] } }],
    [{ $or: [{ source: ['aws.s3'] }, { detail: { count: [5] } }] }],
  ])('matches %j', (pattern) => {
    expect(matches(pattern, event)).toBe(true);
  });

  test.each([
    [{}],
    [{ source: [] }],
    [{ source: 'aws.ec2' }],
    [{ source: ['AWS.EC2'] }],
    [{ source: ['aws.ec2'], detail: { state: ['stopped'] } }],
    [{ detail: { count: [{ numeric: ['>', 4, '<', 5] }] } }],
    [{ detail: { count: [{ numeric: ['about', 5] }] } }],
    [{ detail: { count: [{ numeric: ['>'] }] } }],
    [{ detail: { state: [{ numeric: ['>', 0] }] } }],
    [{ detail: { gone: ['x'] } }],
    [{ detail: { gone: [{ 'anything-but': ['x'] }] } }],
    [{ detail: { state: [{ 'anything-but': 'running' }] } }],
    [{ detail: { state: [{ prefix: 'RUN' }] } }],
    [{ detail: { state: [{ wildcard: 'r*' }] } }],
    [{ detail: { state: { of: ['running'] } } }],
    [{ detail: { state: [{ prefix: 'run', suffix: 'x' }] } }],
    [{ $or: [{ source: ['aws.s3'] }, { detail: { count: [6] } }] }],
    ['{"source":["aws.ec2"]}'],
  ])('does not match %j', (pattern) => {
    expect(matches(pattern, event)).toBe(false);
  });
});

describe('a filter pattern of CloudWatch Logs', () => {
  const record = { eventName: 'StopLogging', errorCode: 'AccessDeniedException', user: { type: 'Root' }, count: 3 };

  test.each([
    '{ $.eventName = StopLogging }',
    '{$.eventName="StopLogging"}',
    '{ ($.eventName = DeleteTrail) || ($.eventName = StopLogging) }',
    '{ $.user.type = "Root" && $.user.name NOT EXISTS && $.eventName != "ConsoleLogin" }',
    '{ $.errorCode = "AccessDenied*" }',
    '{ $.errorCode = "*Exception" && $.count = 3 }',
    '{ $.eventName = X && $.count = 3 || $.user EXISTS }',
    '{ $.gone != "anything" }',
  ])('counts by %s', (pattern) => {
    expect(filterPattern(pattern)?.(record)).toBe(true);
  });

  test.each([
    '{ $.eventName = stopLogging }',
    '{ $.eventName = StopLogging && $.user.type = "IAMUser" }',
    '{ $.user.type EXISTS && $.user.type != "Root" }',
    '{ $.gone = "*" }',
    '{ $.eventName NOT EXISTS }',
  ])('does not count by %s', (pattern) => {
    expect(filterPattern(pattern)?.(record)).toBe(false);
  });

  test.each([
    '',
    'StopLogging',
    '{ }',
    '{ $.eventName }',
    '{ $.eventName = }',
    '{ $.eventName = StopLogging',
    '{ ($.eventName = StopLogging }',
    '{ $.eventName = StopLogging) }',
    '{ $.eventName = StopLogging && }',
    '{ $.eventName = A || || $.eventName = B }',
    '{ eventName = StopLogging }',
    '{ $.count > 2 }',
    '{ $.eventName NOT THERE }',
    '{ $.eventName = "StopLogging }',
    '[ip, user, ...]',
  ])('refuses to read %j', (pattern) => {
    expect(filterPattern(pattern)).toBeUndefined();
  });
});

describe('a filter pattern of CloudWatch Logs, on lines', () => {
  const line = '2026-03-02 12:00:00 UTC:10.0.0.7(41822):clinic@app:[2211]:FATAL:  no entry for host "10.0.0.7"';
  const access = '127.0.0.1 - alice [02/Mar/2026:12:00:00 +0000] "GET /index.html HTTP/1.1" 404 1534';

  test.each([
    ['', line],
    ['FATAL', line],
    ['FATAL clinic', line],
    ['FATAL -rdsadmin', line],
    ['?ERROR ?FATAL', line],
    ['?ERROR "no entry"', line],
    ['"host \\"10.0.0.7\\""', line],
    ['%FATAL:\\s+no%', line],
    ['%PANIC|FATAL%', line],
    ['%UTC:[0-9.]+%', line],
    ['[ip, dash, user, time, request, status = 404, bytes]', access],
    ['[ip, dash, user = alice, ...]', access],
    ['[ip, dash, user, time, request = "*GET*", status = %4[0-9]{2}%, bytes != 0]', access],
    ['{ $.level = "FATAL" }', '{"level":"FATAL"}'],
  ])('%j counts', (pattern, text) => {
    expect(linePattern(pattern)?.(text)).toBe(true);
  });

  test.each([
    ['fatal', line],
    ['FATAL rdsadmin', line],
    ['FATAL -clinic', line],
    ['?ERROR ?PANIC', line],
    ['"no  entry"', line],
    ['%^FATAL%', line],
    ['[ip, dash, user, ...]', 'two words'],
    ['[ip, dash, user]', access],
    ['[ip, dash, user != alice, ...]', access],
    ['[ip, dash, user, time, request, status = 404]', access],
    ['{ $.level = "FATAL" }', line],
  ])('%j does not count', (pattern, text) => {
    expect(linePattern(pattern)?.(text)).toBe(false);
  });

  test.each([
    '%FATAL: (no|some)%',
    '%FATAL with blanks%',
    '%[%',
    '%unclosed',
    '"unclosed',
    '[]',
    '[..., status = 404]',
    '[a, b > 3]',
    '[a, b = 1 || b = 2]',
    '[a, b = %(%]',
    '{ $.level }',
  ])('%j is refused', (pattern) => {
    expect(linePattern(pattern)).toBeUndefined();
  });
});
