import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { judgeTiming } from './alarm-timing';
import { judgeCoverage } from './alert-coverage';
import { judgeRule } from './alert-rules';
import { judgeTopic } from './alert-topics';
import { liveHalf } from './det-02.live';
import { judgeFilter } from './trail-filters';

/** DET-02: who must hear of it does, soon. What services find and what people do goes by rules; what other Regions record, by alarms. */
export const control = defineControl({
  id: 'det-02',
  title:
    'Everything that must be reported reaches an encrypted, subscribed topic in time: rules are on, alarms have an action and take silence for what it is, and a probe measures it',
  family: 'detection',
  claims: [
    'cfeu-intrusion-alerting',
    'cfeu-detect-5min',
    'cly-cloudwatch-alerting',
    'cly-ir-detection',
    'clvr-sysmon-system-alerts',
  ],
  doesNotProve:
    'That somebody reads what arrives. Calls of IAM and sign-ins of the root user are recorded outside the Region and reach the log of the trail only after minutes, which no alarm can make up for; GuardDuty takes minutes of its own before a finding is one. The probe measures calls of the Region up to the topic, once a day the one that people are subscribed to; not the way of alarms to it, and not the way to a mailbox. A mail that a server took and threw away counts as delivered.',
  runbook: 'mend-alert-path',
  parameters: {
    'detect.maxAlertSeconds': {
      kind: 'number',
      stricter: 'lower',
      default: 299,
      unit: 'seconds',
      description: 'longest time from something that happens to the alert about it',
    },
  },
  messages: {
    missing: {
      violation: 'no alarm is deployed, so nobody is told of anything',
      fix: 'deploy alarms that report to a topic',
    },
    unseen: {
      violation: 'nothing reports it when this happens: {what}',
      fix: 'add a rule of EventBridge that matches it, or for IAM and sign-ins a metric filter on the log of the trail',
    },
    noProbe: {
      violation: 'nothing measures how long an alert takes: no alarm watches a metric AlertLatencySeconds',
      fix: 'deploy the alert probe',
    },
    bypassed: {
      violation: 'the probe measures another way than alerts take: nothing that listens to topic {topic} is measured',
      fix: 'subscribe the probe to the topic, and add an alarm on AlertLatencySeconds with the topic as a dimension',
    },
    muted: {
      violation: 'alarm {name} tells nobody: {property} is {value}',
      fix: 'remove actionsEnabled: false',
    },
    noAction: {
      violation: 'alarm {name} has no action that reports it: {property} is {value}',
      fix: 'add the topic of the alerts as an alarm action',
    },
    late: {
      violation: 'alarm {name} looks at {seconds} seconds before it fires, more than {limit}',
      fix: 'shorten the period, or look at fewer of them, until both together are {limit} seconds or less',
    },
    undecided: {
      violation: 'alarm {name} does not say what missing data means: {property} is {value}',
      fix: 'set treatMissingData to notBreaching, or to breaching where silence is a fault',
    },
    deaf: {
      violation: 'alarm {name} looks for too little of something and takes silence for enough: {property} is {value}',
      fix: 'set treatMissingData to breaching',
    },
    disabled: {
      violation: 'rule {name} is off, and reports nothing: {property} is {value}',
      fix: 'remove enabled: false',
    },
    deadEnd: {
      violation: 'rule {name} matches what must be reported and leads to nobody',
      fix: 'add the topic of the alerts as a target',
    },
    wrongLog: {
      violation: 'metric filter {name} reads a log that no trail of all Regions writes: {property} is {value}',
      fix: 'put the filter on the log group of the trail',
    },
    unalarmed: {
      violation: 'metric filter {name} counts what must be reported, and no alarm looks at its metric',
      fix: 'add an alarm on the metric, by exactly its namespace and name',
    },
    clear: {
      violation: 'topic {name} keeps alerts in clear text: {property} is {value}',
      fix: 'set masterKey to a customer-managed key that admits whoever publishes',
    },
    keyRefuses: {
      violation: 'topic {name} loses what {service} publishes: the policy of key {key} does not let it encrypt',
      fix: 'let the service use kms:Decrypt and kms:GenerateDataKey*; for EventBridge without a condition on its source',
    },
    topicRefuses: {
      violation: 'topic {name} loses what {service} publishes: no policy lets it in',
      fix: 'let the service publish in the policy of the topic',
    },
    unheard: {
      violation: 'nobody is subscribed to topic {name}',
      fix: 'add a subscription, and have it confirmed',
    },
    filtered: {
      violation:
        'whoever is subscribed to topic {name} gets a part of the alerts: every subscription has a filter policy',
      fix: 'remove the filter policy: it drops what it does not know, and says nothing',
    },
    unwatched: {
      violation: 'nobody hears of it where topic {name} cannot deliver an alert',
      fix: 'add an alarm on NumberOfNotificationsFailed of the topic that reports to another one',
    },
    pending: {
      violation: 'a subscription by {protocol} to topic {name} was never confirmed: nothing is sent to it',
      fix: 'have the owner of the address follow the link in the message that SNS sent',
    },
    undelivered: {
      violation: 'topic {name} could not deliver {count} alerts in the last {days} days',
      fix: 'look at the addresses that are subscribed, and at the alarm on failed deliveries',
    },
    blind: {
      violation: 'alarm {name} has had no data since {since}, so it watches nothing',
      fix: 'find out why its metric is not published, and what treatMissingData should say',
    },
    slow: {
      violation: 'an alert took {seconds} seconds, more than the {limit} that are promised',
      fix: 'look at the delivery of CloudTrail, at failed invocations of the rule, and at the topic at that time',
    },
    unmeasured: {
      violation: 'no alert was measured for {hours} hours in account {name}',
      fix: 'find out why the probe does not run, or why its alerts do not arrive',
    },
  },
  template: {
    judges: ['AWS::CloudWatch::Alarm', 'AWS::Events::Rule', 'AWS::Logs::MetricFilter', 'AWS::SNS::Topic'],
    expects: 'at-least-one',
    expected: ['AWS::CloudWatch::Alarm'],
    judge: (subject, context) => {
      const { figures, scope } = context;
      switch (subject.type) {
        case 'AWS::CloudWatch::Alarm':
          return judgeAlarm(subject, figures.number('detect.maxAlertSeconds'));
        case 'AWS::Events::Rule':
          return judgeRule(subject);
        case 'AWS::Logs::MetricFilter':
          return judgeFilter(subject, scope);
        default:
          return judgeTopic(subject, context);
      }
    },
    judgeWhole: (context) => (context.presentOnly ? [] : judgeCoverage(context)),
  },
  live: liveHalf,
});

/** What changes the number of tasks or machines is told by its alarms, and nobody else needs to be. */
const scaling = /^AWS::(ApplicationAutoScaling|AutoScaling)::ScalingPolicy$/;

function judgeAlarm(alarm: Subject, promised: number): readonly Outcome[] {
  const actions = alarm.items('AlarmActions');
  const places = actions.kind === 'known' ? actions.value : [];
  const types = places.map(typeOf);
  if (types.length > 0 && types.every((type) => scaling.test(type))) {
    return [notApplicable('it scales, and reports nothing')];
  }
  return [
    ...decide(alarm.bool('ActionsEnabled'), {
      known: (on) => (on ? satisfied : finding('muted')),
      absent: () => satisfied,
    }),
    ...decide(actions, {
      known: () =>
        types.includes('AWS::SNS::Topic')
          ? satisfied
          : types.includes('unknown')
            ? notAssessed('where it reports to is not in the templates')
            : finding('noAction'),
      absent: () => finding('noAction'),
    }),
    ...judgeTiming(alarm, promised),
  ];
}

function typeOf(action: Node): string {
  const reference = action.reference();
  return reference.kind === 'known' ? reference.value.subject.type : 'unknown';
}
