import { defineControl } from '../../../lib/control/control';
import type { Parameter } from '../../../lib/control/parameter';
import { notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { cookiesStrict } from '../parameters';
import { judgeDistributionCookies } from './distribution-cookies';
import { type CookieDemand, judgeActions, judgeFirewall, judgeTargetGroup } from './infrastructure-cookies';
import { judgeProxy, proxyTask } from './proxy-configuration';
import { judgeProxyCookies } from './proxy-cookies';

/** What every cookie must say of requests from other sites, where cookies are strict. */
const cookiesSameSite: Parameter = {
  kind: 'choice',
  weakestFirst: ['None', 'Lax', 'Strict'],
  default: 'Strict',
  description: 'what a cookie must say of requests from other sites: sent with all, with some, or with none',
};

const proxyFix =
  "write 'proxy_cookie_flags ~ secure httponly samesite=strict;' once, at the top of the proxy's configuration";

/** EDG-04: cookies of the application leave through a proxy that rewrites them; cookies of the infrastructure, which nothing can rewrite, are not made. */
export const control = defineControl({
  id: 'edg-04',
  title:
    'Every cookie leaves with HttpOnly, Secure and SameSite as promised, on every status, and infrastructure sets none',
  family: 'edge',
  claims: ['tdb-secure-only-cookies', 'clvr-cookies-httponly-secure', 'clvr-cookies-samesite-strict'],
  doesNotProve:
    'That the container runs nginx with the configuration that its environment holds, that scripts of the application set no cookie in the browser, and what cookies third parties set on their own sites.',
  parameters: { 'cookies.strict': cookiesStrict, 'cookies.sameSite': cookiesSameSite },
  messages: {
    missing: {
      violation: 'no proxy stands before the application, so nothing sees to the flags of its cookies',
      fix: 'put the reverse proxy beside the application container and let the load balancer hand requests to it alone',
    },
    bypassed: {
      violation:
        'a load balancer hands requests of {name} to container {container}, around the proxy that rewrites cookies',
      fix: 'let the service register the container of the proxy, and no other',
    },
    uncovered: {
      violation: 'the proxy of {name} rewrites no cookie at {places}: no proxy_cookie_flags for all names is in force',
      fix: `${proxyFix}; a location with one of its own loses those above it`,
    },
    withoutSecure: {
      violation: 'the proxy of {name} lets cookies travel unencrypted at {places}: the flag secure is not set',
      fix: proxyFix,
    },
    withoutHttpOnly: {
      violation: 'the proxy of {name} lets scripts read cookies at {places}: the flag httponly is not set',
      fix: proxyFix,
    },
    withoutSameSite: {
      violation: 'the proxy of {name} lets other sites use cookies at {places}: samesite is not as promised',
      fix: proxyFix,
    },
    ownCookie: {
      violation: 'the proxy of {name} itself sets the cookie {cookie} without the promised flags at {places}',
      fix: 'set no cookie in the proxy, or write Secure, HttpOnly and SameSite=Strict with it',
    },
    sticky: {
      violation: '{name} makes the load balancer set AWSALB cookies, which nothing can rewrite: {property} is {value}',
      fix: 'switch stickiness off and keep sessions in a store that all tasks share',
    },
    signInAction: {
      violation: '{name} lets the load balancer sign users in and keep them in its own cookie: {property} is {value}',
      fix: 'remove the action and let the application sign users in',
    },
    firewallToken: {
      violation: '{name} makes the firewall set aws-waf-token, a cookie that scripts can read: {cause}',
      fix: 'block instead, or let the application set a challenge of its own',
    },
    hostedPages: {
      violation: 'domain {name} serves sign-in pages of Cognito, whose cookies nothing can rewrite',
      fix: "remove the domain and sign users in through the application's own pages",
    },
    functionSkipsErrors: {
      violation:
        'distribution {name} leaves cookie flags to a function at viewer-response, which is not run for answers of 400 and above: {property}',
      fix: 'rewrite cookies in the proxy beside the application, which sees every answer',
    },
  },
  template: {
    judges: [
      proxyTask,
      'AWS::ElasticLoadBalancingV2::TargetGroup',
      'AWS::ElasticLoadBalancingV2::Listener',
      'AWS::ElasticLoadBalancingV2::ListenerRule',
      'AWS::WAFv2::WebACL',
      'AWS::WAFv2::RuleGroup',
      'AWS::Cognito::UserPoolDomain',
      'AWS::CloudFront::Distribution',
    ],
    expects: 'at-least-one',
    expected: [proxyTask, 'AWS::CloudFront::Distribution'],
    judge: (subject, { figures }) =>
      judgeSubject(subject, {
        strict: figures.flag('cookies.strict'),
        sameSite: figures.choice('cookies.sameSite'),
      }),
  },
});

function judgeSubject(subject: Subject, demand: CookieDemand): readonly Outcome[] {
  switch (subject.type) {
    case proxyTask:
      return orSatisfied(judgeProxy(subject, (configuration) => judgeProxyCookies(configuration, demand)));
    case 'AWS::ElasticLoadBalancingV2::TargetGroup':
      return orSatisfied(judgeTargetGroup(subject));
    case 'AWS::ElasticLoadBalancingV2::Listener':
      return orSatisfied(judgeActions(subject, 'DefaultActions', demand));
    case 'AWS::ElasticLoadBalancingV2::ListenerRule':
      return orSatisfied(judgeActions(subject, 'Actions', demand));
    case 'AWS::CloudFront::Distribution':
      return judgeDistributionCookies(subject);
    case 'AWS::Cognito::UserPoolDomain':
      return demand.strict
        ? [{ verdict: 'not-satisfied', message: 'hostedPages' }]
        : [notApplicable('cookies of infrastructure are promised only where all cookies must be strict')];
    case 'AWS::WAFv2::WebACL':
    case 'AWS::WAFv2::RuleGroup':
      return demand.strict
        ? orSatisfied(judgeFirewall(subject))
        : [notApplicable('cookies of infrastructure are promised only where all cookies must be strict')];
    default:
      return [notAssessed(`what cookies a ${subject.type} sets is not known`)];
  }
}

function orSatisfied(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.length === 0 ? [satisfied] : outcomes;
}
