import { type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';

const cluster = 'AWS::RDS::DBCluster';
const instance = 'AWS::RDS::DBInstance';
const clusterGroup = 'AWS::RDS::DBClusterParameterGroup';
const group = 'AWS::Logs::LogGroup';
const firewall = 'AWS::NetworkFirewall::Firewall';
const firewallLog = 'AWS::NetworkFirewall::LoggingConfiguration';
const acl = 'AWS::WAFv2::WebACL';
const aclLog = 'AWS::WAFv2::LoggingConfiguration';
const questions = 'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation';
const lambda = 'AWS::Lambda::Function';
const task = 'AWS::ECS::TaskDefinition';
const containers = 'AWS::ECS::Cluster';
const build = 'AWS::CodeBuild::Project';
const stage = 'AWS::ApiGateway::Stage';

const key = { 'Fn::GetAtt': ['Key', 'Arn'] };
const kept = (LogGroupName?: unknown): Json => ({
  Type: group,
  Properties: { ...(LogGroupName === undefined ? {} : { LogGroupName }), KmsKeyId: key, RetentionInDays: 731 },
});

const parameters = {
  log_connections: '1',
  log_disconnections: '1',
  shared_preload_libraries: 'pg_stat_statements,pgaudit',
  'pgaudit.log': 'ddl,role',
  'pgaudit.log_parameter': '0',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_statement: 'none',
};

const database: Json = {
  Key: { Type: 'AWS::KMS::Key', Properties: {} },
  Cluster: {
    Type: cluster,
    Properties: {
      DBClusterIdentifier: 'tenants',
      Engine: 'aurora-postgresql',
      EnableCloudwatchLogsExports: ['postgresql', 'iam-db-auth-error'],
      DBClusterParameterGroupName: { Ref: 'Parameters' },
    },
  },
  Parameters: { Type: clusterGroup, Properties: { Family: 'aurora-postgresql17', Parameters: parameters } },
  Log: kept('/aws/rds/cluster/tenants/postgresql'),
  Refused: kept('/aws/rds/cluster/tenants/iam-db-auth-error'),
  Writer: {
    Type: instance,
    Properties: {
      DBClusterIdentifier: { Ref: 'Cluster' },
      Engine: 'aurora-postgresql',
      MonitoringInterval: 60,
    },
  },
  Measurements: kept('RDSOSMetrics'),
};

const network: Json = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: {} },
  Questions: {
    Type: questions,
    Properties: { ResourceId: { Ref: 'Vpc' }, ResolverQueryLogConfigId: { 'Fn::GetAtt': ['Config', 'Id'] } },
  },
  Config: {
    Type: 'AWS::Route53Resolver::ResolverQueryLoggingConfig',
    Properties: { DestinationArn: { 'Fn::GetAtt': ['Sink', 'Arn'] } },
  },
  Sink: kept(),
  Firewall: { Type: firewall, Properties: {} },
  FirewallLog: {
    Type: firewallLog,
    Properties: {
      FirewallArn: { 'Fn::GetAtt': ['Firewall', 'FirewallArn'] },
      LoggingConfiguration: {
        LogDestinationConfigs: ['ALERT', 'FLOW'].map((LogType) => ({
          LogType,
          LogDestinationType: 'CloudWatchLogs',
          LogDestination: { logGroup: { Ref: 'Sink' } },
        })),
      },
    },
  },
  Acl: { Type: acl, Properties: {} },
  AclLog: {
    Type: aclLog,
    Properties: {
      ResourceArn: { 'Fn::GetAtt': ['Acl', 'Arn'] },
      LogDestinationConfigs: [{ 'Fn::GetAtt': ['AclSink', 'Arn'] }],
    },
  },
  AclSink: kept('aws-waf-logs-production'),
};

const code: Json = {
  Function: { Type: lambda, Properties: { LoggingConfig: { LogGroup: { Ref: 'FunctionLog' } } } },
  FunctionLog: kept(),
  Older: { Type: lambda, Properties: { FunctionName: 'older' } },
  OlderLog: kept('/aws/lambda/older'),
  Nameless: { Type: lambda, Properties: {} },
  NamelessLog: kept({ 'Fn::Sub': '/aws/lambda/${Nameless}' }),
  Task: {
    Type: task,
    Properties: {
      ContainerDefinitions: [
        {
          Name: 'application',
          LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': { Ref: 'TaskLog' } } },
        },
      ],
    },
  },
  TaskLog: kept(),
  Containers: {
    Type: containers,
    Properties: { ClusterName: 'production', ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }] },
  },
  ContainerMeasurements: kept('/aws/ecs/containerinsights/production/performance'),
};

