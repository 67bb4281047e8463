import { type ControlCases, change, type Mutation, remove, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

const method = 'AWS::ApiGateway::Method';
const route = 'AWS::ApiGatewayV2::Route';
const url = 'AWS::Lambda::Url';
const task = 'AWS::ECS::TaskDefinition';
const role = 'AWS::IAM::Role';
const managed = 'AWS::IAM::ManagedPolicy';

const allow = (Action: unknown, over: object = {}) => ({
  Statement: [{ Effect: 'Allow', Action, Resource: { 'Fn::GetAtt': ['Store', 'Arn'] }, ...over }],
});
const service = {
  Resources: {
    Store: { Type: 'AWS::VerifiedPermissions::PolicyStore', Properties: {} },
    Policy: {
      Type: managed,
      Properties: {
        PolicyDocument: allow('verifiedpermissions:IsAuthorized'),
      },
    },
    Role: { Type: role, Properties: { ManagedPolicyArns: [{ Ref: 'Policy' }] } },
    Task: {
      Type: task,
      Properties: {
        TaskRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        ContainerDefinitions: [
          {
            Name: 'application',
            Environment: [
              { Name: 'PORT', Value: '8080' },
              { Name: 'AUTHORIZATION_STORE', Value: { 'Fn::GetAtt': ['Store', 'PolicyStoreId'] } },
            ],
          },
          { Name: 'proxy' },
        ],
      },
    },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: { TaskDefinition: { Ref: 'Task' }, LoadBalancers: [{ ContainerName: 'proxy', ContainerPort: 8443 }] },
    },
  },
};
const apis = {
  Resources: {
    Get: { Type: method, Properties: { HttpMethod: 'GET', AuthorizationType: 'CUSTOM' } },
    Options: { Type: method, Properties: { HttpMethod: 'OPTIONS', AuthorizationType: 'NONE' } },
    Http: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    Route: { Type: route, Properties: { RouteKey: 'GET /orders', AuthorizationType: 'CUSTOM' } },
    Url: { Type: url, Properties: { AuthType: 'AWS_IAM' } },
    Graph: { Type: 'AWS::AppSync::GraphQLApi', Properties: { AuthenticationType: 'AWS_LAMBDA' } },
    Lattice: { Type: 'AWS::VpcLattice::Service', Properties: { AuthType: 'AWS_IAM' } },
    Mesh: { Type: 'AWS::VpcLattice::ServiceNetwork', Properties: { AuthType: 'AWS_IAM' } },
    Rest: {
      Type: 'AWS::ApiGateway::Authorizer',
      Properties: { Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 },
    },
    HttpRest: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: { AuthorizerType: 'REQUEST' } },
    Jwt: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: { AuthorizerType: 'JWT' } },
  },
};
const own = 'an application that can ask';
const foreign = 'entries that AWS authorises';
const noApi = { notShipped: 'the project deploys no API of this kind' };

const inApi = (name: string, target: string, edit: Mutation['edit'], message: string): Mutation => ({
  name,
  of: foreign,
  target,
  edit,
  expect: { message },
  ...noApi,
});

/** Takes the store out of the environment of every container. */
const untold = change(task, (properties) => {
  const containers = Array.isArray(properties.ContainerDefinitions) ? properties.ContainerDefinitions : [];
  for (const container of containers.filter(isObject)) {
    const variables = Array.isArray(container.Environment) ? container.Environment : [];
    container.Environment = variables.filter((each) => isObject(each) && each.Name !== 'AUTHORIZATION_STORE');
  }
});
const asks = (resource: Json) => JSON.stringify(resource).includes('verifiedpermissions');

