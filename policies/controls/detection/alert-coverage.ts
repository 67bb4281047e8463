import type { JudgementContext, WholeOutcome } from '../../../lib/control/control';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { isOnOwnBus, leadsToPeople, reports } from './alert-rules';
import { alertTopics, isMeasured } from './alert-topics';
import { besides } from './beside';
import { manager } from './member-recorders';
import { reportedEvents, reportedRecords } from './must-report';
import { counts } from './trail-filters';

/** Whether everything that must be reported is matched in each account that keeps a trail, and whether somebody measures it. */
export function* judgeCoverage({ scope }: JudgementContext): Iterable<WholeOutcome> {
  const outcome = (isSeen: boolean, what: string) => (isSeen ? satisfied : finding('unseen', undefined, { what }));
  for (const place of placesOf(scope)) {
    const found = (type: string) => (place ? besides(place, scope, type) : scope.resources(type));
    const target = place?.template.path ?? scope.graph.templates[0]?.path ?? '';
    // In which accounts the stack set makes them is no matter here
    const senders = scope.carried.flatMap((each) =>
      each.graph.ofType('AWS::Events::Rule').map((rule) => each.subject(rule)),
    );
    const ofMembers = place !== undefined && isOfOrganization(place);
    const rules = found('AWS::Events::Rule');
    for (const each of reportedEvents) {
      const isSent = ofMembers && !each.isFinding;
      const heard = rules.filter((rule) => isOnOwnBus(rule) !== isSent);
      const isHeard = heard.some((rule) => reports(rule, each) && leadsToPeople(rule));
      const isSeen = isHeard && (!isSent || senders.some((rule) => reports(rule, each)));
      yield { target, subject: each.name, type: 'AWS::Events::Rule', outcome: outcome(isSeen, each.name) };
    }
    const filters = found('AWS::Logs::MetricFilter');
    for (const each of reportedRecords) {
      const isSeen = filters.some((filter) => counts(filter, each));
      yield { target, subject: each.name, type: 'AWS::Logs::MetricFilter', outcome: outcome(isSeen, each.name) };
    }
  }
  yield* judgeManagement(scope);
  yield* judgeProbe(scope);
}

/** The account that manages an organization is brought nothing by its stack sets: what is done there must be sent from there. */
function* judgeManagement(scope: Scope): Iterable<WholeOutcome> {
  const managers = scope.resources('AWS::CloudTrail::Trail').some(isOfOrganization) ? scope.resources(manager) : [];
  for (const place of managers) {
    const rules = besides(place, scope, 'AWS::Events::Rule').filter(isOnOwnBus);
    for (const each of reportedEvents.filter(({ isFinding }) => !isFinding)) {
      const isSeen = rules.some((rule) => reports(rule, each));
      const outcome = isSeen
        ? satisfied
        : finding('unseen', undefined, { what: `${each.name}, in the management account` });
      yield { target: place.template.path, subject: each.name, type: 'AWS::Events::Rule', outcome };
    }
  }
}

/** Whether somebody measures how long alerts take, through every topic that they take; where members of an organization report is no environment. */
function* judgeProbe(scope: Scope): Iterable<WholeOutcome> {
  const target = scope.graph.templates[0]?.path ?? '';
  const ofProbe = (outcome: Outcome) => ({ target, subject: 'the probe', type: 'AWS::CloudWatch::Alarm', outcome });
  const isWatched = scope.resources('AWS::CloudWatch::Alarm').some((alarm) => {
    const name = alarm.text('MetricName');
    return name.kind === 'known' && name.value === 'AlertLatencySeconds';
  });
  if (!isWatched) {
    yield ofProbe(finding('noProbe'));
    return;
  }
  const ofMembers = (topic: Subject) => besides(topic, scope, 'AWS::CloudTrail::Trail').some(isOfOrganization);
  const bypassed = alertTopics(scope).filter((topic) => !isMeasured(topic, scope) && !ofMembers(topic));
  yield* bypassed.map(({ logicalId: topic }) => ofProbe(finding('bypassed', undefined, { topic })));
  if (bypassed.length === 0) {
    yield ofProbe(satisfied);
  }
}

/** What members do comes to a bus beside the trail of their organization; what services find in them is reported from there as well. */
function isOfOrganization(trail: Subject): boolean {
  const ofOrganization = trail.bool('IsOrganizationTrail');
  return ofOrganization.kind === 'known' && ofOrganization.value;
}

/** A trail of each account and Region that has one: rules there see nothing of another. Undefined stands for all that is here, where there is none. */
function placesOf(scope: Scope): readonly (Subject | undefined)[] {
  const trails = new Map(
    scope.resources('AWS::CloudTrail::Trail').map((trail) => {
      const { account, region } = trail.template.origin;
      return [`${account} ${region}`, trail] as const;
    }),
  );
  return trails.size === 0 ? [undefined] : [...trails.values()];
}
