import type { LiveCase } from '../../../lib/control/cases';

const arn = 'arn:aws:iam::111122223333';
const issuer = 'token.actions.githubusercontent.com';
const gitHub = { Federated: `${arn}:oidc-provider/${issuer}` };
const production = 'repo:example/app:environment:production';

const statement = (Condition: unknown, Principal: unknown = gitHub) => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal,
  Condition,
});
const exact = (sub: unknown, aud: unknown = 'sts.amazonaws.com') => ({
  StringEquals: { [`${issuer}:aud`]: aud, [`${issuer}:sub`]: sub },
});

/** A role as IAM lists it: its trust is JSON, with percent signs. */
const roleOf = (name: string, ...Statement: readonly unknown[]) => ({
  RoleName: name,
  Arn: `${arn}:role/${name}`,
  AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement })),
});

const task = roleOf('task', {
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { Service: 'ecs-tasks.amazonaws.com' },
});

function account(...roles: readonly object[]): LiveCase['answers'] {
  return {
    'iam:ListOpenIDConnectProviders': { value: { OpenIDConnectProviderList: [{ Arn: gitHub.Federated }] } },
    'iam:ListRoles': { value: { Roles: [task, ...roles] } },
  };
}

const broken = (name: string, message: string, ...statements: readonly unknown[]): LiveCase => ({
  name,
  answers: account(roleOf('delivery', ...statements)),
  expect: { verdict: 'not-satisfied', message, subject: `${arn}:role/delivery` },
});

export const liveCases: readonly LiveCase[] = [
  {
    name: 'one role takes tokens of one environment',
    answers: account(roleOf('delivery', statement(exact(production)))),
    expect: { verdict: 'satisfied', subject: `${arn}:role/delivery` },
  },
  {
    name: 'nobody deploys by a pipeline yet: no pass',
    answers: { ...account(), 'iam:ListOpenIDConnectProviders': { value: { OpenIDConnectProviderList: [] } } },
    expect: { verdict: 'not-assessed', subject: '111122223333' },
  },
  {
    name: 'the provider was left behind',
    answers: account(),
    expect: { verdict: 'not-satisfied', message: 'missing', subject: '111122223333' },
  },
  {
    name: 'a role that names GitHub and allows nobody',
    answers: account(roleOf('delivery', { ...statement(exact(production)), Effect: 'Deny' })),
    expect: { verdict: 'not-assessed', subject: `${arn}:role/delivery` },
  },
  broken(
    'somebody opened it to every branch',
    'openSubject',
    statement({
      StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
      StringLike: { [`${issuer}:sub`]: 'repo:example/app:*' },
    }),
  ),
  broken('somebody opened it to a branch', 'openSubject', statement(exact('repo:example/app:ref:refs/heads/main'))),
  broken('a condition is gone', 'openSubject', statement({ StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } })),
  broken('no condition at all', 'openAudience', statement(undefined)),
  broken('a token for others passes', 'openAudience', statement(exact(production, ['sts.amazonaws.com', 'other']))),
  broken(
    'two environments come in',
    'severalSubjects',
    statement(exact([production, 'repo:example/app:environment:staging'])),
  ),
  broken('somebody of the account comes in as well', 'otherDoor', statement(exact(production)), {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: `${arn}:root` },
  }),
  broken('anybody comes in as well', 'otherDoor', statement(exact(production)), {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: '*',
  }),
];
