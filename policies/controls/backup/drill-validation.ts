import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { isOnOwnBus } from '../detection/alert-rules';
import { isSwitchedOff } from '../logging/scheduled-function';
import { mayCall, type Permission } from './function-permissions';

const verdict = 'backup:PutRestoreValidationResult';

/** Whoever can be subscribed and have a role of its own. */
const validators: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'Role',
  'AWS::StepFunctions::StateMachine': 'RoleArn',
};

/** Judges whether something hears of completed restores and may say what they are worth. */
export function judgeValidation(scope: Scope, presentOnly: boolean): readonly Outcome[] {
  const hearing = scope.resources('AWS::Events::Rule').filter(hearsOfRestores);
  const running = hearing.filter((rule) => !isDisabled(rule));
  if (running.length === 0) {
    const [stopped] = hearing;
    const reason = stopped ? `rule ${stopped.logicalId} is disabled` : 'no rule hears of completed restore jobs';
    return [
      presentOnly && !stopped
        ? notAssessed('what looks into restored resources is not in the templates')
        : finding('notValidated', undefined, { reason }),
    ];
  }
  const answers = running.flatMap(targetsOf).map((target) => speaks(target, scope));
  const best =
    answers.find(({ kind }) => kind === 'yes') ?? answers.find(({ kind }) => kind === 'unknown') ?? answers[0];
  switch (best?.kind) {
    case 'yes':
      return [satisfied];
    case 'unknown':
      return [notAssessed(best.reason)];
    default:
      return [finding('notValidated', undefined, { reason: best?.reason ?? 'the rule starts no function' })];
  }
}

/**
 * Restore jobs have a `status`; a rule that waits for their `state` never matches.
 *
 * Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 */
export function hearsOfRestores(rule: Subject): boolean {
  const pattern = rule.at('EventPattern');
  return (
    pattern.resolved.kind === 'map' &&
    isOnOwnBus(rule) &&
    admits(pattern.at('source'), 'aws.backup') &&
    admits(pattern.at('detail-type'), 'Restore Job State Change') &&
    admits(pattern.at('detail.status'), 'COMPLETED') &&
    pattern.at('detail.state').resolved.kind === 'absent'
  );
}

/** A part of a pattern that is not there lets everything through. Looked at before it is read: only the rule that decides goes on record. */
function admits(place: Node, word: string): boolean {
  const { resolved } = place;
  if (resolved.kind === 'absent') {
    return true;
  }
  const list = resolved.kind === 'list' ? resolved.items.map((_, index) => place.at(String(index))) : [];
  const found = list.find((item) => item.resolved.kind === 'scalar' && String(item.resolved.value) === word);
  return found !== undefined && found.text().kind === 'known';
}

function isDisabled(rule: Subject): boolean {
  const state = rule.text('State');
  // Enabled where nothing is said
  return state.kind === 'unresolved' || (state.kind === 'known' && state.value === 'DISABLED');
}

function targetsOf(rule: Subject): readonly Node[] {
  const list = rule.items('Targets');
  return list.kind === 'known' ? list.value.map((target) => target.at('Arn')) : [];
}

function speaks(target: Node, scope: Scope): Permission {
  const { resolved } = target;
  if (resolved.kind !== 'reference') {
    return { kind: 'unknown', reason: 'what a rule starts is not in the templates' };
  }
  const validator = scope.subject(resolved.resource);
  const property = validators[validator.type];
  if (property === undefined) {
    return { kind: 'no', reason: `${validator.logicalId} cannot look into a database` };
  }
  if (isSwitchedOff(validator)) {
    return { kind: 'no', reason: `${validator.logicalId} may run zero times at once` };
  }
  target.reference();
  return mayCall(validator, property, verdict, scope);
}
