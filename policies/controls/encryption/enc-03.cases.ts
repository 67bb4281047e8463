import { type ControlCases, change, remove, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import { databaseCases } from './enc-03-database.cases';

const cluster = 'AWS::RDS::DBCluster';
const group = 'AWS::RDS::DBClusterParameterGroup';
const proxy = 'AWS::RDS::DBProxy';
const task = 'AWS::ECS::TaskDefinition';
const lambda = 'AWS::Lambda::Function';

/** Parameter names hold dots, which a dotted path cannot say. */
const setting = (type: string, name: string, value: unknown) =>
  change(type, (properties) => {
    properties.Parameters = { ...(properties.Parameters as Json), [name]: value };
  });
const variable = (name: string, value: unknown) => ({ Name: name, Value: value });
const inContainer = (...environment: readonly unknown[]) =>
  set(task, 'ContainerDefinitions.0.Environment', environment);

const aurora16 = (properties: Json, parameters: Json = { 'rds.force_ssl': '1' }): Json => ({
  Resources: {
    Settings: { Type: group, Properties: { Family: 'aurora-postgresql16', Parameters: parameters } },
    Db: { Type: cluster, Properties: { Engine: 'aurora-postgresql', EngineVersion: '16.8', ...properties } },
  },
});
const lone = (properties: Json): Json => ({
  Resources: { Db: { Type: 'AWS::RDS::DBInstance', Properties: properties } },
});
const only = (Type: string, Properties: Json): Json => ({ Resources: { It: { Type, Properties } } });

const whole = 'cluster behind its own group, a proxy, a container and a function';

export const cases: ControlCases = {
  compliant: {
    [whole]: {
      template: {
        Resources: {
          Settings: {
            Type: group,
            Properties: {
              Family: 'aurora-postgresql16',
              Parameters: { 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.2' },
            },
          },
          Db: {
            Type: cluster,
            Properties: {
              Engine: 'aurora-postgresql',
              EngineVersion: '16.8',
              DBClusterParameterGroupName: { Ref: 'Settings' },
            },
          },
          Writer: { Type: 'AWS::RDS::DBInstance', Properties: { DBClusterIdentifier: { Ref: 'Db' } } },
          Proxy: { Type: proxy, Properties: { EngineFamily: 'POSTGRESQL', RequireTLS: true } },
          Task: {
            Type: task,
            Properties: {
              ContainerDefinitions: [
                {
                  Environment: [
                    variable('PGHOST', { 'Fn::GetAtt': ['Db', 'Endpoint.Address'] }),
                    variable('PGSSLMODE', 'verify-full'),
                    variable('PGSSLROOTCERT', '/etc/ssl/rds.pem'),
                  ],
                },
              ],
            },
          },
          Handler: {
            Type: lambda,
            Properties: {
              Environment: {
                Variables: {
                  DATABASE_URL: {
                    'Fn::Join': ['', ['postgres://', { Ref: 'Db' }, ':5432/app?sslmode=verify-full']],
                  },
                },
              },
            },
          },
        },
      },
    },
    'TLS 1.3 asked for and demanded': {
      figures: { 'data.minTls': '1.3' },
      template: aurora16(
        { DBClusterParameterGroupName: { Ref: 'Settings' } },
        { 'rds.force_ssl': 'true', ssl_min_protocol_version: 'TLSv1.3' },
      ),
    },
    'PostgreSQL 17 without a group of its own, which demands TLS by default': {
      template: only(cluster, { Engine: 'aurora-postgresql', EngineVersion: '17.7' }),
    },
    'lone MySQL with a group of its own': {
      template: {
        Resources: {
          Settings: {
            Type: 'AWS::RDS::DBParameterGroup',
            Properties: {
              Family: 'mysql8.4',
              Parameters: { require_secure_transport: 'ON', tls_version: 'TLSv1.2,TLSv1.3' },
            },
          },
          Db: {
            Type: 'AWS::RDS::DBInstance',
            Properties: { Engine: 'mysql', DBParameterGroupName: { Ref: 'Settings' } },
          },
        },
      },
    },
  },
  mutations: [
    {
      name: 'clear text let in',
      of: whole,
      edit: setting(group, 'rds.force_ssl', '0'),
      expect: { message: 'notForced', at: 'Db' },
    },
    {
      name: 'clear text let in by the default of an old version',
      of: whole,
      edit: set(group, 'Parameters', { ssl_min_protocol_version: 'TLSv1.2' }),
      expect: { message: 'notForced', at: 'Db' },
      notShipped: 'PostgreSQL 17 demands TLS by default, so this edit breaks nothing there',
    },
    {
      name: 'a group that is there, but not referred to',
      of: whole,
      edit: remove(cluster, 'DBClusterParameterGroupName'),
      expect: { message: 'notForced', at: 'Db' },
      notShipped: 'PostgreSQL 17 demands TLS by default, so this edit breaks nothing there',
    },
    {
      name: 'the group that Aurora brings along',
      of: whole,
      edit: change(cluster, (properties) => {
        properties.DBClusterParameterGroupName = 'default.aurora-postgresql16';
        properties.EngineVersion = '16.8';
      }),
      expect: { message: 'notForced', at: 'Db' },
    },
    {
      name: 'TLS 1.1 accepted',
      of: whole,
      edit: setting(group, 'ssl_min_protocol_version', 'TLSv1.1'),
      expect: { message: 'oldTls', at: 'Db' },
    },
    {
      name: 'a group that is somewhere else',
      of: whole,
      edit: set(cluster, 'DBClusterParameterGroupName', 'somebody-elses'),
      expect: { message: 'not-assessed', at: 'Db' },
    },
    {
      name: 'TLS 1.2 accepted where 1.3 is asked for',
      of: 'TLS 1.3 asked for and demanded',
      edit: setting(group, 'ssl_min_protocol_version', 'TLSv1.2'),
      expect: { message: 'oldTls', at: 'Db' },
      notShipped: 'the figure of the default profile is TLS 1.2',
    },
    {
      name: 'the version of a bygone list',
      of: 'lone MySQL with a group of its own',
      edit: set('AWS::RDS::DBParameterGroup', 'Parameters.tls_version', 'TLSv1,TLSv1.1,TLSv1.2'),
      expect: { message: 'oldTls', at: 'Db' },
      notShipped: 'the project deploys no MySQL',
    },
    {
      name: 'MySQL left to its default',
      of: 'lone MySQL with a group of its own',
      edit: remove('AWS::RDS::DBParameterGroup', 'Parameters.require_secure_transport'),
      expect: { message: 'notForced', at: 'Db' },
      notShipped: 'the project deploys no MySQL',
    },
    ...[false, undefined].map((value) => ({
      name: `a proxy that takes clear text: ${value}`,
      of: whole,
      edit: value === undefined ? remove(proxy, 'RequireTLS') : set(proxy, 'RequireTLS', value),
      expect: { message: 'proxyInClear' },
      notShipped: 'the project deploys no proxy',
    })),
    ...['require', 'prefer', 'no-verify', 'verify-ca', 'disable'].map((mode) => ({
      name: `PGSSLMODE ${mode}`,
      of: whole,
      edit: inContainer(variable('PGHOST', 'db'), variable('PGSSLMODE', mode)),
      expect: { message: 'weakMode' },
      notShipped: 'the project deploys no container',
    })),
    {
      name: 'a host without a mode',
      of: whole,
      edit: inContainer(variable('PGHOST', 'db')),
      expect: { message: 'modeMissing' },
      notShipped: 'the project deploys no container',
    },
    {
      name: 'verification switched off for the whole process',
      of: whole,
      edit: set(lambda, 'Environment.Variables', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
      expect: { message: 'unverified' },
      notShipped: 'no function of the project opens a database connection',
    },
    {
      name: 'verification switched off as a number',
      of: whole,
      edit: set(lambda, 'Environment.Variables', { NODE_TLS_REJECT_UNAUTHORIZED: 0 }),
      expect: { message: 'unverified' },
      notShipped: 'no function of the project opens a database connection',
    },
    {
      name: 'verification switched off in driver options',
      of: whole,
      edit: set(lambda, 'Environment.Variables', { DB_OPTIONS: '{"ssl":{"rejectUnauthorized":false}}' }),
      expect: { message: 'unverified' },
      notShipped: 'no function of the project opens a database connection',
    },
    {
      name: 'a connection string that asks for less',
      of: whole,
      edit: set(lambda, 'Environment.Variables', {
        DSN: { 'Fn::Sub': `postgresql://app:{{resolve:secretsmanager:x}}@\${Db.Endpoint.Address}/app?sslmode=require` },
      }),
      expect: { message: 'weakMode' },
      notShipped: 'refers to the cluster of the case',
    },
    {
      name: 'a connection string without a mode',
      of: whole,
      edit: set(lambda, 'Environment.Variables', { DSN: 'postgres://db:5432/app' }),
      expect: { message: 'modeMissing' },
      notShipped: 'no function of the project opens a database connection',
    },
  ],
  others: [
    {
      name: 'fails closed without any database',
      template: only('AWS::S3::Bucket', {}),
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a function that knows of no database is no concern',
      presentOnly: true,
      template: only(lambda, { Environment: { Variables: { TABLE: 'x', TOKEN: '{{resolve:ssm:x}}' } } }),
      expect: {},
    },
    {
      name: 'a mode in the environment settles the connection string beside it',
      presentOnly: true,
      template: only(lambda, {
        Environment: { Variables: { DATABASE_URL: 'postgres://db/app', PGSSLMODE: 'verify-full' } },
      }),
      expect: { It: 'satisfied' },
    },
    {
      name: 'a connection string that is fetched at run time cannot be seen',
      presentOnly: true,
      template: only(task, {
        ContainerDefinitions: [{ Secrets: [{ Name: 'DATABASE_URL', ValueFrom: 'arn:aws:secretsmanager:x' }] }],
      }),
      expect: { It: 'not-assessed' },
    },
    {
      name: 'an environment behind a parameter cannot be seen',
      presentOnly: true,
      template: {
        Parameters: { Any: { Type: 'String' } },
        ...only(lambda, { Environment: { Variables: { 'Fn::FindInMap': ['M', { Ref: 'Any' }, 'x'] } } }),
      },
      expect: { It: 'not-assessed' },
    },
    {
      name: 'the default of a version that cannot be seen is not assessed',
      template: only(cluster, { Engine: 'aurora-postgresql' }),
      expect: { It: 'not-assessed' },
    },
    {
      name: 'TLS demanded in one branch alone breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        ...aurora16(
          { DBClusterParameterGroupName: { Ref: 'Settings' } },
          { 'rds.force_ssl': { 'Fn::If': ['IsProd', '1', '0'] } },
        ),
      },
      expect: { Db: { message: 'notForced' } },
    },
    {
      name: 'PostgreSQL 15 on its own demands TLS by default',
      template: lone({ Engine: 'postgres', EngineVersion: 15 }),
      expect: { Db: 'satisfied' },
    },
    {
      name: 'PostgreSQL 14 on its own does not',
      template: lone({ Engine: 'postgres', EngineVersion: '14.10' }),
      expect: { Db: { message: 'notForced' } },
    },
    {
      name: 'MySQL without a group does not',
      template: lone({ Engine: 'mysql', EngineVersion: '8.4.3' }),
      expect: { Db: { message: 'notForced' } },
    },
    {
      name: 'an engine that this control does not know is named',
      template: lone({ Engine: 'oracle-ee' }),
      expect: { Db: 'not-assessed' },
    },
    {
      name: 'a replica whose engine is somewhere else cannot be seen',
      template: lone({ SourceDBInstanceIdentifier: 'arn:aws:rds:eu-central-1:111122223333:db:x' }),
      expect: { Db: 'not-assessed' },
    },
    {
      name: 'a database of another kind is not passed over in silence',
      template: only('AWS::DocDB::DBCluster', {}),
      expect: { It: 'not-assessed' },
    },
  ],
  absentKeeps: {
    'AWS::RDS::DBClusterParameterGroup: Parameters.ssl_min_protocol_version':
      'TLSv1.2: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html',
    'AWS::Lambda::Function: Environment.Variables.DATABASE_URL': 'a function that is told of no database opens none',
    'AWS::RDS::DBParameterGroup: Parameters.tls_version':
      'TLSv1.2 and newer: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.html',
  },
  indifferent: {
    'AWS::RDS::DBInstance: DBClusterIdentifier': 'decides only whose settings count: the cluster is judged by itself',
  },
  database: databaseCases,
};
