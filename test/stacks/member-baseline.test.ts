import { Template as Synthesized } from 'aws-cdk-lib/assertions';
import { loadPromises } from '../../bin/promises';
import { judgeGraph } from '../../lib/synth/judge-template';
import { Graph } from '../../lib/template/graph';
import { isObject } from '../../lib/template/parse';
import { Template } from '../../lib/template/template';
import { organization } from '../policy-evaluation/guard-rails';

const { catalogue, figures } = loadPromises('strictest');
const [stackSet] = Object.values(
  Synthesized.fromStack(organization().governance).findResources('AWS::CloudFormation::StackSet'),
);
const body: { readonly Resources: Record<string, { readonly Type: string }> } = JSON.parse(
  stackSet?.Properties.TemplateBody,
);

/** What any control finds in the template that the stack set carries, as if it stood in a member account by itself. */
function findingsIn(document: unknown): readonly string[] {
  if (!isObject(document)) {
    throw new Error('the baseline is no template');
  }
  const origin = { path: 'baseline.json', sha256: '0'.repeat(64), stackName: 'baseline', region: 'eu-central-1' };
  const graph = new Graph([new Template(origin, document)]);
  return catalogue.flatMap((control) =>
    judgeGraph(control, graph, figures, { presentOnly: true })
      .filter(({ verdict }) => verdict === 'not-satisfied' || verdict === 'not-assessed')
      .map(({ logicalId, message }) => `${control.id} ${logicalId} ${message}`),
  );
}

test('no control finds anything in the baseline, but that a boundary allows everything: it grants nothing by itself', () => {
  expect(findingsIn(body)).toEqual([expect.stringMatching(/^idn-09 PeopleBoundary .* allows every action/)]);
});

test('a baseline whose key does not rotate is found', () => {
  const spoiled = structuredClone(body);
  spoiled.Resources.BackupKey = { Type: 'AWS::KMS::Key' };
  expect(findingsIn(spoiled)).toEqual(expect.arrayContaining([expect.stringContaining('key-02 BackupKey')]));
});

test('nothing in it exists once in an account and is made by an environment too', () => {
  const types = new Set(Object.values(body.Resources).map(({ Type }) => Type));
  const once = [
    'AWS::AccessAnalyzer::Analyzer',
    'AWS::CloudTrail::Trail',
    'AWS::Config::ConfigurationRecorder',
    'AWS::Config::DeliveryChannel',
    'AWS::EC2::SnapshotBlockPublicAccess',
    'AWS::GuardDuty::Detector',
    'AWS::SecurityHub::Hub',
  ];
  expect(once.filter((type) => types.has(type))).toEqual([]);
});
