import { Figures } from '../../lib/control/parameter';
import { noRecords } from '../../lib/control/records';
import { finding, satisfied } from '../../lib/control/verdict';
import { checkTemplates } from '../../lib/synth/check';
import type { Json } from '../../lib/template/parse';
import { graphOf } from '../template/graph-of';
import { brief, judge, probe, switched } from './probe-control';

/** A template of one stack set. */
function setOf(TemplateBody: unknown, rest: Json = {}): Json {
  const set = { Type: 'AWS::CloudFormation::StackSet', Properties: { TemplateBody, ...rest } };
  return { Resources: { Set: set } };
}

const carrying = (document: Json, rest?: Json) => setOf(JSON.stringify(document), rest);
const verdicts = (document: Json, half?: Parameters<typeof probe>[0]) => brief(judge(probe(half), document));
const off = 'R not-satisfied: R is switched off: On is false';
const groupOf = (...Regions: unknown[]): Json => ({ StackInstancesGroup: [{ Regions, DeploymentTargets: {} }] });

test('a template that a stack set carries is judged like any other', () => {
  expect(verdicts(carrying(switched(true)))).toEqual(['R satisfied']);
  expect(verdicts(carrying(switched(false)))).toEqual([off]);
  expect(verdicts(setOf('Resources:\n  R:\n    Type: Test::R\n    Properties: {On: false}\n'))).toEqual([off]);
  expect(verdicts(carrying(carrying(switched(false))))).toEqual([off]);
});

test('what is found in it says in which stack set, and the evidence pins its text', () => {
  const provenance = new Map([['Set', { constructPath: 'Stack/Set', source: 'lib/set.ts:7' }]]);
  const graph = graphOf(carrying(switched(false)), { provenance });
  const control = probe();
  const [found] = judge(control, graph);
  expect(found).toMatchObject({
    target: 'one.template.json#Set',
    logicalId: 'R',
    constructPath: 'Stack/Set',
    source: 'lib/set.ts:7',
  });
  const { targets } = checkTemplates({
    graphs: [graph],
    profile: { name: 'probe', title: 'Probe', documents: [], resolutions: [], tightens: [] },
    claims: [],
    controls: [control],
    catalogue: [control],
    registers: [],
    records: noRecords,
    figures: new Figures([]),
    opinions: [],
    exceptions: [],
    today: '2026-01-01',
  });
  expect(targets.map(({ path }) => path)).toEqual(['one.template.json', 'one.template.json#Set']);
  expect(new Set(targets.map(({ sha256 }) => sha256)).size).toBe(2);
});

test.each<[string, Json, string]>([
  ['is nowhere', setOf(undefined), 'the template of this stack set is not here'],
  ['lies in a bucket', setOf(undefined, { TemplateURL: 'https://s3/x.json' }), 'is not here'],
  ['is put together while it is deployed', setOf({ 'Fn::Sub': '{}' }), 'is known only to a deployment'],
  ['is no JSON', setOf('{"Resources": '), 'cannot be read: one.template.json#Set: malformed JSON'],
  ['is no template', setOf('{"Parts": {}}'), 'cannot be read: one.template.json#Set: a CloudFormation template'],
  ['says a key twice', setOf('{"Resources": {}, "Resources": {}}'), 'cannot be read'],
])('a template that %s is not assessed, by name', (_, document, reason) => {
  expect(verdicts(document)).toEqual([expect.stringMatching(/^Set not-assessed: /)]);
  expect(verdicts(document)[0]).toContain(reason);
});

test('nothing outside is kept by what a stack set carries, and nothing inside is missed', () => {
  const half = { expects: 'at-least-one' } as const;
  expect(verdicts(carrying(switched(true)), half)).toEqual(['- not-satisfied: there is no probe', 'R satisfied']);
  const empty = carrying({ Resources: { Other: { Type: 'Test::Other' } } });
  expect(verdicts({ Resources: { ...own(empty), ...own(switched(true)) } }, half)).toEqual(['R satisfied']);
});

function own({ Resources }: Json): Json {
  return Object.assign({}, Resources);
}

test('a judgement inside can look at what deploys the stack set, and puts it on the record', () => {
  const half: Parameters<typeof probe>[0] = {
    judge: (_, { scope }) => {
      scope.carrier?.resources('Test::Outside')[0]?.text('Name');
      return satisfied;
    },
  };
  const Outside = { Type: 'Test::Outside', Properties: { Name: 'here' } };
  const document = carrying(switched(true));
  const found = judge(probe(half), { Resources: { ...own(document), Outside } });
  expect(found).toMatchObject([{ observations: [{ property: 'Outside.Name', value: 'here' }] }]);
  expect(judge(probe(half), switched(true))).toMatchObject([{ observations: [] }]);
});

describe('what a carried template is told', () => {
  const region = (rest: Json) => graphOf(carrying(switched(true), rest), { region: 'eu-central-1' }).carried[0];
  const regionOf = (rest: Json) => region(rest)?.templates[0]?.origin.region;

  test('is its Region, where all instances share one', () => {
    expect(regionOf(groupOf('eu-west-1'))).toBe('eu-west-1');
    expect(regionOf(groupOf({ Ref: 'AWS::Region' }))).toBe('eu-central-1');
    expect(regionOf(groupOf('eu-west-1', 'eu-north-1'))).toBeUndefined();
    expect(regionOf(groupOf({ Ref: 'Where' }))).toBeUndefined();
    expect(regionOf({})).toBeUndefined();
  });

  const asked = { Parameters: { P: { Type: 'String' } }, ...switched({ Ref: 'P' }) };
  const given = (ParameterValue: unknown) => ({ Parameters: [{ ParameterKey: 'P', ParameterValue }] });
  const overridden = {
    StackInstancesGroup: [
      { Regions: ['eu-west-1'], ParameterOverrides: [{ ParameterKey: 'P', ParameterValue: 'false' }] },
    ],
  };

  test.each<[string, Json, string]>([
    ['a value that the stack set gives', given('true'), 'R satisfied'],
    ['a value that the stack set gives, and breaks it', given('false'), off],
    ['no value where it is known only to a deployment', given({ 'Fn::GetAtt': ['Elsewhere', 'Arn'] }), 'not-assessed'],
    ['no value where some instances have another', { ...given('true'), ...overridden }, 'not-assessed'],
    ['no value where none is given', {}, 'not-assessed'],
  ])('is %s', (_, rest, expected) => {
    expect(verdicts(carrying(asked, rest))).toEqual([expect.stringContaining(expected)]);
  });

  test('is the resource outside that a parameter stands for', () => {
    const half: Parameters<typeof probe>[0] = {
      judge: (subject) => {
        const place = subject.at('On').reference();
        return place.kind === 'known' && place.value.subject.type === 'Test::Outside' ? satisfied : finding('off');
      },
    };
    const document = {
      Resources: { ...own(carrying(asked, given({ Ref: 'Outside' }))), Outside: { Type: 'Test::Outside' } },
    };
    expect(verdicts(document, half)).toEqual(['R satisfied']);
  });
});
