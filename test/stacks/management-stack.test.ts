import { Match, Template } from 'aws-cdk-lib/assertions';
import { loadPromises } from '../../bin/promises';
import { isOptIn, isRegion, REGIONS } from '../../lib/settings/regions';
import { judgeGraph } from '../../lib/synth/judge-template';
import { Graph } from '../../lib/template/graph';
import type { Json } from '../../lib/template/parse';
import { Template as Read } from '../../lib/template/template';
import { organization } from '../policy-evaluation/guard-rails';

const { catalogue, figures } = loadPromises('strictest');
const everywhere = Object.keys(REGIONS).filter((name) => isRegion(name) && REGIONS[name].partition === 'aws');
const stage = organization({}, { allowedRegions: everywhere });
const [home, ...others] = stage.management;
if (!home) {
  throw new Error('nothing is recorded of the management account');
}
const atHome = Template.fromStack(home);

test('the management account is recorded where the members are, at home first, after the record that it delivers to', () => {
  const regions = everywhere.filter((name) => isRegion(name) && name !== 'eu-central-1' && !isOptIn(name));
  expect(others.map(({ region }) => region)).toEqual(regions);
  expect(new Set(stage.management.map(({ account }) => account))).toEqual(new Set(['444444444444']));
  expect(home.dependencies).toContain(stage.audit);
  for (const other of others) {
    expect(other.dependencies).toContain(home);
  }
});

test('its history goes to the bucket of every account, by its name', () => {
  const record = Template.fromStack(stage.audit);
  for (const template of stage.management.map((stack) => Template.fromStack(stack))) {
    const [channel] = Object.values(template.findResources('AWS::Config::DeliveryChannel'));
    const { S3BucketName } = channel?.Properties ?? {};
    record.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: S3BucketName,
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    });
  }
});

test('what an account has once is recorded and judged at home alone', () => {
  atHome.resourceCountIs('AWS::IAM::ServiceLinkedRole', 1);
  atHome.hasResourceProperties('AWS::Config::ConfigurationRecorder', {
    RecordingGroup: { AllSupported: true, IncludeGlobalResourceTypes: true },
  });
  atHome.hasResourceProperties('AWS::Config::ConfigRule', {
    Source: { SourceIdentifier: 'IAM_ROOT_ACCESS_KEY_CHECK' },
  });
  for (const template of others.map((stack) => Template.fromStack(stack))) {
    template.resourceCountIs('AWS::IAM::ServiceLinkedRole', 0);
    template.hasResourceProperties('AWS::Config::ConfigurationRecorder', {
      RecordingGroup: { AllSupported: true, IncludeGlobalResourceTypes: false },
    });
    template.resourcePropertiesCountIs(
      'AWS::Config::ConfigRule',
      { Source: { SourceIdentifier: 'IAM_ROOT_ACCESS_KEY_CHECK' } },
      0,
    );
    template.hasResourceProperties('AWS::Config::ConfigRule', {
      Source: { SourceIdentifier: 'EC2_EBS_ENCRYPTION_BY_DEFAULT' },
    });
  }
});

test('what the members report is reported of it too, to the same bus, by a role that may do nothing else', () => {
  const rules = (template: Template, where: object) =>
    Object.values(template.findResources('AWS::Events::Rule', where)).map(({ Properties }) =>
      JSON.stringify(Properties.EventPattern),
    );
  const heard = rules(Template.fromStack(stage.audit), { Properties: { EventBusName: Match.anyValue() } });
  expect(heard.length).toBeGreaterThan(3);
  for (const template of stage.management.map((stack) => Template.fromStack(stack))) {
    expect(rules(template, {}).sort()).toEqual(heard.sort());
    for (const { Properties } of Object.values(template.findResources('AWS::Events::Rule'))) {
      expect(Properties.Targets).toMatchObject([
        { RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^RecorderReporter/), 'Arn'] } },
      ]);
      expect(JSON.stringify(Properties.Targets)).toContain(
        ':events:eu-central-1:555555555555:event-bus/organization-events',
      );
    }
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: [{ Action: 'events:PutEvents', Effect: 'Allow' }] },
    });
  }
});

test('it shares no snapshots', () => {
  for (const template of stage.management.map((stack) => Template.fromStack(stack))) {
    template.hasResourceProperties('AWS::EC2::SnapshotBlockPublicAccess', { State: 'block-all-sharing' });
  }
});

describe('the judge', () => {
  /** What det-05 finds where a stack of the management account lacks its recorder. */
  const findingsWithout = (left: string | undefined) => {
    const templates = [stage.governance, stage.audit, ...stage.management].map((stack) => {
      const { stackName, account, region } = stack;
      const document: Json = structuredClone(Template.fromStack(stack).toJSON());
      if (region === left && stage.management.some((each) => each === stack)) {
        document.Resources = Object.fromEntries(
          Object.entries(document.Resources as Json).filter(
            ([, resource]) => (resource as Json).Type !== 'AWS::Config::ConfigurationRecorder',
          ),
        );
      }
      return new Read({ path: `${stackName}.json`, sha256: '0'.repeat(64), stackName, account, region }, document);
    });
    const control = catalogue.find(({ id }) => id === 'det-05');
    return control
      ? judgeGraph(control, new Graph(templates), figures, { presentOnly: false })
          .filter(({ verdict }) => verdict === 'not-satisfied' || verdict === 'not-assessed')
          .map(({ message }) => message)
      : ['no control'];
  };

  test('finds nothing, and whatever is left out', () => {
    expect(findingsWithout(undefined)).toEqual([]);
    expect(findingsWithout('eu-central-1')).toEqual([expect.stringContaining('no configuration recorder is there')]);
    expect(findingsWithout('eu-west-1')).toEqual([
      '444444444444 manages the organization and is not recorded in eu-west-1: no stack set of the organization reaches it',
    ]);
  });
});
