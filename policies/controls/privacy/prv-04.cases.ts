import { type ControlCases, change, type Edit, remove, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';

const machine = 'AWS::StepFunctions::StateMachine';
const lambda = 'AWS::Lambda::Function';
const policy = 'AWS::IAM::ManagedPolicy';
const cluster = 'AWS::RDS::DBCluster';
const bucket = 'AWS::S3::Bucket';
const pool = 'AWS::Cognito::UserPool';

const heard = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Escalate' }] };
const ask = (next: string): Json => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: '<<Eraser.Arn>>' },
  ...heard,
  Next: next,
});
const tell = (next: string): Json => ({ Type: 'Task', Resource: 'arn:aws:states:::events:putEvents', Next: next });

const states: Json = {
  'Announce erasure': tell('Grace'),
  Grace: { Type: 'Wait', Seconds: 2_592_000, Next: 'Record erasure' },
  'Record erasure': ask('Erase accounts'),
  'Erase accounts': ask('Erase files'),
  'Erase files': ask('Erase rows'),
  'Erase rows': ask('Destroy keys'),
  'Destroy keys': ask('Verify erasure'),
  'Verify erasure': ask('Is erased'),
  'Is erased': {
    Type: 'Choice',
    Choices: [{ Variable: '$.verified.erased', BooleanEquals: true, Next: 'Confirm erasure' }],
    Default: 'Escalate',
  },
  Escalate: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', Next: 'Pause' },
  Pause: { Type: 'Wait', Seconds: 3600, Next: 'Record erasure' },
  'Confirm erasure': tell('Erased'),
  Erased: { Type: 'Succeed' },
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
const filesOf = (name: string): Json => ({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [name, 'Arn'] }, '/*']] });
const ownBuckets = (rest: string): Json => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::tenants-', { Ref: 'AWS::AccountId' }, rest]],
});

const resources: Json = {
  Database: { Type: cluster, Properties: { Engine: 'aurora-postgresql' } },
  Files: { Type: bucket, Properties: {} },
  Customers: { Type: pool, Properties: { UserPoolTags: { 'avouch:audience': 'customers' } } },
  Staff: { Type: pool, Properties: { UserPoolTags: { 'avouch:audience': 'staff' } } },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
  Eraser: {
    Type: lambda,
    Properties: {
      Environment: {
        Variables: {
          PGHOST: { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] },
          USER_POOL: { Ref: 'Customers' },
          LEDGER: { Ref: 'Ledger' },
        },
      },
      Role: { 'Fn::GetAtt': ['EraserRole', 'Arn'] },
    },
  },
  EraserRole: {
    Type: 'AWS::IAM::Role',
    Properties: { ManagedPolicyArns: [{ Ref: 'EraserPolicy' }] },
  },
  EraserPolicy: {
    Type: policy,
    Properties: {
      PolicyDocument: {
        Statement: [
          statement(['cognito-idp:AdminDeleteUser'], { 'Fn::GetAtt': ['Customers', 'Arn'] }),
          statement(['s3:DeleteObjectVersion', 's3:AbortMultipartUpload'], filesOf('Files')),
          statement(['s3:DeleteObjectVersion', 's3:AbortMultipartUpload'], ownBuckets('-*/*')),
          statement('s3:PutObject', filesOf('Ledger')),
        ],
      },
    },
  },
  Ledger: {
    Type: bucket,
    Properties: {
      Tags: [{ Key: 'retention', Value: 'erasures' }],
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
    },
  },
  Backups: {
    Type: 'AWS::Backup::BackupPlan',
    Properties: {
      BackupPlan: {
        BackupPlanRule: [{ Lifecycle: { DeleteAfterDays: 90 }, CopyActions: [{ Lifecycle: { DeleteAfterDays: 90 } }] }],
      },
    },
  },
  Restored: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: {
        source: ['aws.backup'],
        'detail-type': ['Restore Job State Change'],
        detail: { status: ['COMPLETED'] },
      },
      Targets: [{ Id: 'look', Arn: { 'Fn::GetAtt': ['Look', 'Arn'] } }],
    },
  },
  Look: {
    Type: lambda,
    Properties: {
      Environment: { Variables: { LEDGER: { Ref: 'Ledger' } } },
      Role: { 'Fn::GetAtt': ['LookRole', 'Arn'] },
    },
  },
  LookRole: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [{ Ref: 'LookPolicy' }] } },
  LookPolicy: {
    Type: policy,
    Properties: {
      PolicyDocument: { Statement: [statement('s3:ListBucketVersions', { 'Fn::GetAtt': ['Ledger', 'Arn'] })] },
    },
  },
  Application: {
    Type: 'AWS::IAM::Role',
    Properties: { Policies: [{ PolicyDocument: { Statement: [statement('s3:GetObject', filesOf('Files'))] } }] },
  },
  Maker: {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyDocument: { Statement: [statement('s3:CreateBucket', ownBuckets('-*'))] } },
  },
  Process: {
    Type: machine,
    Properties: {
      DefinitionString: joined(JSON.stringify({ StartAt: 'Announce erasure', States: states })),
    },
  },
};

