import { type ControlCases, change, type Edit, remove, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';

const machine = 'AWS::StepFunctions::StateMachine';
const lambda = 'AWS::Lambda::Function';
const policy = 'AWS::IAM::ManagedPolicy';
const role = 'AWS::IAM::Role';
const cluster = 'AWS::RDS::DBCluster';
const bucket = 'AWS::S3::Bucket';
const bucketPolicy = 'AWS::S3::BucketPolicy';
const pool = 'AWS::Cognito::UserPool';
const alarm = 'AWS::CloudWatch::Alarm';
const rule = 'AWS::Events::Rule';

const heard = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Give the turn back' }] };
const ask = (next: string): Json => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: '<<Exporter.Arn>>' },
  ...heard,
  Next: next,
});
const isDone = (what: string, next: string, again: string): Json => ({
  Type: 'Choice',
  Choices: [{ Variable: `$.${what}.isDone`, BooleanEquals: true, Next: next }],
  Default: again,
});

const states: Json = {
  'Export rows': ask('Are rows done'),
  'Are rows done': isDone('rows', 'Export files', 'Export rows'),
  'Export files': ask('Are files done'),
  'Are files done': isDone('files', 'Seal export', 'Export files'),
  'Seal export': ask('Exported'),
  Exported: { Type: 'Succeed' },
  'Give the turn back': {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: '<<Exporter.Arn>>' },
    Next: 'Broke off',
  },
  'Broke off': { Type: 'Fail' },
};

/** A definition as CDK writes it: text with holes. */
function joined(text: string): Json {
  const pieces = text.split(/<<(\w+)\.Arn>>/);
  return {
    'Fn::Join': ['', pieces.map((piece, at) => (at % 2 === 0 ? piece : { 'Fn::GetAtt': [piece, 'Arn'] }))],
  };
}

const statement = (Action: string | readonly string[], Resource: unknown): Json => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const below = (name: string, rest: string): Json => ({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [name, 'Arn'] }, rest]] });
const ownBuckets = (rest: string): Json => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::tenants-', { Ref: 'AWS::AccountId' }, rest]],
});
const tag = '${aws:PrincipalTag/tenant}';
const user = (name: string): Json => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':rds-db:eu-central-1:',
      { Ref: 'AWS::AccountId' },
      `:dbuser:cluster-1/${name}`,
    ],
  ],
});
const reports = (MetricName: string): Json => ({
  Type: alarm,
  Properties: {
    MetricName,
    Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: 'Process' } }],
    AlarmActions: ['arn:aws:sns:eu-central-1:111122223333:alerts'],
  },
});

