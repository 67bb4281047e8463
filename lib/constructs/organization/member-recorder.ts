import { Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type ConfigRuleFigures, configRules } from '../detection/config-rules';
import { memberRecorderTemplate, type RecorderTemplateProps, recorderRoleTemplate } from './member-recorder-template';
import { organizationStackSet } from './organization-stack-set';

export interface MemberRecorderProps extends Omit<RecorderTemplateProps, 'rules' | 'recordAccount' | 'homeRegion'> {
  /** Root, or organizational units, whose accounts are recorded: those of today and those that join. */
  readonly targets: readonly string[];
  /** Regions beside the stack's own in which they are recorded. One that an account has not switched on would refuse the stack set. */
  readonly otherRegions: readonly string[];
  /** Account in which the organization keeps its stack sets: the management account, whoever deploys them. */
  readonly managementAccount: string;
  /** Bucket that keeps the history of every account; its policy must admit AWS Config of the organization. */
  readonly history: s3.Bucket;
  /** Key of the history; its policy must admit AWS Config of the organization (`recorderWriter`). */
  readonly key: kms.IKey;
  /** Bus that hears of alarming calls; its policy must admit the organization. */
  readonly bus: events.IEventBus;
  /** Figures that the rules measure by. */
  readonly figures: ConfigRuleFigures;
}

/**
 * Records and judges, in every Region that may be used, how the accounts of an organization are configured that do not do so themselves: those that are
 * no environment, and those that join. An account that joins gets the role of AWS Config first, then the recorders.
 *
 * The stack must be in the account of the delegated administrator for stack sets. Not for members are rules about a trail, since the one of the
 * organization is recorded elsewhere, and about the runtime of our own functions.
 *
 * An account that has a recorder, or the role of AWS Config, already refuses the stack set: the runbook `handle-joining-account` says what to do.
 *
 * Sources: https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html and
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html
 */
export class MemberRecorder extends Construct {
  constructor(scope: Construct, id: string, props: MemberRecorderProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const template = {
      ...props,
      homeRegion: stack.region,
      recordAccount: stack.account,
      rules: configRules(props.figures).filter(({ ofOwnStacks }) => !ofOwnStacks),
    };
    const shared = { targets: props.targets, delegated: true };
    const role = organizationStackSet(this, 'Role', {
      ...shared,
      name: 'member-recorder-role',
      description: 'Roles with which every account is recorded, and reports',
      template: recorderRoleTemplate(template),
      parameters: { EventBus: props.bus.eventBusArn },
      regions: [stack.region],
    });
    const recorder = organizationStackSet(this, 'Resource', {
      ...shared,
      name: 'member-recorder',
      description: 'How every account that is no environment is configured, recorded and judged',
      template: memberRecorderTemplate(template),
      parameters: {
        HistoryBucket: props.history.bucketName,
        HistoryKey: props.key.keyArn,
        EventBus: props.bus.eventBusArn,
      },
      regions: [stack.region, ...props.otherRegions],
      after: [
        stack.formatArn({
          service: 'cloudformation',
          account: props.managementAccount,
          resource: 'stackset',
          resourceName: role.attrStackSetId,
        }),
      ],
    });
    recorder.addResourceDependency(role);
    recorder.node.addDependency(props.bus);
    if (props.history.policy) {
      recorder.node.addDependency(props.history.policy);
    }
  }
}
