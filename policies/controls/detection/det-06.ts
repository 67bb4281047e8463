import { defineControl } from '../../../lib/control/control';
import type { Parameter } from '../../../lib/control/parameter';
import { notApplicable } from '../../../lib/control/verdict';
import {
  blockedConnections,
  blockedNames,
  blockedRequests,
  databaseSignIns,
  lockedSignIns,
  unusualTraffic,
} from './refusal-sources';

/** No document gives a figure; each is a judgement, and a profile may tighten it. */
const inAMinute = (most: number, what: string): Parameter => ({
  kind: 'number',
  stricter: 'lower',
  default: most,
  unit: 'times a minute',
  description: `${what} within one minute, from which people are woken`,
});

/** DET-06: a defence that holds says so, and who is turned away again and again is noticed. */
export const control = defineControl({
  id: 'det-06',
  title:
    'Failed sign-ins to the database, blocked requests, connections and names, attempts at locked accounts, and unusual traffic each raise an alarm within a minute, and nobody mistakes a log that ended for peace',
  family: 'detection',
  claims: ['cfeu-intrusion-alerting', 'cly-flow-anomaly', 'clvr-sysmon-system-alerts'],
  doesNotProve:
    'That an alarm reaches somebody (det-02), that the figures suit the application, and what stays below them: one wrong password a minute for a year is seen by nobody here. A firewall that blocks nothing and one that is gone look alike in its metric; that it is taken away is reported by det-02. A search for anomalies runs every five minutes at most, and learns for two weeks first.',
  runbook: 'respond-to-refusals',
  parameters: {
    'detect.refusals.databaseSignIns': inAMinute(5, 'sign-ins to the database that fail'),
    'detect.refusals.blockedRequests': inAMinute(500, 'requests that a firewall at the edge blocks'),
    'detect.refusals.blockedEgress': inAMinute(5, 'connections, or names, that the way out refuses'),
    'detect.refusals.lockedSignIns': inAMinute(1, 'attempts to sign in to an account that is locked'),
  },
  messages: {
    uncounted: {
      violation: 'nothing counts {what} in {group}, the log of {name}',
      fix: 'add a metric filter on that log group whose pattern matches the line as the service writes it',
    },
    indiscriminate: {
      violation: 'metric filter {filter} on the log of {name} counts {what} too, which happens all day',
      fix: 'narrow the pattern to lines about those who are refused',
    },
    unalarmed: {
      violation: 'no alarm looks at {of} of {name}',
      fix: 'add an alarm on the metric, by exactly its namespace, name and dimensions',
    },
    lenient: {
      violation: 'alarm {alarm} on {of} of {name} waits for {got} in a minute, more than the {limit} that are allowed',
      fix: 'lower the threshold',
    },
    averaged: {
      violation: 'alarm {alarm} on {of} of {name} looks at {got}, which never adds up',
      fix: 'set the statistic to Sum',
    },
    unmetered: {
      violation: 'web ACL {name} does not say how many requests it blocks: {property} is {value}',
      fix: 'set CloudWatchMetricsEnabled to true',
    },
    unlearnt: {
      violation:
        'nobody is told of unusual traffic: no alarm on an anomaly detector or on rejected connections of {group}',
      fix: 'name the anomaly detector of the log group, and add an alarm on its AnomalyCount',
    },
    silent: {
      violation: 'nobody notices when nothing is written to {group} any more, the log of {name}',
      fix: 'add an alarm on IncomingLogEvents of the log group below 1, which takes missing data for breaching',
    },
  },
  template: {
    judges: [
      'AWS::RDS::DBCluster',
      'AWS::RDS::DBInstance',
      'AWS::NetworkFirewall::Firewall',
      'AWS::EC2::VPC',
      'AWS::EC2::FlowLog',
      'AWS::WAFv2::WebACL',
      'AWS::Cognito::UserPool',
    ],
    expects: 'any-number',
    judge: (subject, context) => {
      switch (subject.type) {
        case 'AWS::RDS::DBCluster':
        case 'AWS::RDS::DBInstance':
          return databaseSignIns(subject, context);
        case 'AWS::NetworkFirewall::Firewall':
          return blockedConnections(subject, context);
        case 'AWS::EC2::VPC':
          return blockedNames(subject, context);
        case 'AWS::EC2::FlowLog':
          return unusualTraffic(subject, context);
        case 'AWS::WAFv2::WebACL':
          return blockedRequests(subject, context);
        case 'AWS::Cognito::UserPool':
          return lockedSignIns(subject, context);
        default:
          return notApplicable('nobody is turned away by it');
      }
    },
  },
});
