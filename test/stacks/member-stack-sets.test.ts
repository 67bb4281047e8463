import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template as Synthesized } from 'aws-cdk-lib/assertions';
import { loadPromises } from '../../bin/promises';
import { memberRecorderTemplate } from '../../lib/constructs/organization/member-recorder-template';
import { organizationStackSet } from '../../lib/constructs/organization/organization-stack-set';
import { Figures } from '../../lib/control/parameter';
import { ENVIRONMENTS } from '../../lib/settings/environments';
import { isOptIn, isRegion, REGIONS } from '../../lib/settings/regions';
import { judgeGraph } from '../../lib/synth/judge-template';
import { Graph } from '../../lib/template/graph';
import { isObject, type Json } from '../../lib/template/parse';
import { Scope } from '../../lib/template/scope';
import { Template } from '../../lib/template/template';
import { organization } from '../policy-evaluation/guard-rails';
import { environment } from './synthesize';

const { catalogue, figures: strictest } = loadPromises('strictest');
const everywhere = Object.keys(REGIONS).filter((name) => isRegion(name) && REGIONS[name].partition === 'aws');
// The profile promises one Region; this organization uses every one of the partition
const figures = new Figures(
  [...strictest.all.values()].map((figure) =>
    figure.parameter === 'residency.regions' ? { ...figure, value: everywhere } : figure,
  ),
);
const stage = organization({}, { allowedRegions: everywhere });
const stacks = [stage.governance, stage.audit, ...stage.management].map((stack) => {
  const document: Json = Synthesized.fromStack(stack).toJSON();
  return { document, origin: { stackName: stack.stackName, account: stack.account, region: stack.region } };
});

const names = ['member-baseline', 'member-guards', 'member-recorder-role', 'member-recorder'] as const;
type Name = (typeof names)[number];

const sets = stacks.flatMap(({ document }) =>
  Object.values(document.Resources as Record<string, { Type: string; Properties: Json }>)
    .filter(({ Type }) => Type === 'AWS::CloudFormation::StackSet')
    .map(({ Properties }) => Properties),
);

function setNamed(name: Name): Json {
  const found = sets.find(({ StackSetName }) => StackSetName === name);
  if (!found) {
    throw new Error(`no stack set is called ${name}`);
  }
  return found;
}

function bodyOf(name: Name): { readonly Resources: Record<string, Json & { Properties: Json }> } {
  return JSON.parse(String(setNamed(name).TemplateBody));
}

/** Everything that is deployed for the organization, with the body of one stack set changed. */
function graphWith(
  name?: Name,
  edit: (resources: Record<string, Json & { Properties: Json }>) => void = () => {},
): Graph {
  const templates = stacks.map(({ document, origin }) => {
    const copy = structuredClone(document);
    for (const resource of Object.values(Object.assign({}, copy.Resources) as Record<string, { Properties?: Json }>)) {
      if (name && resource.Properties?.StackSetName === name) {
        const body = bodyOf(name);
        edit(body.Resources);
        resource.Properties.TemplateBody = JSON.stringify(body);
      }
    }
    return new Template({ path: `${origin.stackName}.json`, sha256: '0'.repeat(64), ...origin }, copy);
  });
  return new Graph(templates);
}

/** What any control finds in what the stack sets carry, and det-05 of the whole. */
function findingsIn(graph: Graph): readonly string[] {
  return catalogue.flatMap((control) =>
    judgeGraph(control, graph, figures, { presentOnly: control.id !== 'det-05' })
      .filter(({ verdict, awaited }) => verdict === 'not-satisfied' || (verdict === 'not-assessed' && !awaited))
      .filter(({ target }) => target.includes('#') || control.id === 'det-05')
      .map(({ logicalId, message }) => `${control.id} ${logicalId} ${message}`),
  );
}

test('the accounts of the organization get four stack sets', () => {
  expect(sets.map(({ StackSetName }) => StackSetName)).toEqual([...names]);
});

