import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import { MemberBaseline } from '../../lib/constructs/organization/member-baseline';
import { OrganizationPolicy } from '../../lib/constructs/organization/organization-policy';
import { INLINE_TEMPLATE_BYTES } from '../../lib/constructs/organization/organization-stack-set';
import { isRegion, REGIONS } from '../../lib/settings/regions';
import { organization } from '../policy-evaluation/guard-rails';
import { environment } from './synthesize';

const names = Object.keys(REGIONS).filter(isRegion);

test.each(names)('%s synthesizes without asking AWS, and names no other partition', (region) => {
  const stage = organization({ region }, { allowedRegions: names });
  const { partition } = REGIONS[region];
  const own = names.filter((name) => REGIONS[name].partition === partition);
  for (const stack of [stage.governance, stage.audit, ...stage.management]) {
    const text = JSON.stringify(Template.fromStack(stack).toJSON());
    expect(text.match(/arn:[a-z-]+:/g)?.filter((arn) => arn !== `arn:${partition}:`) ?? []).toEqual([]);
    expect(names.filter((name) => !own.includes(name) && text.includes(name))).toEqual([]);
    expect(text).not.toContain('us-east-1');
  }
  expect([stage.governance.account, stage.audit.account]).toEqual(['444444444444', '555555555555']);
  expect(stage.synth().manifest.missing).toBeUndefined();
});

test('the record is kept in the security account, of every account and Region, locked and encrypted', () => {
  const template = Template.fromStack(organization().audit);
  template.hasResourceProperties('AWS::CloudTrail::Trail', {
    IsOrganizationTrail: true,
    IsMultiRegionTrail: true,
    IsLogging: true,
    EnableLogFileValidation: true,
  });
  const [policy] = Object.values(template.findResources('AWS::S3::BucketPolicy')).filter((each) =>
    JSON.stringify(each).includes('TrailDelivers'),
  );
  const statements: { readonly Sid?: string; readonly Resource: unknown; readonly Condition: object }[] =
    policy?.Properties.PolicyDocument.Statement;
  const delivers = statements.find(({ Sid }) => Sid === 'TrailDelivers');
  expect(JSON.stringify(delivers?.Resource)).toContain('/AWSLogs/444444444444/*');
  expect(JSON.stringify(delivers?.Resource)).toContain('/AWSLogs/o-exampleorgid/*');
  // The trail belongs to the management account, wherever it was made
  expect(delivers?.Condition).toMatchObject({
    StringEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:eu-central-1:444444444444:trail/organization-audit' },
  });
});

test('one account sees all others, in the Regions that may be used and no other', () => {
  const template = Template.fromStack(
    organization({}, { allowedRegions: ['eu-central-1', 'eu-west-1', 'eusc-de-east-1'] }).audit,
  );
  template.hasResourceProperties('AWS::Config::ConfigurationAggregator', {
    OrganizationAggregationSource: { AllAwsRegions: false, AwsRegions: ['eu-central-1', 'eu-west-1'] },
  });
  template.hasResourceProperties('Custom::FindingAggregator', {
    HomeRegion: 'eu-central-1',
    LinkedRegions: ['eu-west-1'],
  });
  template.resourcePropertiesCountIs('AWS::AccessAnalyzer::Analyzer', { Type: 'ORGANIZATION' }, 1);
  template.resourcePropertiesCountIs('AWS::AccessAnalyzer::Analyzer', { Type: 'ORGANIZATION_UNUSED_ACCESS' }, 1);
});

test('findings of one Region have a home there that no other is linked to', () => {
  Template.fromStack(organization().audit).hasResourceProperties('Custom::FindingAggregator', {
    HomeRegion: 'eu-central-1',
    LinkedRegions: [],
  });
});

