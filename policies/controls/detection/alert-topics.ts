import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { conditionsOn } from '../../../lib/template/policy-condition';
import { coversAction, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { isReporting } from './alert-rules';

const publishers = { alarms: 'cloudwatch.amazonaws.com', rules: 'events.amazonaws.com' } as const;

/**
 * Judges a topic that alarms or rules report to: encrypted with a key that admits the publisher, a policy that admits it as well, and
 * somebody who is subscribed.
 *
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function judgeTopic(topic: Subject, scope: Scope): readonly Outcome[] {
  const alarms = scope.referring(topic, 'AWS::CloudWatch::Alarm', 'AlarmActions.*');
  const rules = scope.referring(topic, 'AWS::Events::Rule', 'Targets.*.Arn').filter(isReporting);
  if (alarms.length === 0 && rules.length === 0) {
    return [notApplicable('nothing that must be reported is sent to it')];
  }
  const services = [...(alarms.length > 0 ? [publishers.alarms] : []), ...(rules.length > 0 ? [publishers.rules] : [])];
  return [
    ...judgeKey(topic, services),
    ...services.flatMap((service) => judgePolicy(topic, service, scope)),
    isSubscribed(topic, scope) ? satisfied : finding('unheard'),
  ];
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

function isSubscribed(topic: Subject, scope: Scope): boolean {
  const own = topic.items('Subscription');
  const beside = scope.referring(topic, 'AWS::SNS::Subscription', 'TopicArn');
  return (
    (own.kind === 'known' && own.value.some((each) => each.at('Endpoint').pattern().kind === 'known')) ||
    beside.some((each) => each.at('Endpoint').pattern().kind === 'known')
  );
}
