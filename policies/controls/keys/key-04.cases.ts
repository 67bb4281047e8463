import { type ControlCases, change, type Mutation, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';

const cluster = 'AWS::RDS::DBCluster';
const lambda = 'AWS::Lambda::Function';
const task = 'AWS::ECS::TaskDefinition';
const secret = 'AWS::SecretsManager::Secret';
const stored = 'AWS::SSM::Parameter';
const instance = 'AWS::EC2::Instance';

const only = (Type: string, Properties: Json, Parameters: Json = {}): Json => ({
  Parameters,
  Resources: { It: { Type, Properties } },
});
const fetched = `{{resolve:secretsmanager:arn:aws:secretsmanager:eu-central-1:111122223333:secret:x:SecretString:password}}`;
const variable = (name: string, value: unknown) => set(lambda, 'Environment.Variables', { [name]: value });

/** Made up, and put together here so that no scanner takes this file for a leak. */
const made = {
  'an AWS access key id': ['AKIA', 'QYZ7XW3NP5RTVB2C'],
  'an AWS secret access key': ['aws_secret_access_key = ', 'Zk3Qw8Lr1Tn6Vb0Xc5Mh9Jd2Fs7Ga4Pe8Yu1RtKo'],
  'a private key': ['-----BEGIN RSA PRIVATE KEY-----\n', 'MIIEowIBAAKCAQEAx3F0b7q2Vd9LmN8pQrStUvWxYz0123456789'],
  'a GitHub token': ['ghp_', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5'],
  'a GitLab token': ['glpat-', 'aB3dE5gH7jK9mN1pQ3sT'],
  'an npm token': ['npm_', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5'],
  'a Slack token': ['xoxb-', '123456789012-123456789012-aB3dE5gH7jK9mN1p'],
  'a Slack webhook': ['https://hooks.slack.com/services/T0AB1CD2E/B0AB1CD2E/', 'aB3dE5gH7jK9mN1pQ3sT5vW7'],
  'a Stripe key': ['sk_live_', 'aB3dE5gH7jK9mN1pQ3sT5vW7'],
  'a Google API key': ['AIza', 'SyA1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU1v'],
  'a Google client secret': ['GOCSPX-', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9b'],
  'a SendGrid key': ['SG.', 'aB3dE5gH7jK9mN1pQ3sT5v', '.aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5hI7jK9m'],
  'a signed token (JWT)': ['eyJhbGciOiJIUzI1NiJ9AAA', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.aB3dE5gH7jK9mN1pQ3sT5vW7yZ9b'],
  'a password in an address': ['postgres://app:', 'c0rrect-horse', '@db.internal:5432/app'],
  'a password that is set': ['export PGPASSWORD=', 'c0rrect-horse-battery'],
  'a secret that is set': ['api_key: ', 'aB3dE5gH7jK9mN1pQ3sT5vW7'],
} as const;
const text = (kind: keyof typeof made): string => made[kind].join('');

const whole = 'secrets fetched by reference, at deployment and at run time';

const inTexts: readonly Mutation[] = (Object.keys(made) as (keyof typeof made)[]).map((kind) => ({
  name: `${kind} in running text`,
  of: whole,
  edit: change(lambda, (properties) => {
    properties.Description = { 'Fn::Join': ['', [`Uses ${text(kind)} `, { Ref: 'AWS::Region' }]] };
  }),
  expect: { message: 'inTemplate' },
}));

export const cases: ControlCases = {
  compliant: {
    [whole]: {
      template: {
        Parameters: {
          Stage: { Type: 'String', Default: 'production' },
          SecretName: { Type: 'String', Default: 'app/database' },
          DeployerOnly: { Type: 'String', NoEcho: true },
        },
        Resources: {
          Secret: {
            Type: secret,
            Properties: {
              GenerateSecretString: { SecretStringTemplate: '{"username":"app"}', GenerateStringKey: 'password' },
            },
          },
          Fetched: {
            Type: cluster,
            Properties: {
              MasterUserPassword: {
                'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, ':SecretString:password::}}']],
              },
            },
          },
          Managed: { Type: cluster, Properties: { ManageMasterUserPassword: true } },
          Given: { Type: 'AWS::RDS::DBInstance', Properties: { MasterUserPassword: { Ref: 'DeployerOnly' } } },
          Handler: {
            Type: lambda,
            Properties: {
              Environment: {
                Variables: {
                  SECRET_ARN: { Ref: 'Secret' },
                  DB_SECRET: { Ref: 'Secret' },
                  TOKEN_URL: 'https://login.example.com/oauth2/token',
                  SECRET_NAME: 'app/database/production1',
                  PASSWORD_MIN_LENGTH: '12',
                },
              },
            },
          },
          Task: {
            Type: task,
            Properties: {
              ContainerDefinitions: [
                {
                  Environment: [{ Name: 'STAGE', Value: { Ref: 'Stage' } }],
                  Secrets: [{ Name: 'DB_PASSWORD', ValueFrom: { Ref: 'Secret' } }],
                },
              ],
            },
          },
          Host: {
            Type: instance,
            Properties: {
              UserData: {
                'Fn::Base64': { 'Fn::Sub': `#!/bin/sh\naws secretsmanager get-secret-value --secret-id \${Secret}` },
              },
            },
          },
          Stored: { Type: stored, Properties: { Type: 'String', Name: '/app/secret-arn', Value: { Ref: 'Secret' } } },
        },
        Outputs: { SecretArn: { Value: { Ref: 'Secret' } } },
      },
      files: {
        'manifest.json': '{"version":"48.0.0"}',
        'asset.1/index.js':
          'exports.handler = async ({ password }) => verify(password, token(process.env.SECRET_ARN));',
        'asset.1/logo.png': '\u0000',
      },
    },
  },
  mutations: [
    ...inTexts,
    {
      name: 'a password written out',
      of: whole,
      target: 'Managed',
      edit: set(cluster, 'MasterUserPassword', 'correct horse'),
      expect: { message: 'writtenOut' },
    },
    {
      name: 'a password from a parameter that shows it',
      of: whole,
      target: 'Managed',
      edit: change(cluster, (properties, template) => {
        template.Parameters = { ...(template.Parameters as Json), Shown: { Type: 'String' } };
        properties.MasterUserPassword = { Ref: 'Shown' };
      }),
      expect: { message: 'shownParameter' },
    },
    {
      name: 'a password that nothing here exports',
      of: whole,
      target: 'Managed',
      edit: set(cluster, 'MasterUserPassword', { 'Fn::ImportValue': 'nobody-exports-this' }),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a secret made from text in the template',
      of: whole,
      edit: set(secret, 'SecretString', '{"password":"correct horse"}'),
      expect: { message: 'writtenOut' },
      notShipped: 'RDS keeps the only secret, and no template holds it',
    },
    {
      name: 'a password in the environment of a function',
      of: whole,
      edit: variable('DB_PASSWORD', 'correct horse'),
      expect: { message: 'plainText' },
    },
    {
      name: 'a token in the environment of a function',
      of: whole,
      edit: variable('PARTNER_API_TOKEN', 'aB3dE5gH7jK9mN1pQ3sT'),
      expect: { message: 'plainText' },
    },
    {
      name: 'a secret fetched into the environment of a function',
      of: whole,
      edit: variable('CONFIG', { 'Fn::Sub': `x=${fetched}` }),
      expect: { message: 'plainText' },
    },
    {
      name: 'a parameter that only the deployer sees, shown in the environment of a function',
      of: whole,
      edit: change(lambda, (properties, template) => {
        template.Parameters = { ...(template.Parameters as Json), Hidden: { Type: 'String', NoEcho: 'true' } };
        properties.Environment = { Variables: { CONFIG: { 'Fn::Join': ['=', ['x', { Ref: 'Hidden' }]] } } };
      }),
      expect: { message: 'plainText' },
    },
    {
      name: 'an environment that cannot be read',
      of: whole,
      edit: set(lambda, 'Environment.Variables', { 'Fn::ImportValue': 'nobody-exports-this' }),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a secret fetched into the environment of a container',
      of: whole,
      edit: set(task, 'ContainerDefinitions.0.Environment', [{ Name: 'CONFIG', Value: fetched }]),
      expect: { message: 'plainText' },
      notShipped: 'the project deploys no container',
    },
    {
      name: 'containers that cannot be read',
      of: whole,
      edit: set(task, 'ContainerDefinitions', { 'Fn::ImportValue': 'nobody-exports-this' }),
      expect: { message: 'not-assessed' },
      notShipped: 'the project deploys no container',
    },
    {
      name: 'a secret fetched into the start script of a machine',
      of: whole,
      edit: set(instance, 'UserData', { 'Fn::Base64': `#!/bin/sh\nlogin ${fetched}` }),
      expect: { message: 'plainText' },
      notShipped: 'the project deploys no machine',
    },
    {
      name: 'the secret half of an access key in a stored parameter',
      of: whole,
      edit: set(stored, 'Value', { 'Fn::GetAtt': ['Key', 'SecretAccessKey'] }),
      expect: { message: 'plainText' },
      notShipped: 'the project stores no parameter',
    },
    {
      name: 'a secret stored as a plain parameter',
      of: whole,
      edit: change(stored, (properties) => {
        properties.Name = '/app/webhook-secret';
        properties.Value = 'correct horse';
      }),
      expect: { message: 'plainText' },
      notShipped: 'the project stores no parameter',
    },
    {
      name: 'an output of a fetched secret',
      of: whole,
      edit: change(lambda, (_, template) => {
        template.Outputs = { Shown: { Value: fetched } };
      }),
      expect: { message: 'output', at: 'Shown' },
    },
    {
      name: 'an output of the secret half of an access key',
      of: whole,
      edit: change(lambda, (_, template) => {
        template.Outputs = { Shown: { Value: { 'Fn::GetAtt': ['Key', 'SecretAccessKey'] } } };
      }),
      expect: { message: 'output', at: 'Shown' },
    },
    {
      name: 'an output of a parameter that only the deployer sees',
      of: whole,
      edit: change(lambda, (_, template) => {
        template.Parameters = { ...(template.Parameters as Json), Hidden: { Type: 'String', NoEcho: true } };
        template.Outputs = { Shown: { Value: { 'Fn::Sub': `x-\${Hidden}` } } };
      }),
      expect: { message: 'output', at: 'Shown' },
    },
    {
      name: 'a hidden parameter with a default',
      of: whole,
      edit: change(lambda, (_, template) => {
        template.Parameters = { ...(template.Parameters as Json), Hidden: { NoEcho: true, Default: 'correct horse' } };
      }),
      expect: { message: 'defaultSecret', at: 'Hidden' },
    },
    {
      name: 'a secret in metadata',
      of: whole,
      edit: change(lambda, (_, template) => {
        template.Metadata = { Note: text('a GitHub token') };
      }),
      expect: { message: 'inTemplate', at: 'Metadata' },
    },
  ],
  others: [
    {
      name: 'a password from a parameter with a default counts as written out',
      template: only(
        cluster,
        { MasterUserPassword: { Ref: 'Pass' } },
        { Pass: { Type: 'String', NoEcho: true, Default: 'correct horse' } },
      ),
      expect: { It: { message: 'writtenOut' }, Pass: { message: 'defaultSecret' } },
    },
    {
      name: 'a secret in a branch that nobody takes today is in the template all the same',
      template: {
        Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
        ...only('AWS::SNS::Topic', { DisplayName: { 'Fn::If': ['Never', text('an AWS access key id'), 'x'] } }),
      },
      expect: { It: { message: 'inTemplate' } },
    },
    {
      name: 'a password written out in one branch',
      template: {
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        ...only(
          cluster,
          { MasterUserPassword: { 'Fn::If': ['IsProd', fetched, 'correct horse'] } },
          { Stage: { Type: 'String', Default: 'prod' } },
        ),
      },
      expect: { It: { message: 'writtenOut' } },
    },
    {
      name: 'what documentation and templates write in place of a secret is none',
      template: only(lambda, {
        Description:
          'AKIAIOSFODNN7EXAMPLE, postgres://app:<password>@host, password=changeme, -----BEGIN PRIVATE KEY-----',
        Environment: {
          Variables: { API_KEY: 'your-api-key-goes-here-1', DB_PASSWORD: '********', TOKEN: '/app/token1' },
        },
      }),
      expect: { It: 'satisfied' },
    },
    {
      name: 'a secret in a file of the assembly, in an archive, and none in a picture',
      template: only('AWS::SNS::Topic', {}),
      files: {
        'asset.1/.env': `X=1\n${text('a Stripe key')}\n`,
        'cdk.context.json': JSON.stringify({ token: text('a signed token (JWT)') }),
        'asset.2.zip': 'PK\u0003\u0004\u0000\u0000',
        'asset.1/logo.png': '\u0000',
      },
      expect: {
        '.env': { message: 'inFile' },
        'cdk.context.json': { message: 'inFile' },
        'asset.2.zip': 'not-assessed',
        'logo.png': 'not-applicable',
      },
    },
    {
      name: 'a list of passwords, one of them written out',
      template: only('AWS::ElastiCache::User', { Passwords: [fetched, 'correct horse'] }),
      expect: { It: { message: 'writtenOut' } },
    },
  ],
  absentKeeps: Object.fromEntries(
    [cluster, 'AWS::RDS::DBInstance'].map((type) => [
      `${type}: MasterUserPassword`,
      'no password is given: it is managed, or comes from a snapshot',
    ]),
  ),
};
