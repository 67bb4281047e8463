import { type Fact, factsIn, factsOf, optionalFactIn, textIn } from '../../../lib/control/fact';
import { couldNotLook, type LiveHalf, type LiveOutcome, type ReadResult } from '../../../lib/control/live';
import { awaited, finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { githubIssuer, repositoryOf } from './pipeline-role';

const document = 'AssumeRolePolicyDocument';

interface TrustFacts {
  readonly accountId: string;
  readonly providers: ReadResult<Fact>;
  readonly roles: ReadResult<readonly unknown[]>;
}

/** SDL-02 in the running account: whom the roles that take tokens of GitHub really trust, whoever made or changed them. */
export const liveHalf: LiveHalf<TrustFacts> = {
  reads: ['iam:ListOpenIDConnectProviders', 'iam:ListRoles'],
  expects: 'at-least-one',
  collect: async (account) => {
    const [providers, roles] = await Promise.all([
      account.read('iam:ListOpenIDConnectProviders'),
      account.list('iam:ListRoles', 'Roles'),
    ]);
    return { accountId: account.accountId, providers, roles };
  },
  judge: ({ accountId, providers, roles }) => {
    const about = (outcome: Outcome): LiveOutcome => ({ subject: accountId, type: 'AWS::Account', outcome });
    if (!providers.ok || !roles.ok) {
      return [
        ...(providers.ok ? [] : [about(couldNotLook('iam:ListOpenIDConnectProviders', providers))]),
        ...(roles.ok ? [] : [about(couldNotLook('iam:ListRoles', roles))]),
      ];
    }
    const known = factsIn(providers.value, 'OpenIDConnectProviderList').some((each) =>
      githubIssuer.test(textIn(each, 'Arn')),
    );
    const judged = factsOf(roles.value, 'Roles').flatMap(judgeRole);
    if (judged.length > 0) {
      return judged;
    }
    return [
      about(known ? finding('missing') : awaited('no pipeline deploys to it yet, so nobody can say how it does')),
    ];
  },
};

function judgeRole(role: Fact): readonly LiveOutcome[] {
  const text = decodeURIComponent(textIn(role, document));
  if (!githubIssuer.test(text)) {
    return [];
  }
  const observations = [{ property: document, value: text }];
  return judgeTrust(text).map((outcome) => ({
    subject: textIn(role, 'Arn'),
    type: 'AWS::IAM::Role',
    outcome,
    observations,
  }));
}

function judgeTrust(text: string): readonly Outcome[] {
  const policy: unknown = JSON.parse(text);
  const statements = listOf(optionalFactIn({ policy }, 'policy')?.Statement);
  const allowing = factsOf(statements, 'Statement').filter(({ Effect }) => Effect === 'Allow');
  if (allowing.length === 0) {
    return [notAssessed('its trust policy allows nobody, and names GitHub')];
  }
  const found = allowing.flatMap(judgeStatement);
  return found.length > 0 ? found : [satisfied];
}

function judgeStatement(statement: Fact): readonly Outcome[] {
  const principal = statement.Principal;
  const federated = listOf(
    optionalFactIn({ principal: typeof principal === 'string' ? {} : principal }, 'principal')?.Federated,
  );
  const kinds =
    typeof principal === 'object' && principal !== null
      ? Object.keys(principal)
      : [String(principal ?? 'anybody but some')];
  if (kinds.join() !== 'Federated' || federated.some((id) => !githubIssuer.test(String(id)))) {
    return [
      finding('otherDoor', undefined, { principal: JSON.stringify(principal ?? statement.NotPrincipal ?? null) }),
    ];
  }
  const equals = optionalFactIn(optionalFactIn(statement, 'Condition') ?? {}, 'StringEquals') ?? {};
  const values = (claim: string) =>
    Object.entries(equals)
      .filter(([key]) => key.toLowerCase() === `token.actions.githubusercontent.com:${claim}`)
      .flatMap(([, value]) => listOf(value).map(String));
  const audiences = values('aud');
  const subjects = values('sub');
  return [
    ...(audiences.length > 0 && audiences.every((value) => value === 'sts.amazonaws.com')
      ? []
      : [finding('openAudience', document)]),
    ...(subjects.length === 0 || subjects.some((value) => repositoryOf(value) === undefined)
      ? [finding('openSubject', document)]
      : subjects.length > 1
        ? [finding('severalSubjects', undefined, { subjects: subjects.join(', ') })]
        : []),
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
