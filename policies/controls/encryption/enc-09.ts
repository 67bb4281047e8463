import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, satisfied } from '../../../lib/control/verdict';
import { identityPasswordMinLength } from '../parameters';
import { guardsType, judgeAccounts } from './account-guards';

/** ENC-09: what an account would leave in clear text or open, whoever makes it: settings of the account, not of a resource. */
export const control = defineControl({
  id: 'enc-09',
  title:
    'Every account with a network, and every account of the organization, encrypts new volumes by default, lets no bucket be made public, and asks long passwords of IAM users',
  family: 'encryption',
  claims: ['cfeu-rest-aes256gcm'],
  doesNotProve:
    'That the settings are still what they were when they were deployed, which the rules of AWS Config watch (det-05), nor that volumes which are older are encrypted. New volumes take the key that AWS keeps for the account, unless whoever makes one names another. The account that manages the organization is not asked.',
  runbook: 'encrypt-existing-store',
  parameters: { 'identity.passwordMinLength': identityPasswordMinLength },
  messages: {
    unguarded: {
      violation:
        'nothing sets what account {account} of network {name} would leave open: volumes in clear text, buckets for everybody',
      fix: 'deploy the account guards beside the network',
    },
    members: {
      violation: 'trail {name} records a whole organization, but no stack set guards its accounts',
      fix: 'deploy a stack set with the guards to the root of the organization',
    },
    joiners: {
      violation: 'accounts that join the organization are not guarded: {property} of {name} is {value}',
      fix: 'set AutoDeployment.Enabled of the stack set',
    },
    short: {
      violation: '{name} lets IAM users have shorter passwords than {length} characters: {property} is {value}',
      fix: 'set passwordMinLength of the guards',
    },
  },
  template: {
    judges: [guardsType],
    expects: 'any-number',
    judge: (guards, { figures }) => {
      const length = figures.number('identity.passwordMinLength');
      return decide(guards.number('PasswordMinLength'), {
        known: (characters) => (characters >= length ? satisfied : finding('short', undefined, { length })),
        absent: () => notAssessed('the guards ask for a length'),
      });
    },
    *judgeWhole({ presentOnly, scope }) {
      if (!presentOnly) {
        yield* judgeAccounts(scope);
      }
    },
  },
});