export const cases: ControlCases = {
  compliant: { [own]: { template: service }, [foreign]: { template: apis } },
  mutations: [
    {
      name: 'the application may not ask',
      of: own,
      edit: set(managed, 'PolicyDocument', allow('s3:GetObject')),
      expect: { message: 'cannotAsk', at: 'Task' },
      shippedWhere: asks,
    },
    {
      name: 'asking is denied and not allowed',
      of: own,
      edit: set(managed, 'PolicyDocument', allow('verifiedpermissions:IsAuthorized', { Effect: 'Deny' })),
      expect: { message: 'cannotAsk', at: 'Task' },
      shippedWhere: asks,
    },
    {
      name: 'the task has no role',
      of: own,
      edit: remove(task, 'TaskRoleArn'),
      expect: { message: 'cannotAsk' },
    },
    { name: 'no container knows the store', of: own, edit: untold, expect: { message: 'unaware' } },
    inApi('a method asks for nothing', 'Get', set(method, 'AuthorizationType', 'NONE'), 'open'),
    inApi('a method says nothing', 'Get', remove(method, 'AuthorizationType'), 'open'),
    inApi('one method takes every verb', 'Get', set(method, 'HttpMethod', 'ANY'), 'allInOne'),
    inApi('a route asks for nothing', 'Route', set(route, 'AuthorizationType', 'NONE'), 'open'),
    inApi('a route says nothing', 'Route', remove(route, 'AuthorizationType'), 'open'),
    inApi('one route takes everything', 'Route', set(route, 'RouteKey', 'ANY /{proxy+}'), 'allInOne'),
    inApi('an API is made with a target', 'Http', set('AWS::ApiGatewayV2::Api', 'Target', 'arn:aws:lambda:x'), 'open'),
    inApi('a function answers the world', 'Url', set(url, 'AuthType', 'NONE'), 'open'),
    inApi(
      'a key in the page opens the API',
      'Graph',
      set('AWS::AppSync::GraphQLApi', 'AuthenticationType', 'API_KEY'),
      'open',
    ),
    inApi(
      'a service of the mesh asks for nothing',
      'Lattice',
      set('AWS::VpcLattice::Service', 'AuthType', 'NONE'),
      'open',
    ),
    inApi('the mesh asks for nothing', 'Mesh', remove('AWS::VpcLattice::ServiceNetwork', 'AuthType'), 'open'),
    inApi(
      'an answer is remembered (trap 21: a role that was taken away still counts)',
      'Rest',
      set('AWS::ApiGateway::Authorizer', 'AuthorizerResultTtlInSeconds', 300),
      'remembered',
    ),
    inApi(
      'an answer is remembered by default',
      'Rest',
      remove('AWS::ApiGateway::Authorizer', 'AuthorizerResultTtlInSeconds'),
      'remembered',
    ),
    inApi(
      'an answer of an HTTP API is remembered',
      'HttpRest',
      set('AWS::ApiGatewayV2::Authorizer', 'AuthorizerResultTtlInSeconds', 60),
      'remembered',
    ),
  ],
  others: [
    { name: 'fails where nothing answers', template: { Resources: {} }, expect: { '': { message: 'missing' } } },
    {
      name: 'a task without a load balancer is no way in',
      template: { Resources: { Job: { Type: task, Properties: { ContainerDefinitions: [] } } } },
      presentOnly: true,
      expect: { Job: 'not-applicable' },
    },
    {
      name: 'methods and routes in a document of their own are not read',
      template: {
        Resources: {
          Rest: { Type: 'AWS::ApiGateway::RestApi', Properties: { Body: { openapi: '3.0.1' } } },
          Http: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Body: { openapi: '3.0.1' } } },
        },
      },
      presentOnly: true,
      expect: { Rest: 'not-assessed', Http: 'not-assessed' },
    },
    {
      name: 'a role of somebody else may do anything',
      template: {
        Resources: {
          ...service.Resources,
          Task: {
            Type: task,
            Properties: { ...service.Resources.Task.Properties, TaskRoleArn: 'arn:aws:iam::111122223333:role/theirs' },
          },
        },
      },
      expect: { Task: 'not-assessed' },
    },
    {
      name: 'a policy beside the role counts as well',
      template: {
        Resources: {
          ...service.Resources,
          Role: { Type: role, Properties: {} },
          Policy: {
            Type: 'AWS::IAM::Policy',
            Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: allow('verifiedpermissions:*') },
          },
        },
      },
      expect: { Task: 'satisfied' },
    },
  ],
  absentKeeps: {
    'AWS::ApiGatewayV2::Authorizer: AuthorizerResultTtlInSeconds':
      'nothing is remembered: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html',
  },
  indifferent: {
    'AWS::ApiGatewayV2::Authorizer: AuthorizerType': 'either kind may remember nothing, which is what is judged',
  },
};
