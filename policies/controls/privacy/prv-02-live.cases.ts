import type { LiveCase } from '../../../lib/control/cases';

const topic = 'arn:aws:sns:eu-central-1:111122223333:desk';
const address = 'privacy@example.com';
const figures = { 'dsr.contacts': [address] };
const mail = {
  SubscriptionArn: `${topic}:1f0e2f5c-9c39-4a53-9a2f-3a0f2d2e4e11`,
  Owner: '111122223333',
  Protocol: 'email',
  Endpoint: 'Privacy@example.com',
  TopicArn: topic,
};

const listed = (...subscriptions: readonly object[]): LiveCase['answers'] => ({
  'sns:ListSubscriptions': { value: { Subscriptions: subscriptions } },
});

export const liveCases: readonly LiveCase[] = [
  {
    name: 'the published mailbox said yes',
    answers: listed(mail),
    figures,
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'fails where nobody at the mailbox has said yes',
    answers: listed({ ...mail, SubscriptionArn: 'PendingConfirmation' }),
    figures,
    expect: { verdict: 'not-satisfied', message: 'unconfirmedMailbox', subject: address },
  },
  {
    name: 'fails where another mailbox is asked',
    answers: listed({ ...mail, Endpoint: 'security@example.com' }),
    figures,
    expect: { verdict: 'not-satisfied', message: 'nobodyAsked', subject: '111122223333' },
  },
  {
    name: 'fails where a function alone is subscribed',
    answers: listed({ ...mail, Protocol: 'lambda' }),
    figures,
    expect: { verdict: 'not-satisfied', message: 'nobodyAsked' },
  },
  {
    name: 'fails in an empty account',
    answers: listed(),
    figures,
    expect: { verdict: 'not-satisfied', message: 'nobodyAsked' },
  },
  {
    name: 'before an address is on record nobody is awaited by name',
    answers: listed(mail),
    expect: { verdict: 'not-assessed' },
  },
  {
    name: 'a denied read is no pass',
    answers: { 'sns:ListSubscriptions': { failure: 'denied', message: 'not authorized' } },
    figures,
    expect: { verdict: 'not-assessed' },
  },
];
