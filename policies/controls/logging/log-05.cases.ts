import { type ControlCases, remove, removeResource, set } from '../../../lib/control/cases';

const flowLog = 'AWS::EC2::FlowLog';
const logGroup = 'AWS::Logs::LogGroup';
const detector = 'AWS::Logs::LogAnomalyDetector';

const resources = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Log: {
    Type: flowLog,
    Properties: {
      ResourceType: 'VPC',
      ResourceId: { Ref: 'Vpc' },
      TrafficType: 'ALL',
      MaxAggregationInterval: 60,
      LogDestinationType: 'cloud-watch-logs',
      LogGroupName: { Ref: 'Group' },
      DeliverLogsPermissionArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
    },
  },
  Group: {
    Type: logGroup,
    Properties: { RetentionInDays: 731, KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
  },
  Key: { Type: 'AWS::KMS::Key', Properties: {} },
  Role: { Type: 'AWS::IAM::Role', Properties: {} },
  Detector: { Type: detector, Properties: { LogGroupArnList: [{ 'Fn::GetAtt': ['Group', 'Arn'] }] } },
};

const inBucket = {
  Vpc: resources.Vpc,
  Log: {
    Type: flowLog,
    Properties: {
      ResourceType: 'VPC',
      ResourceId: { 'Fn::GetAtt': ['Vpc', 'VpcId'] },
      TrafficType: 'ALL',
      MaxAggregationInterval: 60,
      LogDestinationType: 's3',
      LogDestination: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/flow-logs']] },
    },
  },
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 400 }] } },
  },
  GuardDuty: { Type: 'AWS::GuardDuty::Detector', Properties: { Enable: true } },
};

const group = 'into a log group that a detector reads';
const bucket = 'into a bucket, with GuardDuty';
const noBucket = 'the project writes its flow log into a log group';

