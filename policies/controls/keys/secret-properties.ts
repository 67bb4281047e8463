import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { sourceOf } from './secret-source';

const database = ['MasterUserPassword'];

/** Properties that are secrets by what they are; `*` stands for every item of a list. */
export const secretProperties: Readonly<Record<string, readonly string[]>> = {
  'AWS::RDS::DBCluster': database,
  'AWS::RDS::DBInstance': [...database, 'TdeCredentialPassword'],
  'AWS::Redshift::Cluster': database,
  'AWS::RedshiftServerless::Namespace': ['AdminUserPassword'],
  'AWS::DocDB::DBCluster': database,
  'AWS::DocDBElastic::Cluster': ['AdminUserPassword'],
  'AWS::Lightsail::Database': database,
  'AWS::Timestream::InfluxDBInstance': ['Password'],
  'AWS::OpenSearchService::Domain': ['AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword'],
  'AWS::Elasticsearch::Domain': ['AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword'],
  'AWS::ElastiCache::ReplicationGroup': ['AuthToken'],
  'AWS::ElastiCache::User': ['Passwords.*', 'AuthenticationMode.Passwords.*'],
  'AWS::MemoryDB::User': ['AuthenticationMode.Passwords.*'],
  'AWS::AmazonMQ::Broker': ['Users.*.Password', 'LdapServerMetadata.ServiceAccountPassword'],
  'AWS::DMS::Endpoint': ['Password', 'MongoDbSettings.Password'],
  'AWS::DirectoryService::MicrosoftAD': ['Password'],
  'AWS::DirectoryService::SimpleAD': ['Password'],
  'AWS::FSx::FileSystem': ['WindowsConfiguration.SelfManagedActiveDirectoryConfiguration.Password'],
  'AWS::IAM::User': ['LoginProfile.Password'],
  'AWS::SecretsManager::Secret': ['SecretString'],
  'AWS::Cognito::UserPoolIdentityProvider': ['ProviderDetails.client_secret'],
  'AWS::ElasticLoadBalancingV2::Listener': ['DefaultActions.*.AuthenticateOidcConfig.ClientSecret'],
  'AWS::ElasticLoadBalancingV2::ListenerRule': ['Actions.*.AuthenticateOidcConfig.ClientSecret'],
  'AWS::Events::Connection': [
    'AuthParameters.ApiKeyAuthParameters.ApiKeyValue',
    'AuthParameters.BasicAuthParameters.Password',
    'AuthParameters.OAuthParameters.ClientParameters.ClientSecret',
  ],
  'AWS::Glue::Connection': ['ConnectionInput.ConnectionProperties.PASSWORD'],
  'AWS::KinesisFirehose::DeliveryStream': [
    'RedshiftDestinationConfiguration.Password',
    'SplunkDestinationConfiguration.HECToken',
    'HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey',
  ],
  'AWS::Amplify::App': ['AccessToken', 'OauthToken', 'BasicAuthConfig.Password'],
  'AWS::CodePipeline::Pipeline': ['Stages.*.Actions.*.Configuration.OAuthToken'],
  'AWS::CodePipeline::Webhook': ['AuthenticationConfiguration.SecretToken'],
};

/** Judges the properties of a resource that hold a secret by what they are. */
export function judgeSecretProperties(subject: Subject): readonly Outcome[] {
  return (secretProperties[subject.type] ?? []).flatMap((path) => placesAt(subject.root, path).flatMap(judgeSecret));
}

/** The places that a path with `*` names; a list that cannot be read stands for itself. */
function placesAt(node: Node, path: string): readonly Node[] {
  const star = path.indexOf('*');
  if (star < 0) {
    return [node.at(path)];
  }
  const list = node.at(path.slice(0, star - 1));
  const rest = path.slice(star + 2);
  if (list.resolved.kind !== 'list') {
    return list.resolved.kind === 'absent' ? [] : [list];
  }
  return list.resolved.items
    .map((_, index) => list.at(String(index)))
    .flatMap((item) => (rest === '' ? [item] : placesAt(item, rest)));
}

function judgeSecret(node: Node): readonly Outcome[] {
  const source = sourceOf(node);
  switch (source.kind) {
    case 'literal':
      return source.value === '' ? [] : [finding('writtenOut', node.path)];
    case 'parameter':
      return source.hidden ? [] : [finding('shownParameter', node.path, { parameter: source.name })];
    case 'unseen':
      return [notAssessed(source.reason, node.path)];
    default:
      return [];
  }
}
