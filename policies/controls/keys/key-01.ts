import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { keysMode } from '../parameters';
import { judgeKeyPolicy } from './key-policy';

/** KEY-01: keys are ours, and their policies let nobody do everything. That stores use them is judged store by store: enc-04, enc-05. */
export const control = defineControl({
  id: 'key-01',
  title: 'Keys are managed by the customer, and no key policy lets anybody in or anyone do everything',
  family: 'keys',
  claims: ['cfeu-credentials-key-management', 'cly-kms-managed-keys', 'clvr-db-aes256-platform-keys'],
  doesNotProve:
    'Who uses a key in the end: where the policy delegates to the account, the policies of IAM decide, and grants are made at run time. Nor that stores use these keys (enc-04, enc-05).',
  runbook: 'review-key-policies',
  parameters: { 'keys.mode': keysMode },
  messages: {
    missing: {
      violation: 'no KMS key is deployed, so nothing keeps the promise of customer-managed keys',
      fix: 'deploy a key for each kind of data',
    },
    anyone: {
      violation: 'the policy of key {name} lets anybody in, and no condition says who: {property} is {value}',
      fix: 'name the principals, or narrow the statement with kms:CallerAccount, aws:PrincipalOrgID or aws:SourceArn',
    },
    allActions: {
      violation: 'the policy of key {name} lets {principal} do everything: {property} is {value}',
      fix: 'grant {principal} either the actions that administer the key or those that use it',
    },
    mixed: {
      violation: 'the policy of key {name} lets {principal} both administer the key and use it',
      fix: 'take Decrypt, Encrypt and GenerateDataKey from whoever administers the key, or administration from whoever uses it',
    },
    disabled: {
      violation: 'key {name} is disabled: nothing can be read or written with it',
      fix: 'remove enabled: false, or remove the key',
    },
    lockout: {
      violation: 'key {name} is made without the check that its policy leaves somebody in control',
      fix: 'remove BypassPolicyLockoutSafetyCheck',
    },
  },
  template: {
    judges: ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'],
    expects: 'any-number',
    judge: (key) => [...judgeKeyPolicy(key), ...judgeState(key), ...judgeWindow(key)],
    *judgeWhole({ figures, scope, presentOnly }) {
      const { graph } = scope;
      if (!presentOnly && figures.choice('keys.mode') === 'customer' && graph.ofType('AWS::KMS::Key').length === 0) {
        const target = graph.templates[0]?.path ?? '';
        yield { target, subject: '', type: 'AWS::KMS::Key', outcome: finding('missing') };
      }
    },
  },
});

/** Absent means enabled, and checked: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html. */
function judgeState(key: Subject): readonly Outcome[] {
  return [
    ...decide(key.bool('Enabled'), {
      known: (on) => (on ? satisfied : finding('disabled')),
      absent: () => satisfied,
    }),
    ...decide(key.bool('BypassPolicyLockoutSafetyCheck'), {
      known: (bypassed) => (bypassed ? finding('lockout') : satisfied),
      absent: () => satisfied,
    }),
  ];
}

/** KMS takes 7 to 30 days to delete a key, and 30 where nothing is said; no document promises which. */
function judgeWindow(key: Subject): readonly Outcome[] {
  return decide(key.number('PendingWindowInDays'), {
    known: (days) => (days >= 7 && days <= 30 ? satisfied : notAssessed(`KMS waits 7 to 30 days, got ${days}`)),
    absent: () => satisfied,
  });
}
