import { type ControlCases, remove, removeResource, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';

const rule = 'AWS::Config::ConfigRule';
const secret = 'AWS::SecretsManager::Secret';
const schedule = 'AWS::SecretsManager::RotationSchedule';

const managed = (SourceIdentifier: string, InputParameters: object) => ({
  Type: rule,
  Properties: { Source: { Owner: 'AWS', SourceIdentifier }, InputParameters },
});

const watches = {
  Keys: managed('ACCESS_KEYS_ROTATED', { maxAccessKeyAge: '90' }),
  Passwords: managed('IAM_PASSWORD_POLICY', { MaxPasswordAge: '90', MinimumPasswordLength: '14' }),
  Secrets: managed('SECRETSMANAGER_SECRET_PERIODIC_ROTATION', { maxDaysSinceRotation: '90' }),
};

const rotated = {
  Login: { Type: secret, Properties: { GenerateSecretString: {} } },
  Rotation: {
    Type: schedule,
    Properties: { SecretId: { Ref: 'Login' }, RotationRules: { AutomaticallyAfterDays: 30 } },
  },
};

const whole = 'rules that watch every age, a secret that is rotated and one that is watched';
const noSchedule = 'the project deploys no secret with a schedule of its own';
const is = (identifier: string) => (resource: Json) => JSON.stringify(resource).includes(`"${identifier}"`);

export const cases: ControlCases = {
  compliant: {
    'a secret that is replaced by the calendar': {
      template: {
        Resources: {
          ...watches,
          Login: rotated.Login,
          Rotation: {
            Type: schedule,
            Properties: { SecretId: { Ref: 'Login' }, RotationRules: { ScheduleExpression: 'cron(0 4 1 * ? *)' } },
          },
        },
      },
    },
    [whole]: {
      template: {
        Resources: { ...watches, ...rotated, Vendor: { Type: secret, Properties: { Description: 'key of a vendor' } } },
      },
    },
  },
  mutations: [
    {
      name: 'a secret is replaced twice a year by the calendar',
      of: whole,
      edit: set(schedule, 'RotationRules', { ScheduleExpression: 'cron(0 4 1 1,7 ? *)' }),
      expect: { message: 'slow', at: 'Login' },
      notShipped: noSchedule,
    },
    {
      name: 'secrets with a tag alone are looked at',
      of: whole,
      edit: set(rule, 'Scope', { TagKey: 'watched' }),
      target: 'Secrets',
      expect: { message: 'partial' },
      shippedWhere: is('SECRETSMANAGER_SECRET_PERIODIC_ROTATION'),
    },
    {
      name: 'access keys may be a year old',
      of: whole,
      edit: set(rule, 'InputParameters.maxAccessKeyAge', '365'),
      target: 'Keys',
      expect: { message: 'late' },
      shippedWhere: is('ACCESS_KEYS_ROTATED'),
    },
    {
      name: 'passwords may be 91 days old',
      of: whole,
      edit: set(rule, 'InputParameters.MaxPasswordAge', 91),
      target: 'Passwords',
      expect: { message: 'late' },
      shippedWhere: is('IAM_PASSWORD_POLICY'),
    },
    {
      name: 'secrets may be a year old',
      of: whole,
      edit: set(rule, 'InputParameters.maxDaysSinceRotation', '365'),
      target: 'Secrets',
      expect: { message: 'late' },
      shippedWhere: is('SECRETSMANAGER_SECRET_PERIODIC_ROTATION'),
    },
    {
      name: 'nothing watches access keys',
      of: whole,
      edit: removeResource(rule),
      target: 'Keys',
      expect: { message: 'missing', at: '' },
      shippedWhere: is('ACCESS_KEYS_ROTATED'),
    },
    {
      name: 'nothing watches passwords',
      of: whole,
      edit: set(rule, 'Source.SourceIdentifier', 'IAM_USER_MFA_ENABLED'),
      target: 'Passwords',
      expect: { message: 'missing', at: '' },
      shippedWhere: is('IAM_PASSWORD_POLICY'),
    },
    {
      name: 'a secret is replaced twice a year',
      of: whole,
      edit: set(schedule, 'RotationRules.AutomaticallyAfterDays', 180),
      expect: { message: 'slow', at: 'Login' },
      notShipped: noSchedule,
    },
    {
      name: 'a schedule says no time',
      of: whole,
      edit: remove(schedule, 'RotationRules'),
      expect: { message: 'not-assessed', at: 'Login' },
      notShipped: noSchedule,
    },
    {
      name: 'a schedule that is not understood',
      of: whole,
      edit: set(schedule, 'RotationRules', { ScheduleExpression: 'cron(0 4 LW * ? *)' }),
      expect: { message: 'not-assessed', at: 'Login' },
      notShipped: noSchedule,
    },
  ],
  others: [
    {
      name: 'fails for a secret that nobody replaces and nothing watches',
      template: { Resources: { Vendor: { Type: secret, Properties: {} } } },
      expect: { Vendor: { message: 'unwatched' }, '': { message: 'missing' } },
    },
    {
      name: 'a secret with a schedule needs no watch',
      template: { Resources: rotated },
      presentOnly: true,
      expect: { Login: 'satisfied' },
    },
    {
      name: 'a schedule may name the attachment to a database',
      template: {
        Resources: {
          Login: rotated.Login,
          Attachment: {
            Type: 'AWS::SecretsManager::SecretTargetAttachment',
            Properties: { SecretId: { Ref: 'Login' } },
          },
          Rotation: {
            Type: schedule,
            Properties: { SecretId: { Ref: 'Attachment' }, RotationRules: { ScheduleExpression: 'rate(10 days)' } },
          },
        },
      },
      presentOnly: true,
      expect: { Login: 'satisfied' },
    },
    {
      name: 'rules without parameters find after 90 days',
      template: { Resources: { ...watches, Keys: managed('ACCESS_KEYS_ROTATED', {}) } },
      expect: { Keys: 'satisfied', '': 'satisfied' },
    },
    {
      name: 'rules without parameters are too late where 60 days are promised',
      figures: { 'credentials.maxAgeDays': 60 },
      template: { Resources: { Keys: managed('ACCESS_KEYS_ROTATED', {}) } },
      expect: { Keys: { message: 'late' } },
    },
    {
      name: 'other rules are no concern',
      template: {
        Resources: {
          ...watches,
          Databases: managed('RDS_STORAGE_ENCRYPTED', {}),
          Own: { Type: rule, Properties: { Source: { Owner: 'CUSTOM_POLICY' } } },
        },
      },
      expect: { Databases: 'not-applicable', Own: 'not-applicable' },
    },
  ],
  absentKeeps: {
    [`${rule}: InputParameters.*`]:
      '90 days: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html',
    [`${schedule}: SecretId`]: 'then the secret is watched',
  },
};
