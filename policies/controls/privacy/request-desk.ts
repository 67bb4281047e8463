import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { isWatched } from '../detection/alert-topics';
import { isHumanWait } from '../response/human-steps';
import type { Machine } from '../response/state-machine';
import { topicOf } from './request-machine';

/** Whether somebody is subscribed to what people are asked, by an address that was published where one was, and others hear what does not arrive. */
export function deskFaults(machine: Machine, scope: Scope, published: readonly string[]): readonly Outcome[] {
  const asked = new Set([...machine.states.values()].filter(isHumanWait).map(topicOf));
  return [...asked].flatMap((name) => {
    const topic = scope.resources('AWS::SNS::Topic').find(({ logicalId }) => name === `\${${logicalId}}`);
    return topic
      ? [...subscriptionFaults(topic, scope, published), ...deliveryFaults(topic, scope)]
      : [notAssessed('who is subscribed to what people are asked stands in none of these templates')];
  });
}

function deliveryFaults(topic: Subject, scope: Scope): readonly Outcome[] {
  return isWatched(topic, scope) ? [] : [finding('deskUnwatched', undefined, { topic: topic.logicalId })];
}

function subscriptionFaults(topic: Subject, scope: Scope, published: readonly string[]): readonly Outcome[] {
  const own = topic.items('Subscription');
  const beside = scope.referring(topic, 'AWS::SNS::Subscription', 'TopicArn').map(({ root }) => root);
  const addresses = [...(own.kind === 'known' ? own.value : []), ...beside].flatMap(addressOf);
  if (addresses.length === 0) {
    return [finding('unheard', undefined, { topic: topic.logicalId })];
  }
  return published.length === 0 || addresses.some((address) => published.includes(address))
    ? []
    : [finding('otherMailbox', undefined, { addresses: addresses.join(', '), published: published.join(', ') })];
}

/** A mailbox that hears everything: a filter drops what it does not know, and says nothing. */
function addressOf(subscription: Node): readonly string[] {
  const [protocol, endpoint] = [subscription.at('Protocol').text(), subscription.at('Endpoint').text()];
  const isMail = protocol.kind === 'known' && /^email(-json)?$/.test(protocol.value);
  return isMail && endpoint.kind === 'known' && subscription.at('FilterPolicy').resolved.kind === 'absent'
    ? [endpoint.value.toLowerCase()]
    : [];
}