export const cases: ControlCases = {
  compliant: {
    [group]: { template: { Resources: resources } },
    [bucket]: { template: { Resources: inBucket } },
    'ten minutes and a platform key where the profile asks no more': {
      figures: { 'network.flowLogSeconds': 600, 'keys.mode': 'platform' },
      template: {
        Resources: {
          ...resources,
          Group: { Type: logGroup, Properties: {} },
          Log: {
            Type: flowLog,
            Properties: {
              ResourceType: 'VPC',
              ResourceId: { Ref: 'Vpc' },
              TrafficType: 'ALL',
              LogGroupName: { Ref: 'Group' },
            },
          },
        },
      },
    },
  },
  mutations: [
    {
      name: 'only rejected traffic is recorded',
      of: group,
      edit: set(flowLog, 'TrafficType', 'REJECT'),
      expect: { message: 'partial' },
    },
    {
      name: 'only accepted traffic is recorded',
      of: group,
      edit: set(flowLog, 'TrafficType', 'ACCEPT'),
      expect: { message: 'partial' },
    },
    {
      name: 'the kind of traffic is forgotten',
      of: group,
      edit: remove(flowLog, 'TrafficType'),
      expect: { message: 'partial' },
    },
    {
      name: 'records are gathered for ten minutes',
      of: group,
      edit: set(flowLog, 'MaxAggregationInterval', 600),
      expect: { message: 'slow' },
    },
    {
      name: 'the interval is left to its default of ten minutes',
      of: group,
      edit: remove(flowLog, 'MaxAggregationInterval'),
      expect: { message: 'slow' },
    },
    {
      name: 'the flow log is that of another VPC',
      of: group,
      edit: set(flowLog, 'ResourceId', 'vpc-0123'),
      expect: { message: 'noFlowLog', at: 'Vpc' },
    },
    {
      name: 'there is no flow log',
      of: group,
      edit: removeResource(flowLog),
      expect: { message: 'noFlowLog', at: 'Vpc' },
    },
    {
      name: 'the log group has no key of its own',
      of: group,
      edit: remove(logGroup, 'KmsKeyId'),
      expect: { message: 'platformKey', at: 'Log' },
      notShipped: 'not every log group of the project is that of the flow log',
    },
    {
      name: 'the log group forgets after a day',
      of: group,
      edit: set(logGroup, 'RetentionInDays', 1),
      expect: { message: 'shortLived', at: 'Log' },
      notShipped: 'not every log group of the project is that of the flow log',
    },
    {
      name: 'nothing reads the log group',
      of: group,
      edit: removeResource(detector),
      expect: { message: 'unread', at: 'Log' },
      notShipped: 'GuardDuty reads the traffic of ours as well',
    },
    {
      name: 'the detector reads another log group',
      of: group,
      edit: set(detector, 'LogGroupArnList', ['arn:aws:logs:eu-central-1:111122223333:log-group:other']),
      expect: { message: 'unread', at: 'Log' },
      notShipped: 'GuardDuty reads the traffic of ours as well',
    },
    {
      name: 'the log group is not there to read',
      of: group,
      edit: set(flowLog, 'LogGroupName', 'some-group'),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'the bucket forgets after a week',
      of: bucket,
      edit: set('AWS::S3::Bucket', 'LifecycleConfiguration.Rules.0.ExpirationInDays', 7),
      expect: { message: 'shortLived', at: 'Log' },
      notShipped: noBucket,
    },
    {
      name: 'the records go into a stream',
      of: bucket,
      edit: set(flowLog, 'LogDestinationType', 'kinesis-data-firehose'),
      expect: { message: 'not-assessed' },
      notShipped: noBucket,
    },
    {
      name: 'nothing is known to read the bucket',
      of: bucket,
      edit: removeResource('AWS::GuardDuty::Detector'),
      expect: { message: 'not-assessed', at: 'Log' },
      notShipped: noBucket,
    },
  ],
  others: [
    {
      name: 'fails closed without a VPC',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a bucket alone is no concern where only what is present is judged',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'a log group without retention keeps records for ever, which is long enough',
      template: {
        Resources: { ...resources, Group: { Type: logGroup, Properties: { KmsKeyId: { Ref: 'Key' } } } },
      },
      expect: { Log: 'satisfied' },
    },
    {
      name: 'a flow log that one branch of a condition leaves out breaks it',
      template: {
        Parameters: { Cheap: { Type: 'String', Default: 'no' } },
        Conditions: { IsThorough: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Cheap' }, 'yes'] }] } },
        Resources: { ...resources, Log: { ...resources.Log, Condition: 'IsThorough' } },
      },
      expect: { Vpc: { message: 'noFlowLog' } },
    },
    {
      name: 'a retention that the deployer may choose too short is not assessed',
      template: {
        Parameters: { Days: { Type: 'Number', Default: 731, AllowedValues: [7, 731] } },
        Resources: {
          ...resources,
          Group: { Type: logGroup, Properties: { KmsKeyId: { Ref: 'Key' }, RetentionInDays: { Ref: 'Days' } } },
        },
      },
      expect: { Log: 'not-assessed' },
    },
    {
      name: 'a transit gateway has no choice of traffic and interval',
      template: {
        Resources: {
          ...resources,
          Hub: {
            Type: flowLog,
            Properties: { ResourceType: 'TransitGateway', ResourceId: 'tgw-0123', LogGroupName: { Ref: 'Group' } },
          },
        },
      },
      expect: { Hub: 'satisfied' },
    },
  ],
  absentKeeps: {
    'AWS::EC2::FlowLog: LogDestinationType':
      'cloud-watch-logs: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html',
    'AWS::Logs::LogGroup: RetentionInDays':
      'for ever: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html',
    'AWS::S3::Bucket: LifecycleConfiguration.Rules.*.ExpirationInDays': 'nothing expires without it',
  },
  indifferent: {
    'AWS::EC2::FlowLog: ResourceType': 'only a transit gateway is judged otherwise, and it allows no other choice',
  },
};
