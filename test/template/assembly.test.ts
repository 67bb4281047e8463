import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  CfnOutput,
  CfnResource,
  CrossStackReferences,
  Fn,
  cloudformation_include as include,
  aws_kms as kms,
  NestedStack,
  ReferenceStrength,
  aws_rds as rds,
  Stack,
  Stage,
} from 'aws-cdk-lib';
import { InputError } from '../../lib/control/input-error';
import { loadAssembly } from '../../lib/template/assembly';
import { readProvenance } from '../../lib/template/assembly-provenance';
import type { Graph } from '../../lib/template/graph';
import { loadTemplates } from '../../lib/template/load';
import { isObject, type Json } from '../../lib/template/parse';
import { Scope } from '../../lib/template/scope';
import { brief } from './graph-of';

const folder = mkdtempSync(join(tmpdir(), 'avouch-assembly-'));
let graph: Graph;

/** A nested stack that is given a key, and hands it back. */
class Vault extends NestedStack {
  readonly keyArn: string;

  constructor(scope: Stack, key: kms.IKey) {
    super(scope, 'Vault');
    new CfnResource(this, 'Raw', { type: 'AWS::RDS::DBCluster', properties: { KmsKeyId: key.keyArn } });
    this.keyArn = new kms.Key(this, 'Own').keyArn;
  }
}

function environment(app: App, name: string, account: string, strength: ReferenceStrength): void {
  const stage = new Stage(app, name, { env: { account, region: 'eu-central-1' } });
  const keys = new Stack(stage, 'Keys', { stackName: 'Keys' });
  const key = new kms.Key(keys, 'Key');
  CrossStackReferences.of(key).produce(strength);
  const data = new Stack(stage, 'Data');
  const cluster = new rds.CfnDBCluster(data, 'Cluster', { kmsKeyId: key.keyArn, storageEncrypted: true });
  cluster.addPropertyOverride('StorageEncrypted', false);
  const vault = new Vault(data, key);
  new CfnResource(data, 'Uses', { type: 'AWS::RDS::DBCluster', properties: { KmsKeyId: vault.keyArn } });
}

function agnostic(app: App): void {
  const included = join(folder, 'included.json');
  writeFileSync(
    included,
    JSON.stringify({
      Parameters: { Stage: { Type: 'String' } },
      Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
      Resources: {
        Included: {
          Type: 'AWS::RDS::DBInstance',
          Properties: { StorageEncrypted: { 'Fn::If': ['IsProd', true, false] } },
        },
      },
    }),
  );
  const stack = new Stack(app, 'Agnostic');
  new include.CfnInclude(stack, 'Include', { templateFile: included });
  const secret = Fn.importValue('shared-name');
  new CfnResource(stack, 'Imports', { type: 'Test::Imports', properties: { Value: secret } });
  new CfnOutput(stack, 'Shared', { value: 'agnostic', exportName: 'shared-name' });
  const elsewhere = new Stack(app, 'Elsewhere', { env: { account: '333333333333', region: 'eu-west-1' } });
  new CfnOutput(elsewhere, 'Shared', { value: 'elsewhere', exportName: 'shared-name' });
  new CfnResource(elsewhere, 'Imports', { type: 'Test::Imports', properties: { Value: secret } });
  new CfnResource(elsewhere, 'Unseen', {
    type: 'AWS::CloudFormation::Stack',
    properties: { TemplateURL: 'https://example.org/other.json' },
  });
}

