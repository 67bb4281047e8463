import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { besides } from './beside';
import { matchesEvent } from './event-pattern';
import { type ReportedEvent, reportedEvents } from './must-report';

/** Whether a rule matches something that must be reported. */
export function isReporting(rule: Subject): boolean {
  return reportedEvents.some((each) => reports(rule, each));
}

/** Whether a rule matches one event; its state and its targets are judged apart. */
export function reports(rule: Subject, { event }: ReportedEvent): boolean {
  return matchesEvent(rule.at('EventPattern'), event);
}

/**
 * Whether a rule that is on, and leads somewhere, matches what a service finds, in the account and Region of the resource that switches it on. Where
 * it leads is judged by det-02.
 */
export function isRouted(source: string, resource: Subject, scope: Scope): boolean {
  const findings = reportedEvents.filter(
    (each) => each.isFinding && 'source' in each.event && each.event.source === source,
  );
  return besides(resource, scope, 'AWS::Events::Rule').some((rule) => {
    const targets = rule.items('Targets');
    const state = rule.text('State');
    const isOn = state.kind === 'absent' || (state.kind === 'known' && state.value.startsWith('ENABLED'));
    const leadsOn = targets.kind === 'known' && targets.value.length > 0;
    return findings.some((each) => reports(rule, each)) && isOn && leadsOn && isOnOwnBus(rule);
  });
}

/** What acts on an event by itself: no report, but no dead end either. */
const machines = /^AWS::(Lambda::Function|StepFunctions::StateMachine|SSM::Document|SQS::Queue|Events::EventBus)$/;

/** Whether it is more than a machine that acts on it. A rule that leads nowhere is judged apart. */
export function leadsToPeople(rule: Subject): boolean {
  const targets = rule.items('Targets');
  const places = targets.kind === 'known' ? targets.value : [];
  return places.length === 0 || places.some((target) => !machines.test(kindOf(target.at('Arn'))));
}

/** Whether a rule stands where the services of its account put their events; on a bus of one's own it hears only what is sent there. */
export function isOnOwnBus(rule: Subject): boolean {
  const bus = rule.at('EventBusName').pattern();
  return bus.kind === 'absent' || (bus.kind === 'known' && bus.value === 'default');
}

/** Judges a rule that matches what must be reported: it is on, and leads to a topic. */
export function judgeRule(rule: Subject): readonly Outcome[] {
  if (!isReporting(rule)) {
    return [notApplicable('matches nothing that must be reported')];
  }
  const targets = rule.items('Targets');
  const kinds = targets.kind === 'known' ? targets.value.map((target) => kindOf(target.at('Arn'))) : [];
  const onBus = targets.kind === 'known' ? isHeardOnBus(rule, targets.value) : undefined;
  const isHeard = kinds.includes('AWS::SNS::Topic') || onBus === true;
  if (!isHeard && onBus === undefined && kinds.some((kind) => machines.test(kind))) {
    return [notApplicable('a machine acts on it; that people hear of it too is for other rules')];
  }
  const isHidden = (target: Node) =>
    kindOf(target.at('Arn')) === 'unknown' && busesNamed(target.at('Arn'), rule.scope).length === 0;
  const hidden = targets.kind === 'unresolved' || (targets.kind === 'known' && targets.value.some(isHidden));
  return [
    ...decide(rule.text('State'), {
      // ENABLED where nothing is set: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
      known: (state) => {
        const isOn = state.startsWith('ENABLED');
        return isOn
          ? satisfied
          : state === 'DISABLED'
            ? finding('disabled')
            : notAssessed(`${state} is no known state`);
      },
      absent: () => satisfied,
    }),
    isHeard
      ? satisfied
      : hidden
        ? notAssessed('where it leads is not in the templates', 'Targets')
        : finding('deadEnd', 'Targets'),
  ];
}

/**
 * Whether people hear, from the buses that a rule sends to, of all that it sends there; undefined where it sends to no bus that is deployed here: by whoever brings
 * its stack set, or under the name that it writes out for another account.
 */
function isHeardOnBus(rule: Subject, targets: readonly Node[]): boolean | undefined {
  const outside = rule.scope.carrier;
  const buses = targets.flatMap((target) => {
    const reference = target.at('Arn').reference();
    return outside && reference.kind === 'known' && reference.value.subject.type === busType
      ? [outside.subject(reference.value.subject.definition)]
      : busesNamed(target.at('Arn'), rule.scope);
  });
  if (buses.length === 0) {
    return undefined;
  }
  const listening = buses
    .flatMap((bus) => bus.scope.referring(bus, 'AWS::Events::Rule', 'EventBusName'))
    .filter((each) => {
      const places = each.items('Targets');
      return places.kind === 'known' && places.value.some((target) => kindOf(target.at('Arn')) === 'AWS::SNS::Topic');
    });
  return reportedEvents
    .filter((each) => reports(rule, each))
    .every((each) => listening.some((other) => reports(other, each)));
}

const busType = 'AWS::Events::EventBus';
const busArn = /^arn:(?:[\w-]+|\$\{AWS::Partition\}):events:([^:]+):(\d{12}):event-bus\/([\w.-]+)$/;

/** The bus that an ARN means, where it is deployed here to that account and Region. */
function busesNamed(arn: Node, scope: Scope): readonly Subject[] {
  const text = arn.resolved.kind === 'reference' ? undefined : arn.pattern();
  const [, region, account, name] = text?.kind === 'known' ? (busArn.exec(text.value) ?? []) : [];
  return name === undefined
    ? []
    : scope.resources(busType).filter((bus) => {
        const { origin } = bus.template;
        const own = bus.text('Name');
        return origin.account === account && origin.region === region && own.kind === 'known' && own.value === name;
      });
}

/** Type of the resource that a target is, `unknown` where it lies elsewhere. */
function kindOf(arn: Node): string {
  const reference = arn.resolved.kind === 'reference' ? arn.reference() : undefined;
  if (reference?.kind === 'known') {
    return reference.value.subject.type;
  }
  arn.pattern();
  return 'unknown';
}
