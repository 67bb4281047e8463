import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template as Synthesized } from 'aws-cdk-lib/assertions';
import { loadPromises } from '../../bin/promises';
import { context } from '../../cdk.json';
import { readEnvironment } from '../../lib/settings/check-settings';
import { ORGANIZATION } from '../../lib/settings/our-organization';
import { DeliveryStack } from '../../lib/stacks/delivery-stack';
import { GovernanceStack } from '../../lib/stacks/governance-stack';
import { judgeGraph } from '../../lib/synth/judge-template';
import { loadAssembly } from '../../lib/template/assembly';
import { Graph } from '../../lib/template/graph';
import { Template } from '../../lib/template/template';
import { control } from '../../policies/controls/delivery/sdl-02';
import { cases } from '../../policies/controls/delivery/sdl-02.cases';
import { control as leastPrivilege } from '../../policies/controls/identity/idn-09';
import { messageOf } from '../control-tester';
import { decide, type Principal } from '../policy-evaluation/evaluate';
import { FIGURES } from './synthesize';

const delivery = { repository: 'example@123456/app@456789', environment: 'production' };
const settings = { ...readEnvironment('production'), delivery };
const { account, region } = settings;
const { figures } = loadPromises('strictest');

/** The pipeline of production and the organization around it, as they would be deployed were a repository named. */
function synthesize() {
  if (!ORGANIZATION) {
    throw new Error('the example settings have no organization');
  }
  const outdir = mkdtempSync(join(tmpdir(), 'avouch-delivery-'));
  const app = new App({ outdir, context });
  const pipeline = new DeliveryStack(app, 'Delivery', {
    env: { account, region },
    settings,
    figures: FIGURES,
    delivery,
  });
  const governance = new GovernanceStack(app, 'Governance', {
    memberRegions: ['eu-central-1'],
    env: { account: ORGANIZATION.managementAccount, region },
    settings: ORGANIZATION,
    figures: FIGURES,
    environments: [{ name: 'production', account, delivery }],
  });
  app.synth();
  return { graph: loadAssembly(outdir), pipeline, governance };
}

const { graph, pipeline, governance } = synthesize();
const open = (judged: Graph, of = control) =>
  judgeGraph(of, judged, figures).filter(({ verdict }) => verdict === 'not-satisfied' || verdict === 'not-assessed');

test('the pipeline and its guard-rail keep sdl-02 and idn-09', () => {
  expect(open(graph)).toEqual([]);
  expect(open(graph, leastPrivilege)).toEqual([]);
  const satisfied = judgeGraph(control, graph, figures).filter(({ verdict }) => verdict === 'satisfied');
  expect(satisfied.map(({ type }) => type).sort()).toEqual([
    'AWS::IAM::OIDCProvider',
    'AWS::IAM::Role',
    'AWS::Organizations::Policy',
    'AWS::Organizations::Policy',
  ]);
});

const mutations = cases.mutations.filter(({ edit: { on } }) => on !== 'AWS::CloudFormation::GuardHook');

test.each(mutations.map((mutation) => [mutation.name, mutation] as const))('is caught when %s', (_name, mutation) => {
  const { edit, expect: expected } = mutation;
  const targets = graph.ofType(edit.on).filter(({ logicalId }) => /^(Delivery|Pipeline)/.test(logicalId));
  expect(targets).toHaveLength(1);
  const [target] = targets;
  const templates = graph.templates.map((template) => {
    if (template !== target?.template) {
      return template;
    }
    const document = structuredClone(template.document);
    edit.apply(document, target.logicalId);
    return new Template(template.origin, document);
  });
  expect(open(new Graph(templates, graph.files)).map((subject) => messageOf(control, subject))).toContain(
    expected.message,
  );
});

test('it takes tokens of one environment of one repository, and takes on two roles', () => {
  const template = Synthesized.fromStack(pipeline);
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'production-delivery',
    MaxSessionDuration: 3600,
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': 'repo:example@123456/app@456789:environment:production',
            },
          },
        },
      ],
    },
  });
  const grants = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
  const text = JSON.stringify(grants.map(({ Properties: { PolicyDocument } }) => PolicyDocument));
  expect(text).toContain(`cdk-hnb659fds-deploy-role-${account}-${region}`);
  expect(text).not.toContain('*');
});

