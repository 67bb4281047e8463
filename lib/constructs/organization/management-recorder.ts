import { Stack } from 'aws-cdk-lib';
import * as config from 'aws-cdk-lib/aws-config';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ALARMING_CALLS } from '../alerts/event-alerts';
import { organizationHistory } from '../detection/config-recorder';
import { type ConfigRuleFigures, ConfigRules, configRules } from '../detection/config-rules';
import { memberBus } from './member-events';

export interface ManagementRecorderProps {
  /** Region in which the organization records what an account has once for all Regions, such as roles. */
  readonly homeRegion: string;
  /** Account that keeps, in the home Region, the history of every account, and hears of alarming calls in them. */
  readonly recordAccount: string;
  /** How often a resource that changed is recorded. */
  readonly frequency: 'CONTINUOUS' | 'DAILY';
  /** Figures that the rules measure by. */
  readonly figures: ConfigRuleFigures;
}

/**
 * Does for the management account, in the Region of the stack, what stack sets of the organization do for every other account and never for this one: records
 * and judges how it is configured, lets nobody share its snapshots, and reports alarming calls to the bus of the organization.
 *
 * The home Region comes first: the role of AWS Config is made there. No key is named to AWS Config, because the key of another account could only be named by its
 * number: the bucket encrypts what comes without one.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html
 */
export class ManagementRecorder extends Construct {
  constructor(scope: Construct, id: string, props: ManagementRecorderProps) {
    super(scope, id);
    const isHome = Stack.of(this).region === props.homeRegion;
    const recorder = new config.CfnConfigurationRecorder(this, 'Resource', {
      roleArn: Stack.of(this).formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: 'aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig',
      }),
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: isHome },
      recordingMode: { recordingFrequency: props.frequency },
    });
    if (isHome) {
      const role = new iam.CfnServiceLinkedRole(this, 'ServiceLinkedRole', { awsServiceName: 'config.amazonaws.com' });
      recorder.addResourceDependency(role);
    }
    // No dependency between channel and recorder: CloudFormation waits for the recorder to start, which it does once there is a channel
    new config.CfnDeliveryChannel(this, 'DeliveryChannel', {
      s3BucketName: organizationHistory(props.recordAccount, props.homeRegion),
      configSnapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
    });
    const without = configRules(props.figures)
      .filter(({ ofOwnStacks, onceForAllRegions }) => ofOwnStacks || (onceForAllRegions && !isHome))
      .map(({ identifier }) => identifier);
    new ConfigRules(this, 'Rules', { ...props.figures, recorder, without });
    new ec2.CfnSnapshotBlockPublicAccess(this, 'SnapshotSharing', { state: 'block-all-sharing' });
    report(this, memberBus(this, props.recordAccount, props.homeRegion));
  }
}

/** A bus that admits an organization hears only rules that have a role. */
function report(scope: Construct, bus: events.IEventBus): void {
  const role = new iam.Role(scope, 'Reporter', {
    description: 'Sends what must be reported to the bus of the organization, and may do nothing else',
    assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    managedPolicies: [
      new iam.ManagedPolicy(scope, 'ReporterPolicy', {
        statements: [new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] })],
      }),
    ],
  });
  for (const [name, { description, eventPattern }] of Object.entries(ALARMING_CALLS)) {
    new events.Rule(scope, `Report${name}`, {
      description: `${description}, in the management account`,
      eventPattern,
      targets: [new targets.EventBus(bus, { role: role.withoutPolicyUpdates() })],
    });
  }
}
