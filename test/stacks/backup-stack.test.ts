import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { BackupPlans, type BackupPlansProps } from '../../lib/constructs/backup/backup-plans';
import { BackupVaults, type BackupVaultsProps } from '../../lib/constructs/backup/backup-vaults';
import { RestoreDrill, type RestoreDrillProps } from '../../lib/constructs/backup/restore-drill';
import { ErasureLedger } from '../../lib/constructs/tenants/erasure-ledger';
import { TenantCatalogue } from '../../lib/constructs/tenants/tenant-catalogue';
import { Surroundings } from './data-and-identity';
import { environment } from './synthesize';

const stage = environment();
const production = Template.fromStack(stage.backup);

type Json = Record<string, unknown>;

function properties(template: Template, type: string): Json[] {
  return Object.values(template.findResources(type)).map(({ Properties }) => Properties);
}

interface Rule {
  readonly RuleName: string;
  readonly ScheduleExpression: string;
  readonly Lifecycle: { readonly DeleteAfterDays: number };
  readonly CopyActions: readonly { readonly Lifecycle: { readonly DeleteAfterDays: number } }[];
  readonly EnableContinuousBackup?: boolean;
}

function rules(template: Template): Rule[] {
  return properties(template, 'AWS::Backup::BackupPlan').flatMap(
    ({ BackupPlan: plan }) => (plan as { BackupPlanRule: Rule[] }).BackupPlanRule,
  );
}

/** Vaults and plans by themselves, for one bucket. */
function small(plans: Partial<BackupPlansProps>, vaults: Partial<BackupVaultsProps> = {}): Template {
  const stack = new Stack();
  const key = new kms.Key(stack, 'Key');
  const { vault, airGapped: copies } = new BackupVaults(stack, 'Vaults', {
    name: 'small',
    key,
    minimumDays: 7,
    maximumDays: 90,
    ...vaults,
  });
  new BackupPlans(stack, 'Plans', {
    name: 'small',
    vault,
    copies,
    databases: [],
    buckets: [new s3.Bucket(stack, 'Files')],
    intervalHours: 24,
    dailyDays: 30,
    weeklyDays: 90,
    pitrDays: 7,
    ...plans,
  });
  return Template.fromStack(stack);
}

