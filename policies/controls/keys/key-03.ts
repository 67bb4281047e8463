import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { judgeSchedule, schedulesOf } from './secret-rotation';

const ruleType = 'AWS::Config::ConfigRule';
const secretType = 'AWS::SecretsManager::Secret';
const secretsRule = 'SECRETSMANAGER_SECRET_PERIODIC_ROTATION';

/**
 * Rules of AWS Config that notice an old credential, the parameter that says how old it may be, and what holds without it.
 *
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
 */
const watches: Readonly<Record<string, { readonly parameter: string; readonly byDefault: number }>> = {
  ACCESS_KEYS_ROTATED: { parameter: 'maxAccessKeyAge', byDefault: 90 },
  IAM_PASSWORD_POLICY: { parameter: 'MaxPasswordAge', byDefault: 90 },
  [secretsRule]: { parameter: 'maxDaysSinceRotation', byDefault: 90 },
};

/** KEY-03: credentials that no service replaces. Keys of KMS and certificates are key-02 and enc-08. */
export const control = defineControl({
  id: 'key-03',
  title: 'No credential that people look after grows older than promised unnoticed',
  family: 'keys',
  claims: ['clvr-manual-creds-90d'],
  doesNotProve:
    'That somebody replaces a credential when AWS Config finds it too old, and the age of credentials that AWS does not know: keys of vendors, deploy keys and signing keys are in the inventory of the runbook.',
  runbook: 'rotate-credentials',
  parameters: {
    'credentials.maxAgeDays': {
      kind: 'number',
      stricter: 'lower',
      default: 90,
      unit: 'days',
      description: 'oldest that a credential may be which people look after',
    },
  },
  messages: {
    missing: {
      violation: 'no rule of AWS Config watches how old {what} are ({rule})',
      fix: 'deploy the managed rule {rule} with {parameter}: {limit}',
    },
    partial: {
      violation: 'rule {name} looks at some credentials alone: {property} is {value}',
      fix: 'take the scope out of the rule',
    },
    late: {
      violation: 'rule {name} finds a credential too old after {days} days, promised are {limit}',
      fix: 'set its {parameter} to {limit} or less',
    },
    unwatched: {
      violation: 'secret {name} is replaced by nobody, and nothing notices when it is too old',
      fix: 'give it a rotation schedule, or watch it with the managed rule SECRETSMANAGER_SECRET_PERIODIC_ROTATION',
    },
    slow: {
      violation: 'secret {name} is replaced every {days} days, promised are {limit}',
      fix: 'set automaticallyAfter to Duration.days({limit}) or less',
    },
  },
  template: {
    judges: [secretType, ruleType],
    expects: 'any-number',
    judge: (subject, context) =>
      subject.type === ruleType ? judgeRule(subject, context) : judgeSecret(subject, context),
    judgeWhole,
  },
});

function watchedBy(rule: Subject): string | undefined {
  const identifier = rule.text('Source.SourceIdentifier');
  return identifier.kind === 'known' && Object.hasOwn(watches, identifier.value) ? identifier.value : undefined;
}

function judgeRule(rule: Subject, { figures }: JudgementContext): readonly Outcome[] {
  const limit = figures.number('credentials.maxAgeDays');
  return decide(rule.text('Source.SourceIdentifier'), {
    known: (identifier) => {
      const watch = Object.hasOwn(watches, identifier) ? watches[identifier] : undefined;
      if (!watch) {
        return notApplicable('it watches no age of credentials');
      }
      const { parameter, byDefault } = watch;
      const narrow = ['TagKey', 'TagValue', 'ComplianceResourceId'].map((name) => rule.at(`Scope.${name}`));
      const narrowed = narrow.find((place) => place.state() !== 'absent');
      if (narrowed) {
        return finding('partial', narrowed.path);
      }
      const within = (days: number) =>
        days <= limit ? satisfied : finding('late', undefined, { days, limit, parameter });
      return decide(rule.number(`InputParameters.${parameter}`), { known: within, absent: () => within(byDefault) });
    },
    // A rule of one's own names a function or a policy text instead
    absent: () => notApplicable('it is no managed rule'),
  });
}

function judgeSecret(secret: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const limit = figures.number('credentials.maxAgeDays');
  const schedules = schedulesOf(secret, scope);
  if (schedules.length > 0) {
    return schedules.flatMap((schedule) => judgeSchedule(schedule, limit));
  }
  return watchers(secret, scope).length > 0 ? [satisfied] : [finding('unwatched')];
}

/** Rules in the account and Region of a secret, as far as the assembly says where its stacks go. */
function watchers(secret: Subject, scope: Scope): readonly Subject[] {
  const { account, region } = secret.template.origin;
  const agrees = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;
  return scope
    .resources(ruleType)
    .filter((rule) => watchedBy(rule) === secretsRule)
    .filter(({ template: { origin } }) => agrees(origin.account, account) && agrees(origin.region, region));
}

const words: Readonly<Record<string, string>> = {
  ACCESS_KEYS_ROTATED: 'access keys',
  IAM_PASSWORD_POLICY: 'passwords of IAM users',
  [secretsRule]: 'secrets',
};

function* judgeWhole({ scope, figures, presentOnly }: JudgementContext): Generator<WholeOutcome> {
  if (presentOnly) {
    return;
  }
  const limit = figures.number('credentials.maxAgeDays');
  for (const rules of byAccount(scope.resources(ruleType))) {
    const target = rules[0]?.template.path ?? scope.graph.templates[0]?.path ?? '';
    const present = new Set(rules.map(watchedBy));
    const hidden = rules.some((rule) => rule.text('Source.SourceIdentifier').kind === 'unresolved');
    for (const [rule, { parameter }] of Object.entries(watches)) {
      const missing = hidden
        ? notAssessed(`whether a rule is ${rule} cannot be read`)
        : finding('missing', undefined, { rule, parameter, limit, what: words[rule] });
      yield { target, subject: '', type: ruleType, outcome: present.has(rule) ? satisfied : missing };
    }
  }
}

/** Rules of one account see no credential of another. */
function byAccount(rules: readonly Subject[]): readonly (readonly Subject[])[] {
  const accounts = [...new Set(rules.map(({ template }) => template.origin.account))];
  return accounts.length === 0
    ? [[]]
    : accounts.map((account) => rules.filter(({ template }) => template.origin.account === account));
}
