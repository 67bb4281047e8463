import { type ControlCases, remove, removeResource, set } from '../../../lib/control/cases';
import { databaseCases } from './ten-02-database.cases';

const schema = 'Custom::DatabaseSchema';
const cluster = 'AWS::RDS::DBCluster';
const group = 'AWS::RDS::DBClusterParameterGroup';

const template = () => ({
  Resources: {
    Group: {
      Type: group,
      Properties: {
        Family: 'aurora-postgresql17',
        Parameters: { 'rds.allowed_extensions': 'pgcrypto, pgaudit' } as Record<string, unknown>,
      },
    },
    Db: {
      Type: cluster,
      Properties: { Engine: 'aurora-postgresql', DBClusterParameterGroupName: { Ref: 'Group' } } as Record<
        string,
        unknown
      >,
    },
    Writer: {
      Type: 'AWS::RDS::DBInstance',
      Properties: { Engine: 'aurora-postgresql', DBClusterIdentifier: { Ref: 'Db' } },
    },
    Provision: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'handler.handler' } },
    Schema: {
      Type: schema,
      Properties: { Cluster: { Ref: 'Db' }, Mode: 'database', Provisioner: { 'Fn::GetAtt': ['Provision', 'Arn'] } },
    },
  },
});

/** Sets a parameter whose name has a dot in it. */
const allow = (value: unknown) => ({
  on: group,
  apply: (document: Record<string, unknown>, logicalId: string) => {
    const resources = document.Resources as Record<string, { Properties: { Parameters: Record<string, unknown> } }>;
    const parameters = resources[logicalId]?.Properties.Parameters ?? {};
    if (value === undefined) {
      delete parameters['rds.allowed_extensions'];
    } else {
      parameters['rds.allowed_extensions'] = value;
    }
  },
});

const of = 'a database for each tenant';

export const cases: ControlCases = {
  compliant: { [of]: { template: template() } },
  mutations: [
    {
      name: 'one database for all',
      of,
      edit: set(schema, 'Mode', 'rls'),
      expect: { message: 'weakerMode' },
    },
    {
      name: 'nothing that gives a tenant a database',
      of,
      edit: remove(schema, 'Provisioner'),
      expect: { message: 'noProvisioner' },
    },
    {
      name: 'no schema at all',
      of,
      edit: removeResource(schema),
      expect: { message: 'noSchema', at: 'Db' },
    },
    {
      name: 'every extension, because none is listed',
      of,
      edit: allow(undefined),
      expect: { message: 'anyExtension', at: 'Db' },
    },
    {
      name: 'every extension, by an asterisk',
      of,
      edit: allow('*'),
      expect: { message: 'anyExtension', at: 'Db' },
    },
    {
      name: 'trap 24: dblink among the extensions',
      of,
      edit: allow('pgcrypto,dblink'),
      expect: { message: 'door', at: 'Db' },
    },
    {
      name: 'a parameter group that is there and that the cluster does not refer to',
      of,
      edit: remove(cluster, 'DBClusterParameterGroupName'),
      expect: { message: 'anyExtension', at: 'Db' },
    },
    {
      name: 'the parameter group of Aurora itself',
      of,
      edit: set(cluster, 'DBClusterParameterGroupName', 'default.aurora-postgresql17'),
      expect: { message: 'anyExtension', at: 'Db' },
    },
  ],
  others: [
    {
      name: 'one database for all where nothing else was promised',
      template: { Resources: { Db: { Type: cluster, Properties: { Engine: 'aurora-postgresql' } } } },
      figures: { 'tenancy.mode': 'rls' },
      expect: { Db: 'not-applicable' },
    },
    {
      name: 'a provisioner of a kind that is not known',
      template: {
        Resources: {
          Queue: { Type: 'AWS::SQS::Queue' },
          Schema: { Type: schema, Properties: { Mode: 'database', Provisioner: { Ref: 'Queue' } } },
        },
      },
      presentOnly: true,
      expect: { Schema: 'not-assessed' },
    },
    { name: 'no database', template: { Resources: {} }, expect: { '': { message: 'missing' } } },
  ],
  indifferent: {
    'AWS::RDS::DBInstance: DBClusterIdentifier': 'an instance of a cluster has the schema of its cluster',
  },
  database: databaseCases,
};
