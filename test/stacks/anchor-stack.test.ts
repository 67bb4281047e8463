import { Match, Template } from 'aws-cdk-lib/assertions';
import { environment } from './synthesize';

const stage = environment();
const anchor = Template.fromStack(stage.anchor);

function only(type: string): Record<string, unknown> {
  const found = Object.values(anchor.findResources(type));
  expect(found).toHaveLength(1);
  return found[0]?.Properties;
}

test('anchors are locked for as long as entries are kept, and expire a day later', () => {
  const bucket = only('AWS::S3::Bucket');
  expect(bucket).toMatchObject({
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 731 } } },
    VersioningConfiguration: { Status: 'Enabled' },
  });
  expect(JSON.stringify(bucket.LifecycleConfiguration)).toContain('"ExpirationInDays":732');
  anchor.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

test('the keeper may add anchors and read them, sign in as itself, and remove nothing', () => {
  const { PolicyDocument } = only('AWS::IAM::ManagedPolicy') as {
    PolicyDocument: { Statement: { Action: unknown }[] };
  };
  const actions = PolicyDocument.Statement.flatMap(({ Action }) => [Action].flat());
  expect(actions.filter((action) => /^s3:/.test(String(action))).sort()).toEqual([
    's3:GetObject',
    's3:ListBucket',
    's3:PutObject',
  ]);
  expect(actions).toContain('rds-db:connect');
  expect(JSON.stringify(PolicyDocument)).toContain('/audit_keeper');
  expect(JSON.stringify(PolicyDocument)).toContain('/anchors/*');
});

test('it verifies the server by the bundle of the runtime and knows its database, its bucket and its figures', () => {
  anchor.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        ANCHOR_MINUTES: '60',
        RETENTION_DAYS: '731',
        PGPORT: '5432',
        PGSSLMODE: 'verify-full',
        PGSSLROOTCERT: '/var/runtime/ca-cert.pem',
        BUCKET: Match.anyValue(),
        PGHOST: Match.anyValue(),
      },
    },
    Timeout: 900,
  });
});

test('it runs every hour for what is new, and once a day for everything', () => {
  const rules = Object.values(anchor.findResources('AWS::Events::Rule')).map(({ Properties }) => [
    Properties.ScheduleExpression,
    Properties.Targets[0].Input,
  ]);
  expect(rules.sort()).toEqual([
    ['rate(1 day)', '{"whole":true}'],
    ['rate(30 minutes)', '{"whole":false}'],
  ]);
});

test('a broken chain and a missed anchor are reported', () => {
  for (const [MetricName, TreatMissingData] of [
    ['Errors', 'notBreaching'],
    ['Invocations', 'breaching'],
  ]) {
    anchor.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName,
      TreatMissingData,
      AlarmActions: [Match.anyValue()],
    });
  }
});

test('it reaches the database on its port, and the database lets it in', () => {
  anchor.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 5432, ToPort: 5432, IpProtocol: 'tcp' });
  anchor.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 5432, ToPort: 5432, IpProtocol: 'tcp' });
});

test('another profile keeps shorter and anchors more often', () => {
  const short = Template.fromStack(environment({}, { auditRetentionDays: 90, auditAnchorMinutes: 15 }).anchor);
  short.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(7 minutes)' });
  short.hasResourceProperties('AWS::S3::Bucket', {
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 90 } } },
  });
});
