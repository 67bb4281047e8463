import { Duration, Stack } from 'aws-cdk-lib';
import { CfnAnalyzer } from 'aws-cdk-lib/aws-accessanalyzer';
import * as config from 'aws-cdk-lib/aws-config';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as securityhub from 'aws-cdk-lib/aws-securityhub';
import { Construct } from 'constructs';

export interface OrganizationViewProps {
  /** Regions that the view covers, by name. */
  readonly regions: readonly string[];
  /**
   * After how long a permission, role or key that nobody used becomes a finding.
   *
   * @default Duration.days(90)
   */
  readonly unusedAfter?: Duration;
}

/**
 * Sees all accounts of an organization from one: what they are configured as (AWS Config), what somebody outside the organization can reach and what
 * nobody inside uses (Access Analyzer), and what their detectors found (Security Hub).
 *
 * The stack must be in an account that is delegated administrator for all three. GuardDuty, Inspector and Macie have no type in CloudFormation for
 * their part of an organization: the runbook `apply-guard-rails` switches those on.
 */
export class OrganizationView extends Construct {
  constructor(scope: Construct, id: string, props: OrganizationViewProps) {
    super(scope, id);
    const { account, region, partition } = Stack.of(this);
    const role = new iam.Role(this, 'AggregatorRole', {
      description: 'Lets AWS Config ask which accounts the organization has',
      assumedBy: new iam.ServicePrincipal('config.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSConfigRoleForOrganizations')],
    });
    new config.CfnConfigurationAggregator(this, 'Aggregator', {
      configurationAggregatorName: 'organization',
      organizationAggregationSource: { roleArn: role.roleArn, allAwsRegions: false, awsRegions: [...props.regions] },
    });
    new CfnAnalyzer(this, 'External', { type: 'ORGANIZATION' });
    new CfnAnalyzer(this, 'Unused', {
      type: 'ORGANIZATION_UNUSED_ACCESS',
      analyzerConfiguration: {
        unusedAccessConfiguration: { unusedAccessAge: (props.unusedAfter ?? Duration.days(90)).toDays() },
      },
    });
    const hub = new securityhub.CfnHub(this, 'Hub', { autoEnableControls: true, enableDefaultStandards: false });
    const standard = new securityhub.CfnStandard(this, 'FoundationalPractices', {
      standardsArn: `arn:${partition}:securityhub:${region}::standards/aws-foundational-security-best-practices/v/1.0.0`,
    });
    standard.addResourceDependency(hub);
    const others = props.regions.filter((each) => each !== region);
    if (others.length > 0) {
      const findings = new securityhub.CfnFindingAggregator(this, 'Findings', {
        regionLinkingMode: 'SPECIFIED_REGIONS',
        regions: others,
      });
      findings.addResourceDependency(hub);
    }
  }
}