const elsewhere: Json = {
  Build: { Type: build, Properties: { Name: 'images' } },
  BuildLog: kept('/aws/codebuild/images'),
  Quiet: { Type: build, Properties: { LogsConfig: { CloudWatchLogs: { Status: 'DISABLED' } } } },
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: {} },
  Stage: {
    Type: stage,
    Properties: {
      RestApiId: { Ref: 'Api' },
      StageName: 'live',
      MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', LoggingLevel: 'ERROR' }],
    },
  },
  ApiLog: kept({ 'Fn::Sub': 'API-Gateway-Execution-Logs_${Api}/live' }),
  Graph: { Type: 'AWS::AppSync::GraphQLApi', Properties: { LogConfig: { FieldLogLevel: 'ERROR' } } },
  GraphLog: kept({ 'Fn::Sub': '/aws/appsync/apis/${Graph.ApiId}' }),
  Kubernetes: {
    Type: 'AWS::EKS::Cluster',
    Properties: { Name: 'live', Logging: { ClusterLogging: { EnabledTypes: [{ Type: 'audit' }] } } },
  },
  KubernetesLog: kept('/aws/eks/live/cluster'),
};

const usual = 'databases, firewalls and resolvers that are logged, and declared log groups';
const others = 'builds, APIs and clusters with declared log groups';
const alone = 'a database instance of its own';
const oursAreNone = 'the project deploys no such thing';

const template = (resources: Json): Json => ({ Resources: resources });
const ofCluster = (name: string, value: unknown) =>
  set(clusterGroup, 'Parameters', { ...parameters, [name]: value } as Json);
const without = (name: keyof typeof parameters) => {
  const { [name]: _left, ...rest } = parameters;
  return set(clusterGroup, 'Parameters', rest as Json);
};

