import type { JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { association, webAcl } from './web-acl';

type Judge = (entry: Subject, context: JudgementContext) => Outcome | readonly Outcome[];

/** What takes requests from the internet, and how each says which firewall stands before it. */
export const entries: Readonly<Record<string, Judge>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': judgeBalancer,
  'AWS::ApiGateway::Stage': judgeStage,
  'AWS::ApiGatewayV2::Api': () => finding('unfilterable'),
  'AWS::AppSync::GraphQLApi': judgeGraph,
  'AWS::AppRunner::Service': judgeAssociated,
  'AWS::Cognito::UserPool': judgeAssociated,
  'AWS::CloudFront::Distribution': (distribution) => judgeNamed(distribution.at('DistributionConfig.WebACLId')),
  'AWS::Lambda::Url': (address) =>
    decide(address.text('AuthType'), {
      known: (type) =>
        type === 'AWS_IAM' ? notApplicable('answers signed requests of AWS identities only') : finding('unfilterable'),
      absent: () => finding('unfilterable'),
    }),
};

/** Associations name what they protect; more than one is an error of deployment, so any of them counts. */
function judgeAssociated(entry: Subject): readonly Outcome[] {
  return judgeAssociations(entry.scope.referring(entry, association, 'ResourceArn'));
}

function judgeAssociations(associations: readonly Subject[]): readonly Outcome[] {
  const [first] = associations;
  return first ? judgeNamed(first.at('WebACLArn')) : [finding('unprotected')];
}

function judgeNamed(acl: Node): readonly Outcome[] {
  const reference = acl.reference();
  if (reference.kind === 'known') {
    return [reference.value.subject.type === webAcl ? satisfied : finding('unprotected', acl.path)];
  }
  return decide(acl.pattern(), {
    known: () => notAssessed('which rules the web ACL has that is named there is not in the template'),
    absent: () => finding('unprotected'),
  });
}

function judgeBalancer(balancer: Subject): Outcome | readonly Outcome[] {
  const scheme = balancer.text('Scheme');
  if (scheme.kind === 'known' && scheme.value === 'internal') {
    return notApplicable('reached from its network only');
  }
  return decide(balancer.text('Type'), {
    known: (type) => (type === 'application' ? judgeApplicationBalancer(balancer) : passesOn(type)),
    // Absent means application (Type of CreateLoadBalancer).
    absent: () => judgeApplicationBalancer(balancer),
  });
}

function passesOn(type: string): Outcome {
  return notAssessed(`no web ACL can stand before a load balancer of the type ${type}: what it leads to decides`);
}

function judgeApplicationBalancer(balancer: Subject): readonly Outcome[] {
  const associated = judgeAssociated(balancer);
  return associated.some(({ verdict }) => verdict !== 'satisfied')
    ? associated
    : [
        ...judgeAttribute(balancer, 'waf.fail_open.enabled', /^false$/i, 'failOpen', true),
        ...judgeAttribute(balancer, 'routing.http.drop_invalid_header_fields.enabled', /^true$/i, 'smuggled', false),
        ...judgeAttribute(balancer, 'routing.http.desync_mitigation_mode', /^(defensive|strictest)$/, 'smuggled', true),
      ];
}

/** @param byDefault whether the attribute keeps the promise where it is not set. Source: LoadBalancerAttribute of Elastic Load Balancing */
function judgeAttribute(
  balancer: Subject,
  attribute: string,
  wanted: RegExp,
  message: string,
  byDefault: boolean,
): readonly Outcome[] {
  return decide(balancer.items('LoadBalancerAttributes'), {
    known: (list) => {
      const keys = list.map((each) => ({ key: each.at('Key').text(), value: each.at('Value') }));
      const found = keys.find(({ key }) => key.kind === 'known' && key.value === attribute);
      if (found) {
        return decide(found.value.text(), {
          known: (value) => (wanted.test(value) ? satisfied : finding(message, undefined, { attribute })),
          absent: () => finding(message, undefined, { attribute }),
        });
      }
      return keys.some(({ key }) => key.kind === 'unresolved')
        ? notAssessed('an attribute whose name is not known')
        : unset(byDefault, message, attribute);
    },
    absent: () => unset(byDefault, message, attribute),
  });
}

function unset(byDefault: boolean, message: string, attribute: string): Outcome {
  return byDefault ? satisfied : finding(message, 'LoadBalancerAttributes', { attribute });
}

function judgeGraph(api: Subject): Outcome | readonly Outcome[] {
  const visibility = api.text('Visibility');
  return visibility.kind === 'known' && visibility.value === 'PRIVATE'
    ? notApplicable('reached from a VPC only')
    : judgeAssociated(api);
}

/** The ARN of a stage holds the API's id in its middle, so that it is not found by reference: the few associations are read one by one. */
function judgeStage(stage: Subject): Outcome | readonly Outcome[] {
  const api = stage.reference('RestApiId');
  if (api.kind === 'known' && isPrivate(api.value.subject)) {
    return notApplicable('reached from a VPC only');
  }
  const id = api.kind === 'known' ? `\${${api.value.subject.logicalId}}` : undefined;
  const name = stage.at('StageName').resolved;
  const names = [`\${${stage.logicalId}}`, ...(name.kind === 'scalar' ? [String(name.value)] : [])];
  const arns = names.map((each) => `/restapis/${id}/stages/${each}`);
  const associated = stage.scope.resources(association).filter((each) => {
    const arn = each.at('ResourceArn').resolved;
    return arn.kind === 'pattern' && arns.some((end) => arn.text.endsWith(end));
  });
  for (const each of associated) {
    each.at('ResourceArn').pattern();
  }
  return judgeAssociations(associated);
}

function isPrivate(api: Subject): boolean {
  const types = api.items('EndpointConfiguration.Types');
  const first = types.kind === 'known' && types.value.length === 1 ? types.value[0]?.text() : undefined;
  return first?.kind === 'known' && first.value === 'PRIVATE';
}
