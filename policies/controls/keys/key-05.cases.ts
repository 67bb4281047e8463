import { type ControlCases, remove, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import { databaseCases } from './key-05-database.cases';

const cluster = 'AWS::RDS::DBCluster';
const group = 'AWS::RDS::DBClusterParameterGroup';
const quiet = { log_error_verbosity: 'terse', log_min_error_statement: 'panic', log_statement: 'none' };

const template: Json = {
  Resources: {
    Database: {
      Type: cluster,
      Properties: { Engine: 'aurora-postgresql', DBClusterParameterGroupName: { Ref: 'Settings' } },
    },
    Settings: { Type: group, Properties: { Family: 'aurora-postgresql17', Parameters: quiet } },
  },
};

const instance: Json = {
  Resources: {
    Database: {
      Type: 'AWS::RDS::DBInstance',
      Properties: { Engine: 'postgres', DBParameterGroupName: { Ref: 'Settings' } },
    },
    Settings: { Type: 'AWS::RDS::DBParameterGroup', Properties: { Family: 'postgres17', Parameters: quiet } },
  },
};

export const cases: ControlCases = {
  compliant: { cluster: { template }, 'instance of its own': { template: instance } },
  mutations: [
    {
      name: 'trap 26: a failed check prints the row',
      of: 'cluster',
      edit: set(group, 'Parameters.log_error_verbosity', 'default'),
      expect: { message: 'rowsInLog', at: 'Database' },
    },
    {
      name: 'trap 26: nobody says how much of an error is logged',
      of: 'cluster',
      edit: remove(group, 'Parameters.log_error_verbosity'),
      expect: { message: 'rowsInLog', at: 'Database' },
    },
    {
      name: 'a failed statement is logged with its values',
      of: 'cluster',
      edit: set(group, 'Parameters.log_min_error_statement', 'error'),
      expect: { message: 'rowsInLog', at: 'Database' },
    },
    {
      name: 'every statement is logged',
      of: 'cluster',
      edit: set(group, 'Parameters.log_statement', 'all'),
      expect: { message: 'rowsInLog', at: 'Database' },
    },
    {
      name: 'trap 14: the parameter group is there and nobody uses it',
      of: 'cluster',
      edit: remove(cluster, 'DBClusterParameterGroupName'),
      expect: { message: 'rowsInLog' },
    },
    {
      name: 'the default group',
      of: 'cluster',
      edit: set(cluster, 'DBClusterParameterGroupName', 'default.aurora-postgresql17'),
      expect: { message: 'rowsInLog' },
    },
    {
      name: 'a group that is not here',
      of: 'cluster',
      edit: set(cluster, 'DBClusterParameterGroupName', 'somebody-elses'),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'an instance of its own',
      of: 'instance of its own',
      edit: set('AWS::RDS::DBParameterGroup', 'Parameters.log_error_verbosity', 'verbose'),
      expect: { message: 'rowsInLog', at: 'Database' },
      notShipped: 'every instance of the project belongs to a cluster',
    },
  ],
  others: [
    {
      name: 'an instance of a cluster follows it, and MySQL has other settings',
      template: {
        Resources: {
          Reader: {
            Type: 'AWS::RDS::DBInstance',
            Properties: { DBClusterIdentifier: 'c', Engine: 'aurora-postgresql' },
          },
          Other: { Type: cluster, Properties: { Engine: 'aurora-mysql' } },
        },
      },
      expect: { Reader: 'not-applicable', Other: 'not-applicable' },
    },
  ],
  absentKeeps: {
    'AWS::RDS::DBClusterParameterGroup: Parameters.log_statement':
      'none: https://www.postgresql.org/docs/17/runtime-config-logging.html',
    'AWS::RDS::DBParameterGroup: Parameters.log_statement':
      'none: https://www.postgresql.org/docs/17/runtime-config-logging.html',
  },
  database: databaseCases,
};
