import { CustomResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { AGENTS, FEATURES, PUBLISHING_FREQUENCY, SCANNED } from '../detection/detection-features';
import { DEPLOYMENT_TIMEOUT, deploymentFunction } from '../functions/deployment-function';
import { functionCode } from '../functions/function-code';

export interface CentralDetectionProps {
  /** Regions in which every account is watched, by name. */
  readonly regions: readonly string[];
  /** Key of the function's log; its policy must admit CloudWatch Logs (`logWriter`). */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
}

/** In accounts of today and in those that join. */
const AutoEnable = 'ALL';

/**
 * Switches GuardDuty and Inspector on in every account of the organization from one: with the features that `ThreatDetection` has, and for the
 * kinds that `VulnerabilityScanning` scans. Members cannot take it back. What they find is seen in this account, and what Security Hub has of it, of
 * all Regions in that of the stack.
 *
 * CloudFormation has no type for their part of an organization, and both are regional, so one function goes through all Regions; a Region
 * that the account has not opted in to makes the deployment fail by its name. GuardDuty may take a day to reach every account that is
 * there already. The stack must be in the account that `DelegatedAdministrators` named, and come after it. Deleting it
 * leaves everything switched on.
 *
 * The guard-rail against tampering spares the function by the name of its role, which follows from this construct's id: it must be the default.
 *
 * Sources: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateOrganizationConfiguration.html and
 * https://docs.aws.amazon.com/inspector/v2/APIReference/API_UpdateOrganizationConfiguration.html
 */
export class CentralDetection extends Construct {
  /** Gathers the findings of Security Hub: central configuration comes after it. */
  readonly findings: CustomResource;

  constructor(scope: Construct, id: 'CentralDetection', props: CentralDetectionProps) {
    super(scope, id);
    const { regions } = props;
    const { account, region: home } = Stack.of(this);
    const detection = deploymentFunction(this, {
      description: 'Switches GuardDuty and Inspector on in every account of the organization',
      code: functionCode('organization-detection'),
      statements: statements(regions),
      logKey: props.logKey,
      retentionDays: props.retentionDays,
    });
    const on = (Name: string) => ({ Name, AutoEnable });
    new CustomResource(this, 'Threats', {
      resourceType: 'Custom::OrganizationThreatDetection',
      serviceToken: detection.functionArn,
      serviceTimeout: DEPLOYMENT_TIMEOUT,
      properties: {
        Regions: [...regions],
        AutoEnable,
        FindingPublishingFrequency: PUBLISHING_FREQUENCY,
        Features: [...FEATURES.map(on), { ...on('RUNTIME_MONITORING'), AdditionalConfiguration: AGENTS.map(on) }],
      },
    });
    new CustomResource(this, 'Vulnerabilities', {
      resourceType: 'Custom::OrganizationVulnerabilityScanning',
      serviceToken: detection.functionArn,
      serviceTimeout: DEPLOYMENT_TIMEOUT,
      properties: { AccountId: account, Regions: [...regions], ResourceTypes: [...SCANNED] },
    });
    // CloudFormation's own type does not take a home Region that no other is linked to, which is what one allowed Region comes to
    this.findings = new CustomResource(this, 'Findings', {
      resourceType: 'Custom::FindingAggregator',
      serviceToken: detection.functionArn,
      serviceTimeout: DEPLOYMENT_TIMEOUT,
      properties: { HomeRegion: home, LinkedRegions: regions.filter((each) => each !== home) },
    });
  }
}

function statements(regions: readonly string[]): iam.PolicyStatement[] {
  const allow = (sid: string, actions: string[], conditions?: Record<string, Record<string, readonly string[]>>) =>
    new iam.PolicyStatement({ sid, actions, resources: ['*'], conditions });
  return [
    allow(
      'DetectInRegions',
      [
        'guardduty:CreateDetector',
        'guardduty:ListDetectors',
        'guardduty:UpdateDetector',
        'guardduty:UpdateOrganizationConfiguration',
        'inspector2:AssociateMember',
        'inspector2:Enable',
        'inspector2:ListMembers',
        'inspector2:UpdateOrganizationConfiguration',
        'securityhub:CreateFindingAggregator',
        'securityhub:ListFindingAggregators',
        'securityhub:UpdateFindingAggregator',
      ],
      { StringEquals: { 'aws:RequestedRegion': regions } },
    ),
    allow('LookAtOrganization', ['organizations:DescribeOrganization', 'organizations:ListAccounts']),
    allow('LetServicesHaveTheirRoles', ['iam:CreateServiceLinkedRole'], {
      StringEquals: {
        'iam:AWSServiceName': ['guardduty', 'malware-protection.guardduty', 'inspector2', 'agentless.inspector2'].map(
          (name) => `${name}.amazonaws.com`,
        ),
      },
    }),
  ];
}
