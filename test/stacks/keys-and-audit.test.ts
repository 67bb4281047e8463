import { Match } from 'aws-cdk-lib/assertions';
import { retentionOfAtLeast } from '../../lib/constructs/logging/log-retention';
import { environment, templates } from './synthesize';

const { keys, audit } = templates(environment());

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal: { AWS?: string; Service?: string | string[] };
  readonly Action: string | string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}

function statements(document: unknown): Statement[] {
  return JSON.parse(JSON.stringify(document)).Statement;
}

const keyPolicies = Object.values(keys.findResources('AWS::KMS::Key')).map(
  ({ Properties }) => [Properties.Description, statements(Properties.KeyPolicy)] as const,
);

const USE = /^kms:(Decrypt|Encrypt|GenerateDataKey|ReEncrypt)/;

describe('keys', () => {
  test('there is one per kind of data, each rotating every year and kept when the stack goes', () => {
    keys.resourceCountIs('AWS::KMS::Key', 8);
    keys.allResourcesProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      RotationPeriodInDays: 365,
      PendingWindowInDays: 30,
      MultiRegion: Match.absent(),
    });
    keys.allResources('AWS::KMS::Key', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    const aliases = Object.values(keys.findResources('AWS::KMS::Alias')).map(({ Properties }) => Properties.AliasName);
    expect(aliases.sort()).toEqual(
      ['audit', 'backup', 'database', 'files', 'identity', 'images', 'logs', 'secrets'].map(
        (name) => `alias/production/${name}`,
      ),
    );
  });

  test.each(keyPolicies)('%s: whoever administers cannot use, and cannot be locked out', (_name, policy) => {
    const [administration] = policy.filter(({ Condition }) => !Condition);
    expect(administration?.Principal).toEqual({ AWS: 'arn:aws:iam::333333333333:root' });
    expect(administration?.Action).toEqual(expect.arrayContaining(['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion']));
    expect([administration?.Action].flat().filter((action) => USE.test(String(action)) || action === 'kms:*')).toEqual(
      [],
    );
    expect([administration?.Action].flat()).not.toContain('kms:CreateGrant');
  });

  test.each(keyPolicies)('%s: nobody uses it without a condition, and no principal is a wildcard', (_name, policy) => {
    const using = policy.filter(({ Action }) => [Action].flat().some((action) => USE.test(action)));
    expect(using.length).toBeGreaterThan(0);
    for (const { Condition } of using) {
      expect(Condition).toBeDefined();
    }
    expect(JSON.stringify(policy.map(({ Principal }) => Principal))).not.toContain('*');
    expect(policy.filter(({ Effect }) => Effect !== 'Allow')).toEqual([]);
  });

  test('identities use the file key through S3 of this Region and nothing else', () => {
    const policy = keyPolicies.find(([name]) => name === 'Files of tenants')?.[1];
    const through = policy?.find(({ Sid }) => Sid === 'UseThroughServices');
    expect(through?.Condition).toEqual({
      StringEquals: { 'kms:CallerAccount': '333333333333', 'kms:ViaService': ['s3.eu-central-1.amazonaws.com'] },
    });
  });

  test('CloudWatch Logs uses the log key for log groups of this account only', () => {
    const policy = keyPolicies.find(([name]) => name === 'Log groups')?.[1];
    expect(policy?.find(({ Sid }) => Sid === 'EncryptLogGroups')).toMatchObject({
      Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': [
            'arn:aws:logs:eu-central-1:333333333333:log-group:*',
            'arn:aws:logs:eu-central-1:333333333333:anomaly-detector:*',
          ],
        },
      },
    });
  });
});

