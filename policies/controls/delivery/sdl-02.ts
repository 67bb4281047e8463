import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { awaited, finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { policyType } from './environments';
import { judgeGuardRail } from './pipeline-guard-rail';
import { githubIssuer, isPipeline, judgePipeline, repositoriesOf, roleType } from './pipeline-role';
import { liveHalf } from './sdl-02.live';
import { judgeSource, sourceMessages } from './source-review';

const id = 'sdl-02';
const providerType = 'AWS::IAM::OIDCProvider';
const hookType = 'AWS::CloudFormation::GuardHook';

/** SDL-02: who changes the source, and who deploys it. What the repository itself asks of people shows on GitHub alone. */
export const control = defineControl({
  id,
  title:
    'One repository deploys, from an environment of it that its token names whole, with no key and no power of its own, and nobody else does',
  family: 'delivery',
  claims: ['clvr-source-access', 'clvr-github-security', 'clvr-gitflow-reviewed'],
  doesNotProve:
    'That the repository is private, that its people sign in with a second factor and that a change is reviewed before it is merged: GitHub alone shows these, and the register repeats what a person saw there. That the environment on GitHub has rules, that somebody who can change the workflow is somebody else than who approves it, and that nobody deployed in the name of the emergency.',
  runbook: 'review-access',
  parameters: {
    'scm.requiredReviews': {
      kind: 'number',
      stricter: 'higher',
      default: 1,
      unit: 'reviews',
      description: 'reviews of other people before a change is merged',
    },
    'scm.reviewDays': {
      kind: 'number',
      stricter: 'lower',
      default: 92,
      unit: 'days',
      description: 'longest time from one look at the settings of the repository to the next',
    },
  },
  messages: {
    missing: {
      violation: 'account {name} takes tokens of GitHub, but no role of it is there for them',
      fix: 'deploy the role of the pipeline, or remove the provider',
    },
    otherAudience: {
      violation: '{name} takes tokens of GitHub that are for others: {property} is {value}',
      fix: 'set clientIds to sts.amazonaws.com alone',
    },
    openAudience: {
      violation: 'role {name} is taken on with tokens of GitHub for whomever they are ({property})',
      fix: 'require token.actions.githubusercontent.com:aud with StringEquals and sts.amazonaws.com',
    },
    openSubject: {
      violation: 'role {name} is taken on from more than one environment of one repository ({property})',
      fix: 'require token.actions.githubusercontent.com:sub with StringEquals and repo:owner/name:environment:name',
    },
    severalSubjects: {
      violation: 'role {name} is taken on from {subjects}',
      fix: 'give each a role of its own',
    },
    otherDoor: {
      violation: 'role {name} of the pipeline is also taken on by {principal}',
      fix: 'let nobody but the provider of tokens take it on',
    },
    morePower: {
      violation: 'the pipeline’s role {name} may do more than deploy through roles of the CDK: {what} ({property})',
      fix: 'let it take on the roles of the CDK’s bootstrap, and nothing else',
    },
    otherRoles: {
      violation: 'the pipeline’s role {name} may take on {resource} ({property})',
      fix: 'name the roles of the CDK’s bootstrap in its account and Region, whole',
    },
    severalRepositories: {
      violation: 'several repositories deploy: {repositories}',
      fix: 'deploy from one repository',
    },
    anybodyDeploys: {
      violation: 'nothing keeps others than the pipeline from changing stacks in {name}',
      fix: 'deploy the guard-rails of deliveries with the organization',
    },
    anybodyTakesOn: {
      violation: 'nothing keeps others than the pipeline from taking on the roles that deploy to {name}',
      fix: 'deploy the guard-rails of deliveries with the organization',
    },
    spares: {
      violation: 'the guard-rail around the pipeline of {name} spares {principal}',
      fix: 'spare the pipeline, the roles of the CDK and the permission set for emergencies alone',
    },
    weakHook: {
      violation: 'hook {name} looks at deployments and stops none: {property} is {value}',
      fix: 'set hookStatus to ENABLED and failureMode to FAIL',
    },
    ...sourceMessages,
  },
  template: {
    judges: [roleType, providerType, hookType],
    expects: 'any-number',
    judge: (subject) => {
      switch (subject.type) {
        case providerType:
          return judgeProvider(subject);
        case hookType:
          return judgeHook(subject);
        default:
          return judgeRole(subject);
      }
    },
    judgeWhole,
  },
  live: liveHalf,
  register: { judge: (registers, _catalogue, context) => judgeSource(id, registers, context) },
});

function judgeRole(role: Subject): Outcome | readonly Outcome[] {
  // Read to the end where it is hidden: who takes a role on that cannot be read may be a pipeline
  return isPipeline(role) === false ? notApplicable('no pipeline takes it on') : judgePipeline(role);
}

function judgeProvider(provider: Subject): readonly Outcome[] {
  return decide(provider.text('Url'), {
    known: (url) => (githubIssuer.test(url) ? judgeAudiences(provider) : notApplicable('it is not that of GitHub')),
    absent: () => notAssessed('whose tokens it takes is not said'),
  });
}

function judgeAudiences(provider: Subject): readonly Outcome[] {
  return decide(provider.items('ClientIdList'), {
    known: (items) =>
      items.flatMap((item) =>
        decide(item.text(), {
          known: (audience) => (audience === 'sts.amazonaws.com' ? satisfied : finding('otherAudience')),
          absent: () => notAssessed('an audience is missing'),
        }),
      ),
    absent: () => notAssessed('whom tokens must be for is not said'),
  });
}

function judgeHook(hook: Subject): readonly Outcome[] {
  return [...word(hook, 'HookStatus', 'ENABLED'), ...word(hook, 'FailureMode', 'FAIL')];
}

function word(subject: Subject, path: string, expected: string): readonly Outcome[] {
  return decide(subject.text(path), {
    known: (value) => (value === expected ? satisfied : finding('weakHook')),
    absent: () => notAssessed('it is required, and not there'),
  });
}

function* judgeWhole({ scope, presentOnly }: JudgementContext): Generator<WholeOutcome> {
  const pipelines = scope.resources(roleType).filter((role) => isPipeline(role) === true);
  const about = { target: scope.graph.templates[0]?.path ?? '', subject: 'pipeline', type: roleType };
  if (pipelines.length === 0) {
    const reason = 'nobody said which repository deploys: name it under delivery in the settings of the environment';
    yield { ...about, outcome: presentOnly ? notApplicable('it deploys no pipeline') : awaited(reason) };
    return;
  }
  const repositories = [...new Set(pipelines.flatMap(repositoriesOf))];
  if (repositories.length > 1) {
    const named = repositories.join(', ');
    yield { ...about, outcome: finding('severalRepositories', undefined, { repositories: named }) };
  }
  for (const pipeline of pipelines) {
    for (const outcome of judgeGuardRail(pipeline, presentOnly)) {
      const { account = 'unknown' } = pipeline.template.origin;
      yield { target: pipeline.template.path, subject: `account ${account}`, type: policyType, outcome };
    }
  }
}