describe('detection in every account', () => {
  const stage = organization({}, { allowedRegions: ['eu-central-1', 'eu-west-1', 'eusc-de-east-1'] });
  const record = Template.fromStack(stage.audit);
  const governance = Template.fromStack(stage.governance);
  const Regions = ['eu-central-1', 'eu-west-1'];
  const [detector] = Object.values(
    Template.fromStack(environment().detection).findResources('AWS::GuardDuty::Detector'),
  );

  test('GuardDuty looks at the same everywhere as in an account by itself', () => {
    interface Feature {
      readonly Name: string;
      readonly Status: string;
      readonly AdditionalConfiguration?: readonly Feature[];
    }
    const all = ({ Name, AdditionalConfiguration: more }: Feature): object => ({
      Name,
      AutoEnable: 'ALL',
      ...(more ? { AdditionalConfiguration: more.map(all) } : {}),
    });
    const features: readonly Feature[] = detector?.Properties.Features;
    expect(features.length).toBeGreaterThan(4);
    record.hasResourceProperties('Custom::OrganizationThreatDetection', {
      Regions,
      AutoEnable: 'ALL',
      FindingPublishingFrequency: detector?.Properties.FindingPublishingFrequency,
      Features: features.map(all),
    });
  });

  test('Inspector scans the same everywhere as in an account by itself', () => {
    const [own] = Object.values(
      Template.fromStack(environment().detection).findResources('Custom::InspectorEnablement'),
    );
    record.hasResourceProperties('Custom::OrganizationVulnerabilityScanning', {
      AccountId: '555555555555',
      Regions,
      ResourceTypes: own?.Properties.ResourceTypes,
    });
  });

  test('the security account is the administrator before it asks for anything, in each Region', () => {
    governance.hasResourceProperties('Custom::DelegatedAdministrators', {
      AccountId: '555555555555',
      Services: ['access-analyzer', 'cloudtrail', 'config', 'guardduty', 'inspector2'],
      Regions,
    });
    governance.hasResource('AWS::SecurityHub::DelegatedAdmin', {
      Properties: { AdminAccountId: '555555555555' },
      DependsOn: Match.arrayWith(Object.keys(governance.findResources('Custom::DelegatedAdministrators'))),
    });
    expect(stage.audit.dependencies).toContain(stage.governance);
    // Its hub and its detector came with that
    record.resourceCountIs('AWS::SecurityHub::Hub', 0);
    record.resourceCountIs('AWS::GuardDuty::Detector', 0);
  });

  test('Security Hub is told where findings go, who configures, what, and whom it binds, in this order', () => {
    const [home = ''] = Object.keys(record.findResources('Custom::FindingAggregator'));
    const [center = ''] = Object.keys(record.findResources('AWS::SecurityHub::OrganizationConfiguration'));
    const [policy = ''] = Object.keys(record.findResources('AWS::SecurityHub::ConfigurationPolicy'));
    record.hasResource('AWS::SecurityHub::OrganizationConfiguration', {
      Properties: { ConfigurationType: 'CENTRAL', AutoEnable: false, AutoEnableStandards: 'NONE' },
      DependsOn: [home],
    });
    record.hasResource('AWS::SecurityHub::ConfigurationPolicy', {
      Properties: {
        ConfigurationPolicy: {
          SecurityHub: {
            ServiceEnabled: true,
            EnabledStandardIdentifiers: [
              'arn:aws:securityhub:eu-central-1::standards/aws-foundational-security-best-practices/v/1.0.0',
              'arn:aws:securityhub:eu-central-1::standards/cis-aws-foundations-benchmark/v/3.0.0',
            ],
          },
        },
      },
      DependsOn: [center],
    });
    record.hasResourceProperties('AWS::SecurityHub::PolicyAssociation', {
      ConfigurationPolicyId: { 'Fn::GetAtt': [policy, 'Id'] },
      TargetType: 'ROOT',
      TargetId: 'r-abcd',
    });
  });

  test('the functions may do what they do in the allowed Regions, and the guard-rails know the one that they spare', () => {
    const statementsOf = (template: Template, sid: string) =>
      Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
        .filter(({ Sid }) => Sid === sid);
    for (const [template, sid] of [
      [record, 'DetectInRegions'],
      [governance, 'AdministerInRegions'],
    ] as const) {
      expect(statementsOf(template, sid)).toEqual([
        expect.objectContaining({ Condition: { StringEquals: { 'aws:RequestedRegion': Regions } } }),
      ]);
    }
    const roles = Object.keys(record.findResources('AWS::IAM::Role'));
    // CloudFormation takes at most 24 characters of it into the name
    expect(roles.filter((id) => id.slice(0, 24).startsWith('CentralDetectionRole'))).toHaveLength(1);
  });

  test('what is found in other Regions is reported from where it is gathered', () => {
    for (const product of ['GuardDuty', 'Inspector']) {
      record.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: Match.objectLike({
          detail: Match.objectLike({
            findings: Match.objectLike({ ProductName: [product], Region: [{ 'anything-but': ['eu-central-1'] }] }),
          }),
        }),
      });
    }
  });
});

