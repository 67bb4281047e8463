import {
  BREAK_GLASS_ROLE,
  DEPLOYING_ROLES,
  DETECTING_ROLES,
  except,
  type GuardRailDocument,
  guardRail,
} from './guard-rail-principals';
import { MEMBER_RULES } from './member-events-template';

export interface TamperGuardRailProps {
  /**
   * Patterns of role ARNs that may disable and delete KMS keys, because they erase data by its key.
   *
   * @default - only the role for emergencies
   */
  readonly keyErasers?: readonly string[];
}

/** What switches off a record, a detector or a backup; nobody does that but in an emergency. */
const SWITCHES = [
  'access-analyzer:DeleteAnalyzer',
  'backup:DeleteBackupVault',
  'backup:DeleteBackupVaultAccessPolicy',
  'backup:DeleteBackupVaultLockConfiguration',
  'backup:DeleteRecoveryPoint',
  'backup:DisassociateRecoveryPoint*',
  'backup:UpdateRecoveryPointLifecycle',
  'cloudtrail:DeleteTrail',
  'cloudtrail:StopLogging',
  'config:DeleteConfigurationRecorder',
  'config:DeleteDeliveryChannel',
  'config:DeleteRetentionConfiguration',
  'config:StopConfigurationRecorder',
  'guardduty:DeleteDetector',
  'guardduty:DeleteMembers',
  'guardduty:Disassociate*',
  'guardduty:StopMonitoringMembers',
  'inspector2:Disable*',
  'macie2:Disable*',
  'securityhub:DeleteMembers',
  'securityhub:Disable*',
  'securityhub:Disassociate*',
];

/** What can be turned so that it records less: a deployment may, a person may not. */
const SETTINGS = [
  'cloudtrail:PutEventSelectors',
  'cloudtrail:PutInsightSelectors',
  'cloudtrail:UpdateTrail',
  'config:DeleteConfigRule',
  'config:PutConfigRule',
  'config:PutConfigurationRecorder',
  'config:PutDeliveryChannel',
  'ec2:DeleteFlowLogs',
  'guardduty:CreateFilter',
  'guardduty:UpdateDetector',
  'guardduty:UpdateFilter',
  'guardduty:UpdateMemberDetectors',
  'guardduty:UpdateOrganizationConfiguration',
  'inspector2:UpdateOrganizationConfiguration',
  'logs:DeleteLogGroup',
  'logs:DeleteRetentionPolicy',
  'logs:PutRetentionPolicy',
  'securityhub:BatchDisableStandards',
  'securityhub:DeleteConfigurationPolicy',
  'securityhub:StartConfigurationPolicy*',
  'securityhub:UpdateConfigurationPolicy',
  'securityhub:UpdateOrganizationConfiguration',
  'securityhub:UpdateSecurityHubConfiguration',
];

/** Keeps whoever took an account over from hiding it, and from taking backups and keys away. */
export function tamperGuardRail(props: TamperGuardRailProps = {}): GuardRailDocument {
  return guardRail(
    {
      Sid: 'KeepRecordsDetectorsBackups',
      Effect: 'Deny',
      Action: SWITCHES,
      Resource: '*',
      Condition: except(BREAK_GLASS_ROLE),
    },
    {
      Sid: 'ChangeRecordsByDeploymentOnly',
      Effect: 'Deny',
      Action: SETTINGS,
      Resource: '*',
      Condition: except(BREAK_GLASS_ROLE, ...DEPLOYING_ROLES, ...DETECTING_ROLES),
    },
    {
      Sid: 'KeepReports',
      Effect: 'Deny',
      Action: [
        'events:DeleteRule',
        'events:DisableRule',
        'events:PutRule',
        'events:PutTargets',
        'events:RemoveTargets',
      ],
      Resource: `arn:*:events:*:*:rule/${MEMBER_RULES}*`,
      Condition: except(BREAK_GLASS_ROLE, ...DEPLOYING_ROLES),
    },
    {
      Sid: 'KeepKeys',
      Effect: 'Deny',
      Action: ['kms:DeleteImportedKeyMaterial', 'kms:DisableKey', 'kms:DisableKeyRotation', 'kms:ScheduleKeyDeletion'],
      Resource: '*',
      Condition: except(BREAK_GLASS_ROLE, ...(props.keyErasers ?? [])),
    },
  );
}
