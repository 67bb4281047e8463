import type { ConfigRule } from '../detection/config-rules';
import { eventBusParameter, eventRole, eventRules } from './member-events-template';

/** What the templates for recorders of member accounts depend on; plain data, as they are deployed to accounts of which nothing is known. */
export interface RecorderTemplateProps {
  /** Region in which every account records what exists once for all Regions, such as roles. */
  readonly homeRegion: string;
  /** Accounts that guard and record themselves: nothing is brought to them. */
  readonly ownAccounts: readonly string[];
  /** Account that has a recorder of its own in the home Region, and nowhere else. */
  readonly recordAccount: string;
  /** How often a resource that changed is recorded. */
  readonly frequency: 'CONTINUOUS' | 'DAILY';
  /** Rules that watch what is recorded. */
  readonly rules: readonly ConfigRule[];
}

/** Conditions that CloudFormation takes in one `Fn::Or`. */
const mostAlternatives = 10;

const account = { Ref: 'AWS::AccountId' };
const equals = (one: unknown, other: string) => ({ 'Fn::Equals': [one, other] });

/**
 * Whom the templates spare. Accounts that join are deployed to without asking whether a stack set spares them, so the template asks; and a stack without
 * any resource is refused, so that one stands there which is nothing and costs nothing.
 */
function recordedConditions(props: RecorderTemplateProps): object {
  const inHomeRegion = equals({ Ref: 'AWS::Region' }, props.homeRegion);
  const recordsItself = { 'Fn::And': [equals(account, props.recordAccount), inHomeRegion] };
  return {
    InHomeRegion: inHomeRegion,
    Recorded: { 'Fn::Not': [{ 'Fn::Or': [isOwn(props), recordsItself] }] },
    RecordedAtHome: { 'Fn::And': [{ Condition: 'Recorded' }, { Condition: 'InHomeRegion' }] },
  };
}

/** Condition under which a template runs in one of the accounts that it spares. */
export function isOwn({ ownAccounts }: Pick<RecorderTemplateProps, 'ownAccounts'>): object {
  return anyOf(ownAccounts.map((each) => equals(account, each)));
}

function anyOf(alternatives: readonly object[]): object {
  const [only, ...others] = alternatives;
  if (only === undefined) {
    return equals(account, 'none');
  }
  if (others.length === 0) {
    return only;
  }
  if (alternatives.length <= mostAlternatives) {
    return { 'Fn::Or': alternatives };
  }
  const groups = Array.from({ length: Math.ceil(alternatives.length / mostAlternatives) }, (_, index) =>
    alternatives.slice(index * mostAlternatives, (index + 1) * mostAlternatives),
  );
  return anyOf(groups.map(anyOf));
}

/** A stack without any resource is refused: this one is nothing and costs nothing. */
export const nothing = { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle' } };

/**
 * The roles of AWS Config and of EventBridge, which an account has once for all Regions, so that they have a stack set of their own: an account that joins
 * gets them before the recorders.
 *
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/using-service-linked-roles.html
 */
export function recorderRoleTemplate(props: RecorderTemplateProps): object {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Roles of the account with which it is recorded, and reports',
    Parameters: eventBusParameter,
    Conditions: {
      ...recordedConditions(props),
      Guarded: { 'Fn::Not': [isOwn(props)] },
      GuardedAtHome: { 'Fn::And': [{ Condition: 'Guarded' }, { Condition: 'InHomeRegion' }] },
    },
    Resources: {
      ...nothing,
      RecorderRole: {
        Type: 'AWS::IAM::ServiceLinkedRole',
        Condition: 'RecordedAtHome',
        // Whoever uses AWS Config in the account by then loses nothing when the account leaves
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: { AWSServiceName: 'config.amazonaws.com' },
      },
      ...eventRole('GuardedAtHome'),
    },
  };
}

/**
 * A recorder that delivers to one bucket of the organization, the rules that watch what it records, no sharing of snapshots, and what reports alarming
 * calls: what exists once in an account and Region. Roles and users are recorded, and judged, in the home Region only.
 *
 * The rules are in the template, not rules of the organization: those are refused wherever no recorder runs yet, so also in an account that has just joined.
 */
export function memberRecorderTemplate(props: RecorderTemplateProps): object {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'How the account is configured, recorded and judged',
    Parameters: {
      HistoryBucket: { Type: 'String', Description: 'Bucket that keeps the history' },
      HistoryKey: { Type: 'String', Description: 'ARN of the key of the history' },
      ...eventBusParameter,
    },
    Conditions: { ...recordedConditions(props), Guarded: { 'Fn::Not': [isOwn(props)] } },
    Resources: { ...nothing, ...recorder(props), ...rules(props), ...snapshots, ...eventRules('Guarded') },
  };
}

function recorder({ frequency }: RecorderTemplateProps): object {
  return {
    Recorder: {
      Type: 'AWS::Config::ConfigurationRecorder',
      Condition: 'Recorded',
      Properties: {
        RoleARN: {
          'Fn::Sub':
            'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig',
        },
        RecordingGroup: {
          AllSupported: true,
          IncludeGlobalResourceTypes: { 'Fn::If': ['InHomeRegion', true, false] },
        },
        RecordingMode: { RecordingFrequency: frequency },
      },
    },
    // No dependency between channel and recorder: CloudFormation waits for the recorder to start, which it does once there is a channel
    DeliveryChannel: {
      Type: 'AWS::Config::DeliveryChannel',
      Condition: 'Recorded',
      Properties: {
        S3BucketName: { Ref: 'HistoryBucket' },
        S3KmsKeyArn: { Ref: 'HistoryKey' },
        ConfigSnapshotDeliveryProperties: { DeliveryFrequency: 'TwentyFour_Hours' },
      },
    },
  };
}

function rules(props: RecorderTemplateProps): object {
  return Object.fromEntries(
    props.rules.map(({ id, identifier, parameters, onceForAllRegions }) => [
      id,
      {
        Type: 'AWS::Config::ConfigRule',
        Condition: onceForAllRegions ? 'RecordedAtHome' : 'Recorded',
        DependsOn: ['Recorder'],
        Properties: {
          Source: { Owner: 'AWS', SourceIdentifier: identifier },
          ...(parameters ? { InputParameters: parameters } : {}),
        },
      },
    ]),
  );
}

const snapshots = {
  SnapshotSharing: {
    Type: 'AWS::EC2::SnapshotBlockPublicAccess',
    Condition: 'Guarded',
    Properties: { State: 'block-all-sharing' },
  },
};
