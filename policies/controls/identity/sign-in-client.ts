import { decide } from '../../../lib/control/decide';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Reading } from '../../../lib/template/reading';
import type { Subject } from '../../../lib/template/subject';

/**
 * Whether a client of a user pool lets nobody find out who has an account, hands tokens only to exact addresses of its own, never through the
 * browser's address bar, and can take them back.
 *
 * Source of the defaults: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cognito-userpoolclient.html
 */
export function signInClient(client: Subject): readonly Outcome[] {
  return [
    ...decide(client.text('PreventUserExistenceErrors'), {
      known: (errors) => (errors === 'ENABLED' ? satisfied : finding('accountsLeak')),
      // LEGACY by default
      absent: () => finding('accountsLeak'),
    }),
    ...decide(client.bool('EnableTokenRevocation'), {
      known: (on) => (on ? satisfied : finding('irrevocable')),
      // Switched on by default for a new client
      absent: () => satisfied,
    }),
    ...redirects(client),
  ];
}

/** Redirects happen only where the client takes part in OAuth at all, which it does not by default. */
export function redirects(client: Subject): readonly Outcome[] {
  return decide(client.bool('AllowedOAuthFlowsUserPoolClient'), {
    known: (on) =>
      on
        ? [
            ...each(client.items('AllowedOAuthFlows'), (flow) =>
              flow === 'implicit' ? finding('implicit') : satisfied,
            ),
            ...each(client.items('CallbackURLs'), exactAddress),
            ...each(client.items('LogoutURLs'), exactAddress),
            ...decide(client.at('DefaultRedirectURI').pattern(), { known: exactAddress, absent: () => satisfied }),
          ]
        : satisfied,
    absent: () => satisfied,
  });
}

function each(list: ReturnType<Subject['items']>, judge: (text: string) => Outcome): readonly Outcome[] {
  return decide(list, {
    known: (items) =>
      items.flatMap((item): readonly Outcome[] => {
        const text: Reading<string> = item.pattern();
        return decide(text, { known: judge, absent: () => satisfied });
      }),
    // Without an entry Cognito refuses the redirect
    absent: () => satisfied,
  });
}

/** `example.com` is what the CDK writes where nobody gave an address. */
function exactAddress(url: string): Outcome {
  if (!url.startsWith('https://')) {
    return finding('plainAddress');
  }
  const host = url.slice('https://'.length).split(/[/?#:]/)[0];
  return host === 'example.com' || host === '' || url.includes('*') ? finding('looseAddress') : satisfied;
}