test('every member account gets the baseline, those that join too', () => {
  Template.fromStack(organization().governance).hasResourceProperties('AWS::CloudFormation::StackSet', {
    PermissionModel: 'SERVICE_MANAGED',
    AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: true },
    StackInstancesGroup: [{ Regions: ['eu-central-1'], DeploymentTargets: { OrganizationalUnitIds: ['r-abcd'] } }],
  });
});

test('the backup policy names the vault, the role and the days that the baseline made', () => {
  const template = Template.fromStack(organization({}, { pitrDays: 21 }).governance);
  const [stackSet] = Object.values(template.findResources('AWS::CloudFormation::StackSet'));
  const { Resources } = JSON.parse(stackSet?.Properties.TemplateBody);
  const [policy] = Object.values(
    template.findResources('AWS::Organizations::Policy', { Properties: { Type: 'BACKUP_POLICY' } }),
  );
  const { rules, selections } = Object.assign({}, policy?.Properties.Content.plans.organization);
  expect(rules.nightly.target_backup_vault_name['@@assign']).toBe(Resources.BackupVault.Properties.BackupVaultName);
  expect(rules.nightly.lifecycle.delete_after_days['@@assign']).toBe('21');
  expect(Resources.BackupVault.Properties.LockConfiguration.MinRetentionDays).toBe(21);
  expect(selections.tags.tagged.iam_role_arn['@@assign']).toBe(
    `arn:aws:iam::$account:role/${Resources.BackupRole.Properties.RoleName}`,
  );
});

test('a budget warns before the limit, at it, and when it will be reached', () => {
  const [budget] = Object.values(Template.fromStack(organization().governance).findResources('AWS::Budgets::Budget'));
  const notices: { readonly Notification: { readonly NotificationType: string; readonly Threshold: number } }[] =
    budget?.Properties.NotificationsWithSubscribers;
  expect(
    notices.map(({ Notification: { NotificationType, Threshold } }) => `${NotificationType} ${Threshold}`),
  ).toEqual(['ACTUAL 80', 'ACTUAL 100', 'FORECASTED 100']);
});

describe('what AWS would refuse is refused here', () => {
  const stack = () =>
    new Stack(new App({ context }), 'Stack', { env: { account: '444444444444', region: 'eu-central-1' } });
  const policy = (content: object) =>
    new OrganizationPolicy(stack(), 'Policy', {
      name: 'large',
      description: 'Too much',
      type: 'SERVICE_CONTROL_POLICY',
      targets: ['r-abcd'],
      content,
    });

  test('a policy that is too large, naming the limit', () => {
    expect(() => policy({ text: 'x'.repeat(5_120) })).toThrow(
      "policy 'large' has 5131 characters, allowed of SERVICE_CONTROL_POLICY are 5120",
    );
    expect(() => policy({ text: 'x'.repeat(5_109) })).not.toThrow();
  });

  test('a policy whose size only a deployment knows', () => {
    const where = stack();
    expect(
      () =>
        new OrganizationPolicy(where, 'Policy', {
          name: 'open',
          description: 'Unknown',
          type: 'SERVICE_CONTROL_POLICY',
          targets: ['r-abcd'],
          content: { text: where.stackId },
        }),
    ).toThrow("policy 'open' holds values that only a deployment knows");
  });

  test('a baseline that is too large for a stack set', () => {
    expect(
      () =>
        new MemberBaseline(stack(), 'Baseline', {
          boundaryName: 'b'.repeat(INLINE_TEMPLATE_BYTES),
          vaultName: 'v',
          backupRoleName: 'r',
          backupDays: 30,
          targets: ['r-abcd'],
          region: 'eu-central-1',
        }),
    ).toThrow(`allowed in a stack set are ${INLINE_TEMPLATE_BYTES}`);
  });
});