const resources: Json = {
  Database: { Type: cluster, Properties: { Engine: 'aurora-postgresql' } },
  Files: { Type: bucket, Properties: {} },
  Customers: { Type: pool, Properties: { UserPoolTags: { 'avouch:audience': 'customers' } } },
  Staff: { Type: pool, Properties: { UserPoolTags: { 'avouch:audience': 'staff' } } },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
  Exports: {
    Type: bucket,
    Properties: {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key' } },
        ],
      },
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: [{ Status: 'Enabled', ExpirationInDays: 7, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }],
      },
    },
  },
  ExportsPolicy: {
    Type: bucketPolicy,
    Properties: {
      Bucket: { Ref: 'Exports' },
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: below('Exports', '/*'),
            Condition: { NumericGreaterThan: { 's3:signatureAge': '900000' } },
          },
        ],
      },
    },
  },
  Exporter: {
    Type: lambda,
    Properties: {
      Environment: {
        Variables: {
          PGHOST: { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] },
          USER_POOL: { Ref: 'Customers' },
          FORMATS: 'json csv',
        },
      },
      Role: { 'Fn::GetAtt': ['ExporterRole', 'Arn'] },
    },
  },
  ExporterRole: { Type: role, Properties: { ManagedPolicyArns: [{ Ref: 'ExporterPolicy' }] } },
  ExporterPolicy: {
    Type: policy,
    Properties: {
      PolicyDocument: {
        Statement: [
          statement('cognito-idp:ListUsersInGroup', { 'Fn::GetAtt': ['Customers', 'Arn'] }),
          statement(['sts:AssumeRole', 'sts:TagSession'], { 'Fn::GetAtt': ['Session', 'Arn'] }),
        ],
      },
    },
  },
  Session: {
    Type: role,
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::GetAtt': ['ExporterRole', 'Arn'] } },
            Action: ['sts:AssumeRole', 'sts:TagSession'],
            Condition: { StringLike: { 'aws:RequestTag/tenant': '?'.repeat(32) } },
          },
        ],
      },
      ManagedPolicyArns: [{ Ref: 'SessionPolicy' }],
    },
  },
  SessionPolicy: {
    Type: policy,
    Properties: {
      PolicyDocument: {
        Statement: [
          statement('rds-db:connect', user(`tenant_${tag}`)),
          statement('s3:GetObject', below('Files', `/${tag}/*`)),
          statement('s3:GetObject', ownBuckets(`-${tag}/*`)),
          statement('s3:PutObject', below('Exports', `/${tag}/exports/*`)),
        ],
      },
    },
  },
  Access: {
    Type: policy,
    Properties: {
      PolicyDocument: {
        Statement: [
          statement('s3:PutObject', below('Exports', `/${tag}/requests/*`)),
          statement('s3:GetObject', below('Exports', `/${tag}/exports/*`)),
        ],
      },
    },
  },
  Maker: {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyDocument: { Statement: [statement('s3:CreateBucket', ownBuckets('-*'))] } },
  },
  Process: {
    Type: machine,
    Properties: {
      DefinitionString: joined(JSON.stringify({ StartAt: 'Export rows', States: states, TimeoutSeconds: 86_400 })),
    },
  },
  Failed: reports('ExecutionsFailed'),
  TimedOut: reports('ExecutionsTimedOut'),
  Requested: {
    Type: rule,
    Properties: {
      EventPattern: { source: ['aws.s3'], 'detail-type': ['Object Created'] },
      State: 'ENABLED',
      Targets: [{ Arn: { Ref: 'Process' }, Id: 'Target0' }],
    },
  },
};

const usual = 'a process as CDK writes it';
const figures = {
  'retention.schedule': [
    `account-data ${cluster} untagged while-active`,
    `account-data ${pool} untagged while-active`,
    `files ${bucket} untagged while-active`,
    'log-lines AWS::Logs::LogGroup untagged 30',
  ],
  'processing.records': ['logging log-lines', 'service account-data', 'service files'],
  'tenancy.files': 'prefix',
  'tenancy.mode': 'database',
};

const isExport = (resource: Json) => JSON.stringify(resource).includes('Seal export');
const isExports = (resource: Json) => JSON.stringify(resource).includes('tenant-exports/');
const holds =
  (...words: readonly string[]) =>
  (resource: Json) =>
    words.every((word) => JSON.stringify(resource).includes(word));

/** Rewrites the text of a definition, wherever it is cut by references. */
function rewrite(from: string, to: string): Edit {
  const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
  return change(machine, (properties) => {
    const text = JSON.stringify(properties.DefinitionString);
    if (text.includes(escaped(from))) {
      properties.DefinitionString = JSON.parse(text.replaceAll(escaped(from), escaped(to)));
    }
  });
}

const rewritten = (name: string, from: string, to: string, message: string) => ({
  name,
  of: usual,
  target: 'Process',
  edit: rewrite(from, to),
  expect: { message },
  shippedWhere: isExport,
});

/** Rewrites what a policy holds, wherever these words stand. */
const reworded = (type: string, from: string, to: string): Edit =>
  change(type, (properties) => {
    properties.PolicyDocument = JSON.parse(JSON.stringify(properties.PolicyDocument).replaceAll(from, to));
  });

