import type { Message } from '../../../lib/control/control';
import type { Parameter } from '../../../lib/control/parameter';

const time = (value: number, unit: string, description: string): Parameter => ({
  kind: 'number',
  stricter: 'lower',
  default: value,
  unit,
  description,
});

/** How long people wait. Where no claim gives a figure, the law does: GDPR, Article 12(3), and 11 CCR 7021 and 7026. */
export const dsrParameters: Readonly<Record<string, Parameter>> = {
  'dsr.responseDays': time(
    30,
    'days',
    'longest time from the receipt of a request to its answer; a month of the calendar ends it too, where that is shorter',
  ),
  'dsr.extensionMonths': time(
    2,
    'months',
    'by how much an answer may be put off at most, where the person is told why before the first month is over',
  ),
  'dsr.confirmBusinessDays': time(
    10,
    'business days',
    'longest time from the receipt of a request until it is confirmed and it was looked at who asks',
  ),
  'dsr.optOutBusinessDays': time(
    15,
    'business days',
    'longest time from an opt-out until what was opted out of has stopped',
  ),
  'dsr.contactDays': time(
    366,
    'days',
    'longest time between two messages from outside that a published mailbox answered',
  ),
  'dsr.contacts': {
    kind: 'set',
    default: [],
    description: 'published addresses for requests about personal data, as the register of publications has them',
  },
};

const toTheClock = 'let the state before it ask the clock, and set TimeoutSecondsPath to the seconds that it leaves';

export const requestMessages: Readonly<Record<string, Message>> = {
  missing: {
    violation:
      'no state machine knows the rights of people over data about them, so nobody counts from the receipt of a request',
    fix: 'deploy RequestProcess',
  },
  rightMissing: {
    violation: 'process {name} brings a request for {right} to no person',
    fix: 'let a choice lead that right to the people who answer it',
  },
  dropped: {
    violation: 'process {name} can turn away in {state} a request that was received',
    fix: 'lead whatever is not understood to the people who answer, under the same clock',
  },
  unanswered: {
    violation: 'process {name} can end without an answer on record',
    fix: 'let a choice demand who answered, what, when and where it is filed, before every end',
  },
  automatic: {
    violation: 'process {name} waits in {state} for a function, and for nobody',
    fix: 'hand the token to people',
  },
  answersItself: {
    violation: 'process {name} writes in {state} what only the people of {wait} may say',
    fix: 'let the state write elsewhere',
  },
  endsByItself: {
    violation: 'process {name} ends by itself after a time, whether anybody answered or not',
    fix: 'take TimeoutSeconds from the machine: the waits have clocks of their own',
  },
  noClock: {
    violation: 'process {name} comes to {state} by a way on which no clock is asked',
    fix: toTheClock,
  },
  otherEnd: {
    violation: 'process {name} does not end {state} when its clock says',
    fix: toTheClock,
  },
  fromStart: {
    violation: 'process {name} counts in {state} from {since}, not from the receipt',
    fix: 'take the time of the receipt as input, and count from it alone',
  },
  receiptChanged: {
    violation: 'process {name} changes in {state} the time of the receipt, {since}',
    fix: 'let the state write elsewhere',
  },
  standsStill: {
    violation: 'process {name} takes some other time for now in {state}, so that its clock stands still',
    fix: 'hand over $$.State.EnteredTime',
  },
  waitsForEver: {
    violation: 'process {name} waits for people in {state} for as long as they like',
    fix: toTheClock,
  },
  clockFromEntry: {
    violation: 'process {name} counts in {state} from the moment it got there, not from the receipt',
    fix: toTheClock,
  },
  nobodyCalled: {
    violation: 'process {name} calls nobody where the people of {state} are late, or does not come back to them',
    fix: 'catch States.ALL with a state that reports, and lead it back to the clock',
  },
  pauses: {
    violation: 'process {name} stands in {state} while nobody has answered, and no clock runs there',
    fix: 'let only people wait, under a clock, and go on without waiting for anything else',
  },
  triesAgain: {
    violation: 'process {name} waits in {state} all over again before anybody is called',
    fix: 'take Retry for timeouts from the wait',
  },
  programEnds: {
    violation:
      'role {role}, of a service, may call {action} on process {name}: a program could end it without an answer',
    fix: 'take the action from that role',
  },
  sameEars: {
    violation: 'process {name} tells only those who did not answer in {state} that they did not answer',
    fix: 'report what is late to a topic that others hear',
  },
  late: {
    violation: 'process {name} gives {state} {got}, promised are at most {most}',
    fix: 'ask the clock for the days that are promised and for the months of the calendar as well',
  },
  extendedFreely: {
    violation: 'process {name} gives {state} {got} without a reason and without the person told',
    fix: 'let a choice demand both before that wait',
  },
  toldLate: {
    violation: 'process {name} takes more time in {state} even where the person was told after the first month',
    fix: 'let the choice compare the moment with the deadline of the clock before',
  },
  unconfirmed: {
    violation: 'process {name} comes to {state} although nobody confirmed the receipt within {most} business days',
    fix: 'let people confirm it in a wait before, with a clock of that time',
  },
  optOutLate: {
    violation: 'process {name} gives an opt-out {got} in {state}, promised are at most {most} business days',
    fix: 'lead an opt-out to a wait of its own',
  },
  noReminder: {
    violation: 'process {name} reminds nobody in {state} while there is still time',
    fix: 'ask the clock for reminders before the end, and let a choice tell them from the end',
  },
  unheard: {
    violation: 'nobody is subscribed to {topic}, where process {name} asks people',
    fix: 'subscribe the mailbox of those who answer',
  },
  deskUnwatched: {
    violation: 'nobody hears of what {topic} does not deliver, where process {name} asks people',
    fix: 'report an alarm on NumberOfNotificationsFailed of it to another topic',
  },
  otherMailbox: {
    violation: 'process {name} asks {addresses}, published are {published}',
    fix: 'set contacts.privacy to a published address, or publish the one that is set',
  },
  failsSilently: {
    violation: 'nobody hears of it when process {name} ends with {metric}',
    fix: 'add an alarm on the metric of this machine that reports to a topic',
  },
  express: {
    violation: 'process {name} is of type {value}, which ends after five minutes',
    fix: 'make it a standard machine',
  },
  unlogged: {
    violation: 'what process {name} did is not written down whole: {property} is {value}',
    fix: 'set the level of its log to ALL',
  },
  wordsLogged: {
    violation: 'the log of process {name} holds what people said: {property} is {value}',
    fix: 'leave execution data out of the log',
  },
  platformKey: {
    violation: 'what process {name} knows of people is encrypted with a key that AWS owns: {property} is {value}',
    fix: 'set encryptionConfiguration to a customer-managed key',
  },
  otherOffice: {
    violation:
      'the address {name} is published for the data protection officer, the records of processing name {officer}',
    fix: 'correct policies/registers/processing.yaml, or what is published',
  },
  future: {
    violation: 'the address {name} is on record with an answer on {answered}, which has not come yet',
    fix: 'enter what has happened',
  },
  stale: {
    violation: 'the address {name} last answered a message on {answered}, {days} days ago, allowed are {most}',
    fix: 'write to it from outside (runbook designate-dpo), and enter the day in policies/registers/publications.yaml',
  },
  nobodyAsked: {
    violation: 'none of the published addresses {published} is subscribed to a topic of the account',
    fix: 'set contacts.privacy to one of them, and deploy',
  },
  unconfirmedMailbox: {
    violation: 'nobody at {name} has said yes to being asked: AWS sends nothing there',
    fix: 'open the mail of AWS in that mailbox and confirm the subscription',
  },
};
