import { Duration, Stack } from 'aws-cdk-lib';
import { CfnAnalyzer } from 'aws-cdk-lib/aws-accessanalyzer';
import * as config from 'aws-cdk-lib/aws-config';
import * as iam from 'aws-cdk-lib/aws-iam';
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
 * nobody inside uses (Access Analyzer). What is found in them is in `CentralDetection` and `CentralConfiguration`.
 *
 * The stack must be in an account that is delegated administrator for both.
 */
export class OrganizationView extends Construct {
  constructor(scope: Construct, id: string, props: OrganizationViewProps) {
    super(scope, id);
    const { account } = Stack.of(this);
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
  }
}
