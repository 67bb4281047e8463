import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

export const providerType = 'AWS::Cognito::UserPoolIdentityProvider';

/** What signing in needs to know: who it is, and where a mail reaches them. */
export const signInScopes: readonly string[] = ['openid', 'email', 'profile'];

/** Whose sign-in a provider is, in the words of a claim: of Google, of Microsoft, of whoever is named. */
export function nameOfProvider(provider: Subject): string | undefined {
  const type = provider.text('ProviderType');
  const issuer = provider.at('ProviderDetails.oidc_issuer').pattern();
  if (issuer.kind === 'known' && microsoft.test(issuer.value)) {
    return 'Microsoft';
  }
  if (type.kind === 'known' && type.value !== 'OIDC' && type.value !== 'SAML') {
    return type.value;
  }
  const name = provider.at('ProviderName').pattern();
  return name.kind === 'known' ? name.value : undefined;
}

const microsoft = /^https:\/\/(login\.microsoftonline\.com|sts\.windows\.net)\//;

/** Tenants of Microsoft that are none: anybody's, who may give their users any address. */
const anybody = /^https:\/\/login\.microsoftonline\.com\/(common|organizations|consumers)(\/|$)/;

/**
 * Whether a provider asks for no more than signing in needs, is one known house over https, and brings a mail address together with whether it
 * was verified. What it keeps as its secret is judged with all secrets (key-03).
 *
 * Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
 */
export function judgeProvider(provider: Subject): readonly Outcome[] {
  const type = provider.text('ProviderType');
  if (type.kind !== 'known') {
    const reason = type.kind === 'absent' ? 'a provider needs its type' : type.reason;
    return [notAssessed(reason, type.property)];
  }
  return [
    ...(type.value === 'SAML' ? [] : scopes(provider)),
    ...(type.value === 'OIDC' ? addresses(provider) : []),
    ...verifiedMail(provider),
  ];
}

function scopes(provider: Subject): readonly Outcome[] {
  return decide(provider.at('ProviderDetails.authorize_scopes').pattern(), {
    known: (text) => {
      const wide = text.split(/[\s,]+/).filter((scope) => scope !== '' && !signInScopes.includes(scope));
      return wide.length > 0 ? wide.map((scope) => finding('wideScope', undefined, { scope })) : satisfied;
    },
    absent: () => notAssessed('which scopes Cognito asks for when none are given is not documented'),
  });
}

const endpoints = ['authorize_url', 'token_url', 'attributes_url', 'jwks_uri'];

/** Endpoints that are not given are discovered at the issuer. */
function addresses(provider: Subject): readonly Outcome[] {
  const issuer = decide(provider.at('ProviderDetails.oidc_issuer').pattern(), {
    known: (url) =>
      !url.startsWith('https://') ? finding('plainIssuer') : anybody.test(url) ? finding('anyTenant') : satisfied,
    absent: () => notAssessed('a provider of OpenID Connect needs an issuer'),
  });
  const others = endpoints.flatMap((name) =>
    decide(provider.at(`ProviderDetails.${name}`).pattern(), {
      known: (url) => (url.startsWith('https://') ? satisfied : finding('plainIssuer')),
      absent: () => [],
    }),
  );
  return [...issuer, ...others];
}

/** Without it whoever makes an account elsewhere with somebody's address is taken for that person where accounts are linked by mail. */
function verifiedMail(provider: Subject): readonly Outcome[] {
  const mapping = provider.at('AttributeMapping');
  const mail = mapping.at('email').pattern();
  if (mail.kind !== 'known') {
    return mail.kind === 'absent' ? [satisfied] : [notAssessed(mail.reason, mail.property)];
  }
  return decide(mapping.at('email_verified').pattern(), {
    known: (claim) => (claim === '' ? finding('unverifiedMail') : satisfied),
    absent: () => finding('unverifiedMail'),
  });
}