test.each(names)('%s goes to every account, those that join too, and stops at the first that refuses it', (name) => {
  expect(setNamed(name)).toMatchObject({
    PermissionModel: 'SERVICE_MANAGED',
    CallAs: name === 'member-baseline' || name === 'member-guards' ? 'SELF' : 'DELEGATED_ADMIN',
    AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: true },
    ManagedExecution: { Active: true },
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    OperationPreferences: { FailureTolerancePercentage: 0, MaxConcurrentPercentage: 25 },
    StackInstancesGroup: [{ DeploymentTargets: { OrganizationalUnitIds: ['r-abcd'] } }],
  });
});

test('no control finds anything in what they carry', () => {
  expect(findingsIn(graphWith())).toEqual([]);
});

test.each<[string, Name, (resources: Record<string, Json & { Properties: Json }>) => void, string]>([
  [
    'whose key does not rotate',
    'member-baseline',
    ({ BackupKey }) => delete BackupKey?.Properties.EnableKeyRotation,
    'key-02 BackupKey',
  ],
  [
    'whose vault takes the key of AWS',
    'member-baseline',
    ({ BackupVault }) => delete BackupVault?.Properties.EncryptionKeyArn,
    'BackupVault',
  ],
  [
    'whose vault is not locked',
    'member-baseline',
    ({ BackupVault }) => delete BackupVault?.Properties.LockConfiguration,
    'BackupVault',
  ],
  [
    'whose guards ask for short passwords',
    'member-guards',
    ({ Guards }) => Object.assign(Guards?.Properties ?? {}, { PasswordMinLength: '8' }),
    'enc-09 Guards',
  ],
  [
    'whose guards write a log without key',
    'member-guards',
    ({ GuardsLog }) => delete GuardsLog?.Properties.KmsKeyId,
    'GuardsLog',
  ],
  [
    'whose log is kept for ever',
    'member-guards',
    ({ GuardsLog }) => delete GuardsLog?.Properties.RetentionInDays,
    'Guards',
  ],
  ['without a recorder', 'member-recorder', (resources) => delete resources.Recorder, 'det-05 Trail'],
  ['without a delivery channel', 'member-recorder', (resources) => delete resources.DeliveryChannel, 'det-05 Recorder'],
  [
    'that records once a day',
    'member-recorder',
    ({ Recorder }) => Object.assign(Recorder?.Properties ?? {}, { RecordingMode: { RecordingFrequency: 'DAILY' } }),
    'det-05 Recorder',
  ],
  [
    'that records some types',
    'member-recorder',
    ({ Recorder }) => Object.assign(Recorder?.Properties ?? {}, { RecordingGroup: { AllSupported: false } }),
    'det-05 Recorder',
  ],
])('a template %s is found by name', (_, name, edit, expected) => {
  expect(findingsIn(graphWith(name, edit))).toEqual(expect.arrayContaining([expect.stringContaining(expected)]));
});

/** What a stack set makes in an account and Region, and what is recorded there of IAM. */
function madeIn(name: Name, account: string, region: string) {
  const document: Json = JSON.parse(String(setNamed(name).TemplateBody));
  const graph = new Graph([new Template({ path: 'member.json', sha256: '0'.repeat(64), account, region }, document)]);
  const scope = new Scope(graph);
  const made = [...graph.presentTypes].flatMap((type) => scope.resources(type));
  const worldwide = made
    .find(({ logicalId }) => logicalId === 'Recorder')
    ?.bool('RecordingGroup.IncludeGlobalResourceTypes');
  return {
    ids: made.map(({ logicalId }) => logicalId),
    recordsIam: worldwide?.kind === 'known' ? worldwide.value : undefined,
  };
}

const member = '999999999999';
const reporting = ['ReportTampering', 'ReportKeys', 'ReportExposure', 'ReportUnusualCalls', 'ReportSignIn'];
const environmentAccounts = Object.values(ENVIRONMENTS).map(({ account }) => account);

