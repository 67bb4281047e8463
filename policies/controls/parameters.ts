import type { Parameter } from '../../lib/control/parameter';

/** Who holds the keys that encrypt stored data. Shared by the controls that judge stores and the one that judges keys. */
export const keysMode: Parameter = {
  kind: 'choice',
  weakestFirst: ['platform', 'customer'],
  default: 'customer',
  description: 'keys that encrypt stored data: owned by the platform, or managed by the customer of AWS',
};

/** How S3 encrypts what it stores by default. */
export const s3Sse: Parameter = {
  kind: 'choice',
  weakestFirst: ['AES256', 'aws:kms'],
  default: 'aws:kms',
  description: 'server-side encryption of objects: with keys of S3 itself, or with KMS keys',
};

/** Longest time between two automatic rotations of a key. */
export const keysRotationDays: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 365,
  unit: 'days',
  description: 'longest time between two automatic rotations of a key',
};

/** Lowest TLS version that a connection to the database may use. */
export const dataMinTls: Parameter = {
  kind: 'choice',
  weakestFirst: ['1.2', '1.3'],
  default: '1.2',
  description: 'lowest TLS version that a connection to the database may use',
};
