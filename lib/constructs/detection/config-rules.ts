import * as config from 'aws-cdk-lib/aws-config';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IDependable } from 'constructs';

/** One rule that AWS Config already knows. */
export interface ConfigRule {
  /** Construct id. */
  readonly id: string;
  /** Identifier of AWS. */
  readonly identifier: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether it looks at what an account has once for all Regions, so that one Region is enough. */
  readonly onceForAllRegions?: true;
  /** Whether it asks for what only our own stacks have: a trail of the account itself, functions of our runtime. */
  readonly ofOwnStacks?: true;
}

/** What the rules measure by. */
export interface ConfigRuleFigures {
  /** Days for which audit logs are kept, at least. */
  readonly auditRetentionDays: number;
  /** Characters of a password, at least. */
  readonly passwordMinLength: number;
  /** Days for which the database can be brought back to any moment, at least. */
  readonly pitrDays: number;
  /**
   * Days after which a credential that people look after must be another one.
   *
   * @default 90
   */
  readonly credentialMaxAgeDays?: number;
  /** TCP ports that may be open to the internet. @default ['443'] */
  readonly publicPorts?: readonly string[];
}

export interface ConfigRulesProps extends ConfigRuleFigures {
  /** Recorder that must be running first: without it every rule is refused. */
  readonly recorder: IDependable;
  /** Identifiers to leave out where a Region does not have them yet. @default - none */
  readonly without?: readonly string[];
}

/**
 * Lets AWS Config watch the running account for what templates alone cannot hold: a change by hand, a resource of somebody
 * else, an account setting. A Region that lacks one of the rules refuses the whole deployment by that rule's name; then it goes
 * into `without`.
 *
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
 */
export class ConfigRules extends Construct {
  constructor(scope: Construct, id: string, props: ConfigRulesProps) {
    super(scope, id);
    for (const rule of configRules(props).filter(({ identifier }) => !props.without?.includes(identifier))) {
      const { node } = new config.ManagedRule(this, rule.id, {
        identifier: rule.identifier,
        inputParameters: rule.parameters,
      });
      node.addDependency(props.recorder);
    }
  }
}

const { ManagedRuleIdentifiers: Known } = config;

/** Every rule, with its figures. */
export function configRules(props: ConfigRuleFigures): readonly ConfigRule[] {
  return [
    ...network(props),
    ...encryption(),
    ...keysAndSecrets(props),
    ...identity(props),
    ...logging(props),
    ...recovery(props),
    ...patches(),
  ];
}

function network({ publicPorts = ['443'] }: ConfigRuleFigures): ConfigRule[] {
  return [
    { id: 'DefaultGroupClosed', identifier: Known.VPC_DEFAULT_SECURITY_GROUP_CLOSED },
    {
      id: 'OnlyPublicPortsOpen',
      identifier: Known.VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS,
      parameters: { authorizedTcpPorts: publicPorts.join(',') },
    },
    { id: 'NoPublicAddressByDefault', identifier: Known.SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED },
    { id: 'NoOpenAdministrationPorts', identifier: Known.NACL_NO_UNRESTRICTED_SSH_RDP },
    { id: 'DatabaseNotPublic', identifier: Known.RDS_INSTANCE_PUBLIC_ACCESS_CHECK },
    { id: 'DatabaseSnapshotsNotPublic', identifier: Known.RDS_SNAPSHOTS_PUBLIC_PROHIBITED },
    { id: 'FunctionsNotPublic', identifier: Known.LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED },
    {
      id: 'AccountBlocksPublicBuckets',
      identifier: Known.S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC,
      onceForAllRegions: true,
    },
  ];
}

function encryption(): ConfigRule[] {
  return [
    { id: 'DatabaseEncrypted', identifier: Known.RDS_STORAGE_ENCRYPTED },
    { id: 'DatabaseSnapshotsEncrypted', identifier: Known.RDS_SNAPSHOT_ENCRYPTED },
    { id: 'BucketsRefuseClearText', identifier: Known.S3_BUCKET_SSL_REQUESTS_ONLY },
    { id: 'BucketsEncrypted', identifier: Known.S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED },
    { id: 'VolumesEncryptedByDefault', identifier: Known.EC2_EBS_ENCRYPTION_BY_DEFAULT },
    { id: 'LogGroupsEncrypted', identifier: Known.CLOUDWATCH_LOG_GROUP_ENCRYPTED },
    { id: 'TablesEncryptedWithOwnKey', identifier: Known.DYNAMODB_TABLE_ENCRYPTED_KMS },
    { id: 'TopicsEncrypted', identifier: Known.SNS_ENCRYPTED_KMS },
  ];
}

