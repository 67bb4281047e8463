import { type ControlCases, change, remove, resourcesOf, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { exampleBackups, rule } from './example-backups';

const plan = 'AWS::Backup::BackupPlan';
const vault = 'AWS::Backup::BackupVault';
const airGapped = 'AWS::Backup::LogicallyAirGappedBackupVault';
const cluster = 'AWS::RDS::DBCluster';
const copyOfFirst = 'BackupPlan.BackupPlanRule.0.CopyActions.0.DestinationBackupVaultArn';

const whole = 'a locked vault, and copies in one that is air-gapped';
const platform = 'keys of AWS, where nobody asks for more';

function example(over: Json = {}): Json {
  const copy = structuredClone(exampleBackups);
  return { Resources: { ...resourcesOf(copy), ...over } };
}

/** Adds a second locked vault beside the first, and copies into it. */
const besideItself = change(plan, (properties, template) => {
  const resources = resourcesOf(template);
  const [first] = Object.values(resources).filter((each): each is Json => isObject(each) && each.Type === vault);
  const second = structuredClone(first ?? resourcesOf(exampleBackups).Vault);
  if (isObject(second) && isObject(second.Properties)) {
    second.Properties.BackupVaultName = 'second';
  }
  resources.Second = second;
  redirect(properties, { 'Fn::GetAtt': ['Second', 'BackupVaultArn'] });
});

/** In the project's own stack the key of the database is the one that restored clusters get. */
function keyOfDatabase(template: Json): unknown {
  const [drill] = Object.values(resourcesOf(template)).filter(
    (each): each is Json => isObject(each) && each.Type === 'AWS::Backup::RestoreTestingSelection',
  );
  const { RestoreMetadataOverrides: overrides } = isObject(drill?.Properties) ? drill.Properties : {};
  return isObject(overrides) ? overrides.kmsKeyId : { 'Fn::GetAtt': ['DatabaseKey', 'Arn'] };
}

function redirect(properties: Json, destination: unknown): void {
  const body = properties.BackupPlan;
  const rules = isObject(body) && Array.isArray(body.BackupPlanRule) ? body.BackupPlanRule : [];
  rules[0].CopyActions[0].DestinationBackupVaultArn = destination;
}

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: example() },
    [platform]: {
      figures: { 'backup.separateKey': false },
      template: example({
        AirGapped: {
          Type: airGapped,
          Properties: { BackupVaultName: 'air-gapped', MinRetentionDays: 7, MaxRetentionDays: 90 },
        },
      }),
    },
  },
  mutations: [
    {
      name: 'a database in clear text, whose backups are in clear text too',
      of: whole,
      edit: set(cluster, 'StorageEncrypted', false),
      expect: { message: 'clearSource' },
    },
    {
      name: 'encryption of the database forgotten',
      of: whole,
      edit: remove(cluster, 'StorageEncrypted'),
      expect: { message: 'clearSource' },
    },
    {
      name: 'a vault without a key',
      of: whole,
      edit: remove(vault, 'EncryptionKeyArn'),
      expect: { message: 'platformKey' },
    },
    {
      name: 'an air-gapped vault without a key',
      of: whole,
      edit: remove(airGapped, 'EncryptionKeyArn'),
      expect: { message: 'platformKey' },
    },
    {
      name: 'the key that AWS manages, by alias',
      of: whole,
      edit: set(vault, 'EncryptionKeyArn', 'alias/aws/backup'),
      expect: { message: 'platformKey' },
    },
    {
      name: 'a copy under the key of the database',
      of: whole,
      edit: change(airGapped, (properties, template) => {
        properties.EncryptionKeyArn = keyOfDatabase(template);
      }),
      expect: { message: 'sharedKey' },
    },
    {
      name: 'a vault without a lock',
      of: whole,
      edit: remove(vault, 'LockConfiguration'),
      expect: { message: 'unlocked' },
    },
    {
      name: 'a lock that can be taken off again',
      of: whole,
      edit: remove(vault, 'LockConfiguration.ChangeableForDays'),
      expect: { message: 'governance' },
    },
    {
      name: 'a lock that is final in a hundred years',
      of: whole,
      edit: set(vault, 'LockConfiguration.ChangeableForDays', 36500),
      expect: { message: 'lateLock' },
    },
    {
      name: 'a vault without a policy',
      of: whole,
      edit: remove(vault, 'AccessPolicy'),
      expect: { message: 'deletable' },
    },
    {
      name: 'a policy that lets the life of a backup be shortened',
      of: whole,
      edit: set(vault, 'AccessPolicy.Statement.0.Action', ['backup:DeleteRecoveryPoint']),
      expect: { message: 'deletable' },
    },
    {
      name: 'a policy that spares administrators',
      of: whole,
      edit: set(vault, 'AccessPolicy.Statement.0.Condition', {
        ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/admin' },
      }),
      expect: { message: 'deletable' },
    },
    {
      name: 'a rule without a copy',
      of: whole,
      target: 'Plan',
      edit: remove(plan, 'BackupPlan.BackupPlanRule.0.CopyActions'),
      expect: { message: 'noCopy' },
    },
    {
      name: 'a rule whose list of copies is empty',
      of: whole,
      target: 'Plan',
      edit: set(plan, 'BackupPlan.BackupPlanRule.0.CopyActions', []),
      expect: { message: 'noCopy' },
    },
    {
      name: 'a copy into the vault that the backup is in',
      of: whole,
      target: 'Plan',
      edit: change(plan, (properties, template) => {
        const [id] =
          Object.entries(resourcesOf(template)).find(([, each]) => isObject(each) && each.Type === vault) ?? [];
        redirect(properties, { 'Fn::GetAtt': [id, 'BackupVaultArn'] });
      }),
      expect: { message: 'sameVault' },
    },
    {
      name: 'a copy into another vault of the same account and Region',
      of: whole,
      target: 'Plan',
      edit: besideItself,
      expect: { message: 'notAway' },
    },
    {
      name: 'a copy to London',
      of: whole,
      target: 'Plan',
      edit: set(plan, copyOfFirst, 'arn:aws:backup:eu-west-2:111122223333:backup-vault:copies'),
      expect: { message: 'copyLeaves' },
    },
    {
      name: 'backups in the default vault',
      of: whole,
      target: 'Plan',
      edit: set(plan, 'BackupPlan.BackupPlanRule.0.TargetBackupVault', 'Default'),
      expect: { message: 'defaultVault' },
    },
    {
      name: 'files under the key of backups',
      of: whole,
      edit: set('AWS::S3::Bucket', 'BucketEncryption.ServerSideEncryptionConfiguration', [
        {
          ServerSideEncryptionByDefault: {
            SSEAlgorithm: 'aws:kms',
            KMSMasterKeyID: { 'Fn::GetAtt': ['BackupKey', 'Arn'] },
          },
        },
      ]),
      expect: { message: 'sharedKey', at: 'Vault' },
      notShipped: 'keys stand in a stack of their own',
    },
  ],
  others: [
    {
      name: 'fails closed without any vault',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a second copy that leaves the promised Regions is no better for the first',
      template: example({
        Plan: {
          Type: plan,
          Properties: {
            BackupPlan: {
              BackupPlanRule: [
                {
                  ...rule('daily', 'cron(0 2 * * ? *)', 30),
                  CopyActions: [
                    { DestinationBackupVaultArn: { 'Fn::GetAtt': ['AirGapped', 'BackupVaultArn'] } },
                    { DestinationBackupVaultArn: 'arn:aws:backup:us-east-1:111122223333:backup-vault:copies' },
                  ],
                },
              ],
            },
          },
        },
      }),
      expect: { Plan: { message: 'copyLeaves' } },
    },
    {
      name: 'a vault in another account, whose key and lock nobody here can see, is not assessed',
      template: example({
        Plan: {
          Type: plan,
          Properties: {
            BackupPlan: {
              BackupPlanRule: [
                {
                  ...rule('daily', 'cron(0 2 * * ? *)', 30),
                  CopyActions: [
                    { DestinationBackupVaultArn: 'arn:aws:backup:eu-central-1:444455556666:backup-vault:copies' },
                  ],
                },
              ],
            },
          },
        },
      }),
      expect: { Plan: 'not-assessed' },
    },
    {
      name: 'a vault that is named, of this account, is found by its name',
      template: example({
        Plan: {
          Type: plan,
          Properties: {
            BackupPlan: {
              BackupPlanRule: [
                {
                  ...rule('daily', 'cron(0 2 * * ? *)', 30),
                  TargetBackupVault: 'backups',
                  CopyActions: [
                    {
                      DestinationBackupVaultArn: {
                        'Fn::Sub':
                          'arn:${AWS::Partition}:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:air-gapped',
                      },
                    },
                  ],
                },
              ],
            },
          },
        },
      }),
      expect: { Plan: 'satisfied' },
    },
    {
      name: 'the same literal key on both sides',
      template: example({
        Db: {
          Type: cluster,
          Properties: { StorageEncrypted: true, KmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/1' },
        },
        AirGapped: {
          Type: airGapped,
          Properties: {
            BackupVaultName: 'air-gapped',
            EncryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1',
            MinRetentionDays: 7,
            MaxRetentionDays: 90,
          },
        },
      }),
      expect: { AirGapped: { message: 'sharedKey' } },
    },
    {
      name: 'an instance of a cluster and a replica are stored as their source is',
      template: example({
        Writer: { Type: 'AWS::RDS::DBInstance', Properties: { DBClusterIdentifier: { Ref: 'Db' } } },
        Replica: { Type: 'AWS::RDS::DBInstance', Properties: { SourceDBInstanceIdentifier: 'main' } },
        Lone: { Type: 'AWS::RDS::DBInstance', Properties: {} },
      }),
      expect: { Writer: 'not-applicable', Replica: 'not-applicable', Lone: { message: 'clearSource' } },
    },
  ],
};
