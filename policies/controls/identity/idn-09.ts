import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { isOnlyBoundary } from './boundary-policy';
import { judgeGrant } from './granted-actions';
import { attachedPolicies, identityDocuments, identityPolicyTypes } from './iam-documents';
import { judgeTrust } from './role-trust';

const analyzerType = 'AWS::AccessAnalyzer::Analyzer';
const setType = 'AWS::SSO::PermissionSet';

/** IDN-09: what identities may do, in every policy of every template. Who works as an administrator is idn-08. */
export const control = defineControl({
  id: 'idn-09',
  title: 'Every policy of an identity names its actions and resources, and every role those who may take it on',
  family: 'identity',
  claims: [
    'cly-iam-least-privilege-roles',
    'cly-iam-granular-policies',
    'clvr-internal-least-privilege',
    'clvr-admin-restricted',
  ],
  doesNotProve:
    'That each permission is needed: what nobody uses shows after deployment, in the findings of the analyzer, and who is in which group is reviewed by people. Policies that AWS keeps are judged by their names alone, key and bucket policies by the controls of keys and stores. What a boundary leaves over is decided by the policies beside it.',
  runbook: 'review-access',
  parameters: {
    'iam.reviewDays': {
      kind: 'number',
      stricter: 'lower',
      default: 90,
      unit: 'days',
      description: 'days after which access that nobody used is found',
    },
  },
  messages: {
    everything: {
      violation: '{name} allows every action of every service: {property} is {value}',
      fix: 'name the actions that the work needs',
    },
    wholeService: {
      violation: '{name} allows {action}, every action of the service, also those that come later',
      fix: 'name the actions that the work needs, or use a grant of the construct',
    },
    allButSome: {
      violation: '{name} allows everything but what {property} names, also what comes later',
      fix: 'allow by Action; NotAction belongs into a Deny',
    },
    anyResource: {
      violation: '{name} allows {action} on every resource ({property})',
      fix: 'name the resource by its ARN',
    },
    passesAnyRole: {
      violation: '{name} may hand any role of the account to a service ({property})',
      fix: 'name the role in Resource, or the service in iam:PassedToService',
    },
    administrator: {
      violation: '{name} has the policy {policy}, which gives far more than its work needs ({property})',
      fix: 'attach a policy that names its actions; administration in an emergency has a permission set called BreakGlass',
    },
    onUser: {
      violation: '{name} gives permissions to a single IAM user',
      fix: 'give them to a role or to a permission set',
    },
    anyoneAssumes: {
      violation: 'anybody may take on role {name}: {property} is {value}',
      fix: 'name the principals, or narrow the statement with aws:PrincipalOrgID',
    },
    confusedDeputy: {
      violation: 'role {name} is taken on by {service} for any account that asks it',
      fix: 'add a condition on aws:SourceAccount or aws:SourceArn',
    },
    openToken: {
      violation: 'role {name} is taken on with any token of the provider that looks alike ({property})',
      fix: 'require aud and sub with StringEquals and whole values, for GitHub repo:owner/name:environment:name',
    },
    seenLate: {
      violation: 'analyzer {name} finds unused access after {value} days, promised are {limit}',
      fix: 'set unusedAccessAge to {limit} or less',
    },
  },
  template: {
    judges: [...identityPolicyTypes, analyzerType],
    expects: 'any-number',
    judge: (subject, context) => {
      if (subject.type === analyzerType) {
        return judgeAnalyzer(subject, context);
      }
      return [
        satisfied,
        ...judgeDocuments(subject, context),
        ...judgeAttached(subject),
        ...(subject.type === 'AWS::IAM::Role' ? judgeTrust(subject) : []),
        ...judgeOwner(subject),
      ];
    },
  },
});

function judgeDocuments(subject: Subject, { scope }: JudgementContext): readonly Outcome[] {
  const judge = subject.type === 'AWS::IAM::ManagedPolicy' && isOnlyBoundary(subject, scope) ? () => [] : judgeGrant;
  return identityDocuments(subject).flatMap(({ reading }) =>
    decide(reading, {
      known: ({ statements, unresolved }) => [
        ...unresolved.map(({ reason, property }) => notAssessed(reason, property)),
        ...statements.flatMap(judge),
      ],
      absent: () => notAssessed('a policy without a document gives nobody knows what'),
    }),
  );
}

const owners = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group', setType];

/** Policies of AWS that name no work: everything, or everything of a service. */
const tooMuch =
  /:policy\/(?:.*\/)?(AdministratorAccess(?:-\w+)?|PowerUserAccess|IAMFullAccess|SystemAdministrator|\w+FullAccess)$/;

function judgeAttached(subject: Subject): readonly Outcome[] {
  if (!owners.includes(subject.type)) {
    return [];
  }
  return decide(attachedPolicies(subject).items(), {
    known: (items) =>
      items.flatMap((item) =>
        decide(item.pattern(), {
          known: (arn) => {
            const policy = tooMuch.exec(arn)?.[1];
            return policy !== undefined && !isForEmergencies(subject)
              ? [finding('administrator', undefined, { policy })]
              : [];
          },
          absent: () => [],
        }),
      ),
    absent: () => [],
  });
}

/** The one way to everything, whose use is looked at afterwards; how long it lasts is idn-08. */
function isForEmergencies(subject: Subject): boolean {
  const name = subject.type === setType ? subject.text('Name') : undefined;
  return name?.kind === 'known' && /^(break-?glass|emergency)/i.test(name.value);
}

function judgeOwner(subject: Subject): readonly Outcome[] {
  const inline = subject.type === 'AWS::IAM::User' && subject.at('Policies').state() !== 'absent';
  return inline || subject.type === 'AWS::IAM::UserPolicy' ? [finding('onUser')] : [];
}

/** Absent means 90 days: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_UnusedAccessConfiguration.html. */
function judgeAnalyzer(analyzer: Subject, { figures }: JudgementContext): readonly Outcome[] {
  const limit = figures.number('iam.reviewDays');
  return decide(analyzer.text('Type'), {
    known: (type) =>
      /UNUSED_ACCESS$/.test(type)
        ? decide(analyzer.number('AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge'), {
            known: (days) => (days <= limit ? satisfied : finding('seenLate', undefined, { limit })),
            absent: () => (90 <= limit ? satisfied : finding('seenLate', undefined, { limit })),
          })
        : notApplicable('it looks at access from outside'),
    absent: () => notAssessed('an analyzer needs a type'),
  });
}