/** A drill by itself, of a database that is elsewhere. */
function drillAlone(over: Partial<RestoreDrillProps>): Template {
  const app = new App();
  const { vpc } = new Surroundings(app, 'eu-central-1');
  const stack = new Stack(app, 'Stack', { env: { account: '123456789012', region: 'eu-central-1' } });
  const key = new kms.Key(stack, 'Key');
  const { airGapped: copies } = new BackupVaults(stack, 'Vaults', {
    name: 'small',
    key,
    minimumDays: 7,
    maximumDays: 90,
  });
  new RestoreDrill(stack, 'Drill', {
    planName: 'drill',
    databases: [rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Db', { clusterIdentifier: 'main' })],
    everyDays: 31,
    copies,
    port: 5432,
    databaseKey: key,
    catalogue: new TenantCatalogue(stack, 'Catalogue', { key, pitrDays: 7 }),
    files: { bucket: new s3.Bucket(stack, 'Files'), key },
    ledger: new ErasureLedger(stack, 'Ledger', {
      key,
      accessLogs: new s3.Bucket(stack, 'AccessLogs'),
      retentionDays: 365,
      minimumTls: '1.3',
    }),
    logKey: key,
    retentionDays: 365,
    alerts: new sns.Topic(stack, 'Alerts'),
    vpc,
    ...over,
  });
  return Template.fromStack(stack);
}

describe('the vaults', () => {
  test('have a key that nothing else of the environment uses', () => {
    const keyOf = (template: Template, type: string, property: string) =>
      properties(template, type).map((each) => JSON.stringify(each[property]));
    const keys = [
      ...keyOf(production, 'AWS::Backup::BackupVault', 'EncryptionKeyArn'),
      ...keyOf(production, 'AWS::Backup::LogicallyAirGappedBackupVault', 'EncryptionKeyArn'),
    ];
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    const [name] = /ExportsOutputFnGetAttBackup\w+/.exec(keys[0] ?? '') ?? [];
    expect(name).toBeDefined();
    for (const stack of [stage.data, stage.audit, stage.network, stage.identity, stage.edge, stage.application]) {
      expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain(name);
    }
  });

  test('are locked for good, and take what the plans keep', () => {
    production.hasResourceProperties('AWS::Backup::BackupVault', {
      LockConfiguration: { ChangeableForDays: 3, MinRetentionDays: 30, MaxRetentionDays: 90 },
    });
  });

  test('let nobody delete or shorten a backup, and only deployments touch policy and lock', () => {
    const [vault] = properties(production, 'AWS::Backup::BackupVault');
    expect((vault?.AccessPolicy as { Statement: Json[] } | undefined)?.Statement).toEqual([
      {
        Sid: 'KeepBackups',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: [
          'backup:DeleteBackupVault',
          'backup:DeleteRecoveryPoint',
          'backup:DisassociateRecoveryPoint',
          'backup:UpdateRecoveryPointLifecycle',
        ],
        Resource: '*',
      },
      {
        Sid: 'LeaveItToDeployments',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: [
          'backup:DeleteBackupVaultAccessPolicy',
          'backup:DeleteBackupVaultLockConfiguration',
          'backup:PutBackupVaultAccessPolicy',
          'backup:PutBackupVaultLockConfiguration',
        ],
        Resource: '*',
        Condition: { ArnNotLike: { 'aws:PrincipalArn': expect.stringContaining(':role/cdk-*-cfn-exec-role-*') } },
      },
    ]);
  });

  test('stay when the stack goes', () => {
    for (const type of ['AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault']) {
      production.allResources(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  test.each<[string, Partial<BackupVaultsProps>, string]>([
    ['a name that AWS refuses', { name: 'production vault' }, 'expected a name of 2 to 35 letters'],
    ['days that an air-gapped vault refuses', { minimumDays: 6 }, 'keeps everything for 7 whole days or more'],
    ['bounds that cross', { minimumDays: 30, maximumDays: 7 }, 'expected 30 to 36500'],
    ['a lock that is final too soon', { changeableFor: Duration.days(2) }, 'makes none final before 3'],
  ])('fail for %s', (_, over, words) => {
    const stack = new Stack();
    const key = new kms.Key(stack, 'Key');
    const props = { name: 'production', key, minimumDays: 7, maximumDays: 90, ...over };
    expect(() => new BackupVaults(stack, 'Vaults', props)).toThrow(words);
  });

  test('take backups that are kept for seven days and not one more', () => {
    const template = small({ dailyDays: 7, weeklyDays: 7, pitrDays: 7 }, { minimumDays: 7, maximumDays: 7 });
    template.hasResourceProperties('AWS::Backup::LogicallyAirGappedBackupVault', {
      MinRetentionDays: 7,
      MaxRetentionDays: 7,
    });
    template.hasResourceProperties('AWS::Backup::BackupVault', {
      LockConfiguration: { MinRetentionDays: 6, MaxRetentionDays: 7 },
    });
    expect(rules(template).map((rule) => [rule.RuleName, rule.Lifecycle.DeleteAfterDays])).toEqual([
      ['daily', 7],
      ['continuous', 7],
    ]);
  });
});

describe('the plans', () => {
  test('keep what the profile promises, and every copy as long as its backup', () => {
    expect(
      rules(production).map((rule) => [rule.RuleName, rule.ScheduleExpression, rule.Lifecycle.DeleteAfterDays]),
    ).toEqual([
      ['daily', 'cron(0 2 * * ? *)', 30],
      ['weekly', 'cron(0 3 ? * SUN *)', 90],
      ['continuous', 'cron(0 2 * * ? *)', 30],
    ]);
    for (const rule of rules(production)) {
      expect(rule.CopyActions).toEqual([
        {
          DestinationBackupVaultArn: { 'Fn::GetAtt': [expect.stringMatching(/^VaultsAirGapped/), 'BackupVaultArn'] },
          Lifecycle: rule.Lifecycle,
        },
      ]);
      expect(rule.Lifecycle).not.toHaveProperty('MoveToColdStorageAfterDays');
      expect(rule.EnableContinuousBackup ?? false).toBe(rule.RuleName === 'continuous');
    }
  });

  test('name the database, the files and every table: nothing hangs on a tag', () => {
    const selections = properties(production, 'AWS::Backup::BackupSelection').map(
      ({ BackupSelection: each }) => each as Json,
    );
    expect(selections.map(({ SelectionName, Resources }) => [SelectionName, (Resources as unknown[]).length])).toEqual([
      ['Stores', 4],
      ['ChangingBuckets', 1],
      ['Files', 2],
      ['ChangingBuckets', 1],
    ]);
    for (const selection of selections) {
      expect(selection).not.toHaveProperty('ListOfTags');
      expect('Conditions' in selection).toBe(selection.SelectionName === 'ChangingBuckets');
    }
    const resources = JSON.stringify(selections);
    expect(resources).toMatch(/:cluster:/);
    expect(resources).toContain(':dynamodb:*:*:table/*');
  });

  test('take the buckets of tenants by the tag that the provisioner gives, and takes away when a tenant is removed', () => {
    const functions = Object.entries(Template.fromStack(stage.data).findResources('AWS::Lambda::Function'));
    const [, provisioner] = functions.find(([id]) => id.startsWith('TenantProvisioner')) ?? [];
    const { BUCKET_BACKUP_TAG: tag, BUCKET_BACKUP_VALUE: ConditionValue } =
      provisioner?.Properties.Environment.Variables ?? {};
    expect([tag, ConditionValue]).toEqual(['backup', 'tenant-in-use']);
    const changing = properties(production, 'AWS::Backup::BackupSelection')
      .map(({ BackupSelection: each }) => each as Json)
      .filter(({ SelectionName: name }) => name === 'ChangingBuckets');
    expect(changing).toHaveLength(2);
    for (const { Conditions, Resources } of changing) {
      expect(Conditions).toEqual({ StringEquals: [{ ConditionKey: `aws:ResourceTag/${tag}`, ConditionValue }] });
      expect(JSON.stringify(Resources)).toMatch(/:s3:::tenant-files-",\{"Ref":"AWS::AccountId"\},"-\*/);
    }
  });

  test('run as often as the profile promises', () => {
    expect(rules(small({ intervalHours: 6 }))[0]?.ScheduleExpression).toBe('cron(0 0/6 * * ? *)');
  });

  test.each<[string, Partial<BackupPlansProps>, string]>([
    ['nothing to back up', { databases: [], buckets: [] }, 'name what shall be backed up'],
    ['hours that do not divide a day', { intervalHours: 5 }, 'expected hours that divide a day evenly'],
    ['less than a day', { dailyDays: 0 }, 'daily backups are kept for 0 days'],
    ['part of a day', { weeklyDays: 7.5 }, 'weekly backups are kept for 7.5 days'],
    ['going back to any second for longer than AWS does', { pitrDays: 36 }, 'expected 1 to 35'],
  ])('fail for %s', (_, over, words) => {
    expect(() => small(over)).toThrow(words);
  });

  test('roles that make backups cannot restore any, and the other way round', () => {
    const attached = properties(production, 'AWS::IAM::Role')
      .map((role) => JSON.stringify(role.ManagedPolicyArns))
      .filter((policies) => policies.includes('AWSBackup'));
    expect(attached).toHaveLength(2);
    expect(attached.filter((policies) => /Backup"/.test(policies) && /Restores"/.test(policies))).toEqual([]);
  });
});

describe('the drill', () => {
  test('restores the newest copy of the database every month, and leaves time to look into it', () => {
    production.hasResourceProperties('AWS::Backup::RestoreTestingPlan', {
      RestoreTestingPlanName: 'production_restore_drill',
      ScheduleExpression: 'cron(30 4 1 * ? *)',
      RecoveryPointSelection: {
        Algorithm: 'LATEST_WITHIN_WINDOW',
        IncludeVaults: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^VaultsAirGapped'), 'BackupVaultArn'] }],
        RecoveryPointTypes: ['SNAPSHOT'],
        SelectionWindowDays: 7,
      },
    });
    production.hasResourceProperties('AWS::Backup::RestoreTestingSelection', {
      ProtectedResourceType: 'Aurora',
      ValidationWindowHours: 12,
      RestoreMetadataOverrides: Match.objectLike({ dbSubnetGroupName: Match.anyValue(), kmsKeyId: Match.anyValue() }),
    });
  });

  test('restores the catalogue and a bucket as well, each under the key of its source', () => {
    const key = (name: string) => ({ 'Fn::ImportValue': Match.stringLikeRegexp(`ExportsOutputFnGetAtt${name}`) });
    production.hasResourceProperties('AWS::Backup::RestoreTestingSelection', {
      ProtectedResourceType: 'DynamoDB',
      ProtectedResourceArns: [{ 'Fn::ImportValue': Match.stringLikeRegexp('TenantCatalogueTable') }],
      ValidationWindowHours: 12,
      RestoreMetadataOverrides: { encryptionType: 'KMS', kmsMasterKeyArn: key('Database') },
    });
    production.hasResourceProperties('AWS::Backup::RestoreTestingSelection', {
      ProtectedResourceType: 'S3',
      ProtectedResourceArns: [{ 'Fn::ImportValue': Match.stringLikeRegexp('TenantFilesBucket') }],
      ValidationWindowHours: 12,
      RestoreMetadataOverrides: { encryptionType: 'SSE-KMS', kmsKey: key('Files') },
    });
  });

  test('draws the tenant before each drill where each has a bucket, and may change nothing but that selection', () => {
    const schedules = (template: Template) =>
      properties(template, 'AWS::Events::Rule')
        .filter(({ Targets: targets }) => JSON.stringify(targets).includes('RestoreDrillDraw'))
        .map(({ ScheduleExpression: schedule }) => schedule);
    expect(schedules(production)).toEqual(['cron(0 4 1 * ? *)']);
    const policies = Object.entries(production.findResources('AWS::IAM::ManagedPolicy'));
    const [, policy] = policies.find(([id]) => id.startsWith('RestoreDrillDraw')) ?? [];
    const statements: Json[] = policy?.Properties.PolicyDocument.Statement;
    expect(statements.filter(({ Action }) => /^(backup|iam):/.test(String(Action)))).toEqual([
      expect.objectContaining({
        Action: 'backup:UpdateRestoreTestingSelection',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^RestoreDrillPlan/), 'RestoreTestingPlanArn'] },
      }),
      expect.objectContaining({
        Action: 'iam:PassRole',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^RestoreDrillRole/), 'Arn'] },
        Condition: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
      }),
    ]);
    const shared = Template.fromStack(environment({}, { tenantFiles: 'prefix' }).backup);
    expect(schedules(shared)).toEqual([]);
    shared.resourcePropertiesCountIs('AWS::Backup::RestoreTestingSelection', { ProtectedResourceType: 'S3' }, 1);
  });

  describe('reads files in a session of one restored bucket and one tenant', () => {
    const statementsOf = (template: Template, start: string): Json[] => {
      const policies = Object.entries(template.findResources('AWS::IAM::ManagedPolicy'));
      const [, policy] = policies.find(([id]) => id.startsWith(start)) ?? [];
      return policy?.Properties.PolicyDocument.Statement;
    };
    const restored = ':s3:::awsbackup-restore-test-${aws:PrincipalTag/restored}';

    test('the function itself may reach no bucket', () => {
      const actions = statementsOf(production, 'RestoreDrillValidation').flatMap(({ Action: action }) => action);
      expect(actions).toContain('dynamodb:Scan');
      // Names in the ledger of erasures, which is no bucket of files
      expect(actions.filter((action) => /^s3:/.test(String(action)))).toEqual(['s3:ListBucketVersions']);
    });

    test('names of the tenant, and what was restored', () => {
      const [names, listed, read, key] = statementsOf(production, 'RestoreDrillReader');
      expect([names, listed, read].map((each) => each?.Action)).toEqual([
        's3:ListBucket',
        's3:ListBucket',
        's3:GetObject',
      ]);
      expect(JSON.stringify(names?.Resource)).toContain('"-${aws:PrincipalTag/tenant}"');
      expect(JSON.stringify(listed?.Resource)).toContain(`${restored}"`);
      expect(JSON.stringify(read?.Resource)).toContain(`${restored}/*"`);
      expect(key).toMatchObject({
        Action: 'kms:Decrypt',
        Condition: {
          StringEquals: { 'kms:ViaService': ['s3.eu-central-1.amazonaws.com'] },
          StringLike: {
            'kms:EncryptionContext:aws:s3:arn': { 'Fn::Join': ['', expect.arrayContaining([`${restored}*`])] },
          },
        },
      });
    });

    test('where tenants share a bucket, names in the folder of the tenant', () => {
      const shared = Template.fromStack(environment({}, { tenantFiles: 'prefix' }).backup);
      expect(statementsOf(shared, 'RestoreDrillReader')[0]).toMatchObject({
        Action: 's3:ListBucket',
        Resource: { 'Fn::ImportValue': expect.stringContaining('TenantFilesBucket') },
        Condition: { StringLike: { 's3:prefix': '${aws:PrincipalTag/tenant}/*' } },
      });
    });

    test('nobody but the function takes the role on, and not without both tags', () => {
      const roles = Object.entries(production.findResources('AWS::IAM::Role'));
      const [, role] = roles.find(([id]) => id.startsWith('RestoreDrillReader')) ?? [];
      expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
        expect.objectContaining({
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Principal: { AWS: { 'Fn::GetAtt': [expect.stringMatching(/^RestoreDrillValidationRole/), 'Arn'] } },
          Condition: {
            StringLike: { 'aws:RequestTag/tenant': '?'.repeat(32), 'aws:RequestTag/restored': '?*' },
            'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant', 'restored'] },
          },
        }),
      ]);
    });
  });

  test.each([
    [31, 'cron(30 4 1 * ? *)'],
    [30, 'cron(30 4 ? * SUN *)'],
    [7, 'cron(30 4 ? * SUN *)'],
    [6, 'cron(30 4 * * ? *)'],
  ])('every %d days', (everyDays, ScheduleExpression) => {
    drillAlone({ everyDays }).hasResourceProperties('AWS::Backup::RestoreTestingPlan', { ScheduleExpression });
  });

  test('nobody but the function may open a session with what was restored, and nothing leaves it', () => {
    const groups = production.findResources('AWS::EC2::SecurityGroup');
    const [id] = Object.keys(groups).filter((each) => each.startsWith('RestoreDrillRestored'));
    const entries = properties(production, 'AWS::EC2::SecurityGroupIngress').filter(({ GroupId: group }) =>
      JSON.stringify(group).includes(String(id)),
    );
    expect(entries).toEqual([
      expect.objectContaining({
        FromPort: 5432,
        ToPort: 5432,
        SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^RestoreDrillValidation/), 'GroupId'] },
      }),
    ]);
    expect(groups[String(id)]?.Properties.SecurityGroupIngress).toBeUndefined();
    expect(JSON.stringify(groups[String(id)]?.Properties.SecurityGroupEgress)).toContain('255.255.255.255/32');
  });

  test('the function may change nothing but what was restored and what it added itself', () => {
    const policies = Object.entries(production.findResources('AWS::IAM::ManagedPolicy'));
    const [, policy] = policies.find(([id]) => id.startsWith('RestoreDrillValidation')) ?? [];
    const statements: { Action: string | string[]; Resource: unknown }[] = policy?.Properties.PolicyDocument.Statement;
    const changing = statements.filter(({ Action }) =>
      [Action].flat().some((action) => /^rds:(Create|Modify|Delete|Add)/.test(action)),
    );
    expect(changing).toHaveLength(2);
    for (const { Resource } of changing) {
      for (const resource of [Resource].flat()) {
        expect(JSON.stringify(resource)).toMatch(
          /:cluster:awsbackup-restore-test-\*|:cluster:restored-\*|:db:restore-check-\*/,
        );
      }
    }
  });

  test('hears of what was restored, and of the instances that it adds', () => {
    const patterns = properties(production, 'AWS::Events::Rule')
      .filter(({ Targets: targets }) => JSON.stringify(targets).includes('RestoreDrillValidation'))
      .map(({ EventPattern: pattern }) => pattern);
    expect(patterns).toEqual([
      {
        source: ['aws.backup'],
        'detail-type': ['Restore Job State Change'],
        detail: { status: ['COMPLETED'], resourceType: ['Aurora', 'DynamoDB', 'S3'] },
      },
      {
        source: ['aws.rds'],
        'detail-type': ['RDS DB Instance Event'],
        detail: { EventID: ['RDS-EVENT-0005'], SourceIdentifier: [{ prefix: 'restore-check-' }] },
      },
    ]);
  });

  test.each<[string, Partial<RestoreDrillProps>, string]>([
    ['a name that AWS refuses', { planName: 'production-drill' }, 'expected 1 to 50 letters, digits and underscores'],
    ['no database', { databases: [] }, 'expected 1 to 30'],
    ['no day', { everyDays: 0 }, 'expected a whole day or more'],
  ])('fails for %s', (_, over, words) => {
    expect(() => drillAlone(over)).toThrow(words);
  });
});

