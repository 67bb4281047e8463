import * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlertTarget } from './alert-topic';

export interface EventAlertsProps {
  /** Hears of each event. */
  readonly alerts: sns.ITopic;
  /**
   * `findings` of services alone, where what people do is reported another way: accounts of an organization send it to its bus (`MemberEvents`).
   *
   * @default everything
   */
  readonly reports?: 'everything' | 'findings';
}

interface EventAlert {
  readonly description: string;
  readonly eventPattern: events.EventPattern;
}

const called = (...names: string[]): events.EventPattern => ({
  detailType: ['AWS API Call via CloudTrail'],
  detail: { eventName: names },
});

/** What services find. GuardDuty counts from 1 to 10 and calls 4 medium. */
const FINDINGS: Readonly<Record<string, EventAlert>> = {
  Threat: {
    description: 'GuardDuty suspects something, medium or worse',
    eventPattern: {
      source: ['aws.guardduty'],
      detailType: ['GuardDuty Finding'],
      detail: { severity: events.Match.greaterThanOrEqual(4) },
    },
  },
  Weakness: {
    description:
      'Security Hub found a weakness that is new, high or critical; GuardDuty and Inspector report for themselves',
    eventPattern: {
      source: ['aws.securityhub'],
      detailType: ['Security Hub Findings - Imported'],
      detail: {
        findings: {
          ProductName: events.Match.anythingBut('GuardDuty', 'Inspector'),
          RecordState: ['ACTIVE'],
          Severity: { Label: ['HIGH', 'CRITICAL'] },
          Workflow: { Status: ['NEW'] },
        },
      },
    },
  },
  Vulnerability: {
    description: 'Inspector found a vulnerability, high or critical',
    eventPattern: {
      source: ['aws.inspector2'],
      detailType: ['Inspector2 Finding'],
      detail: { severity: ['HIGH', 'CRITICAL'], status: ['ACTIVE'] },
    },
  },
  OutsideAccess: {
    description: 'Access Analyzer found that somebody outside the account has access',
    eventPattern: {
      source: ['aws.access-analyzer'],
      detailType: ['Access Analyzer Finding'],
      detail: { status: ['ACTIVE'] },
    },
  },
  UnusedAccess: {
    description: 'Access Analyzer found access that nobody uses',
    eventPattern: {
      source: ['aws.access-analyzer'],
      detailType: ['Unused Access Finding for IAM entities'],
      detail: { status: ['ACTIVE'] },
    },
  },
  BrokenRule: {
    description: 'A rule of AWS Config is broken',
    eventPattern: {
      source: ['aws.config'],
      detailType: ['Config Rules Compliance Change'],
      detail: { newEvaluationResult: { complianceType: ['NON_COMPLIANT'] } },
    },
  },
  Abuse: {
    description: 'AWS reports abuse from the account',
    eventPattern: { source: ['aws.health'], detailType: ['AWS Health Abuse Event'] },
  },
  ServiceIssue: {
    description: 'AWS reports an issue with a service in use',
    eventPattern: {
      source: ['aws.health'],
      detailType: ['AWS Health Event'],
      detail: { eventTypeCategory: ['issue'] },
    },
  },
};

/** Calls in a Region that blind us, take data away, or open it. */
export const ALARMING_CALLS: Readonly<Record<string, EventAlert>> = {
  Tampering: {
    description: 'Somebody turned off or changed what records and watches',
    eventPattern: called(
      'StopLogging',
      'DeleteTrail',
      'UpdateTrail',
      'PutEventSelectors',
      'PutInsightSelectors',
      'StopConfigurationRecorder',
      'DeleteConfigurationRecorder',
      'DeleteDeliveryChannel',
      'DeleteConfigRule',
      'DeleteDetector',
      'UpdateDetector',
      'CreateFilter',
      'DisassociateFromAdministratorAccount',
      'DisableSecurityHub',
      'BatchDisableStandards',
      'Disable',
      'DeleteAnalyzer',
      'DeleteFlowLogs',
      'DeleteLogGroup',
      'DeleteMetricFilter',
      'DeleteAlarms',
      'DisableAlarmActions',
      'DisableRule',
      'Unsubscribe',
      'SetSubscriptionAttributes',
      'DeleteRule',
      'RemoveTargets',
      'DeleteTopic',
      'DeleteLoggingConfiguration',
      'UpdateLoggingConfiguration',
      'DisassociateFirewallRuleGroup',
      'UpdateFirewallConfig',
      'DisassociateResolverQueryLogConfig',
      'DeleteLogAnomalyDetector',
      'DeleteWebACL',
      'DisassociateWebACL',
    ),
  },
  Keys: {
    description: 'Somebody disabled a key, let it be deleted, or changed who may use it',
    eventPattern: {
      ...called('DisableKey', 'ScheduleKeyDeletion', 'DeleteImportedKeyMaterial', 'PutKeyPolicy', 'DisableKeyRotation'),
      source: ['aws.kms'],
    },
  },
  Exposure: {
    description: 'Somebody opened a bucket, a snapshot, an image, a database or a security group to others',
    eventPattern: called(
      'PutBucketPolicy',
      'PutBucketAcl',
      'DeleteBucketPublicAccessBlock',
      'PutBucketPublicAccessBlock',
      'DeleteAccountPublicAccessBlock',
      'PutAccountPublicAccessBlock',
      'ModifySnapshotAttribute',
      'ModifyImageAttribute',
      'DisableSnapshotBlockPublicAccess',
      'ModifyDBSnapshotAttribute',
      'ModifyDBClusterSnapshotAttribute',
      'AuthorizeSecurityGroupIngress',
      'CreateDBInstanceReadReplica',
      'SetRepositoryPolicy',
    ),
  },
  UnusualCalls: {
    description: 'CloudTrail finds that a call is made, or fails, far more often than is usual in the account',
    eventPattern: {
      source: ['aws.cloudtrail'],
      detailType: ['AWS Insight via CloudTrail'],
      detail: { insightDetails: { state: ['Start'] } },
    },
  },
  SignIn: {
    description: 'The root user, or somebody without a second factor, signed in to the console in this Region',
    eventPattern: {
      detailType: ['AWS Console Sign In via CloudTrail'],
      detail: {
        $or: [{ userIdentity: { type: ['Root'] } }, { additionalEventData: { MFAUsed: ['No'] } }],
      },
    },
  },
};

/**
 * Reports what services find and what people do, as it happens: events of EventBridge arrive within seconds of being recorded.
 *
 * EventBridge shows a call in the Region where it was recorded. Those of IAM, and sign-ins of the root user, are recorded elsewhere in the
 * partition `aws`; no rule can stand there, for nothing is deployed outside the Region of the environment, so the alarms on the log of the
 * trail report them (`TrailAlarms`). A finding of GuardDuty may take minutes of its own before it becomes an event.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export class EventAlerts extends Construct {
  constructor(scope: Construct, id: string, props: EventAlertsProps) {
    super(scope, id);
    const calls = props.reports === 'findings' ? {} : ALARMING_CALLS;
    for (const [name, rule] of Object.entries({ ...FINDINGS, ...calls })) {
      new events.Rule(this, name, { ...rule, targets: [new AlertTarget(props.alerts)] });
    }
  }
}
