import type { JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { conditionsOn } from '../../../lib/template/policy-condition';
import { coversAction, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { isReporting } from './alert-rules';
import { isText } from './watched-metrics';

const publishers = { alarms: 'cloudwatch.amazonaws.com', rules: 'events.amazonaws.com' } as const;

/**
 * Judges a topic that alarms or rules report to: encrypted with a key that admits the publisher, a policy that admits it as well, somebody who
 * is subscribed to everything, and somebody else who hears of it where the topic fails.
 *
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function judgeTopic(topic: Subject, { presentOnly, scope }: JudgementContext): readonly Outcome[] {
  const { alarms, rules } = reportersTo(topic, scope);
  if (alarms.length === 0 && rules.length === 0) {
    return [notApplicable('nothing that must be reported is sent to it')];
  }
  const services = [...(alarms.length > 0 ? [publishers.alarms] : []), ...(rules.length > 0 ? [publishers.rules] : [])];
  return [
    ...judgeKey(topic, services),
    ...services.flatMap((service) => judgePolicy(topic, service, scope)),
    judgeSubscriptions(topic, scope),
    ...(presentOnly || isFallback(topic, scope) || isWatched(topic, scope) ? [] : [finding('unwatched')]),
  ];
}

/** Topics that must be measured: all that something reports to, but those that only hear of another topic's failure. */
export function alertTopics(scope: Scope): readonly Subject[] {
  return scope.resources('AWS::SNS::Topic').filter((topic) => {
    const { alarms, rules } = reportersTo(topic, scope);
    return alarms.length + rules.length > 0 && !isFallback(topic, scope);
  });
}

/** Whether an alarm looks at how long alerts take through a topic, and a function listens there to measure it. */
export function isMeasured(topic: Subject, scope: Scope): boolean {
  const isTimed = alarmsAbout(topic, scope).some((alarm) => isText(alarm.at('MetricName'), probeMetric));
  const listens = scope
    .referring(topic, 'AWS::SNS::Subscription', 'TopicArn')
    .some((subscription) => isText(subscription.at('Protocol'), 'lambda'));
  return isTimed && listens;
}

function reportersTo(topic: Subject, scope: Scope) {
  return {
    alarms: scope.referring(topic, 'AWS::CloudWatch::Alarm', 'AlarmActions.*'),
    rules: scope.referring(topic, 'AWS::Events::Rule', 'Targets.*.Arn').filter(isReporting),
  };
}

/** Alarms on metrics of a topic. */
function alarmsAbout(topic: Subject, scope: Scope): readonly Subject[] {
  return scope.referring(topic, 'AWS::CloudWatch::Alarm', 'Dimensions.*.Value');
}

function isFallback(topic: Subject, scope: Scope): boolean {
  const { alarms, rules } = reportersTo(topic, scope);
  return (
    rules.length === 0 && alarms.every((alarm) => isAboutTopics(alarm) || isText(alarm.at('MetricName'), probeMetric))
  );
}

const probeMetric = 'AlertLatencySeconds';

function isAboutTopics(alarm: Subject): boolean {
  const { resolved } = alarm.at('Dimensions');
  const dimensions = resolved.kind === 'list' ? alarm.items('Dimensions') : undefined;
  return (
    dimensions?.kind === 'known' &&
    dimensions.value.some((each) => {
      const value = each.at('Value').resolved;
      return value.kind === 'reference' && value.resource.type === 'AWS::SNS::Topic';
    })
  );
}

/** A topic that fails cannot say so: the alarm on its failures must report elsewhere. */
export function isWatched(topic: Subject, scope: Scope): boolean {
  return alarmsAbout(topic, scope).some((alarm) => {
    const actions = alarm.items('AlarmActions');
    const places = actions.kind === 'known' ? actions.value.map((each) => each.reference()) : [];
    return (
      isText(alarm.at('Namespace'), 'AWS/SNS') &&
      isText(alarm.at('MetricName'), 'NumberOfNotificationsFailed') &&
      places.some((place) => place.kind === 'known' && place.value.subject.logicalId !== topic.logicalId)
    );
  });
}

function judgeKey(topic: Subject, services: readonly string[]): readonly Outcome[] {
  const place = topic.at('KmsMasterKeyId');
  if (place.resolved.kind === 'absent') {
    place.state();
    return [finding('clear', 'KmsMasterKeyId')];
  }
  return decide(place.reference(), {
    known: ({ subject: key }) =>
      key.type === 'AWS::KMS::Key'
        ? services.flatMap((service) => judgeKeyPolicy(key, service))
        : notAssessed(`${key.logicalId} is no key: whom its key admits is not known`),
    absent: () => finding('clear'),
    // The key that AWS manages for SNS admits no other service, and its policy cannot be changed
    unresolved: ({ text, reason }) =>
      /alias\/aws\/sns/.test(text)
        ? finding('keyRefuses', undefined, { service: services.join(', '), key: text })
        : notAssessed(reason),
  });
}

function judgeKeyPolicy(key: Subject, service: string): readonly Outcome[] {
  return decide(statementsOf(key.at('KeyPolicy')), {
    known: ({ statements }) => {
      const admits = (action: string) =>
        statements.some((each) => admitsService(each, service, action, key) && isPossible(each, service));
      const both = admits('kms:Decrypt') && admits('kms:GenerateDataKey');
      return both ? satisfied : finding('keyRefuses', undefined, { service, key: key.logicalId });
    },
    absent: () => finding('keyRefuses', undefined, { service, key: key.logicalId }),
  });
}

/** SNS documents that a key's policy which asks EventBridge for its source refuses it. */
function isPossible(statement: PolicyStatement, service: string): boolean {
  return (
    service !== publishers.rules ||
    ['aws:SourceAccount', 'aws:SourceArn', 'aws:SourceOrgID'].every((key) => conditionsOn(statement, key).length === 0)
  );
}

function judgePolicy(topic: Subject, service: string, scope: Scope): readonly Outcome[] {
  const policies = scope.referring(topic, 'AWS::SNS::TopicPolicy', 'Topics.*');
  if (policies.length === 0 && service === publishers.alarms) {
    // The policy that SNS itself writes lets the account publish, and its alarms with it
    return [satisfied];
  }
  const admits = policies.some((policy) => {
    const document = statementsOf(policy.at('PolicyDocument'));
    return (
      document.kind === 'known' &&
      document.value.statements.some((each) => admitsService(each, service, 'sns:Publish', topic))
    );
  });
  return [admits ? satisfied : finding('topicRefuses', undefined, { service })];
}

function admitsService(statement: PolicyStatement, service: string, action: string, place: Subject): boolean {
  if (statement.effect !== 'Allow') {
    return false;
  }
  const { form, values } = statement.principals;
  const covers = coversAction(statement, action);
  return (
    form === 'only' &&
    values.some(({ kind, id }) => kind === 'Service' && id === service) &&
    covers.kind === 'known' &&
    covers.value &&
    isOwnAccount(statement, place)
  );
}

/** A statement that admits a service for another account admits nobody here. */
function isOwnAccount(statement: PolicyStatement, place: Subject): boolean {
  const own = place.template.origin.account;
  return conditionsOn(statement, 'aws:SourceAccount').every(
    ({ values }) =>
      values.length > 0 && values.some((value) => value === `\${AWS::AccountId}` || own === undefined || value === own),
  );
}

/**
 * Somebody must get everything. A filter lets through what it knows: one on the body drops every message that is no JSON, one on attributes
 * whatever has none, and neither says so. A function with a filter is a machine that picks what is for it.
 *
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
function judgeSubscriptions(topic: Subject, scope: Scope): Outcome {
  const own = topic.items('Subscription');
  const beside = scope.referring(topic, 'AWS::SNS::Subscription', 'TopicArn').map(({ root }) => root);
  const subscribed = [...(own.kind === 'known' ? own.value : []), ...beside];
  const isFiltered = (each: Node) => each.at('FilterPolicy').resolved.kind !== 'absent';
  const isReached = (each: Node) => each.at('Endpoint').pattern().kind === 'known';
  if (subscribed.some((each) => !isFiltered(each) && isReached(each))) {
    return satisfied;
  }
  const people = subscribed.filter((each) => isFiltered(each) && !isText(each.at('Protocol'), 'lambda'));
  return finding(people.some(isReached) ? 'filtered' : 'unheard');
}