describe('who is told', () => {
  test('of every job that failed, by the word that its kind uses', () => {
    const patterns = properties(production, 'AWS::Events::Rule')
      .filter(({ Targets: targets }) => JSON.stringify(targets).includes('AlertsTopic'))
      .map(({ EventPattern: pattern }) => pattern as Json);
    expect(patterns.map((pattern) => [pattern['detail-type'], pattern.detail])).toEqual([
      [['Backup Job State Change'], { state: ['FAILED', 'ABORTED', 'EXPIRED', 'PARTIAL'] }],
      [['Copy Job State Change'], { state: ['FAILED', 'PARTIAL'] }],
      [['Restore Job State Change'], { status: ['FAILED', 'ABORTED'] }],
      [['Region Setting State Change'], undefined],
    ]);
  });

  test('of a store without a backup and of an overdue drill, also when the check is silent', () => {
    const alarms = properties(production, 'AWS::CloudWatch::Alarm');
    expect(alarms.map((alarm) => [alarm.MetricName, alarm.Threshold, alarm.Dimensions])).toEqual([
      ['StoresWithoutRecentBackup', 1, undefined],
      ['StoresWithoutRecentBackup', 0, undefined],
      ...['Aurora', 'DynamoDB', 'S3'].map((Value) => ['DaysSinceRestoreDrill', 34, [{ Name: 'Kind', Value }]]),
    ]);
    const [silent, ...others] = alarms;
    const each = { Namespace: 'production/Backup', EvaluationPeriods: 1, AlarmActions: [expect.anything()] };
    expect(silent).toMatchObject({
      ...each,
      Statistic: 'SampleCount',
      Period: 3600,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    for (const alarm of others) {
      expect(alarm).toMatchObject({ ...each, Period: 60, ComparisonOperator: 'GreaterThanThreshold' });
    }
  });

  test('the check knows the stores by name, both vaults, and the key of the copies', () => {
    const functions = Object.entries(production.findResources('AWS::Lambda::Function'));
    const [, check] = functions.find(([id]) => id.startsWith('BackupCheck')) ?? [];
    const variables: Json = check?.Properties.Environment.Variables ?? {};
    expect(Object.keys(variables).sort()).toEqual(
      'BUCKET_ARN BUCKET_PREFIX CATALOGUE COPIES COPIES_HOURS DRILL_KINDS DRILL_PLAN KEY_ARN NAMESPACE STORES TABLE_ARN VAULT VAULT_HOURS'.split(
        ' ',
      ),
    );
    expect(variables).toMatchObject({
      VAULT_HOURS: '28',
      COPIES_HOURS: '52',
      DRILL_KINDS: 'Aurora,DynamoDB,S3',
      NAMESPACE: 'production/Backup',
    });
    expect(JSON.stringify(variables.TABLE_ARN)).toContain(':dynamodb:eu-central-1:333333333333:table/');
  });
});

test('every role of AWS Backup, and the one that compares what it restored, lies where the buckets of tenants let it in', () => {
  const roles = properties(production, 'AWS::IAM::Role').filter((role) =>
    /backup\.amazonaws|Compares a restored bucket/.test(JSON.stringify(role)),
  );
  expect(roles.map(({ Path: path }) => path)).toEqual(['/backup/', '/backup/', '/backup/']);
});
