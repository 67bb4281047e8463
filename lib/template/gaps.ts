import { isObject, textual } from './parse';
import type { Gap, ResourceDefinition, Template } from './template';

/** Transforms that leave the resources written in the template as they are; what they add is named where it is declared. */
const additiveTransform = /^AWS::(LanguageExtensions|SecretsManager-[\d-]+|CodeDeployBlueGreen|Serverless-[\d-]+)$/;

/** What the transform for hosted rotation adds, out of sight of the template. */
const hostedRotation = ['AWS::Lambda::Function', 'AWS::Lambda::Permission', 'AWS::IAM::Role'];

const eventSources = [
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Events::Rule',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Scheduler::Schedule',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
];

/**
 * What the serverless transform makes of its resources; one that is not listed may become anything.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
 */
const behindServerless: Readonly<Record<string, readonly string[]>> = {
  'AWS::Serverless::Function': [
    ...eventSources,
    'AWS::CodeDeploy::Application',
    'AWS::CodeDeploy::DeploymentGroup',
    'AWS::IoT::TopicRule',
    'AWS::Lambda::Alias',
    'AWS::Lambda::EventInvokeConfig',
    'AWS::Lambda::EventSourceMapping',
    'AWS::Lambda::Function',
    'AWS::Lambda::Url',
    'AWS::Lambda::Version',
    'AWS::Logs::LogGroup',
    'AWS::Logs::SubscriptionFilter',
    'AWS::SNS::Subscription',
  ],
  'AWS::Serverless::Api': [
    ...eventSources,
    'AWS::ApiGateway::ApiKey',
    'AWS::ApiGateway::Authorizer',
    'AWS::ApiGateway::BasePathMapping',
    'AWS::ApiGateway::DomainName',
    'AWS::ApiGateway::UsagePlan',
    'AWS::ApiGateway::UsagePlanKey',
    'AWS::Route53::RecordSetGroup',
  ],
  'AWS::Serverless::HttpApi': [
    ...eventSources,
    'AWS::ApiGatewayV2::ApiMapping',
    'AWS::ApiGatewayV2::Authorizer',
    'AWS::ApiGatewayV2::DomainName',
    'AWS::Route53::RecordSetGroup',
  ],
  'AWS::Serverless::SimpleTable': ['AWS::DynamoDB::Table'],
  'AWS::Serverless::StateMachine': [...eventSources, 'AWS::StepFunctions::StateMachine'],
  'AWS::Serverless::LayerVersion': ['AWS::Lambda::LayerVersion'],
};

/** Resources that deploy what only another template says. */
const deploysElsewhere: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::Stack': 'the template of this nested stack is not here',
  'AWS::ServiceCatalog::CloudFormationProvisionedProduct': 'the template of this product is not here',
};

/** What a template declares and its resources do not show. */
export function gapsOfTransforms(template: Template): readonly Gap[] {
  const { Transform: declared = [], 'Fn::Transform': included } = template.document;
  const names = (Array.isArray(declared) ? declared : [declared]).map((each) =>
    textual(isObject(each) ? each.Name : each),
  );
  const unknown = names.filter((name) => !additiveTransform.test(name));
  const gap = (reason: string, types?: readonly string[]): Gap => ({ template, logicalId: 'Transform', reason, types });
  return [
    ...unknown.map((name) => gap(`the transform ${name} is not expanded`)),
    ...(included === undefined ? [] : [gap('Fn::Transform is not expanded')]),
    ...names
      .filter((name) => name.startsWith('AWS::SecretsManager-'))
      .map((name) => gap(`the transform ${name} is not expanded`, hostedRotation)),
  ];
}

/** What a resource stands for that the template does not show, or undefined where it is what it says. */
export function gapOfResource({ template, logicalId, type, properties }: ResourceDefinition): Gap | undefined {
  if (isObject(properties) && Object.hasOwn(properties, 'Fn::Transform')) {
    return { template, logicalId, reason: 'Fn::Transform is not expanded', types: [type] };
  }
  if (type.startsWith('AWS::Serverless::')) {
    const types = Object.hasOwn(behindServerless, type) ? behindServerless[type] : undefined;
    return { template, logicalId, reason: `what the serverless transform makes of ${type} is not read`, types };
  }
  return type.endsWith('::MODULE') ? { template, logicalId, reason: `the module ${type} is not expanded` } : undefined;
}

/** A resource that deploys a template which nobody has seen. */
export function gapOfDeployment({ template, logicalId, type }: ResourceDefinition): Gap | undefined {
  return Object.hasOwn(deploysElsewhere, type)
    ? { template, logicalId, reason: deploysElsewhere[type] ?? '' }
    : undefined;
}

/** An entry of Resources that is a function: `Fn::ForEach::Name: [variable, collection, {Key: {Type, ...}}]`. */
export function gapOfFunction(template: Template, logicalId: string, definition: unknown): Gap {
  const types = new Set<string>();
  const readable = logicalId.startsWith('Fn::ForEach::') && collectTypes(definition, types) && types.size > 0;
  return { template, logicalId, reason: `${logicalId} is not expanded`, types: readable ? [...types] : undefined };
}

/** The types that a loop repeats are there to read, unless they hang on the loop's variable. */
function collectTypes(loop: unknown, types: Set<string>): boolean {
  const body = Array.isArray(loop) && loop.length === 3 ? loop[2] : undefined;
  if (!isObject(body)) {
    return false;
  }
  return Object.entries(body).every(([key, part]) => {
    if (key.startsWith('Fn::ForEach::')) {
      return collectTypes(part, types);
    }
    const type = isObject(part) && !Object.hasOwn(part, 'Fn::Transform') ? part.Type : undefined;
    if (typeof type !== 'string' || /[$&]\{|::MODULE$|^AWS::(Serverless|CloudFormation)::/.test(type)) {
      return false;
    }
    types.add(type);
    return true;
  });
}
