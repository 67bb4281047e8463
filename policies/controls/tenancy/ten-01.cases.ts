import { type ControlCases, removeResource, set } from '../../../lib/control/cases';
import { databaseCases } from './ten-01-database.cases';

const schema = 'Custom::DatabaseSchema';
const cluster = 'AWS::RDS::DBCluster';

const template = (over: Readonly<Record<string, unknown>> = {}) => ({
  Resources: {
    Db: { Type: cluster, Properties: { Engine: 'aurora-postgresql' } },
    Writer: {
      Type: 'AWS::RDS::DBInstance',
      Properties: { Engine: 'aurora-postgresql', DBClusterIdentifier: { Ref: 'Db' } },
    },
    Migrate: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'handler.handler' } },
    Schema: {
      Type: schema,
      Properties: {
        ServiceToken: { 'Fn::GetAtt': ['Migrate', 'Arn'] },
        Cluster: { Ref: 'Db' },
        Mode: 'database',
        TenantKey: 'tenant_id',
        ...over,
      },
    },
  },
});

const indifferentEngine = 'an instance of a cluster has the schema of its cluster';

export const cases: ControlCases = {
  compliant: {
    'a database for each tenant': { template: template() },
    'one database for all': {
      template: template({ Mode: 'rls', TenantKey: 'organization_id' }),
      figures: { 'tenancy.mode': 'rls', 'tenancy.key': 'organization_id' },
    },
    'a database for each tenant where one for all was promised': {
      template: template(),
      figures: { 'tenancy.mode': 'rls' },
    },
  },
  mutations: [
    {
      name: 'one database for all where each tenant was promised his own',
      of: 'a database for each tenant',
      edit: set(schema, 'Mode', 'rls'),
      expect: { message: 'weakerMode' },
    },
    {
      name: 'a mode that nobody knows',
      of: 'a database for each tenant',
      edit: set(schema, 'Mode', 'none'),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'another key than promised',
      of: 'one database for all',
      edit: set(schema, 'TenantKey', 'user_id'),
      expect: { message: 'otherKey' },
    },
    {
      name: 'no schema at all',
      of: 'a database for each tenant',
      edit: removeResource(schema),
      expect: { message: 'noSchema', at: 'Db' },
    },
  ],
  others: [
    {
      name: 'a database that is no PostgreSQL',
      template: { Resources: { Db: { Type: cluster, Properties: { Engine: 'aurora-mysql' } } } },
      expect: { Db: 'not-assessed' },
    },
    {
      name: 'an instance on its own, without a schema',
      template: { Resources: { Db: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres' } } } },
      expect: { Db: { message: 'noSchema' } },
    },
    {
      name: 'a database whose schema comes from elsewhere',
      template: { Resources: { Db: { Type: cluster, Properties: { Engine: 'aurora-postgresql' } } } },
      presentOnly: true,
      expect: { Db: 'not-assessed' },
    },
    {
      name: 'a schema that goes to no database',
      template: template({ Cluster: undefined }),
      expect: { Db: { message: 'noSchema' }, Schema: 'not-assessed' },
    },
    { name: 'no database', template: { Resources: {} }, expect: { '': { message: 'missing' } } },
  ],
  indifferent: { 'AWS::RDS::DBInstance: DBClusterIdentifier': indifferentEngine },
  database: databaseCases,
};