beforeAll(() => {
  const app = new App({
    outdir: join(folder, 'cdk.out'),
    context: { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true },
    stackTraces: true,
  });
  environment(app, 'Dev', '111111111111', ReferenceStrength.STRONG);
  environment(app, 'Prod', '222222222222', ReferenceStrength.WEAK);
  agnostic(app);
  app.synth();
  graph = loadAssembly(join(folder, 'cdk.out'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const within = (path: string, part: string) => path.startsWith(part);

/** A resource by the start of its template's path and its construct path's end. */
function find(template: string, logicalId: RegExp, of: Graph = graph) {
  const found = of.templates
    .filter(({ path }) => within(path, template))
    .flatMap(({ resources }) => [...resources.values()])
    .filter((resource) => logicalId.test(resource.logicalId));
  expect(found).toHaveLength(1);
  return new Scope(of).subject(found[0] as never);
}

test('all stacks of an assembly are one graph, in their accounts and regions', () => {
  expect(
    graph.templates.map(({ origin: { stackName, account, region } }) => [stackName, account, region].join(' ')).sort(),
  ).toEqual([
    'Agnostic  ',
    expect.stringMatching(/^Dev-Data 111111111111 eu-central-1$/),
    expect.stringMatching(/^Dev-Data\/\w+ 111111111111 eu-central-1$/),
    'Elsewhere 333333333333 eu-west-1',
    'Keys 111111111111 eu-central-1',
    'Keys 222222222222 eu-central-1',
    expect.stringMatching(/^Prod-Data 222222222222 eu-central-1$/),
    expect.stringMatching(/^Prod-Data\/\w+ 222222222222 eu-central-1$/),
  ]);
  expect(graph.files.map(({ path }) => path)).toContain('manifest.json');
});

test.each([
  ['exports', 'assembly-Dev', '111111111111'],
  ['stack outputs', 'assembly-Prod', '222222222222'],
])('references across stacks resolve through %s, in their own stage', (_, stage, account) => {
  const reading = find(stage, /^Cluster/).reference('KmsKeyId');
  expect(reading).toMatchObject({ kind: 'known', value: { attribute: 'Arn' } });
  if (reading.kind === 'known') {
    expect(reading.value.subject.type).toBe('AWS::KMS::Key');
    expect(reading.value.subject.template.origin).toMatchObject({ stackName: 'Keys', account });
  }
});

test.each(['assembly-Dev', 'assembly-Prod'])('nested stacks of %s take references down and hand them up', (stage) => {
  const down = find(stage, /^Raw$/).reference('KmsKeyId');
  const up = find(stage, /^Uses$/).reference('KmsKeyId');
  expect(down.kind === 'known' && down.value.subject.template.origin.stackName).toBe('Keys');
  expect(up.kind === 'known' && up.value.subject.template.parent?.type).toBe('AWS::CloudFormation::Stack');
  expect(up.kind === 'known' && up.value.subject.logicalId).toMatch(/^Own/);
});

test('what refers to a key is found across stacks, nested stacks and stages', () => {
  const scope = new Scope(graph);
  const [dev, prod] = graph
    .ofType('AWS::KMS::Key')
    .filter(({ template }) => template.origin.stackName === 'Keys')
    .map((key) => scope.referring(scope.subject(key), 'AWS::RDS::DBCluster', 'KmsKeyId'))
    .map((found) => found.map(({ logicalId, template }) => `${template.origin.account} ${logicalId}`).sort());
  expect(dev).toEqual(['111111111111 Cluster', '111111111111 Raw']);
  expect(prod).toEqual(['222222222222 Cluster', '222222222222 Raw']);
});

test('overrides, raw resources and included templates are read as they are deployed', () => {
  expect(brief(find('assembly-Dev', /^Cluster/), 'StorageEncrypted', 'bool')).toBe('= false');
  expect(brief(find('Agnostic', /^Included/), 'StorageEncrypted', 'bool')).toBe('= true');
});

test('an export is that of its own account and region', () => {
  expect(brief(find('Agnostic', /^Imports/))).toBe('= agnostic');
  expect(brief(find('Elsewhere', /^Imports/))).toBe('= elsewhere');
});

test('a nested stack whose template is elsewhere is a gap', () => {
  expect(graph.gaps.map(({ logicalId, types }) => [logicalId, types])).toEqual([['Unseen', undefined]]);
});

test('a resource knows its construct and where it was written', () => {
  const { origin } = find('assembly-Prod', /^Cluster/).template;
  const provenance = origin.provenance?.get('Cluster');
  expect(provenance?.constructPath).toBe('Prod/Data/Cluster');
  expect(provenance?.source).toMatch(/^test\/template\/assembly\.test\.ts:\d+$/);
  const nested = find('assembly-Prod', /^Raw$/).template.origin.provenance?.get('Raw');
  expect(nested?.constructPath).toBe('Prod/Data/Vault/Raw');
});

test('a resource whose trace never leaves the CDK stands at the line of the construct that made it', () => {
  const data = (entries: Json) =>
    Object.entries(entries).map(([type, each]) => ({ type: `aws:cdk:${type}`, data: each }));
  const line = [
    'new Vpc (/app/node_modules/aws-cdk-lib/vpc.js:1:1)',
    `new Network (${process.cwd()}/lib/network.ts:12:5)`,
  ];
  const found = readProvenance(
    {
      '/S/Vpc/Resource': data({ logicalId: 'Vpc', creationStack: line }),
      '/S/Vpc/Subnet/Resource': data({ logicalId: 'Subnet', creationStack: line.slice(0, 1) }),
      '/S/Other': data({ logicalId: 'Other' }),
    },
    { Resources: { Vpc: {}, Subnet: {}, Other: {} } },
  );
  expect([...found.values()].map(({ source }) => source)).toEqual([
    'lib/network.ts:12',
    'lib/network.ts:12',
    undefined,
  ]);
});

describe('a changed assembly', () => {
  /** A copy of the assembly with files of one folder edited. */
  function copy(edit: (path: string, document: Json) => unknown, below = 'assembly-Prod'): string {
    const target = mkdtempSync(join(folder, 'copy-'));
    cpSync(join(folder, 'cdk.out'), target, { recursive: true });
    for (const name of readdirSync(join(target, below)).filter((file) => file.endsWith('.json'))) {
      const file = join(target, below, name);
      const document: Json = JSON.parse(readFileSync(file, 'utf8'));
      const edited = edit(name, document);
      writeFileSync(file, typeof edited === 'string' ? edited : JSON.stringify(document));
    }
    return target;
  }

  const nestedStacks = (document: Json) =>
    Object.values(isObject(document.Resources) ? document.Resources : {}).filter(
      (resource): resource is Json => isObject(resource) && resource.Type === 'AWS::CloudFormation::Stack',
    );

  test('finds nested stacks by the asset that their URL names, without metadata', () => {
    const changed = loadAssembly(
      copy((_, document) => {
        for (const stack of nestedStacks(document)) {
          delete stack.Metadata;
        }
      }),
    );
    expect(changed.templates).toHaveLength(graph.templates.length);
    expect(changed.gaps).toHaveLength(1);
  });

  test('fails to take a template for that of a nested stack whose URL names another', () => {
    const changed = loadAssembly(
      copy((_, document) => {
        for (const stack of nestedStacks(document)) {
          stack.Properties = { ...(stack.Properties as Json), TemplateURL: 'https://example.org/mine.json' };
        }
      }),
    );
    expect(changed.templates).toHaveLength(graph.templates.length - 1);
    expect(changed.gaps.map(({ logicalId }) => logicalId)).toEqual([expect.stringMatching(/^Vault/), 'Unseen']);
  });

  test('fails to read a nested stack that deploys itself, without end', () => {
    const changed = loadAssembly(
      copy((name, document) => {
        const own = nestedStacks(document)[0];
        const metadata = isObject(own?.Metadata) ? own.Metadata : undefined;
        if (own && metadata) {
          own.Properties = {};
          metadata['aws:asset:path'] = name;
        }
      }),
    );
    expect(changed.gaps).toHaveLength(2);
  });

  test.each<[string, (name: string, document: Json) => unknown, RegExp]>([
    [
      'a manifest that is no JSON',
      (name) => (name === 'manifest.json' ? '{' : undefined),
      /cannot read '.*manifest\.json' of the assembly/,
    ],
    ['a manifest that is a list', (name) => (name === 'manifest.json' ? '[]' : undefined), /is not an object/],
    [
      'a template that is not there',
      (name, document) => {
        for (const artifact of name === 'manifest.json' ? Object.values(document.artifacts as Json) : []) {
          if (isObject(artifact) && artifact.type === 'aws:cloudformation:stack') {
            artifact.properties = { templateFile: 'gone.json' };
          }
        }
      },
      /cannot read '.*gone\.json': there is no such file/,
    ],
    [
      'an assembly that holds itself',
      (name, document) => {
        if (name === 'manifest.json') {
          document.artifacts = { self: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } };
        }
      },
      /holds itself/,
    ],
    [
      'a template that is no JSON',
      (name) => (name.endsWith('.template.json') ? '{"Resources": ' : undefined),
      /malformed JSON/,
    ],
  ])('fails on %s', (_, edit, message) => {
    const path = copy(edit);
    expect(() => loadAssembly(path)).toThrow(InputError);
    expect(() => loadAssembly(path)).toThrow(message);
  });

  test('fails on an assembly without a stack', () => {
    const path = copy(
      (name, document) => (name === 'manifest.json' ? JSON.stringify({ ...document, artifacts: {} }) : undefined),
      '.',
    );
    expect(() => loadTemplates(path)).toThrow(/holds no stack/);
  });
});
