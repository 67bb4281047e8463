import { Stack } from 'aws-cdk-lib';
import * as guardduty from 'aws-cdk-lib/aws-guardduty';
import * as securityhub from 'aws-cdk-lib/aws-securityhub';
import { Construct } from 'constructs';
import { AGENTS, FEATURES, PUBLISHING_FREQUENCY, STANDARDS } from './detection-features';

/**
 * Looks for attackers (GuardDuty) and for what lets them in (Security Hub), in the Region of the stack, without pause.
 *
 * An account has one detector and one hub per Region: a second of either makes the deployment fail. The account of an organization with
 * `CentralDetection` has both from there, and needs none of this. Security Hub reads what AWS Config records and finds nothing without a
 * recorder, so one must be there first.
 */
export class ThreatDetection extends Construct {
  readonly detector: guardduty.CfnDetector;
  readonly hub: securityhub.CfnHub;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const on = { status: 'ENABLED' };
    this.detector = new guardduty.CfnDetector(this, 'Detector', {
      enable: true,
      findingPublishingFrequency: PUBLISHING_FREQUENCY,
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
