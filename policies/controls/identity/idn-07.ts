import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Parameter } from '../../../lib/control/parameter';
import { awaited, finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { mfaCustomers } from '../parameters';
import { judgeProvider, nameOfProvider, providerType, signInScopes } from './identity-provider';
import { redirects } from './sign-in-client';

const clientType = 'AWS::Cognito::UserPoolClient';

const identityFederation: Parameter = {
  kind: 'set',
  default: [],
  description: 'companies whose accounts are accepted for signing in',
};

/** IDN-07: people who sign in with an account of another company. */
export const control = defineControl({
  id: 'idn-07',
  title:
    'Whoever signs in with an account elsewhere is told by a verified address, comes back to an exact address with a code, and is asked for no more than that',
  family: 'identity',
  claims: ['cfus-google-oauth', 'cly-oauth-microsoft', 'clvr-bankid'],
  doesNotProve:
    'That the other company asks for a second factor, which the pool does not; that the application sends a code challenge, a state and a nonce (Cognito checks them and demands none), and links accounts by a verified address alone; and how a calendar is opened, which goes past the pool (tpr-02).',
  runbook: 'require-second-factor',
  parameters: { 'identity.federation': identityFederation, 'mfa.customers': mfaCustomers },
  messages: {
    unpromised: {
      violation: 'people may sign in with an account of {provider}, which the profile does not promise: {promised}',
      fix: 'remove the provider, or publish it and add it to the figure identity.federation of a claim',
    },
    wideScope: {
      violation: 'provider {name} asks for {scope}, which signing in does not need',
      fix: 'ask for openid, email and profile alone; permission for more is asked for when it is needed',
    },
    plainIssuer: {
      violation: 'provider {name} is asked at an address that is not https: {property} is {value}',
      fix: 'give the address of the issuer with https://',
    },
    anyTenant: {
      violation:
        'provider {name} believes every tenant, and each may give its users any address: {property} is {value}',
      fix: 'name the tenant in the issuer',
    },
    unverifiedMail: {
      violation: 'provider {name} brings an address and not whether it was verified: {property} is {value}',
      fix: 'map email_verified besides email',
    },
    tokenScope: {
      violation: 'client {name} hands out tokens for {scope} to people who signed in elsewhere',
      fix: 'allow openid, email and profile alone',
    },
    noSecret: {
      violation: 'client {name} needs no secret to turn a code into tokens: {property} is {value}',
      fix: 'set generateSecret: true and let the server ask; Cognito checks a code challenge and demands none',
    },
    implicit: {
      violation: 'client {name} hands tokens out in the address bar: {property} is {value}',
      fix: 'allow the authorization code grant only',
    },
    plainAddress: {
      violation: 'client {name} returns people to an address that is not https: {property} is {value}',
      fix: 'give one exact address that begins with https://',
    },
    looseAddress: {
      violation: 'client {name} returns people to an address that is not exactly its own: {property} is {value}',
      fix: 'give one exact address of the application, without wildcards',
    },
  },
  template: {
    judges: [providerType, clientType],
    expects: 'any-number',
    judge: (subject, context) =>
      subject.type === providerType ? provider(subject, context) : client(subject, context),
    judgeWhole,
  },
});

/**
 * Cognito asks people from elsewhere for no second factor of its own: where everybody must use one, somebody has to see that they are asked there.
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
 */
function provider(subject: Subject, { figures }: JudgementContext): readonly Outcome[] {
  const who = nameOfProvider(subject) ?? 'the provider';
  const factor = `the pool asks nobody from ${who} for a second factor: a person must see that ${who} does (runbook require-second-factor)`;
  return [...judgeProvider(subject), ...(figures.choice('mfa.customers') === 'ON' ? [awaited(factor)] : [])];
}

function client(subject: Subject, { scope }: JudgementContext): Outcome | readonly Outcome[] {
  const listed = subject.items('SupportedIdentityProviders');
  const pool = subject.reference('UserPoolId');
  const offered =
    listed.kind === 'absent' && pool.kind === 'known'
      ? scope.referring(pool.value.subject, providerType, 'UserPoolId').length > 0
      : false;
  const names = (listed.kind === 'known' ? listed.value : []).map((each) => each.pattern());
  const hidden = [listed, ...names].find((reading) => reading.kind === 'unresolved');
  if (hidden?.kind === 'unresolved') {
    return notAssessed(hidden.reason, hidden.property);
  }
  const isFederated = names.some((name) => name.kind === 'known' && name.value !== 'COGNITO');
  if (!isFederated && !offered) {
    return notApplicable('it signs in nobody with an account elsewhere');
  }
  return [
    ...redirects(subject),
    ...decide(subject.items('AllowedOAuthScopes'), {
      known: (items) =>
        items.flatMap((item) =>
          decide(item.pattern(), {
            known: (scopeName) =>
              signInScopes.includes(scopeName) ? satisfied : finding('tokenScope', undefined, { scope: scopeName }),
            absent: () => satisfied,
          }),
        ),
      absent: () => satisfied,
    }),
    ...decide(subject.bool('GenerateSecret'), {
      known: (on) => (on ? satisfied : finding('noSecret')),
      // false: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolclient.html
      absent: () => finding('noSecret'),
    }),
  ];
}

/** What is deployed, held against what is promised. A provider that nobody set up is no broken wall: it is awaited by its name. */
function* judgeWhole({ figures, scope, presentOnly }: JudgementContext): Generator<WholeOutcome> {
  if (presentOnly) {
    return;
  }
  const promised = figures.set('identity.federation');
  const deployed = [...new Set(scope.resources(providerType).flatMap((each) => nameOfProvider(each) ?? []))].sort();
  const about = {
    target: scope.graph.templates[0]?.path ?? '',
    subject: 'sign-in with accounts elsewhere',
    type: providerType,
    observations: [{ property: 'providers', value: deployed.join(', ') || 'none' }],
  };
  const extra = deployed.filter((name) => !promised.includes(name));
  const missing = promised.filter((name) => !deployed.includes(name));
  const outcomes = [
    ...extra.map((name) =>
      finding('unpromised', undefined, { provider: name, promised: promised.join(', ') || 'nobody’s account' }),
    ),
    ...missing.map((name) =>
      awaited(
        `no environment lets people sign in with ${name}: a user pool takes them in by a domain of its own alone, whose pages accept TLS 1.2, which enc-01 refuses where more is promised`,
      ),
    ),
  ];
  for (const outcome of outcomes.length > 0 ? outcomes : [satisfied]) {
    yield { ...about, outcome };
  }
}
