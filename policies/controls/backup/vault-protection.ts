import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { coversAction, deniesEveryone, type PolicyDocument, statementsOf } from '../../../lib/template/policy-document';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** Where stores of live data name their key. */
const keysOfLiveData: readonly (readonly [type: string, path: string])[] = [
  ['AWS::RDS::DBCluster', 'KmsKeyId'],
  ['AWS::RDS::DBInstance', 'KmsKeyId'],
  ['AWS::DocDB::DBCluster', 'KmsKeyId'],
  ['AWS::Neptune::DBCluster', 'KmsKeyId'],
  ['AWS::DynamoDB::Table', 'SSESpecification.KMSMasterKeyId'],
  ['AWS::EFS::FileSystem', 'KmsKeyId'],
  [
    'AWS::S3::Bucket',
    'BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.KMSMasterKeyID',
  ],
];

/**
 * Whether a vault has a key of its own: one of the customer, which no store of live data uses. Without a key AWS takes its own.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-backup-backupvault.html
 */
export function judgeVaultKey(vault: Subject, scope: Scope): readonly Outcome[] {
  const place = vault.at('EncryptionKeyArn');
  return decide(place.pattern(), {
    known: (name) => {
      if (/alias\/aws\//.test(name)) {
        return finding('platformKey');
      }
      const { resolved } = place;
      if (resolved.kind !== 'reference') {
        return isShared(name, scope) ?? satisfied;
      }
      const key = scope.subject(resolved.resource);
      const [user] = keysOfLiveData.flatMap(([type, path]) => scope.referring(key, type, path));
      return user ? finding('sharedKey', undefined, { store: user.logicalId }) : satisfied;
    },
    absent: () => finding('platformKey'),
  });
}

/** A key that both sides name by the same literal ARN. */
function isShared(name: string, scope: Scope): Outcome | undefined {
  const users = keysOfLiveData
    .filter(([, path]) => !path.includes('*'))
    .flatMap(([type, path]) =>
      scope.resources(type).filter((store) => {
        const { resolved } = store.at(path);
        return resolved.kind === 'scalar' && String(resolved.value) === name;
      }),
    );
  return users[0] && finding('sharedKey', undefined, { store: users[0].logicalId });
}

/** Days in which a lock may be taken back: a quarter is time enough to try it. AWS Backup takes a hundred years. */
const longestOpen = 90;

/** What nobody may do to a backup, not even in the days before the lock is final. */
const weakening = ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'];

/**
 * Whether nobody can empty a vault: its lock is final some days after it was set, and its policy holds until then. An air-gapped vault is
 * locked from the beginning.
 *
 * Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
 */
export function judgeVaultGuard(vault: Subject): readonly Outcome[] {
  if (vault.type === 'AWS::Backup::LogicallyAirGappedBackupVault') {
    return [satisfied];
  }
  const lock = vault.at('LockConfiguration');
  if (lock.resolved.kind === 'absent') {
    lock.state();
    return [finding('unlocked')];
  }
  const mode = decide(lock.at('ChangeableForDays').number(), {
    known: (days) => {
      if (days < 3) {
        return notAssessed(`AWS Backup takes 3 days or more, got ${days}`);
      }
      return days > longestOpen ? finding('lateLock', undefined, { days, longest: longestOpen }) : satisfied;
    },
    absent: () => finding('governance'),
  });
  return [...mode, ...judgePolicy(vault)];
}

function judgePolicy(vault: Subject): readonly Outcome[] {
  const place = vault.at('AccessPolicy');
  const deletable = (action: string) => finding('deletable', 'AccessPolicy', { action });
  return decide(statementsOf(place), {
    known: (document) => {
      const open = weakening.find((action) => !isDenied(document, action));
      if (open === undefined) {
        return satisfied;
      }
      const hidden = document.unresolved[0];
      return hidden ? notAssessed(hidden.reason, hidden.property) : deletable(open);
    },
    absent: () => deletable(weakening.join(' and ')),
  });
}

function isDenied({ statements }: PolicyDocument, action: string): boolean {
  return statements.some((statement) => {
    const everybody = deniesEveryone(statement);
    const covered = coversAction(statement, action);
    return (
      everybody.kind === 'known' &&
      everybody.value &&
      covered.kind === 'known' &&
      covered.value &&
      statement.resources.values.includes('*') &&
      statement.conditions.list.length + statement.conditions.unresolved.length === 0
    );
  });
}