describe('alerts', () => {
  const [[, key] = []] = Object.entries(audit.findResources('AWS::KMS::Key'));
  const [[, policy] = []] = Object.entries(audit.findResources('AWS::SNS::TopicPolicy'));
  const admitted = (document: unknown, service: string) =>
    statements(document).filter(({ Principal }) => [Principal.Service].flat().includes(service));

  test.each(['backup', 'budgets', 'cloudwatch', 'costalerts'])(
    'topic and key let %s report for this account, and for no other',
    (name) => {
      const Condition = { StringEquals: { 'aws:SourceAccount': '333333333333' } };
      const service = `${name}.amazonaws.com`;
      expect(admitted(key?.Properties.KeyPolicy, service)).toEqual([
        expect.objectContaining({ Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Condition }),
      ]);
      expect(admitted(policy?.Properties.PolicyDocument, service)).toEqual([
        expect.objectContaining({ Action: 'sns:Publish', Condition }),
      ]);
    },
  );

  test('EventBridge may report without saying for whom, with the key bound to topics of the account', () => {
    expect(admitted(key?.Properties.KeyPolicy, 'events.amazonaws.com')).toEqual([
      expect.objectContaining({
        Condition: { ArnLike: { 'kms:EncryptionContext:aws:sns:topicArn': 'arn:aws:sns:eu-central-1:333333333333:*' } },
      }),
    ]);
    expect(admitted(policy?.Properties.PolicyDocument, 'events.amazonaws.com')).toEqual([
      expect.not.objectContaining({ Condition: expect.anything() }),
    ]);
  });

  test('what cannot be delivered is reported to another mailbox, under a key that only alarms use', () => {
    audit.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SNS',
      MetricName: 'NumberOfNotificationsFailed',
      Dimensions: [
        { Name: 'TopicName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('AlertsTopic'), 'TopicName'] } },
      ],
      AlarmActions: [{ Ref: Match.stringLikeRegexp('FallbackTopic') }],
      Threshold: 1,
    });
    audit.hasResourceProperties('AWS::SNS::Subscription', {
      Endpoint: 'operations@example.com',
      TopicArn: { Ref: Match.stringLikeRegexp('FallbackTopic') },
    });
    const [, fallbackKey] = Object.values(audit.findResources('AWS::KMS::Key'));
    const [, fallbackPolicy] = Object.values(audit.findResources('AWS::SNS::TopicPolicy'));
    for (const document of [fallbackKey?.Properties.KeyPolicy, fallbackPolicy?.Properties.PolicyDocument]) {
      expect(admitted(document, 'cloudwatch.amazonaws.com')).toHaveLength(1);
      expect(admitted(document, 'events.amazonaws.com')).toEqual([]);
      expect(admitted(document, 'backup.amazonaws.com')).toEqual([]);
    }
  });

  test('somebody is subscribed, and nothing is sent in clear text', () => {
    audit.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email' });
    expect(statements(policy?.Properties.PolicyDocument)).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });
});

describe('trail', () => {
  test('records management and data events everywhere, validated, encrypted and into CloudWatch', () => {
    audit.hasResourceProperties('AWS::CloudTrail::Trail', {
      IsLogging: true,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
      KMSKeyId: { 'Fn::ImportValue': Match.stringLikeRegexp('Audit') },
      CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditTrailLogGroup'), 'Arn'] },
      EventSelectors: Match.absent(),
      AdvancedEventSelectors: [
        { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
        ...['S3::Object', 'Lambda::Function', 'DynamoDB::Table', 'VerifiedPermissions::PolicyStore'].map((type) => ({
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Data'] },
            { Field: 'resources.type', Equals: [`AWS::${type}`] },
          ],
        })),
      ],
    });
  });

  test('waits for the policy of the archive', () => {
    audit.hasResource('AWS::CloudTrail::Trail', { DependsOn: [Match.stringLikeRegexp('^LogArchivePolicy')] });
  });

  test('the archive, the log group and the key admit this one trail', () => {
    const trail = 'arn:aws:cloudtrail:eu-central-1:333333333333:trail/production-audit';
    const [[, policy] = []] = Object.entries(audit.findResources('AWS::S3::BucketPolicy')).filter(([id]) =>
      id.startsWith('LogArchive'),
    );
    const admitted = statements(policy?.Properties.PolicyDocument).filter(({ Effect }) => Effect === 'Allow');
    expect(admitted.map(({ Condition }) => Condition?.StringEquals?.['aws:SourceArn'])).toEqual([trail, trail]);
    audit.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({ Condition: { StringEquals: { 'aws:SourceArn': trail } } })],
      },
    });
    const encrypting = keyPolicies.flatMap(([, all]) => all).find(({ Sid }) => Sid === 'EncryptTrail');
    expect(encrypting?.Condition).toEqual({ StringEquals: { 'aws:SourceArn': trail } });
  });
});

