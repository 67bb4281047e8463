import { judgeGraph } from '../../lib/synth/judge-template';
import { Graph } from '../../lib/template/graph';
import { isObject } from '../../lib/template/parse';
import { Template } from '../../lib/template/template';
import { control } from '../../policies/controls/delivery/sdl-01';
import { control as idn08 } from '../../policies/controls/identity/idn-08';
import { synthesizeOwnApp } from '../own-app';

const { graph, promises } = synthesizeOwnApp();

/** The own app with one resource more in the network stack of production. */
function withResource(resource: object): Graph {
  const templates = graph.templates.map((template) => {
    if (template.origin.stackName !== 'production-Network') {
      return template;
    }
    const document = structuredClone(template.document);
    if (isObject(document.Resources)) {
      document.Resources.Added = structuredClone(resource);
    }
    return new Template(template.origin, document);
  });
  return new Graph(templates, graph.files);
}

function findings(changed: Graph): readonly string[] {
  return judgeGraph(control, changed, promises.figures)
    .filter(({ verdict }) => verdict === 'not-satisfied' || verdict === 'not-assessed')
    .map(({ logicalId, message }) => `${logicalId}: ${message}`);
}

test('three environments are kept apart, and every stack of production stays in its account', () => {
  const evidence = judgeGraph(control, graph, promises.figures);
  expect(findings(graph)).toEqual([]);
  const stacks = evidence.filter(({ type }) => type === 'Stack').map(({ logicalId }) => logicalId);
  expect(stacks).toEqual(expect.arrayContaining(['production-Keys', 'production-Network', 'production-Data']));
});

test.each([
  [
    'a trust in another environment',
    {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '222222222222' } }],
      },
    },
  ],
  ['a key of another environment', { KmsKeyId: 'arn:aws:kms:eu-central-1:111111111111:key/1' }],
  [
    'an ARN in pieces',
    { Arn: { 'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }, 'kms', 'eu-central-1', '222222222222', 'key/1']] } },
  ],
])('%s is found in a stack of production', (_, Properties) => {
  expect(findings(withResource({ Type: 'AWS::IAM::Role', Properties }))).toEqual([
    expect.stringMatching(/^Added: Added of the environment in account 333333333333 names account [12]+ of another/),
  ]);
});

test('a network that is joined with another is found, and the security account may be named', () => {
  const peering = { Type: 'AWS::EC2::VPCPeeringConnection', Properties: { VpcId: 'vpc-1', PeerVpcId: 'vpc-2' } };
  expect(findings(withResource(peering))).toEqual([expect.stringContaining('connects the network of an environment')]);
  expect(findings(withResource({ Type: 'AWS::IAM::Role', Properties: { Account: '555555555555' } }))).toEqual([]);
});

test('without an organization the promises that only it can keep are broken, not passed over', () => {
  const alone = new Graph(
    graph.templates.filter(({ origin }) => !origin.stackName?.startsWith('organization-')),
    graph.files,
  );
  expect(findings(alone)).toEqual([expect.stringContaining('nothing says which accounts are environments')]);
  const broken = judgeGraph(idn08, alone, promises.figures).filter(({ verdict }) => verdict === 'not-satisfied');
  expect(broken.map(({ message }) => message)).toEqual([
    expect.stringContaining('no service control policy is deployed'),
  ]);
});
