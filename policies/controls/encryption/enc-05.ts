import { defineControl } from '../../../lib/control/control';
import { keysMode, s3Sse } from '../parameters';
import { judgeBucket } from './object-storage';
import { storageMatrix } from './storage-matrix';
import { diskLists, judgeDisks, judgeGlobalTable, judgeStore } from './stored-data';
import { unknownStores } from './unknown-stores';

const judged = [
  'AWS::S3::Bucket',
  'AWS::S3Express::DirectoryBucket',
  'AWS::DynamoDB::GlobalTable',
  ...Object.keys(diskLists),
  ...Object.keys(storageMatrix),
];
const known = new Set(judged);

/** ENC-05: everything that stores data and is no relational database (enc-04). */
export const control = defineControl({
  id: 'enc-05',
  title:
    'Objects and all other stored data are encrypted at rest, with the algorithm and the keys that the profile asks for',
  family: 'encryption',
  claims: [
    'cfeu-rest-aes256gcm',
    'cfeu-file-sse',
    'cly-s3-aes256',
    'cly-kms-managed-keys',
    'cly-s3-sse-s3',
    'cly-esign-org-bucket',
    'clvr-backups-files-s3',
    'clvr-db-aes256-platform-keys',
    'clvr-backup-s3-sse',
  ],
  doesNotProve:
    'What a single object is encrypted with: an upload may name another key that its sender may use, and objects older than the setting keep theirs. Nor what user directories and stores outside the templates do, and who may use the keys (key-01).',
  runbook: 'encrypt-existing-store',
  parameters: { 'keys.mode': keysMode, 's3.sse': s3Sse },
  messages: {
    missing: {
      violation: 'no bucket is deployed, so nothing keeps the promise of encrypted files and backups',
      fix: 'deploy the buckets of files and backups with a customer-managed encryptionKey',
    },
    unencrypted: {
      violation: '{name} ({type}) stores its data in clear text: {property} is {value}',
      fix: 'switch encryption at rest on and name a customer-managed key; most stores must be made anew and filled from a copy',
    },
    platformKey: {
      violation: '{name} ({type}) is encrypted with a key that AWS manages: {property} is {value}',
      fix: 'name the customer-managed key of this kind of data',
    },
    wrongKind: {
      violation:
        '{name} ({type}) names a key that cannot encrypt stored data: {property} is {value}, of the kind {kind}',
      fix: 'name a key with the specification SYMMETRIC_DEFAULT',
    },
    weakAlgorithm: {
      violation: 'bucket {name} encrypts objects without KMS: its algorithm is {algorithm}',
      fix: 'set encryption: BucketEncryption.KMS and encryptionKey to the customer-managed key of these files',
    },
    callerKeys: {
      violation:
        'bucket {name} lets uploads bring keys of their own (SSE-C), which KMS never sees: {property} is {value}',
      fix: 'set blockedEncryptionTypes to [BlockedEncryptionType.SSE_C]',
    },
  },
  template: {
    judges: judged,
    expects: 'at-least-one',
    expected: ['AWS::S3::Bucket'],
    judge: (store, context) => {
      const row = storageMatrix[store.type];
      const disks = diskLists[store.type];
      if (row) {
        return judgeStore(store, row, context);
      }
      if (disks !== undefined) {
        return judgeDisks(store, disks, context);
      }
      return store.type === 'AWS::DynamoDB::GlobalTable'
        ? judgeGlobalTable(store, context)
        : judgeBucket(store, context);
    },
    judgeWhole: ({ scope }) => unknownStores(scope.graph, known),
  },
});