describe('in each account, once in each Region', () => {
  test('a member is recorded, and IAM in the home Region only', () => {
    const home = madeIn('member-recorder', member, 'eu-central-1');
    const other = madeIn('member-recorder', member, 'eu-west-1');
    expect(home).toMatchObject({ recordsIam: true });
    expect(home.ids).toEqual(
      expect.arrayContaining(['Recorder', 'DeliveryChannel', 'SnapshotSharing', 'RootHasNoKey']),
    );
    expect(other).toMatchObject({ recordsIam: false });
    expect(other.ids).toEqual(
      expect.arrayContaining(['Recorder', 'DeliveryChannel', 'SnapshotSharing', 'BucketsEncrypted']),
    );
    expect(other.ids).not.toContain('RootHasNoKey');
    expect(madeIn('member-recorder-role', member, 'eu-central-1').ids).toEqual([
      'Nothing',
      'RecorderRole',
      'EventRole',
    ]);
    expect(madeIn('member-recorder-role', member, 'eu-west-1').ids).toEqual(['Nothing']);
  });

  test.each(environmentAccounts)('the account %s of an environment keeps its own, wherever', (account) => {
    for (const name of ['member-guards', 'member-recorder', 'member-recorder-role'] as const) {
      expect(madeIn(name, account, 'eu-central-1').ids).toEqual(['Nothing']);
      expect(madeIn(name, account, 'eu-west-1').ids).toEqual(['Nothing']);
    }
  });

  test('the security account has a recorder of its own in the home Region, and gets one elsewhere', () => {
    const security = stage.audit.account;
    expect(madeIn('member-recorder', security, 'eu-central-1').ids).toEqual([
      'Nothing',
      'SnapshotSharing',
      ...reporting,
    ]);
    expect(madeIn('member-recorder-role', security, 'eu-central-1').ids).toEqual(['Nothing', 'EventRole']);
    expect(madeIn('member-recorder', security, 'eu-west-1').ids).toContain('Recorder');
  });

  test('what is brought to every account is nothing that an environment makes for itself', () => {
    const types = new Set(Object.values(bodyOf('member-baseline').Resources).map(({ Type }) => Type));
    const once = [
      'AWS::AccessAnalyzer::Analyzer',
      'AWS::CloudTrail::Trail',
      'AWS::Config::ConfigurationRecorder',
      'AWS::Config::DeliveryChannel',
      'AWS::EC2::SnapshotBlockPublicAccess',
      'AWS::GuardDuty::Detector',
      'AWS::IAM::ServiceLinkedRole',
      'AWS::SecurityHub::Hub',
    ];
    expect(once.filter((type) => types.has(type))).toEqual([]);
  });
});

test('recorders are deployed where every account can, at home first; the role at home, and before them where an account joins', () => {
  const recorder = setNamed('member-recorder');
  const regions = ['eu-central-1', ...everywhere.filter((name) => name !== 'eu-central-1' && !isOptIn(name))];
  expect(regions).not.toContain('eu-south-1');
  expect(recorder).toMatchObject({
    StackInstancesGroup: [{ Regions: regions }],
    OperationPreferences: { RegionOrder: regions, RegionConcurrencyType: 'SEQUENTIAL' },
  });
  expect(setNamed('member-recorder-role')).toMatchObject({ StackInstancesGroup: [{ Regions: ['eu-central-1'] }] });
  expect(JSON.stringify(recorder.AutoDeployment)).toMatch(
    /:cloudformation:eu-central-1:444444444444:stackset\/",\{"Fn::GetAtt":\["MemberRecorderRole\w+","StackSetId"\]/,
  );
});

test('they deliver to the bucket of the security account, which admits AWS Config of the organization and of nobody else', () => {
  const template = Synthesized.fromStack(stage.audit);
  const [history] = Object.keys(
    template.findResources('AWS::S3::Bucket', {
      Properties: { LifecycleConfiguration: { Rules: [{ Id: 'after-retention' }] } },
    }),
  );
  expect(setNamed('member-recorder').Parameters).toEqual(
    expect.arrayContaining([{ ParameterKey: 'HistoryBucket', ParameterValue: { Ref: history } }]),
  );
  const organizationOnly = { StringEquals: expect.objectContaining({ 'aws:SourceOrgID': 'o-exampleorgid' }) };
  const statements = Object.values(
    template.findResources('AWS::S3::BucketPolicy', { Properties: { Bucket: { Ref: history } } }),
  )
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Sid }: { Sid?: string }) => Sid?.startsWith('ConfigOfMembers'));
  expect(statements.map(({ Action, Condition }) => ({ Action, Condition }))).toEqual([
    { Action: ['s3:GetBucketAcl', 's3:ListBucket'], Condition: organizationOnly },
    { Action: 's3:PutObject', Condition: organizationOnly },
  ]);
  const [key] = Object.values(template.findResources('AWS::KMS::Key'));
  const ofMembers = key?.Properties.KeyPolicy.Statement.filter(
    ({ Sid }: { Sid: string }) => Sid === 'EncryptConfigurationHistoryOfMembers',
  );
  expect(ofMembers).toMatchObject([
    {
      Principal: { Service: 'config.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceOrgID': 'o-exampleorgid' } },
    },
  ]);
});