const allowed = (more: Json): Edit =>
  change(policy, (properties) => {
    (properties.PolicyDocument as { Statement: Json[] }).Statement.push(more);
  });

const isOwn = holds('cognito-idp:ListUsersInGroup', 'states:SendTaskSuccess');
const isSession = holds('rds-db:connect', '/running.json');

export const cases: ControlCases = {
  compliant: { [usual]: { template: { Resources: resources }, figures } },
  mutations: [
    {
      name: 'there is no process',
      of: usual,
      target: 'Process',
      edit: change(machine, (_properties, template) => {
        const all = template.Resources as Json;
        for (const name of Object.keys(all)) {
          if ((all[name] as Json).Type !== 'AWS::Logs::LogGroup') {
            delete all[name];
          }
        }
      }),
      expect: { message: 'missing', at: '' },
      notShipped: 'the stack of ours that holds it goes whole, and with it what the others refer to',
    },
    rewritten(
      'rows go on to what follows after one run',
      '"Variable":"$.rows.isDone","BooleanEquals":true',
      '"Variable":"$.rows.isDone","IsPresent":true',
      'cutShort',
    ),
    rewritten(
      'a word that is not yes lets pass',
      '"Variable":"$.files.isDone","BooleanEquals":true',
      '"Variable":"$.files.isDone","IsPresent":true',
      'cutShort',
    ),
    rewritten('what is written is not looked at', '"Seal export"', '"Note export"', 'unsealed'),
    rewritten(
      'a run that fails ends well',
      '"Broke off":{"Type":"Fail"',
      '"Broke off":{"Type":"Succeed","Comment":"x"',
      'failureHidden',
    ),
    {
      name: 'the function signs in to every database by itself',
      of: usual,
      target: 'ExporterPolicy',
      edit: allowed(statement('rds-db:connect', user('application'))),
      expect: { message: 'readsAsAll', at: 'Process' },
      shippedWhere: isOwn,
    },
    {
      name: 'disguise: the function reads with a wildcard of actions',
      of: usual,
      target: 'ExporterPolicy',
      edit: allowed(statement('s3:Get*', '*')),
      expect: { message: 'readsAsAll', at: 'Process' },
      shippedWhere: isOwn,
    },
    {
      name: 'the function takes on nobody',
      of: usual,
      target: 'ExporterPolicy',
      edit: reworded(policy, 'sts:AssumeRole', 'sts:GetCallerIdentity'),
      expect: { message: 'noSession', at: 'Process' },
      notShipped: 'the statement of ours stands in a policy of its own, where the edit leaves no session either',
    },
    {
      name: 'disguise: the session signs in as every tenant',
      of: usual,
      target: 'SessionPolicy',
      edit: reworded(policy, `tenant_${tag}`, 'tenant_*'),
      expect: { message: 'unbound', at: 'Process' },
      shippedWhere: isSession,
    },
    {
      name: 'the session signs in as the user of all',
      of: usual,
      target: 'SessionPolicy',
      edit: reworded(policy, `tenant_${tag}`, 'application'),
      expect: { message: 'unbound', at: 'Process' },
      shippedWhere: isSession,
    },
    {
      name: 'the session writes into every folder',
      of: usual,
      target: 'SessionPolicy',
      edit: reworded(policy, `/${tag}/exports/*`, '/*'),
      expect: { message: 'unbound', at: 'Process' },
      shippedWhere: isSession,
    },
    {
      name: 'the session need not name a tenant',
      of: usual,
      target: 'Session',
      edit: remove(role, 'AssumeRolePolicyDocument.Statement.0.Condition'),
      expect: { message: 'untagged', at: 'Process' },
      shippedWhere: holds('Exports what is of the tenant'),
    },
    {
      name: 'disguise: whatever the tag says will do',
      of: usual,
      target: 'Session',
      edit: set(role, 'AssumeRolePolicyDocument.Statement.0.Condition', {
        StringLike: { 'aws:RequestTag/tenant': '*' },
      }),
      expect: { message: 'untagged', at: 'Process' },
      shippedWhere: holds('Exports what is of the tenant'),
    },
    {
      name: 'rows are left out',
      of: usual,
      edit: change(lambda, (properties) => {
        const { Variables } = properties.Environment as { Variables: Json };
        delete Variables.PGHOST;
      }),
      expect: { message: 'storeLeft', at: 'Database' },
      shippedWhere: holds('EXPORTS_BUCKET', 'FORMATS'),
    },
    {
      name: 'accounts are left out',
      of: usual,
      target: 'ExporterPolicy',
      edit: reworded(policy, 'cognito-idp:ListUsersInGroup', 'cognito-idp:ListUsers'),
      expect: { message: 'storeLeft', at: 'Customers' },
      shippedWhere: isOwn,
    },
    {
      name: 'files are left out',
      of: usual,
      target: 'SessionPolicy',
      edit: change(policy, (properties) => {
        const { Statement } = properties.PolicyDocument as { Statement: Json[] };
        Statement.splice(1, 1);
      }),
      expect: { message: 'storeLeft', at: 'Files' },
      notShipped: 'by default each customer has a bucket of its own, where the edit below is made',
    },
    {
      name: 'buckets that are made for customers are left out',
      of: usual,
      target: 'SessionPolicy',
      edit: change(policy, (properties) => {
        const document = properties.PolicyDocument as { Statement: Json[] };
        document.Statement = document.Statement.filter(({ Resource }) => !JSON.stringify(Resource).includes(':s3:::'));
      }),
      expect: { message: 'bucketsLeft', at: 'Process' },
      shippedWhere: isSession,
    },
    {
      name: 'only JSON is written',
      of: usual,
      edit: set(lambda, 'Environment.Variables.FORMATS', 'json'),
      expect: { message: 'formatMissing', at: 'Process' },
      shippedWhere: holds('EXPORTS_BUCKET', 'FORMATS'),
    },
    {
      name: 'nobody hears of a failure',
      of: usual,
      target: 'Failed',
      edit: set(alarm, 'AlarmActions', []),
      expect: { message: 'unheard', at: 'Process' },
      shippedWhere: holds('ExecutionsFailed', 'export of a tenant'),
    },
    {
      name: 'nobody hears of a run that is out of time',
      of: usual,
      target: 'TimedOut',
      edit: set(alarm, 'ActionsEnabled', false),
      expect: { message: 'unheardLate', at: 'Process' },
      shippedWhere: holds('ExecutionsTimedOut', 'export of a tenant'),
    },
    {
      name: 'the rule is switched off',
      of: usual,
      edit: set(rule, 'State', 'DISABLED'),
      expect: { message: 'notStarted', at: 'Process' },
      shippedWhere: holds('Object Created', '/requests/'),
    },
    {
      name: 'exports can be made public',
      of: usual,
      target: 'Exports',
      edit: set(bucket, 'PublicAccessBlockConfiguration.RestrictPublicBuckets', false),
      expect: { message: 'public' },
      shippedWhere: isExports,
    },
    {
      name: 'exports lie under no key of ours',
      of: usual,
      target: 'Exports',
      edit: set(
        bucket,
        'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm',
        'AES256',
      ),
      expect: { message: 'unencrypted' },
      shippedWhere: isExports,
    },
    {
      name: 'exports stay for a month',
      of: usual,
      target: 'Exports',
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.ExpirationInDays', 31),
      expect: { message: 'keptTooLong' },
      shippedWhere: isExports,
    },
    {
      name: 'trap 32: replaced exports stay',
      of: usual,
      target: 'Exports',
      edit: remove(bucket, 'LifecycleConfiguration.Rules.0.NoncurrentVersionExpiration'),
      expect: { message: 'keptTooLong' },
      shippedWhere: isExports,
    },
    {
      name: 'disguise: only a folder of exports ends',
      of: usual,
      target: 'Exports',
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.Prefix', 'old/'),
      expect: { message: 'keptTooLong' },
      shippedWhere: isExports,
    },
    {
      name: 'links last for a week',
      of: usual,
      edit: reworded(bucketPolicy, '900000', '604800000'),
      expect: { message: 'linkTooLong', at: 'Exports' },
      shippedWhere: holds('s3:signatureAge'),
    },
    {
      name: 'disguise: links end for whoever comes over old TLS only',
      of: usual,
      edit: change(bucketPolicy, (properties) => {
        const { Statement } = properties.PolicyDocument as { Statement: { Condition?: Json }[] };
        for (const each of Statement) {
          if (JSON.stringify(each).includes('s3:signatureAge')) {
            each.Condition = { ...each.Condition, NumericLessThan: { 's3:TlsVersion': '1.2' } };
          }
        }
      }),
      expect: { message: 'linkLasts', at: 'Exports' },
      shippedWhere: holds('s3:signatureAge'),
    },
    {
      name: 'disguise: links end for one object',
      of: usual,
      edit: change(bucketPolicy, (properties) => {
        const { Statement } = properties.PolicyDocument as { Statement: { Resource?: unknown }[] };
        for (const each of Statement) {
          if (JSON.stringify(each).includes('s3:signatureAge')) {
            each.Resource = 'arn:aws:s3:::exports/one.json';
          }
        }
      }),
      expect: { message: 'linkLasts', at: 'Exports' },
      shippedWhere: holds('s3:signatureAge'),
    },
    {
      name: 'only staff can ask',
      of: usual,
      target: 'Access',
      edit: reworded(policy, `/${tag}/requests/*`, '/staff/requests/*'),
      expect: { message: 'notSelfService', at: 'Exports' },
      shippedWhere: holds('/requests/*'),
    },
  ],
  others: [
    {
      name: 'where tenants share a database, the session is one of the application',
      template: {
        Resources: {
          ...structuredClone(resources),
          SessionPolicy: JSON.parse(JSON.stringify(resources.SessionPolicy).replace(`tenant_${tag}`, 'application')),
        },
      },
      figures: { ...figures, 'tenancy.mode': 'rls' },
      expect: { Process: 'satisfied', Database: 'satisfied' },
    },
    {
      name: 'and of no pattern of users',
      template: {
        Resources: {
          ...structuredClone(resources),
          SessionPolicy: JSON.parse(JSON.stringify(resources.SessionPolicy).replace(`tenant_${tag}`, 'app*')),
        },
      },
      figures: { ...figures, 'tenancy.mode': 'rls' },
      expect: { Process: { message: 'unbound' } },
    },
    {
      name: 'somebody’s database is exported by somebody else',
      template: { Resources: { Database: { Type: cluster, Properties: {} } } },
      presentOnly: true,
      figures,
      expect: { Database: 'not-applicable' },
    },
    {
      name: 'a definition in a file is not assessed',
      template: {
        Resources: { Process: { Type: machine, Properties: { DefinitionS3Location: { Bucket: 'b', Key: 'k' } } } },
      },
      expect: { Process: 'not-assessed' },
    },
  ],
  absentKeeps: {
    [`${pool}: UserPoolTags.avouch:audience`]: 'a pool that does not say whom it holds is judged as one of customers',
    [`${rule}: State`]: 'a rule is on unless it is switched off',
    [`${alarm}: ActionsEnabled`]: 'an alarm acts unless it is switched off',
  },
  indifferent: {
    [`${bucket}: VersioningConfiguration`]: 'a bucket that keeps no versions forgets at once what is replaced',
    'AWS::IAM::Policy: PolicyDocument.Statement.*.*':
      'a policy that lets nobody make buckets for customers leaves none',
  },
};
