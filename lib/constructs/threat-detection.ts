import { Stack } from 'aws-cdk-lib';
import * as guardduty from 'aws-cdk-lib/aws-guardduty';
import * as securityhub from 'aws-cdk-lib/aws-securityhub';
import { Construct } from 'constructs';

/**
 * What GuardDuty looks at beyond calls, flows and name resolution: reads of objects, volumes of what it suspects, sign-ins to the
 * database, traffic of functions. EKS has no feature here because no cluster of it is deployed.
 *
 * Source: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DetectorFeatureConfiguration.html
 */
const FEATURES = ['S3_DATA_EVENTS', 'EBS_MALWARE_PROTECTION', 'RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS'] as const;

/** Agents that GuardDuty brings along to see processes and files inside containers and machines. */
const AGENTS = ['ECS_FARGATE_AGENT_MANAGEMENT', 'EC2_AGENT_MANAGEMENT'] as const;

/** Standards that Security Hub checks the account against, as the end of their ARN. */
const STANDARDS = {
  BestPractices: 'aws-foundational-security-best-practices/v/1.0.0',
  Cis: 'cis-aws-foundations-benchmark/v/3.0.0',
} as const;

/**
 * Looks for attackers (GuardDuty) and for what lets them in (Security Hub), in the Region of the stack, without pause.
 *
 * An account has one detector and one hub per Region: a second of either makes the deployment fail. Security Hub reads what AWS Config
 * records and finds nothing without a recorder, so one must be there first.
 */
export class ThreatDetection extends Construct {
  readonly detector: guardduty.CfnDetector;
  readonly hub: securityhub.CfnHub;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const on = { status: 'ENABLED' };
    this.detector = new guardduty.CfnDetector(this, 'Detector', {
      enable: true,
      // Of a finding that occurs again; a new one is reported at once
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
      features: [
        ...FEATURES.map((name) => ({ name, ...on })),
        {
          name: 'RUNTIME_MONITORING',
          ...on,
          additionalConfiguration: AGENTS.map((name) => ({ name, ...on })),
        },
      ],
    });
    this.hub = new securityhub.CfnHub(this, 'Hub', {
      enableDefaultStandards: false,
      autoEnableControls: true,
      controlFindingGenerator: 'SECURITY_CONTROL',
    });
    const { partition, region } = Stack.of(this);
    for (const [name, standard] of Object.entries(STANDARDS)) {
      new securityhub.CfnStandard(this, name, {
        standardsArn: `arn:${partition}:securityhub:${region}::standards/${standard}`,
      }).addResourceDependency(this.hub);
    }
  }
}
