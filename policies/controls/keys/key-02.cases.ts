import { type ControlCases, remove, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';

const key = 'AWS::KMS::Key';
const instance = 'AWS::RDS::DBInstance';
const only = (properties: Json): Json => ({ Resources: { It: { Type: key, Properties: properties } } });
const rotating = (properties: Json): Json => ({
  Resources: {
    Rotating: { Type: key, Properties: { EnableKeyRotation: true } },
    It: { Type: key, Properties: properties },
  },
});

const base = 'rotating key, and a database with a current certificate';

export const cases: ControlCases = {
  compliant: {
    [base]: {
      template: {
        Resources: {
          It: { Type: key, Properties: { EnableKeyRotation: true, RotationPeriodInDays: 365 } },
          Db: {
            Type: instance,
            Properties: { DBClusterIdentifier: 'x', CACertificateIdentifier: 'rds-ca-rsa2048-g1' },
          },
        },
      },
    },
    'key that says outright what it is': {
      template: only({ KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS', EnableKeyRotation: 'true' }),
    },
    'key that rotates faster, where that is promised': {
      figures: { 'keys.rotationDays': 180 },
      template: only({ EnableKeyRotation: true, RotationPeriodInDays: 180 }),
    },
  },
  mutations: [
    ...[false, 'false'].map((value) => ({
      name: `rotation switched off: ${JSON.stringify(value)}`,
      of: base,
      edit: set(key, 'EnableKeyRotation', value),
      expect: { message: 'notRotated' },
    })),
    {
      name: 'rotation forgotten',
      of: base,
      edit: remove(key, 'EnableKeyRotation'),
      expect: { message: 'notRotated' },
    },
    {
      name: 'a day later than promised',
      of: base,
      edit: set(key, 'RotationPeriodInDays', 366),
      expect: { message: 'tooSlow' },
    },
    {
      name: 'the slowest rotation that KMS takes, as text',
      of: base,
      edit: set(key, 'RotationPeriodInDays', '2560'),
      expect: { message: 'tooSlow' },
    },
    {
      name: 'the default period where a shorter one is promised',
      of: 'key that rotates faster, where that is promised',
      edit: remove(key, 'RotationPeriodInDays'),
      expect: { message: 'tooSlow' },
      notShipped: 'the default profile promises the default period',
    },
    {
      name: 'a period that KMS does not know',
      of: base,
      edit: set(key, 'RotationPeriodInDays', 30),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a certificate authority that has ended',
      of: base,
      edit: set(instance, 'CACertificateIdentifier', 'rds-ca-2019'),
      expect: { message: 'oldAuthority' },
    },
  ],
  others: [
    {
      name: 'fails closed without any key',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'keys that cannot rotate by themselves do not keep the promise',
      template: only({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
      expect: { It: 'not-applicable', '': { message: 'missing' } },
    },
    ...[
      { KeySpec: 'ECC_NIST_P256' },
      { KeySpec: 'HMAC_256' },
      { Origin: 'EXTERNAL' },
      { Origin: 'EXTERNAL_KEY_STORE', EnableKeyRotation: false },
    ].map((properties) => ({
      name: `a key that is rotated by hand: ${Object.values(properties)[0]}`,
      template: rotating(properties),
      expect: { It: 'not-applicable', Rotating: 'satisfied' } as const,
    })),
    {
      name: 'one branch without rotation breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        ...only({ EnableKeyRotation: { 'Fn::If': ['IsProd', true, { Ref: 'AWS::NoValue' }] } }),
      },
      expect: { It: { message: 'notRotated' } },
    },
    {
      name: 'a period that the deployer may choose too long is not assessed',
      template: {
        Parameters: { Days: { Type: 'Number', Default: 365, MinValue: 90, MaxValue: 2560 } },
        ...only({ EnableKeyRotation: true, RotationPeriodInDays: { Ref: 'Days' } }),
      },
      expect: { It: 'not-assessed' },
    },
    {
      name: 'an instance that names no authority has the current one',
      presentOnly: true,
      template: { Resources: { Db: { Type: instance, Properties: {} } } },
      expect: { Db: 'satisfied' },
    },
  ],
  absentKeeps: {
    'AWS::KMS::Key: RotationPeriodInDays':
      '365: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html',
    'AWS::KMS::Key: KeySpec':
      'SYMMETRIC_DEFAULT: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html',
    'AWS::KMS::Key: Origin':
      'AWS_KMS: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html',
    'AWS::RDS::DBInstance: CACertificateIdentifier':
      'rds-ca-rsa2048-g1: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html',
  },
};