const usual = 'a process as CDK writes it';
const figures = {
  'retention.schedule': [
    `account-data ${cluster} untagged while-active`,
    `account-data ${pool} untagged while-active`,
    `files ${bucket} untagged while-active`,
    `erasures ${bucket} tagged 365`,
    'log-lines AWS::Logs::LogGroup untagged 30',
  ],
  'processing.records': ['logging log-lines', 'service account-data', 'service files'],
  'tenancy.files': 'prefix',
};

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

const isErasure = (resource: Json) => JSON.stringify(resource).includes('Confirm erasure');
const isLedger = (resource: Json) => JSON.stringify(resource).includes('"erasures"');
const isEraserFunction = (resource: Json) =>
  ['USER_POOL', 'LEDGER'].every((name) => JSON.stringify(resource).includes(`"${name}"`));
const isEraser = (resource: Json) => JSON.stringify(resource).includes('s3:DeleteObjectVersion');

/** Takes an action away, on the bucket of all or on those of which each customer has one. */
function without(action: string, own: boolean): Edit {
  return change(policy, (properties) => {
    const { Statement } = properties.PolicyDocument as { Statement: Json[] };
    for (const each of Statement.filter(({ Action }) => [Action].flat().includes(action))) {
      if (JSON.stringify(each.Resource).includes(':s3:::') === own) {
        each.Action = [[each.Action].flat().filter((name) => name !== action), 's3:GetBucketLocation'].flat();
      }
    }
  });
}

/** An edit of the text as CDK writes ours, which need not be that of the case. */
const rewritten = (name: string, from: string, to: string, message: string) => ({
  name,
  of: usual,
  target: 'Process',
  edit: rewrite(from, to),
  expect: { message },
  shippedWhere: isErasure,
});