function keysAndSecrets({ credentialMaxAgeDays = 90 }: ConfigRuleFigures): ConfigRule[] {
  const maxAge = String(credentialMaxAgeDays);
  return [
    { id: 'KeysRotate', identifier: Known.CMK_BACKING_KEY_ROTATION_ENABLED },
    { id: 'KeysNotBeingDeleted', identifier: Known.KMS_CMK_NOT_SCHEDULED_FOR_DELETION },
    { id: 'SecretsUseOwnKey', identifier: Known.SECRETSMANAGER_USING_CMK },
    { id: 'SecretsRotate', identifier: Known.SECRETSMANAGER_ROTATION_ENABLED_CHECK },
    {
      id: 'AccessKeysRotate',
      identifier: Known.ACCESS_KEYS_ROTATED,
      parameters: { maxAccessKeyAge: maxAge },
      onceForAllRegions: true,
    },
    {
      id: 'SecretsReplaced',
      identifier: Known.SECRETSMANAGER_SECRET_PERIODIC_ROTATION,
      parameters: { maxDaysSinceRotation: maxAge },
    },
  ];
}

function identity({ passwordMinLength, credentialMaxAgeDays = 90 }: ConfigRuleFigures): ConfigRule[] {
  return [
    { id: 'RootHasNoKey', identifier: Known.IAM_ROOT_ACCESS_KEY_CHECK, onceForAllRegions: true },
    { id: 'RootUsesSecondFactor', identifier: Known.ROOT_ACCOUNT_MFA_ENABLED, onceForAllRegions: true },
    {
      id: 'ConsoleUsersUseSecondFactor',
      identifier: Known.MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS,
      onceForAllRegions: true,
    },
    {
      id: 'NoAdministratorPolicies',
      identifier: Known.IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS,
      onceForAllRegions: true,
    },
    {
      id: 'PasswordPolicy',
      identifier: Known.IAM_PASSWORD_POLICY,
      parameters: { MinimumPasswordLength: String(passwordMinLength), MaxPasswordAge: String(credentialMaxAgeDays) },
      onceForAllRegions: true,
    },
  ];
}

function logging({ auditRetentionDays }: ConfigRuleFigures): ConfigRule[] {
  return [
    { id: 'TrailInEveryRegion', identifier: Known.CLOUDTRAIL_MULTI_REGION_ENABLED, ofOwnStacks: true },
    { id: 'TrailFilesValidated', identifier: Known.CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED, ofOwnStacks: true },
    { id: 'TrailRecordsObjects', identifier: Known.CLOUDTRAIL_S3_DATAEVENTS_ENABLED, ofOwnStacks: true },
    { id: 'TrailReachesCloudWatch', identifier: Known.CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED, ofOwnStacks: true },
    {
      id: 'LogGroupsKept',
      identifier: Known.CW_LOGGROUP_RETENTION_PERIOD_CHECK,
      parameters: { MinRetentionTime: String(auditRetentionDays) },
    },
    { id: 'FlowLogs', identifier: Known.VPC_FLOW_LOGS_ENABLED, parameters: { trafficType: 'ALL' } },
    { id: 'DatabaseLogs', identifier: Known.RDS_LOGGING_ENABLED },
  ];
}

/** The runtimes are those of our own functions: another one is somebody else's, or was left behind. */
function patches(): ConfigRule[] {
  return [
    { id: 'DatabaseTakesFixes', identifier: Known.RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED },
    { id: 'ContainersOnLatestPlatform', identifier: Known.ECS_FARGATE_LATEST_PLATFORM_VERSION },
    {
      id: 'FunctionsOnSupportedRuntime',
      identifier: Known.LAMBDA_FUNCTION_SETTINGS_CHECK,
      parameters: { runtime: Runtime.NODEJS_24_X.name },
      ofOwnStacks: true,
    },
  ];
}

function recovery({ pitrDays }: ConfigRuleFigures): ConfigRule[] {
  return [
    {
      id: 'DatabaseBackups',
      identifier: Known.RDS_DB_INSTANCE_BACKUP_ENABLED,
      parameters: { backupRetentionMinimum: String(pitrDays) },
    },
    { id: 'TablesRecoverable', identifier: Known.DYNAMODB_PITR_ENABLED },
    { id: 'RecoveryPointsEncrypted', identifier: Known.BACKUP_RECOVERY_POINT_ENCRYPTED },
    { id: 'RecoveryPointsNotDeletedByHand', identifier: Known.BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED },
    {
      id: 'BackupPlanOftenAndLongEnough',
      identifier: Known.BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK,
    },
  ];
}