describe('under the guard-rail of its account', () => {
  const [policy] = Object.values(
    Synthesized.fromStack(Stack.of(governance)).findResources('AWS::Organizations::Policy', {
      Properties: { Name: 'delivery-production' },
    }),
  );
  const as = (role: string): Principal => ({ arn: `arn:aws:iam::${account}:role/${role}`, account });
  const people = (set: string) => as(`aws-reserved/sso.amazonaws.com/${region}/AWSReservedSSO_${set}_0123456789abcdef`);
  const cdk = (work: string) => `cdk-hnb659fds-${work}-role-${account}-${region}`;
  const may = (principal: Principal, action: string, resource = '*') =>
    decide(
      { principal, action, resource, context: { 'aws:requestedregion': region } },
      { serviceControl: [policy?.Properties.Content] },
    ).allowed;
  const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;

  test('the pipeline deploys through the roles of the CDK, and nobody else does', () => {
    for (const work of ['deploy', 'file-publishing']) {
      expect(may(as('production-delivery'), 'sts:AssumeRole', role(cdk(work)))).toBe(true);
      expect(may(people('Deployer'), 'sts:AssumeRole', role(cdk(work)))).toBe(false);
      expect(may(as('staging-delivery'), 'sts:AssumeRole', role(cdk(work)))).toBe(false);
      expect(may(as('production-Application-Task'), 'sts:AssumeRole', role(cdk(work)))).toBe(false);
    }
    for (const action of ['CreateStack', 'UpdateStack', 'DeleteStack', 'CreateChangeSet', 'ExecuteChangeSet']) {
      expect(may(as(cdk('deploy')), `cloudformation:${action}`)).toBe(true);
      expect(may(as(cdk('cfn-exec')), `cloudformation:${action}`)).toBe(true);
      expect(may(as('stacksets-exec-0123456789abcdef'), `cloudformation:${action}`)).toBe(true);
      expect(may(people('Deployer'), `cloudformation:${action}`)).toBe(false);
      expect(may(as('production-delivery'), `cloudformation:${action}`)).toBe(false);
    }
  });

  test('people still look, and take on other roles', () => {
    expect(may(people('Deployer'), 'cloudformation:DescribeStackEvents')).toBe(true);
    expect(may(people('Auditor'), 'cloudformation:ListStacks')).toBe(true);
    expect(may(as('production-Application-Task'), 'sts:AssumeRole', role('production-Tenant'))).toBe(true);
  });

  test('nobody opens the door of the pipeline, or makes a role that is spared', () => {
    const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
    for (const [action, resource] of [
      ['iam:UpdateAssumeRolePolicy', role('production-delivery')],
      ['iam:PutRolePolicy', role('production-delivery')],
      ['iam:CreateRole', role('cdk-mine-deploy-role-x')],
      ['iam:UpdateAssumeRolePolicy', role(cdk('deploy'))],
      ['iam:AddClientIDToOpenIDConnectProvider', provider],
      ['iam:CreateOpenIDConnectProvider', 'arn:aws:iam::333333333333:oidc-provider/example.com'],
    ] as const) {
      expect(may(people('Operator'), action, resource)).toBe(false);
      expect(may(as(cdk('cfn-exec')), action, resource)).toBe(true);
    }
  });

  test('in an emergency somebody deploys and bootstraps', () => {
    expect(may(people('BreakGlass'), 'cloudformation:ExecuteChangeSet')).toBe(true);
    expect(may(people('BreakGlass'), 'sts:AssumeRole', role(cdk('deploy')))).toBe(true);
    expect(may(people('BreakGlass'), 'iam:CreateRole', role(cdk('deploy')))).toBe(true);
  });
});

test('an environment that names no repository has no pipeline, and no guard-rail around one', () => {
  const app = new App({ context });
  if (!ORGANIZATION) {
    throw new Error('the example settings have no organization');
  }
  const alone = new GovernanceStack(app, 'Alone', {
    memberRegions: ['eu-central-1'],
    env: { account: ORGANIZATION.managementAccount, region },
    settings: ORGANIZATION,
    figures: FIGURES,
    environments: [{ name: 'production', account }],
  });
  expect(JSON.stringify(Synthesized.fromStack(alone).toJSON())).not.toContain('delivery-production');
});