export const cases: ControlCases = {
  compliant: { [usual]: { template: { Resources: resources }, figures, exact: ['erasure.purgeDays'] } },
  mutations: [
    {
      name: 'there is no process',
      of: usual,
      target: 'Process',
      edit: change(machine, (_properties, template) => {
        const all = template.Resources as Json;
        for (const name of Object.keys(all)) {
          const { Type } = all[name] as Json;
          if (Type !== 'AWS::Logs::LogGroup') {
            delete all[name];
          }
        }
      }),
      expect: { message: 'missing', at: '' },
      notShipped: 'the stack of ours that holds it goes whole, and with it what the others refer to',
    },
    rewritten('trap 33: it erases after a month of 31 days', '"Seconds":2592000', '"Seconds":2678400', 'tooLate'),
    rewritten(
      'trap 33: it erases after 29 days, and 30 were promised',
      '"Seconds":2592000',
      '"Seconds":2505600',
      'tooSoon',
    ),
    rewritten('its input says how long it waits', '"Seconds":2592000', '"SecondsPath":"$.wait"', 'not-assessed'),
    rewritten('it erases at once', '"Next":"Grace"', '"Next":"Record erasure"', 'noGrace'),
    rewritten('it waits for people before', 'events:putEvents"', 'events:putEvents.waitForTaskToken"', 'waitsOn'),
    rewritten('keys go before rows that are forgotten', '"Erase files"', '"Erase keys"', 'keysEarly'),
    {
      name: 'accounts can be switched off only',
      of: usual,
      target: 'EraserPolicy',
      edit: without('cognito-idp:AdminDeleteUser', false),
      expect: { message: 'storeLeft', at: 'Customers' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('cognito-idp:AdminDeleteUser'),
    },
    {
      name: 'the process does not know the directory',
      of: usual,
      target: 'Eraser',
      edit: change(lambda, (properties) => {
        const { Variables } = properties.Environment as { Variables: Json };
        delete Variables.USER_POOL;
      }),
      expect: { message: 'storeLeft', at: 'Customers' },
      shippedWhere: isEraserFunction,
    },
    rewritten('nobody is told when', '"Announce erasure"', '"Note"', 'unannounced'),
    rewritten('nobody is told that it is done', '"Next":"Confirm erasure"', '"Next":"Erased"', 'unconfirmed'),
    rewritten('any answer of the look will do', '"BooleanEquals":true', '"IsPresent":true', 'unverified'),
    rewritten(
      'what is left is confirmed as gone',
      '"Default":"Escalate',
      '"Default":"Confirm erasure","Was":"Escalate',
      'unverified',
    ),
    rewritten('keys are kept', ' keys"', ' nothing"', 'keysKept'),
    {
      ...rewritten('nobody hears of files that are left', '', '', 'nobodyCalled'),
      edit: change(machine, (properties) => {
        const [before = '', after = ''] = JSON.stringify(properties.DefinitionString).split('\\"Erase files\\":{');
        properties.DefinitionString = JSON.parse(
          `${before}\\"Erase files\\":{${after.replace('States.ALL', 'States.Timeout')}`,
        );
      }),
    },
    {
      name: 'the process does not know the database',
      of: usual,
      target: 'Eraser',
      edit: change(lambda, (properties) => {
        const { Variables } = properties.Environment as { Variables: Json };
        delete Variables.PGHOST;
      }),
      expect: { message: 'storeLeft', at: 'Database' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('TENANT_KEY'),
    },
    {
      name: 'trap 32: older versions of files stay',
      of: usual,
      target: 'EraserPolicy',
      edit: without('s3:DeleteObjectVersion', false),
      expect: { message: 'storeLeft', at: 'Files' },
      notShipped: 'by default each customer has a bucket of its own, where the edit below is made',
    },
    {
      name: 'trap 32: parts of unfinished uploads stay',
      of: usual,
      target: 'EraserPolicy',
      edit: without('s3:AbortMultipartUpload', false),
      expect: { message: 'storeLeft', at: 'Files' },
      notShipped: 'by default each customer has a bucket of its own, where the edit below is made',
    },
    rewritten(
      'it erases before anybody has written down whom',
      '"Seconds":2592000,"Next":"Record erasure"',
      '"Seconds":2592000,"Next":"Erase accounts"',
      'unrecorded',
    ),
    {
      ...rewritten('it erases where the ledger cannot be reached', '', '', 'unrecorded'),
      edit: change(machine, (properties) => {
        const text = JSON.stringify(properties.DefinitionString);
        const [before = '', after = ''] = text.split('\\"Record erasure\\":{');
        const end = after.indexOf('\\"Erase accounts\\":{');
        const state = after
          .slice(0, end)
          .replace('\\"Next\\":\\"Escalate', '\\"Next\\":\\"Erase accounts\\",\\"Was\\":\\"Escalate');
        if (after !== '') {
          properties.DefinitionString = JSON.parse(`${before}\\"Record erasure\\":{${state}${after.slice(end)}`);
        }
      }),
    },
    {
      name: 'who is erased is written into the database that is restored',
      of: usual,
      target: 'Eraser',
      edit: change(lambda, (properties) => {
        const { Variables } = properties.Environment as { Variables: Json };
        delete Variables.LEDGER;
      }),
      expect: { message: 'noLedger', at: 'Process' },
      shippedWhere: isEraserFunction,
    },
    {
      name: 'the eraser may not write into the ledger',
      of: usual,
      target: 'EraserPolicy',
      edit: without('s3:PutObject', false),
      expect: { message: 'noLedger', at: 'Process' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('cognito-idp:AdminDeleteUser'),
    },
    {
      name: 'entries can be taken back by whoever may pass over a lock',
      of: usual,
      target: 'Ledger',
      edit: set(bucket, 'ObjectLockConfiguration.Rule.DefaultRetention.Mode', 'GOVERNANCE'),
      expect: { message: 'ledgerOpen' },
      shippedWhere: isLedger,
    },
    {
      name: 'entries are not locked',
      of: usual,
      target: 'Ledger',
      edit: remove(bucket, 'ObjectLockConfiguration'),
      expect: { message: 'ledgerOpen' },
      shippedWhere: isLedger,
    },
    {
      name: 'the ledger forgets before the last backup is gone',
      of: usual,
      target: 'Ledger',
      edit: set(bucket, 'ObjectLockConfiguration.Rule.DefaultRetention.Days', 60),
      expect: { message: 'ledgerShort' },
      shippedWhere: isLedger,
    },
    {
      name: 'backups are kept for as long as nobody deletes them',
      of: usual,
      edit: remove('AWS::Backup::BackupPlan', 'BackupPlan.BackupPlanRule.0.Lifecycle'),
      expect: { message: 'ledgerShort', at: 'Ledger' },
    },
    {
      name: 'the application may write into the ledger',
      of: usual,
      target: 'Application',
      edit: change('AWS::IAM::Role', (properties) => {
        properties.Policies = [
          { PolicyName: 'more', PolicyDocument: { Statement: [statement('s3:PutObject', filesOf('Ledger'))] } },
        ];
      }),
      expect: { message: 'ledgerForeign', at: 'Ledger' },
      notShipped: 'the ledger of our stacks has another name, which the edit does not know',
    },
    {
      name: 'nobody hears of restored databases',
      of: usual,
      edit: set('AWS::Events::Rule', 'EventPattern.source', ['aws.ec2']),
      expect: { message: 'notReplayed', at: 'Ledger' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('"COMPLETED"'),
    },
    {
      name: 'who looks into restored databases is not told of the ledger',
      of: usual,
      target: 'Look',
      edit: change(lambda, (properties) => {
        const { Variables } = properties.Environment as { Variables: Json };
        delete Variables.LEDGER;
      }),
      expect: { message: 'notReplayed', at: 'Ledger' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('PLAN_ARN'),
    },
    {
      name: 'who looks into restored databases may not read the ledger',
      of: usual,
      target: 'LookPolicy',
      edit: without('s3:ListBucketVersions', false),
      expect: { message: 'notReplayed', at: 'Ledger' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('rds:ModifyDBCluster'),
    },
    {
      name: 'buckets that are made for customers stay',
      of: usual,
      target: 'EraserPolicy',
      edit: without('s3:DeleteObjectVersion', true),
      expect: { message: 'bucketsLeft', at: 'Process' },
      shippedWhere: isEraser,
    },
  ],
  others: [
    {
      name: 'somebody’s database is erased by somebody else',
      template: { Resources: { Database: { Type: cluster, Properties: {} } } },
      presentOnly: true,
      figures,
      expect: { Database: 'not-applicable' },
    },
    {
      name: 'a process of something else is no concern',
      template: {
        Resources: {
          Orders: {
            Type: machine,
            Properties: { DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}' },
          },
        },
      },
      presentOnly: true,
      expect: { Orders: 'not-applicable' },
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
  },
  indifferent: {
    'AWS::IAM::Role: Policies.*.PolicyDocument.Statement.*.*': 'a role that may write nowhere writes into no ledger',
    'AWS::IAM::Policy: PolicyDocument.Statement.*.*':
      'a policy that lets nobody make buckets for customers leaves none',
  },
};
