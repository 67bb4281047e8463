import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { longestLife } from './token-life';

/**
 * Load balancers that sign people in by themselves keep a session of their own, seven days by default, whatever the tokens say.
 *
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
export function loadBalancer(listener: Subject, path: string, limit: number): Outcome | readonly Outcome[] {
  const outcomes = decide(listener.items(path), {
    known: (actions) =>
      actions.flatMap((action) =>
        ['AuthenticateCognitoConfig', 'AuthenticateOidcConfig']
          .map((config) => action.at(config))
          .filter((config) => config.resolved.kind !== 'absent')
          .flatMap((config) =>
            decide(config.at('SessionTimeout').number(), {
              known: (seconds) => (seconds <= limit ? satisfied : finding('longSession')),
              absent: () => finding('longSession', undefined, { value: 604_800 }),
            }),
          ),
      ),
    absent: () => [],
  });
  return outcomes.length === 0 ? notApplicable('it signs nobody in') : outcomes;
}

/**
 * A decision that an authorizer remembers outlives the token: by the whole cache where a function decides, and together with the longest
 * token where the pool does. Five minutes by default.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
 */
export function restAuthorizer(authorizer: Subject, limit: number): readonly Outcome[] {
  const judge = (seconds: number) => (seconds === 0 ? satisfied : remembered(authorizer, seconds, limit));
  return decide(authorizer.number('AuthorizerResultTtlInSeconds'), { known: judge, absent: () => judge(300) });
}

function remembered(authorizer: Subject, seconds: number, limit: number): Outcome {
  const type = authorizer.text('Type');
  if (type.kind === 'unresolved') {
    return notAssessed(type.reason, type.property);
  }
  if (type.kind === 'absent' || type.value !== 'COGNITO_USER_POOLS' || seconds > limit) {
    return finding('remembered', undefined, { value: seconds });
  }
  const lives = lifetimes(authorizer);
  return lives === undefined
    ? notAssessed('how long the tokens live that it remembers: their clients are not here')
    : Math.max(...lives) + seconds <= limit
      ? satisfied
      : finding('remembered', undefined, { value: seconds });
}

/** Lives of the tokens of every client of every pool that an authorizer trusts, or undefined where one cannot be seen. */
function lifetimes(authorizer: Subject): readonly number[] | undefined {
  const pools = authorizer.items('ProviderARNs');
  const lives = (pools.kind === 'known' ? pools.value : []).flatMap((node) => {
    const pool = node.reference();
    const clients =
      pool.kind === 'known'
        ? pool.value.subject.scope.referring(pool.value.subject, 'AWS::Cognito::UserPoolClient', 'UserPoolId')
        : [];
    return clients.length === 0 ? [undefined] : clients.map((client) => longestLife(client));
  });
  const known = lives.flatMap((life) => (life?.kind === 'known' ? [life.seconds] : []));
  return known.length === 0 || known.length < lives.length ? undefined : known;
}

/**
 * Functions that authorize HTTP APIs: nothing is remembered unless a time is given. The other kind checks each token as it comes.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export function httpAuthorizer(authorizer: Subject): Outcome | readonly Outcome[] {
  const type = authorizer.text('AuthorizerType');
  if (type.kind === 'known' && type.value === 'JWT') {
    return notApplicable('it checks each token as it comes');
  }
  return decide(authorizer.number('AuthorizerResultTtlInSeconds'), {
    known: (seconds) => (seconds === 0 ? satisfied : finding('remembered')),
    absent: () => satisfied,
  });
}
