import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { keysMode } from '../parameters';

/** ENC-04: databases. Aurora keeps encryption on the cluster; an instance of a cluster has none of its own. */
export const control = defineControl({
  id: 'enc-04',
  title: 'Every database and its snapshots are encrypted at rest with AES-256, with the key that the profile asks for',
  family: 'encryption',
  claims: [
    'cfeu-rest-aes256gcm',
    'cfeu-db-tde-aes256',
    'cfus-rest-aes256',
    'cly-aurora-encrypted',
    'cly-trust-ledger-protection',
    'cly-calendar-encrypted-store',
    'clvr-db-aes256-platform-keys',
  ],
  doesNotProve:
    'Which block mode AWS uses inside the volume (Aurora documents AES-256 and no more), what snapshots made by hand or copied to other accounts are encrypted with, and who may use the key (key-01).',
  runbook: 'move-database-to-encrypted-cluster',
  parameters: { 'keys.mode': keysMode },
  messages: {
    missing: {
      violation: 'no database is deployed, so nothing keeps the promise of encrypted databases',
      fix: 'deploy the database with storageEncrypted and a customer-managed storageEncryptionKey',
    },
    unencrypted: {
      violation: 'database {name} stores its data in clear text: {property} is {value}',
      fix: 'set storageEncrypted: true; an existing database must be restored from an encrypted snapshot copy',
    },
    platformKey: {
      violation: 'database {name} is encrypted with a key that AWS owns: KmsKeyId is {value}',
      fix: 'set storageEncryptionKey to the customer-managed key of the database domain',
    },
  },
  template: {
    judges: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::RDS::GlobalCluster'],
    expects: 'at-least-one',
    judge: (database, { figures }) => {
      if (database.type === 'AWS::RDS::DBInstance' && database.at('DBClusterIdentifier').state() === 'known') {
        return notApplicable('its cluster decides how it is stored');
      }
      const source = sourceOf(database);
      if (source) {
        return source;
      }
      // Restored storage keeps the encryption of its snapshot, which the template does not show: the explicit value still has to be there.
      const encrypted = decide(database.bool('StorageEncrypted'), {
        known: (on) => (on ? satisfied : finding('unencrypted')),
        absent: () => finding('unencrypted'),
      });
      const asksForOwnKey = figures.choice('keys.mode') === 'customer' && database.type !== 'AWS::RDS::GlobalCluster';
      // What is not encrypted is encrypted with no key at all.
      const isClear = encrypted.some(({ verdict }) => verdict === 'not-satisfied');
      return asksForOwnKey && !isClear ? [...encrypted, ...customerKey(database)] : encrypted;
    },
  },
});

/**
 * A read replica of the same Region takes both switch and key from its source, and may name neither itself.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
 */
function sourceOf(database: Subject): Outcome | undefined {
  const named = ['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier']
    .filter((path) => database.type === 'AWS::RDS::DBInstance' && database.at(path).resolved.kind !== 'absent')
    .map((path) => database.at(path));
  const [source] = named;
  const saysItself = ['StorageEncrypted', 'KmsKeyId'].some((path) => database.at(path).resolved.kind !== 'absent');
  if (!source || saysItself) {
    return undefined;
  }
  const { resolved } = source;
  return resolved.kind === 'reference' && /^AWS::RDS::DB(Instance|Cluster)$/.test(resolved.resource.type)
    ? notApplicable('a replica is stored as its source is, which is judged by itself')
    : notAssessed('a replica is stored as its source is, which is not here', source.path);
}

function customerKey(database: Subject): readonly Outcome[] {
  const key = database.at('KmsKeyId');
  return decide(key.pattern(), {
    known: (name) => (/alias\/aws\//.test(name) ? finding('platformKey') : satisfied),
    absent: () => finding('platformKey'),
  });
}
