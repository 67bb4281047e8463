import { type ControlCases, remove, set } from '../../../lib/control/cases';

const logGroup = 'AWS::Logs::LogGroup';
const bucket = 'AWS::S3::Bucket';
const store = 'AWS::CloudTrail::EventDataStore';

const rule = (more: object) => ({ Status: 'Enabled', ...more });
const trail = {
  Type: 'AWS::CloudTrail::Trail',
  Properties: { S3BucketName: { Ref: 'Archive' }, CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['Calls', 'Arn'] } },
};
const archive = {
  Type: bucket,
  Properties: {
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
    LifecycleConfiguration: { Rules: [rule({ ExpirationInDays: 366 })] },
  },
};
const whole = 'a trail, its log group and its locked bucket';
const producers = 'flow logs, configuration, sign-ins and database logs';
const ninety = 'ninety days and not one more';
const oursHaveNoLimit = 'the profile that the project deploys promises no limit';
const isAudit = (resource: object) => /ObjectLockConfiguration/.test(JSON.stringify(resource));

export const cases: ControlCases = {
  compliant: {
    [whole]: {
      template: {
        Resources: {
          Trail: trail,
          Archive: archive,
          Calls: { Type: logGroup, Properties: { RetentionInDays: 365 } },
        },
      },
    },
    [producers]: {
      template: {
        Resources: {
          Traffic: { Type: logGroup, Properties: { RetentionInDays: '731' } },
          FlowLog: { Type: 'AWS::EC2::FlowLog', Properties: { LogGroupName: { Ref: 'Traffic' } } },
          Packets: {
            Type: bucket,
            Properties: { LifecycleConfiguration: { Rules: [rule({ ExpirationInDays: 400 })] } },
          },
          SecondFlowLog: {
            Type: 'AWS::EC2::FlowLog',
            Properties: {
              LogDestinationType: 's3',
              LogDestination: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Packets', 'Arn'] }, '/vpc/']] },
            },
          },
          History: {
            Type: bucket,
            Properties: { LifecycleConfiguration: { Rules: [rule({ ExpirationInDays: 731 })] } },
          },
          Channel: { Type: 'AWS::Config::DeliveryChannel', Properties: { S3BucketName: { Ref: 'History' } } },
          SignIns: {
            Type: bucket,
            Properties: { LifecycleConfiguration: { Rules: [rule({ ExpirationInDays: 365 })] } },
          },
          Delivery: {
            Type: 'AWS::Cognito::LogDeliveryConfiguration',
            Properties: {
              LogConfigurations: [{ S3Configuration: { BucketArn: { 'Fn::GetAtt': ['SignIns', 'Arn'] } } }],
            },
          },
          Database: {
            Type: logGroup,
            Properties: {
              LogGroupName: { 'Fn::Join': ['', ['/aws/rds/cluster/', { Ref: 'Db' }, '/postgresql']] },
              RetentionInDays: 400,
            },
          },
          Db: { Type: 'AWS::RDS::DBCluster', Properties: {} },
          Application: {
            Type: logGroup,
            Properties: { Tags: [{ Key: 'log-class', Value: 'audit' }], RetentionInDays: 365 },
          },
        },
      },
    },
    [ninety]: {
      figures: { 'audit.retentionDays': 90 },
      exact: ['audit.retentionDays'],
      template: {
        Resources: {
          Trail: trail,
          Archive: {
            Type: bucket,
            Properties: {
              VersioningConfiguration: { Status: 'Enabled' },
              ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 90 } } },
              LifecycleConfiguration: {
                Rules: [rule({ ExpirationInDays: 91, NoncurrentVersionExpiration: { NoncurrentDays: 1 } })],
              },
            },
          },
          Calls: { Type: logGroup, Properties: { RetentionInDays: 90 } },
        },
      },
    },
    'an event data store': {
      template: { Resources: { Events: { Type: store, Properties: { RetentionPeriod: 2557 } } } },
    },
  },
  mutations: [
    {
      name: 'a log group for a day',
      of: whole,
      edit: set(logGroup, 'RetentionInDays', 1),
      expect: { message: 'tooShort' },
      shippedWhere: (resource) => /\/aws\/rds\//.test(JSON.stringify(resource)),
    },
    {
      name: 'a bucket that removes objects while they are promised',
      of: whole,
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.ExpirationInDays', 90),
      expect: { message: 'tooShort' },
      shippedWhere: isAudit,
    },
    {
      name: 'a second rule that removes a part early',
      of: whole,
      edit: set(bucket, 'LifecycleConfiguration.Rules.1', rule({ Prefix: 'AWSLogs/', ExpirationInDays: 30 })),
      expect: { message: 'tooShort' },
      shippedWhere: isAudit,
    },
    {
      name: 'a lifecycle that ends before the lock',
      of: whole,
      edit: set(bucket, 'ObjectLockConfiguration.Rule.DefaultRetention', { Mode: 'COMPLIANCE', Years: 10 }),
      expect: { message: 'hiddenWhileLocked' },
      shippedWhere: isAudit,
    },
    {
      name: 'objects removed on a fixed date',
      of: whole,
      edit: set(bucket, 'LifecycleConfiguration.Rules.0', rule({ ExpirationDate: '2030-01-01T00:00:00Z' })),
      expect: { message: 'not-assessed' },
      shippedWhere: isAudit,
    },
    ...['Traffic', 'Database', 'Application'].map((target) => ({
      name: `the log group ${target} for a month`,
      of: producers,
      target,
      edit: set(logGroup, 'RetentionInDays', 30),
      expect: { message: 'tooShort' },
      shippedWhere: (resource: object) => /\/aws\/rds\//.test(JSON.stringify(resource)),
    })),
    ...['Packets', 'History', 'SignIns'].map((target) => ({
      name: `the bucket ${target} for a month`,
      of: producers,
      target,
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.ExpirationInDays', 30),
      expect: { message: 'tooShort' },
      shippedWhere: isAudit,
    })),
    {
      name: 'a bucket for history that is somewhere else',
      of: producers,
      edit: set('AWS::Config::DeliveryChannel', 'S3BucketName', 'config-of-the-organisation'),
      target: 'Channel',
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a log group for a year, where ninety days are the limit',
      of: ninety,
      edit: set(logGroup, 'RetentionInDays', 365),
      expect: { message: 'tooLong' },
      notShipped: oursHaveNoLimit,
    },
    {
      name: 'a log group that is kept for ever, where ninety days are the limit',
      of: ninety,
      edit: remove(logGroup, 'RetentionInDays'),
      expect: { message: 'tooLong' },
      notShipped: oursHaveNoLimit,
    },
    {
      name: 'a log group for sixty days, where ninety are promised',
      of: ninety,
      edit: set(logGroup, 'RetentionInDays', 60),
      expect: { message: 'tooShort' },
      notShipped: oursHaveNoLimit,
    },
    {
      name: 'a bucket for a year, where ninety days are the limit',
      of: ninety,
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.ExpirationInDays', 365),
      expect: { message: 'tooLong' },
      notShipped: oursHaveNoLimit,
    },
    {
      name: 'a bucket that is never emptied, where ninety days are the limit',
      of: ninety,
      edit: remove(bucket, 'LifecycleConfiguration'),
      expect: { message: 'tooLong' },
      notShipped: oursHaveNoLimit,
    },
    {
      name: 'a bucket that is emptied in part, where ninety days are the limit',
      of: ninety,
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.Prefix', 'old/'),
      expect: { message: 'tooLong' },
      notShipped: oursHaveNoLimit,
    },
    {
      name: 'old versions for ever, where ninety days are the limit',
      of: ninety,
      edit: remove(bucket, 'LifecycleConfiguration.Rules.0.NoncurrentVersionExpiration'),
      expect: { message: 'oldVersions' },
      notShipped: oursHaveNoLimit,
    },
    {
      name: 'a lock of a year, where ninety days are the limit',
      of: ninety,
      edit: set(bucket, 'ObjectLockConfiguration.Rule.DefaultRetention.Days', 365),
      expect: { message: 'hiddenWhileLocked' },
      notShipped: oursHaveNoLimit,
    },
    {
      name: 'an event data store for a quarter',
      of: 'an event data store',
      edit: set(store, 'RetentionPeriod', 90),
      expect: { message: 'tooShort' },
      notShipped: 'the project deploys no event data store',
    },
  ],
  others: [
    {
      name: 'fails closed without any audit log',
      template: { Resources: { Sink: { Type: logGroup, Properties: { RetentionInDays: 3653 } } } },
      expect: { '': { message: 'missing' }, Sink: 'not-applicable' },
    },
    {
      name: 'a log group without a retention keeps for ever, which keeps a floor',
      template: { Resources: { Trail: trail, Archive: archive, Calls: { Type: logGroup } } },
      expect: { Calls: 'satisfied' },
    },
    {
      name: 'a bucket without a lifecycle keeps for ever, which keeps a floor',
      template: { Resources: { Trail: trail, Archive: { Type: bucket }, Calls: { Type: logGroup } } },
      expect: { Archive: 'satisfied' },
    },
    {
      name: 'a rule that is switched off removes nothing',
      template: {
        Resources: {
          Trail: trail,
          Archive: {
            Type: bucket,
            Properties: { LifecycleConfiguration: { Rules: [{ Status: 'Disabled', ExpirationInDays: 1 }] } },
          },
          Calls: { Type: logGroup },
        },
      },
      expect: { Archive: 'satisfied' },
    },
    {
      name: 'a trail that writes to another account is not assessed',
      template: {
        Resources: {
          Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: 'archive-of-the-organisation' } },
        },
      },
      presentOnly: true,
      expect: { Trail: 'not-assessed' },
    },
    {
      name: 'flow logs and sign-ins that are streamed elsewhere are not assessed',
      template: {
        Resources: {
          Stream: { Type: 'AWS::KinesisFirehose::DeliveryStream', Properties: {} },
          FlowLog: {
            Type: 'AWS::EC2::FlowLog',
            Properties: { LogDestination: { 'Fn::GetAtt': ['Stream', 'Arn'] } },
          },
          Delivery: {
            Type: 'AWS::Cognito::LogDeliveryConfiguration',
            Properties: { LogConfigurations: [{ S3Configuration: { BucketArn: 'arn:aws:s3:::elsewhere' } }] },
          },
        },
      },
      presentOnly: true,
      expect: { FlowLog: 'not-assessed', Delivery: 'not-assessed' },
    },
    {
      name: 'a bucket that is named, not referred to, is judged all the same',
      template: {
        Resources: {
          Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: 'archive' } },
          Archive: {
            Type: bucket,
            Properties: {
              BucketName: 'archive',
              LifecycleConfiguration: { Rules: [rule({ ExpirationInDays: 30 })] },
            },
          },
        },
      },
      expect: { Archive: { message: 'tooShort' }, Trail: 'satisfied' },
    },
    {
      name: 'an event data store keeps a year by default',
      figures: { 'audit.retentionDays': 731 },
      template: { Resources: { Events: { Type: store, Properties: {} } } },
      expect: { Events: { message: 'tooShort' } },
    },
    {
      name: 'a retention that the deployer may set to a day is not assessed',
      template: {
        Parameters: { Days: { Type: 'Number', Default: 731 } },
        Resources: {
          Trail: trail,
          Archive: archive,
          Calls: { Type: logGroup, Properties: { RetentionInDays: { Ref: 'Days' } } },
        },
      },
      expect: { Calls: 'not-assessed' },
    },
    {
      name: 'a month outside production breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          Trail: trail,
          Archive: archive,
          Calls: { Type: logGroup, Properties: { RetentionInDays: { 'Fn::If': ['IsProd', 731, 30] } } },
        },
      },
      expect: { Calls: { message: 'tooShort' } },
    },
  ],
  absentKeeps: {
    'AWS::CloudTrail::Trail: S3BucketName': 'what is written to the log group is judged there',
    'AWS::CloudTrail::Trail: CloudWatchLogsLogGroupArn': 'what is written to the bucket is judged there',
    [`${logGroup}: RetentionInDays`]:
      'kept for ever: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-logs-loggroup.html',
    [`${bucket}: LifecycleConfiguration.Rules.*.ExpirationInDays`]: 'kept for ever, where no limit is promised',
    [`${bucket}: ObjectLockConfiguration.Rule.DefaultRetention.Days`]: 'an object without a lock is kept as long',
    [`${bucket}: VersioningConfiguration.Status`]: 'a bucket without versions forgets what expires',
    [`${store}: RetentionPeriod`]: 'a year or seven, as the store is paid for',
  },
  indifferent: {
    [`${logGroup}: LogGroupName`]: 'tells only whether a database writes to it',
    [`${logGroup}: Tags.**`]: 'tells only whether it is kept as an audit log although nothing here writes to it',
  },
};