describe('what members report', () => {
  const security = Synthesized.fromStack(stage.audit);
  const rules = Object.values(bodyOf('member-recorder').Resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
  const [bus] = Object.keys(security.findResources('AWS::Events::EventBus'));

  test('goes to a bus that hears the organization and nobody else, under a role that may do nothing else', () => {
    expect(rules).toHaveLength(5);
    for (const { Properties } of rules) {
      expect(Properties).toMatchObject({ State: 'ENABLED', Targets: [{ Arn: { Ref: 'EventBus' } }] });
      expect(JSON.stringify(Properties.Targets)).toContain(':role/organization-events');
    }
    expect(bodyOf('member-recorder-role').Resources.EventRole?.Properties).toMatchObject({
      RoleName: 'organization-events',
      Policies: [{ PolicyDocument: { Statement: [{ Action: 'events:PutEvents', Resource: { Ref: 'EventBus' } }] } }],
    });
    for (const name of ['member-recorder', 'member-recorder-role'] as const) {
      expect(setNamed(name).Parameters).toEqual(
        expect.arrayContaining([{ ParameterKey: 'EventBus', ParameterValue: { 'Fn::GetAtt': [bus, 'Arn'] } }]),
      );
    }
    security.hasResourceProperties('AWS::Events::EventBus', {
      Name: 'organization-events',
      Policy: {
        Statement: [
          {
            Action: 'events:PutEvents',
            Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
          },
        ],
      },
    });
  });

  test('is what the rules of the bus report to people, pattern for pattern', () => {
    const heard = Object.values(
      security.findResources('AWS::Events::Rule', { Properties: { EventBusName: { Ref: bus } } }),
    );
    const patterns = (of: readonly { readonly Properties: Json }[]) =>
      of.map(({ Properties }) =>
        JSON.stringify(Properties.EventPattern, Object.keys(flat(Properties.EventPattern)).sort()),
      );
    expect(patterns(rules).sort()).toEqual(patterns(heard as { Properties: Json }[]).sort());
    const [topic] = Object.keys(security.findResources('AWS::SNS::Topic'));
    expect(heard.map(({ Properties }) => Properties.Targets.map(({ Arn }: Json) => Arn))).toEqual(
      heard.map(() => [{ Ref: topic }]),
    );
  });

  test('and what is recorded in another Region is counted in the log of the trail, but for the environments, which do so themselves', () => {
    const filters = Object.values(security.findResources('AWS::Logs::MetricFilter'));
    expect(filters.length).toBeGreaterThan(10);
    for (const { Properties } of filters) {
      for (const account of environmentAccounts) {
        expect(Properties.FilterPattern).toContain(`($.recipientAccountId != "${account}")`);
      }
      // What CloudWatch Logs takes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
      expect(Properties.FilterPattern.length).toBeLessThanOrEqual(1_024);
    }
  });
});

describe('what guards members', () => {
  const { Resources: made } = bodyOf('member-guards');
  const regions = ['eu-central-1', ...everywhere.filter((name) => name !== 'eu-central-1' && !isOptIn(name))];

  test('is set once in an account, from the home Region, for every Region that each account can use', () => {
    expect(setNamed('member-guards')).toMatchObject({ StackInstancesGroup: [{ Regions: ['eu-central-1'] }] });
    expect(made.Guards?.Properties).toMatchObject({
      Regions: regions,
      PasswordMinLength: '12',
      PasswordMaxAgeDays: '90',
    });
    expect(made.UnusedNetworks?.Properties).toMatchObject({ Regions: regions });
  });

  test('runs the function that guards environments too, in its own text, and it runs', () => {
    const { ZipFile } = Object.assign({ ZipFile: '' }, made.GuardsFunction?.Properties.Code);
    expect(ZipFile).toBe(readFileSync('dist/functions/account-guards/handler.js', 'utf8'));
    const compiled = new Function('module', 'exports', 'require', ZipFile);
    class Client {}
    const loaded: { exports: { handler?: unknown } } = { exports: {} };
    compiled(loaded, loaded.exports, () => ({ EC2: Client, IAM: Client, S3Control: Client }));
    expect(made.GuardsFunction?.Properties).toMatchObject({ Handler: 'index.handler' });
    expect(loaded.exports.handler).toEqual(expect.any(Function));
  });

  test('may do what that function does, and nothing else', () => {
    const { Policies } = made.GuardsRole?.Properties ?? {};
    expect(JSON.stringify(Policies)).toContain('ec2:EnableEbsEncryptionByDefault');
    expect(JSON.stringify(Policies)).not.toMatch(/"[a-z0-9]+:[^"]*\*"/);
    expect(made.GuardsRole?.Properties.RoleName).toBe('organization-guards');
  });
});

/** Every key of a value, wherever. */
function flat(value: unknown): Json {
  return typeof value === 'object' && value !== null
    ? Object.assign({}, isObject(value) ? value : {}, ...Object.values(value).map(flat))
    : {};
}

test('the rules are those of an environment, with its figures, but for those about its own stacks', () => {
  const inputs = ({ Source, InputParameters }: Json) =>
    `${isObject(Source) ? Source.SourceIdentifier : ''} ${JSON.stringify(InputParameters ?? {})}`;
  const own = Object.values(Synthesized.fromStack(environment().audit).findResources('AWS::Config::ConfigRule'));
  const brought = Object.values(bodyOf('member-recorder').Resources).filter(
    ({ Type }) => Type === 'AWS::Config::ConfigRule',
  );
  const missing = own
    .map(({ Properties }) => inputs(Properties))
    .filter((rule) => !brought.some(({ Properties }) => inputs(Properties) === rule));
  expect(missing.map((rule) => rule.split(' ')[0]).sort()).toEqual([
    'CLOUDTRAIL_S3_DATAEVENTS_ENABLED',
    'CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED',
    'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED',
    'LAMBDA_FUNCTION_SETTINGS_CHECK',
    'MULTI_REGION_CLOUD_TRAIL_ENABLED',
  ]);
  expect(brought).toHaveLength(own.length - missing.length);
});

test.each([0, 1, 3, 10, 11, 101])(
  '%i accounts of environments are spared, never more than ten conditions in one',
  (count) => {
    const ownAccounts = Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));
    const props = {
      homeRegion: 'eu-central-1',
      recordAccount: '555555555555',
      frequency: 'CONTINUOUS',
      rules: [],
    } as const;
    const document: Json = JSON.parse(JSON.stringify(memberRecorderTemplate({ ...props, ownAccounts })));
    const alternatives = [...JSON.stringify(document).matchAll(/"Fn::Or"/g)];
    expect(alternatives.length).toBeGreaterThan(0);
    expect(mostAlternativesIn(document)).toBeLessThanOrEqual(10);
    const recorderIn = (account: string) => {
      const graph = new Graph([new Template({ path: 'm', sha256: '0', account, region: 'eu-west-1' }, document)]);
      return new Scope(graph).resources('AWS::Config::ConfigurationRecorder').length;
    };
    expect(ownAccounts.map(recorderIn)).toEqual(ownAccounts.map(() => 0));
    expect(recorderIn(member)).toBe(1);
  },
);

function mostAlternativesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  const or = isObject(value) && Array.isArray(value['Fn::Or']) ? value['Fn::Or'].length : 0;
  return Math.max(or, ...Object.values(value).map(mostAlternativesIn));
}

test('fails where a template is larger than a stack set takes in its own text', () => {
  const make = (bytes: number) =>
    organizationStackSet(new Stack(new App(), 'S'), 'Set', {
      name: 'large',
      description: '',
      template: { Description: 'x'.repeat(bytes - '{"Description":""}'.length) },
      targets: ['r-abcd'],
      regions: ['eu-central-1'],
    });
  expect(() => make(51_200)).not.toThrow();
  expect(() => make(51_201)).toThrow("stack set 'large' has 51201 bytes, allowed in a stack set are 51200: split it");
});
