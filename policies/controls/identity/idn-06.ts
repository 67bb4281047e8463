import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { sessionTokenMinutes } from '../parameters';
import { isMachineClient } from './machine-client';
import { httpAuthorizer, loadBalancer, restAuthorizer } from './session-doors';
import { lifeOf, longestLife } from './token-life';

/**
 * A refresh token is the longest that somebody stays signed in. No promise gives a figure; a day is what NIST SP 800-63B asks of
 * sessions at its second level, and thirty are the default of Cognito.
 */
const longestRefreshHours = 24;

/** IDN-06: clients of user pools, and whatever else lets people in on the strength of a token. */
export const control = defineControl({
  id: 'idn-06',
  title: 'Tokens are short-lived and replaced at each refresh, and nothing remembers them for longer',
  family: 'identity',
  claims: [
    'cfeu-jwt-15min',
    'cfeu-idle-logout-15min',
    'tdb-session-timeout',
    'cly-jwt-short-lived',
    'cly-jwt-auto-refresh',
    'cly-logout-on-expiry',
  ],
  doesNotProve:
    'That somebody who does nothing is signed out: the shortest refresh token of Cognito lives for an hour, so the application must remember when it last saw somebody and refuse to refresh. Nor that the application checks the expiry of tokens, or that open connections end with them.',
  runbook: 'shorten-sessions',
  parameters: { 'session.tokenMinutes': sessionTokenMinutes },
  messages: {
    missing: {
      violation: 'no client of a user pool is deployed, so nothing limits how long a session lives',
      fix: 'deploy a user pool client with accessTokenValidity and idTokenValidity',
    },
    longLived: {
      violation: 'tokens of client {name} live for {minutes} minutes by {property}, promised are at most {most}',
      fix: 'set accessTokenValidity and idTokenValidity to Duration.minutes({most}) or less; a number without a unit means hours',
    },
    longRefresh: {
      violation: 'client {name} keeps people signed in for {hours} hours by {property}, a day at most is sensible',
      fix: 'set refreshTokenValidity to 24 hours or less; a number without a unit means days',
    },
    notRotated: {
      violation: 'a stolen refresh token of client {name} works until it expires: {property} is {value}',
      fix: 'set refreshTokenRotationGracePeriod, which replaces the token at each refresh',
    },
    reusable: {
      violation:
        'client {name} still refreshes without replacing the token: {property} allows ALLOW_REFRESH_TOKEN_AUTH',
      fix: 'name the flows in authFlows, without the refresh flow',
    },
    longSession: {
      violation: 'load balancer rule {name} remembers people for longer than promised: {property} is {value} seconds',
      fix: 'set sessionTimeout to the promised life of a token; the default is seven days',
    },
    remembered: {
      violation: 'authorizer {name} lets people in after their token has expired: {property} is {value} seconds',
      fix: 'set resultsCacheTtl: Duration.seconds(0); the default is five minutes',
    },
  },
  template: {
    judges: [
      'AWS::Cognito::UserPoolClient',
      'AWS::ElasticLoadBalancingV2::Listener',
      'AWS::ElasticLoadBalancingV2::ListenerRule',
      'AWS::ApiGateway::Authorizer',
      'AWS::ApiGatewayV2::Authorizer',
    ],
    expects: 'at-least-one',
    expected: ['AWS::Cognito::UserPoolClient'],
    judge: (subject, { figures }) => {
      const most = figures.number('session.tokenMinutes');
      switch (subject.type) {
        case 'AWS::ElasticLoadBalancingV2::Listener':
          return loadBalancer(subject, 'DefaultActions', most * 60);
        case 'AWS::ElasticLoadBalancingV2::ListenerRule':
          return loadBalancer(subject, 'Actions', most * 60);
        case 'AWS::ApiGateway::Authorizer':
          return restAuthorizer(subject, most * 60);
        case 'AWS::ApiGatewayV2::Authorizer':
          return httpAuthorizer(subject);
        default:
          return isMachineClient(subject)
            ? notApplicable('it signs in machines: no person has a session')
            : [tokens(subject, most), refresh(subject), ...rotation(subject)];
      }
    },
  },
});

function tokens(client: Subject, most: number): Outcome {
  const life = longestLife(client);
  if (life.kind === 'unknown') {
    return notAssessed(life.reason, life.property);
  }
  return life.seconds <= most * 60
    ? satisfied
    : finding('longLived', life.property, { minutes: life.seconds / 60, most });
}

function refresh(client: Subject): Outcome {
  const life = lifeOf(client, 'RefreshToken');
  if (life.kind === 'unknown') {
    return notAssessed(life.reason, life.property);
  }
  return life.seconds <= longestRefreshHours * 3_600
    ? satisfied
    : finding('longRefresh', life.property, { hours: life.seconds / 3_600 });
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html */
function rotation(client: Subject): readonly Outcome[] {
  return decide(client.text('RefreshTokenRotation.Feature'), {
    known: (feature) => (feature === 'ENABLED' ? refreshFlow(client) : finding('notRotated')),
    absent: () => finding('notRotated'),
  });
}

/** Left out, the flows include the one that hands the same token back. */
function refreshFlow(client: Subject): readonly Outcome[] {
  return decide(client.items('ExplicitAuthFlows'), {
    known: (flows) =>
      flows.flatMap((flow) =>
        decide(flow.text(), {
          known: (name) => (name === 'ALLOW_REFRESH_TOKEN_AUTH' ? finding('reusable') : satisfied),
          absent: () => satisfied,
        }),
      ),
    absent: () => finding('reusable'),
  });
}