export const cases: ControlCases = {
  compliant: {
    [usual]: { template: template({ ...database, ...network, ...code }) },
    [others]: {
      template: template({
        Key: database.Key,
        Cluster: database.Cluster,
        Parameters: database.Parameters,
        Log: database.Log,
        Refused: database.Refused,
        ...elsewhere,
      }),
    },
    [alone]: {
      template: template({
        Key: database.Key,
        Database: {
          Type: instance,
          Properties: {
            DBInstanceIdentifier: 'tenants',
            Engine: 'postgres',
            EnableCloudwatchLogsExports: ['postgresql'],
            DBParameterGroupName: { Ref: 'Group' },
          },
        },
        Group: { Type: 'AWS::RDS::DBParameterGroup', Properties: { Family: 'postgres17', Parameters: parameters } },
        Log: kept('/aws/rds/instance/tenants/postgresql'),
      }),
    },
    'keys of the platform, where the profile asks no more': {
      figures: { 'keys.mode': 'platform' },
      template: template({
        ...database,
        Log: { Type: group, Properties: { LogGroupName: '/aws/rds/cluster/tenants/postgresql', RetentionInDays: 731 } },
      }),
    },
  },
  mutations: [
    {
      name: 'the log of the database is not exported',
      of: others,
      edit: set(cluster, 'EnableCloudwatchLogsExports', ['iam-db-auth-error']),
      expect: { message: 'notExported' },
    },
    {
      name: 'nothing of the database is exported',
      of: others,
      edit: remove(cluster, 'EnableCloudwatchLogsExports'),
      expect: { message: 'notExported' },
    },
    {
      name: 'sessions are not written down',
      of: usual,
      edit: ofCluster('log_connections', '0'),
      expect: { message: 'silent', at: 'Cluster' },
    },
    {
      name: 'the end of sessions is left to the default',
      of: usual,
      edit: without('log_disconnections'),
      expect: { message: 'silent', at: 'Cluster' },
    },
    {
      name: 'pgaudit is not loaded',
      of: usual,
      edit: ofCluster('shared_preload_libraries', 'pg_stat_statements'),
      expect: { message: 'silent', at: 'Cluster' },
    },
    {
      name: 'pgaudit is loaded and told nothing',
      of: usual,
      edit: without('pgaudit.log'),
      expect: { message: 'silent', at: 'Cluster' },
    },
    {
      name: 'trap 26: a failed CHECK prints the row',
      of: usual,
      edit: ofCluster('log_error_verbosity', 'default'),
      expect: { message: 'leaky', at: 'Cluster' },
    },
    {
      name: 'trap 26: how much of an error is printed is left to the default',
      of: usual,
      edit: without('log_error_verbosity'),
      expect: { message: 'leaky', at: 'Cluster' },
    },
    {
      name: 'trap 26: a failed statement is printed with its values',
      of: usual,
      edit: without('log_min_error_statement'),
      expect: { message: 'leaky', at: 'Cluster' },
    },
    {
      name: 'trap 26: every change is printed with its values',
      of: usual,
      edit: ofCluster('log_statement', 'mod'),
      expect: { message: 'leaky', at: 'Cluster' },
    },
    {
      name: 'trap 26: pgaudit prints the values of statements',
      of: usual,
      edit: ofCluster('pgaudit.log_parameter', '1'),
      expect: { message: 'leaky', at: 'Cluster' },
    },
    {
      name: 'an instance overrules its cluster',
      of: usual,
      edit: change(instance, (properties, whole) => {
        properties.DBParameterGroupName = { Ref: 'Loud' };
        (whole.Resources as Json).Loud = {
          Type: 'AWS::RDS::DBParameterGroup',
          Properties: { Family: 'aurora-postgresql17', Parameters: { log_error_verbosity: 'verbose' } },
        };
      }),
      expect: { message: 'leaky' },
    },
    {
      name: 'trap 40: RDS makes the log group of its log',
      of: usual,
      target: 'Log',
      edit: removeResource(group),
      expect: { message: 'undeclared', at: 'Cluster' },
      shippedWhere: ({ Properties }) => /^\/aws\/rds\//.test(String((Properties as Json).LogGroupName)),
    },
    {
      name: 'trap 40: the log group of the database has another name',
      of: usual,
      target: 'Log',
      edit: set(group, 'LogGroupName', '/aws/rds/cluster/tenant/postgresql'),
      expect: { message: 'undeclared', at: 'Cluster' },
      shippedWhere: ({ Properties }) => /^\/aws\/rds\//.test(String((Properties as Json).LogGroupName)),
    },
    {
      name: 'trap 40: RDS makes the log group of its measurements',
      of: usual,
      target: 'Measurements',
      edit: removeResource(group),
      expect: { message: 'undeclared', at: 'Writer' },
      shippedWhere: ({ Properties }) => (Properties as Json).LogGroupName === 'RDSOSMetrics',
    },
    {
      name: 'trap 40: a function without a log group of its own',
      of: usual,
      target: 'Function',
      edit: remove(lambda, 'LoggingConfig'),
      expect: { message: 'undeclared' },
    },
    {
      name: 'trap 40: a cluster of containers that is measured under another name',
      of: usual,
      edit: set(containers, 'ClusterName', 'staging'),
      expect: { message: 'undeclared' },
    },
    {
      name: 'trap 40: containers that make their log group',
      of: usual,
      edit: set(task, 'ContainerDefinitions.0.LogConfiguration.Options', {
        'awslogs-group': '/ecs/application',
        'awslogs-create-group': 'true',
      }),
      expect: { message: 'undeclared' },
    },
    {
      name: 'trap 40: a build makes its log group',
      of: others,
      target: 'BuildLog',
      edit: removeResource(group),
      expect: { message: 'undeclared', at: 'Build' },
      notShipped: oursAreNone,
    },
    {
      name: 'trap 40: an API makes the log group of its executions',
      of: others,
      target: 'ApiLog',
      edit: removeResource(group),
      expect: { message: 'undeclared', at: 'Stage' },
      notShipped: oursAreNone,
    },
    {
      name: 'trap 40: AppSync makes the log group of an API',
      of: others,
      target: 'GraphLog',
      edit: removeResource(group),
      expect: { message: 'undeclared', at: 'Graph' },
      notShipped: oursAreNone,
    },
    {
      name: 'trap 40: Kubernetes makes the log group of its control plane',
      of: others,
      target: 'KubernetesLog',
      edit: removeResource(group),
      expect: { message: 'undeclared', at: 'Kubernetes' },
      notShipped: oursAreNone,
    },
    {
      name: 'the log group of a function has no key',
      of: usual,
      target: 'FunctionLog',
      edit: remove(group, 'KmsKeyId'),
      expect: { message: 'platformKey', at: 'Function' },
    },
    {
      name: 'the log group of a function is never emptied',
      of: usual,
      target: 'FunctionLog',
      edit: remove(group, 'RetentionInDays'),
      expect: { message: 'keptForEver', at: 'Function' },
    },
    {
      name: 'what the firewall stopped is not logged',
      of: usual,
      edit: remove(firewallLog, 'LoggingConfiguration.LogDestinationConfigs.0'),
      expect: { message: 'firewallUnlogged', at: 'Firewall' },
    },
    {
      name: 'nobody writes down what the web firewall decides',
      of: usual,
      edit: removeResource(aclLog),
      expect: { message: 'aclUnlogged', at: 'Acl' },
    },
    {
      name: 'nobody writes down which names were asked for',
      of: usual,
      edit: removeResource(questions),
      expect: { message: 'questionsUnlogged', at: 'Vpc' },
    },
    {
      name: 'there is no database',
      of: alone,
      edit: removeResource(instance),
      expect: { message: 'missing', at: '' },
      notShipped: 'the cluster stays when one of its instances goes',
    },
  ],
  others: [
    {
      name: 'a canary makes a log group whose name nobody knows before',
      template: template({ ...database, Canary: { Type: 'AWS::Synthetics::Canary', Properties: {} } }),
      expect: { Canary: 'not-assessed' },
    },
    {
      name: 'a function that writes to a group of another stack is not assessed',
      template: template({
        Function: { Type: lambda, Properties: { LoggingConfig: { LogGroup: { 'Fn::ImportValue': 'log' } } } },
      }),
      presentOnly: true,
      expect: { Function: 'not-assessed' },
    },
    {
      name: 'a log group that some deployments leave out is made by the service',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          Function: { Type: lambda, Properties: { FunctionName: 'f' } },
          Log: { ...kept('/aws/lambda/f'), Condition: 'IsProd' },
        },
      },
      presentOnly: true,
      expect: { Function: { message: 'undeclared' } },
    },
    {
      name: 'a database of another kind is no concern',
      template: template({ Database: { Type: instance, Properties: { Engine: 'mysql' } } }),
      presentOnly: true,
      expect: { Database: 'not-applicable' },
    },
    {
      name: 'a database without a parameter group of its own logs nobody',
      template: template({
        Database: { Type: instance, Properties: { Engine: 'postgres', EnableCloudwatchLogsExports: ['postgresql'] } },
      }),
      presentOnly: true,
      expect: { Database: { message: 'silent' } },
    },
    {
      name: 'a firewall that writes nowhere is not assessed',
      template: template({
        Firewall: { Type: firewall, Properties: {} },
        Log: {
          Type: firewallLog,
          Properties: {
            FirewallArn: { 'Fn::GetAtt': ['Firewall', 'FirewallArn'] },
            LoggingConfiguration: { LogDestinationConfigs: [{ LogType: 'ALERT' }, { LogType: 'FLOW' }] },
          },
        },
      }),
      presentOnly: true,
      expect: { Firewall: 'not-assessed' },
    },
  ],
  absentKeeps: {
    [`${cluster}: EnableCloudwatchLogsExports.*`]: 'what is not exported makes no log group',
    [`${clusterGroup}: Parameters.log_statement`]:
      'none: https://www.postgresql.org/docs/17/runtime-config-logging.html',
    [`${clusterGroup}: Parameters.pgaudit.log_parameter`]:
      'off: https://github.com/pgaudit/pgaudit/blob/main/README.md',
    'AWS::RDS::DBParameterGroup: Parameters.log_statement': 'none, as above',
    'AWS::RDS::DBParameterGroup: Parameters.pgaudit.log_parameter': 'off, as above',
    [`${instance}: MonitoringInterval`]:
      'nothing is measured: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html',
    [`${task}: ContainerDefinitions.*.LogConfiguration.LogDriver`]:
      'no log is written: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html',
    [`${containers}: ClusterSettings.*.Value`]: 'nothing is measured unless it is switched on',
    [`${stage}: MethodSettings.*.LoggingLevel`]:
      'off: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html',
    'AWS::EKS::Cluster: Logging.ClusterLogging.EnabledTypes.*.Type': 'a type without a name logs nothing',
  },
  indifferent: {
    [`${instance}: DBClusterIdentifier`]: 'tells only that a cluster decides',
    [`${instance}: MonitoringInterval`]: 'the log group of measurements has one name, however often they come',
    'AWS::AppSync::GraphQLApi: LogConfig': 'its mere presence makes the log group',
  },
};
