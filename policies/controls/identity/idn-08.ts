import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Parameter } from '../../../lib/control/parameter';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { PolicyDocument, PolicyStatement } from '../../../lib/template/policy-document';
import type { Reading } from '../../../lib/template/reading';
import type { Subject } from '../../../lib/template/subject';
import { judgeSession } from './admin-session';
import {
  asksSecondFactor,
  contentOf,
  deniesRoot,
  isServiceControl,
  policyType,
  serviceControlPolicies,
  slipsPast,
} from './guard-rail-statements';
import { identityDocuments, identityPolicyTypes } from './iam-documents';
import { liveHalf, liveMessages, quietDays } from './idn-08.live';

const sessionMinutes = (value: number, whose: string): Parameter => ({
  kind: 'number',
  stricter: 'lower',
  default: value,
  unit: 'minutes',
  description: `longest session of ${whose}`,
});

/** IDN-08: who administers the accounts. What each may do there is idn-09. */
export const control = defineControl({
  id: 'idn-08',
  title: 'Nobody works as root or as an IAM user without second factor, and administrators have short sessions',
  family: 'identity',
  claims: ['cly-no-root', 'cly-admin-mfa-iam-users', 'clvr-mfa-admin-staff', 'clvr-admin-restricted'],
  doesNotProve:
    'That IAM Identity Center asks for the second factor at every sign-in: that is a setting of its instance, for which templates have no type, and which a person shows. Guard-rails do not bind the management account, so nothing else may run there. In the account, sign-ins of root are read from the credential report and from the events of one Region.',
  // The setting of Identity Center shows nowhere that a program may look
  attested: true,
  runbook: 'enter-in-emergency',
  parameters: {
    'admin.sessionMinutes': sessionMinutes(60, 'administrators'),
    'people.sessionMinutes': sessionMinutes(240, 'people who enter an account'),
    'root.quietDays': quietDays,
  },
  messages: {
    missing: {
      violation: 'no service control policy is deployed, so nothing keeps the root users of the accounts from working',
      fix: 'describe the organization in the settings, and deploy its guard-rails',
    },
    rootNotDenied: {
      violation: 'no service control policy denies everything to the root user of every account',
      fix: 'deny * on * where ArnLike aws:PrincipalArn is arn:*:iam::*:root, and nothing else narrows it',
    },
    noSecondFactor: {
      violation: 'no service control policy denies IAM users that have given no second factor',
      fix: 'deny all but registering one where BoolIfExists aws:MultiFactorAuthPresent is false, for arn:*:iam::*:user/*',
    },
    plainBool: {
      violation:
        '{name} asks for the second factor with a plain Bool in {property}, which a request with an access key slips past',
      fix: 'use BoolIfExists: without the key in the request a plain Bool never matches',
    },
    unattached: {
      violation: 'service control policy {name} is attached to nothing',
      fix: 'name the root or the organizational units in targetIds',
    },
    longSession: {
      violation: 'a session of permission set {name} lasts {value}, at most {longest} minutes are allowed',
      fix: 'shorten sessionDuration to that',
    },
    consoleUser: {
      violation: 'IAM user {name} can sign in with a password',
      fix: 'remove the login profile: people come through IAM Identity Center',
    },
    accessKey: {
      violation: '{name} is a long-lived access key',
      fix: 'use a role: its credentials end by themselves',
    },
    ...liveMessages,
  },
  template: {
    judges: [policyType, 'AWS::IAM::AccessKey', ...identityPolicyTypes],
    expects: 'any-number',
    judge: (subject, { figures }) => {
      switch (subject.type) {
        case policyType:
          return isServiceControl(subject) ? judgePolicy(subject) : judgeOther(subject);
        case 'AWS::IAM::AccessKey':
          return finding('accessKey');
        case 'AWS::SSO::PermissionSet':
          return [...judgeSession(subject, figures), ...judgeDocuments(subject)];
        default:
          return [...judgeUser(subject), ...judgeDocuments(subject), notApplicable('it asks for no second factor')];
      }
    },
    judgeWhole,
  },
  live: liveHalf,
});

function judgeOther(policy: Subject): Outcome {
  return policy.text('Type').kind === 'known'
    ? notApplicable('it is no service control policy')
    : notAssessed('which kind of policy it is cannot be read', 'Type');
}

function judgePolicy(policy: Subject): readonly Outcome[] {
  const attached = decide(policy.items('TargetIds'), {
    known: (targets) => (targets.length > 0 ? targets.map(judgeTarget) : finding('unattached')),
    absent: () => finding('unattached'),
  });
  return [...attached, ...judgeReading(contentOf(policy))];
}

function judgeTarget(target: { text(): Reading<string>; readonly path: string }): Outcome {
  const id = target.text();
  return id.kind === 'known' && /^(r|ou)-|^\d{12}$/.test(id.value)
    ? satisfied
    : notAssessed('what it is attached to cannot be read', target.path);
}

function judgeDocuments(subject: Subject): readonly Outcome[] {
  return identityDocuments(subject).flatMap(({ reading }) => judgeReading(reading));
}

function judgeReading(reading: Reading<PolicyDocument>): readonly Outcome[] {
  return decide(reading, {
    known: ({ statements, unresolved }) => [
      ...unresolved.map(({ reason, property }) => notAssessed(reason, property)),
      ...statements.flatMap((statement) => {
        const past = slipsPast(statement);
        return past ? [finding('plainBool', past.property)] : [];
      }),
    ],
    absent: () => [],
  });
}

function judgeUser(subject: Subject): readonly Outcome[] {
  const hasPassword = subject.type === 'AWS::IAM::User' && subject.at('LoginProfile').state() !== 'absent';
  return hasPassword ? [finding('consoleUser', 'LoginProfile')] : [];
}

/** Whether any of the policies says what must be said; one that cannot be read might. */
function* judgeWhole({ scope, presentOnly }: JudgementContext): Generator<WholeOutcome> {
  const policies = serviceControlPolicies(scope);
  const target = policies[0]?.template.path ?? scope.graph.templates[0]?.path ?? '';
  const about = { target, subject: '', type: policyType };
  if (policies.length === 0) {
    yield {
      ...about,
      outcome: presentOnly ? notApplicable('no organization is deployed with it') : finding('missing'),
    };
    return;
  }
  yield { ...about, outcome: whetherAny(policies, deniesRoot, 'rootNotDenied') };
  yield { ...about, outcome: whetherAny(policies, asksSecondFactor, 'noSecondFactor') };
}

function whetherAny(
  policies: readonly Subject[],
  says: (statement: PolicyStatement) => boolean,
  message: string,
): Outcome {
  const readings = policies.map(contentOf);
  const documents = readings.flatMap((reading) => (reading.kind === 'known' ? [reading.value] : []));
  if (documents.some(({ statements }) => statements.some(says))) {
    return satisfied;
  }
  const hidden = readings.some((reading) => reading.kind === 'unresolved' || hasHidden(reading));
  return hidden ? notAssessed('a service control policy cannot be read whole') : finding(message);
}

function hasHidden(reading: Reading<PolicyDocument>): boolean {
  return reading.kind === 'known' && reading.value.unresolved.length > 0;
}
