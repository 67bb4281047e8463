import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import { MemberBaseline } from '../../lib/constructs/member-baseline';
import { OrganizationPolicy } from '../../lib/constructs/organization-policy';
import { INLINE_TEMPLATE_BYTES } from '../../lib/constructs/organization-stack-set';
import { isRegion, REGIONS } from '../../lib/settings/regions';
import { organization } from '../policy-evaluation/guard-rails';

const names = Object.keys(REGIONS).filter(isRegion);

test.each(names)('%s synthesizes without asking AWS, and names no other partition', (region) => {
  const stage = organization({ region }, { allowedRegions: names });
  const { partition } = REGIONS[region];
  const own = names.filter((name) => REGIONS[name].partition === partition);
  for (const stack of [stage.governance, stage.audit]) {
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
  template.hasResourceProperties('AWS::SecurityHub::FindingAggregator', {
    RegionLinkingMode: 'SPECIFIED_REGIONS',
    Regions: ['eu-west-1'],
  });
  template.resourcePropertiesCountIs('AWS::AccessAnalyzer::Analyzer', { Type: 'ORGANIZATION' }, 1);
  template.resourcePropertiesCountIs('AWS::AccessAnalyzer::Analyzer', { Type: 'ORGANIZATION_UNUSED_ACCESS' }, 1);
});

test('findings of one Region need no aggregator', () => {
  const template = Template.fromStack(organization().audit);
  template.resourceCountIs('AWS::SecurityHub::FindingAggregator', 0);
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