describe('log archive', () => {
  const archives = audit.findResources('AWS::S3::Bucket', { Properties: { ObjectLockEnabled: true } });

  test('locks every object in compliance mode, and the lifecycle outlives the lock', () => {
    expect(Object.keys(archives)).toHaveLength(1);
    audit.hasResource('AWS::S3::Bucket', {
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 731 } } },
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 732 })] },
        LoggingConfiguration: { LogFilePrefix: 'log-archive/' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            Match.objectLike({ ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }) }),
          ],
        },
      },
      DeletionPolicy: 'Retain',
    });
  });

  test('nobody but an AWS service may speak an old TLS, and nobody at all clear text', () => {
    for (const [id, { Properties }] of Object.entries(audit.findResources('AWS::S3::BucketPolicy'))) {
      const denied = statements(Properties.PolicyDocument).filter(({ Effect }) => Effect === 'Deny');
      expect(denied.map(({ Condition }) => Condition)).toContainEqual({ Bool: { 'aws:SecureTransport': 'false' } });
      if (!id.startsWith('AccessLogs')) {
        expect(denied.map(({ Condition }) => Condition)).toContainEqual({
          NumericLessThan: { 's3:TlsVersion': 1.3 },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        });
      }
    }
  });

  test('every bucket of the stack is closed to the public', () => {
    audit.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });
});

describe('recorder', () => {
  test('records everything continuously and delivers into a bucket without a lock', () => {
    audit.hasResourceProperties('AWS::Config::ConfigurationRecorder', {
      RecordingGroup: { AllSupported: true, IncludeGlobalResourceTypes: true },
      RecordingMode: { RecordingFrequency: 'CONTINUOUS' },
    });
    const [channel] = Object.values(audit.findResources('AWS::Config::DeliveryChannel'));
    const history = audit.findResources('AWS::S3::Bucket')[channel?.Properties.S3BucketName.Ref];
    expect(history?.Properties.ObjectLockConfiguration).toBeUndefined();
    expect(history?.Properties.LifecycleConfiguration.Rules[0].ExpirationInDays).toBe(731);
  });

  test('channel and recorder do not wait for each other, and every rule waits for the recorder', () => {
    const [recorder] = Object.keys(audit.findResources('AWS::Config::ConfigurationRecorder'));
    const [channelId, channel] = Object.entries(audit.findResources('AWS::Config::DeliveryChannel'))[0] ?? [];
    const depends = Object.values(audit.findResources('AWS::Config::ConfigurationRecorder'))[0]?.DependsOn;
    expect(channel?.DependsOn).not.toContain(recorder);
    expect(depends).not.toContain(channelId);
    const rules = Object.values(audit.findResources('AWS::Config::ConfigRule'));
    expect(rules.length).toBeGreaterThan(30);
    for (const rule of rules) {
      expect(rule.DependsOn).toContain(recorder);
    }
  });

  test('rules that carry a figure carry this one', () => {
    const inputs = (identifier: string) =>
      Object.values(
        audit.findResources('AWS::Config::ConfigRule', { Properties: { Source: { SourceIdentifier: identifier } } }),
      ).map(({ Properties }) => Properties.InputParameters);
    expect(inputs('CW_LOGGROUP_RETENTION_PERIOD_CHECK')).toEqual([{ MinRetentionTime: '731' }]);
    expect(inputs('DB_INSTANCE_BACKUP_ENABLED')).toEqual([{ backupRetentionMinimum: '30' }]);
    expect(inputs('IAM_PASSWORD_POLICY')).toEqual([{ MinimumPasswordLength: '12', MaxPasswordAge: '90' }]);
    expect(inputs('ACCESS_KEYS_ROTATED')).toEqual([{ maxAccessKeyAge: '90' }]);
    expect(inputs('SECRETSMANAGER_SECRET_PERIODIC_ROTATION')).toEqual([{ maxDaysSinceRotation: '90' }]);
    expect(inputs('VPC_FLOW_LOGS_ENABLED')).toEqual([{ trafficType: 'ALL' }]);
  });
});

test('analyzers look for access from outside and for access that nobody uses', () => {
  const types = Object.values(audit.findResources('AWS::AccessAnalyzer::Analyzer')).map(
    ({ Properties }) => Properties.Type,
  );
  expect(types).toEqual(['ACCOUNT', 'ACCOUNT_UNUSED_ACCESS']);
});

test.each([
  [731, 731],
  [730, 731],
  [732, 1096],
  [1, 1],
  [2, 3],
])('a log kept %i days gets the legal retention of %i', (days, legal) => {
  expect(retentionOfAtLeast(days)).toBe(legal);
});

test('fails on a log that no retention keeps long enough', () => {
  expect(() => retentionOfAtLeast(3654)).toThrow('expected at most 3653');
});
