import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { UnresolvedReading } from '../../../lib/template/reading';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

export const setType = 'AWS::SES::ConfigurationSet';
const destinationType = 'AWS::SES::ConfigurationSetEventDestination';

/** Reasons for which an address is left alone; that somebody opted out is none that SES knows. */
const reasons = ['BOUNCE', 'COMPLAINT'];

/** Whom a configuration set leaves alone. */
export type Suppression =
  | { readonly kind: 'ordinary'; readonly missing: readonly string[]; readonly property: string }
  /** It has a list of reasons, and nothing on it: it reaches every address, whatever the account says. */
  | { readonly kind: 'critical' }
  | { readonly kind: 'unknown'; readonly reason: string; readonly property: string };

/**
 * A set without a list follows the account, which no template shows.
 *
 * Source: https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list-config-level.html
 */
export function suppressionOf(set: Subject): Suppression {
  const list = set.items('SuppressionOptions.SuppressedReasons');
  const { property } = list;
  if (list.kind === 'absent') {
    const reason = 'it follows the suppression list of the account, which no template shows: say suppressionReasons';
    return { kind: 'unknown', reason, property };
  }
  if (list.kind === 'unresolved') {
    return { kind: 'unknown', reason: list.reason, property };
  }
  const texts = list.value.map((item) => item.text());
  const hidden = texts.find((text) => text.kind === 'unresolved');
  if (hidden?.kind === 'unresolved') {
    return { kind: 'unknown', reason: hidden.reason, property: hidden.property };
  }
  const given = texts.flatMap((text) => (text.kind === 'known' ? [text.value] : []));
  return given.length === 0
    ? { kind: 'critical' }
    : { kind: 'ordinary', missing: reasons.filter((reason) => !given.includes(reason)), property };
}

/** SES hands mail to servers without TLS where nothing is said: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeliveryOptions.html. */
export function judgeTransport(set: Subject): readonly Outcome[] {
  return decide(set.text('DeliveryOptions.TlsPolicy'), {
    known: (policy) => (policy === 'REQUIRE' ? satisfied : finding('clear')),
    absent: () => finding('clear'),
  });
}

/** Whether somebody is told who bounced and who complained; a count of them, which is all that CloudWatch gets, names nobody. */
export function judgeEvents(set: Subject, scope: Scope): Outcome {
  const answers = scope.referring(set, destinationType, 'ConfigurationSetName').map(tells);
  if (answers.includes(true)) {
    return satisfied;
  }
  const hidden = answers.find((answer) => typeof answer === 'object');
  return typeof hidden === 'object' ? notAssessed(hidden.reason, hidden.property) : finding('unheard');
}

const places = [
  'SnsDestination.TopicARN',
  'EventBridgeDestination.EventBusArn',
  'KinesisFirehoseDestination.DeliveryStreamARN',
];

function tells(destination: Subject): boolean | UnresolvedReading {
  const on = destination.bool('EventDestination.Enabled');
  const types = destination.items('EventDestination.MatchingEventTypes');
  const events = (types.kind === 'known' ? types.value : []).map((type: Node) => type.text());
  const named = events.flatMap((event) => (event.kind === 'known' ? [event.value.toUpperCase()] : []));
  const isWhole = reasons.every((reason) => named.includes(reason));
  const [to] = places
    .map((path) => destination.at(`EventDestination.${path}`))
    .filter(({ resolved }) => resolved.kind !== 'absent')
    .map((place) => place.pattern());
  const hidden = [on, types, ...events, ...(to ? [to] : [])].find((reading) => reading.kind === 'unresolved');
  if (hidden?.kind === 'unresolved') {
    return hidden;
  }
  return on.kind === 'known' && on.value && isWhole && to !== undefined;
}
