import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

type Judge = (entry: Subject, seconds: number) => Outcome | readonly Outcome[];

const restAuthorizer = 'AWS::ApiGateway::Authorizer';

/**
 * Ways in that AWS itself can ask for an authorisation at, and how each says that it does.
 *
 * Sources of the defaults: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html and
 * https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
 */
export const entryJudges: Readonly<Record<string, Judge>> = {
  'AWS::ApiGateway::Method': (method) => {
    const verb = method.text('HttpMethod');
    return verb.kind === 'known' && verb.value === 'OPTIONS'
      ? notApplicable('browsers ask it before they call, and it answers with headers alone')
      : [...closed(method, 'AuthorizationType', 'NONE'), ...onePerAction(method)];
  },
  'AWS::ApiGatewayV2::Route': (route) => [...closed(route, 'AuthorizationType', 'NONE'), ...onePerRoute(route)],
  'AWS::ApiGatewayV2::Api': (api) => withoutRoutes(api),
  'AWS::ApiGateway::RestApi': (api) =>
    ['Body', 'BodyS3Location'].some((path) => api.at(path).resolved.kind !== 'absent')
      ? notAssessed('its methods stand in an OpenAPI document, which is not read')
      : notApplicable('its methods are judged'),
  'AWS::Lambda::Url': (url) => closed(url, 'AuthType', 'NONE'),
  'AWS::AppSync::GraphQLApi': (api) => closed(api, 'AuthenticationType', 'API_KEY'),
  'AWS::VpcLattice::Service': (service) => closed(service, 'AuthType', 'NONE'),
  'AWS::VpcLattice::ServiceNetwork': (network) => closed(network, 'AuthType', 'NONE'),
  [restAuthorizer]: (authorizer, seconds) => remembers(authorizer, seconds, 300),
  'AWS::ApiGatewayV2::Authorizer': (authorizer, seconds) => {
    const type = authorizer.text('AuthorizerType');
    return type.kind === 'known' && type.value === 'JWT'
      ? notApplicable('it reads each token anew, and says nothing of actions')
      : // An HTTP API remembers nothing unless told to
        remembers(authorizer, seconds, 0);
  },
};

/** Absent, none of them asks for anything. */
function closed(entry: Subject, path: string, open: string): readonly Outcome[] {
  return decide(entry.text(path), {
    known: (type) => (type === open ? finding('open') : satisfied),
    absent: () => finding('open'),
  });
}

/** One method for everything cannot be authorised per action. */
function onePerAction(method: Subject): readonly Outcome[] {
  return decide(method.text('HttpMethod'), {
    known: (verb) => (verb === 'ANY' ? finding('allInOne') : satisfied),
    absent: () => notAssessed('CloudFormation requires the method'),
  });
}

function onePerRoute(route: Subject): readonly Outcome[] {
  return decide(route.text('RouteKey'), {
    known: (key) => (/^ANY |\{[^}]*\+\}|^\$default$/.test(key) ? finding('allInOne') : satisfied),
    absent: () => notAssessed('CloudFormation requires the route'),
  });
}

/** A target given with the API makes one route for everything, without an authorizer. */
function withoutRoutes(api: Subject): Outcome {
  if (api.at('Target').state() !== 'absent') {
    return finding('open', 'Target');
  }
  return ['Body', 'BodyS3Location'].some((path) => api.at(path).resolved.kind !== 'absent')
    ? notAssessed('its routes stand in an OpenAPI document, which is not read')
    : notApplicable('its routes are judged');
}

/** An answer that is remembered outlives the role that it was given for. */
function remembers(authorizer: Subject, most: number, standard: number): readonly Outcome[] {
  const judge = (seconds: number) =>
    seconds <= most ? satisfied : finding('remembered', 'AuthorizerResultTtlInSeconds', { seconds, most });
  return decide(authorizer.number('AuthorizerResultTtlInSeconds'), {
    known: judge,
    absent: () => judge(standard),
  });
}
