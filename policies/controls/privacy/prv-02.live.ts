import { factsOf, optionalTextIn, textIn } from '../../../lib/control/fact';
import { couldNotLook, type LiveHalf, type LiveOutcome, type ReadResult } from '../../../lib/control/live';
import { awaited, finding, type Outcome, satisfied } from '../../../lib/control/verdict';

const subscriptionsAction = 'sns:ListSubscriptions';

interface Facts {
  readonly accountId: string;
  readonly subscriptions: ReadResult<readonly unknown[]>;
}

/** PRV-02 in the running account: whoever holds a published mailbox said yes to being asked there. */
export const liveHalf: LiveHalf<Facts> = {
  reads: [subscriptionsAction],
  expects: 'at-least-one',
  collect: async (account) => ({
    accountId: account.accountId,
    subscriptions: await account.list(subscriptionsAction, 'Subscriptions'),
  }),
  judge: ({ accountId, subscriptions }, { figures }) => {
    const published = figures.set('dsr.contacts');
    if (!subscriptions.ok) {
      return [outcomeOn(accountId, couldNotLook(subscriptionsAction, subscriptions))];
    }
    if (published.length === 0) {
      const reason =
        "no address for requests about personal data is on record, so nobody can say whose yes is awaited: publish it, and enter it in policies/registers/publications.yaml (runbook 'designate-dpo')";
      return [outcomeOn(accountId, awaited(reason))];
    }
    const subscribed = factsOf(subscriptions.value, 'Subscriptions')
      .filter((each) => /^email(-json)?$/.test(optionalTextIn(each, 'Protocol') ?? ''))
      .map((each) => ({
        address: (optionalTextIn(each, 'Endpoint') ?? '').toLowerCase(),
        isConfirmed: textIn(each, 'SubscriptionArn').startsWith('arn:'),
      }));
    const asked = published.filter((address) => subscribed.some((each) => each.address === address));
    return asked.length === 0
      ? [outcomeOn(accountId, finding('nobodyAsked', undefined, { published: published.join(', ') }))]
      : asked.map((address) => outcomeOn(address, confirmed(subscribed.filter((each) => each.address === address))));
  },
};

function confirmed(subscribed: readonly { readonly isConfirmed: boolean }[]): Outcome {
  return subscribed.every(({ isConfirmed }) => isConfirmed) ? satisfied : finding('unconfirmedMailbox');
}

function outcomeOn(subject: string, outcome: Outcome): LiveOutcome {
  return { subject, type: 'AWS::SNS::Subscription', outcome };
}
