import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

const delegation = 'Custom::DelegatedAdministrators';
const hubDelegation = 'AWS::SecurityHub::DelegatedAdmin';

/**
 * Judges whether the management account made the account of a resource the administrator of a service, which AWS asks for before it may set anything
 * for others.
 *
 * @param service first word of its principal, such as `guardduty`
 */
export function judgeDelegation(service: string, resource: Subject, scope: Scope): readonly Outcome[] {
  return judgeEach(service, scope.resources(delegation), (each) => [
    ...judgeAccount(each, 'AccountId', resource, service),
    ...judgeList(each, 'Services', service, service),
    ...judgeRegions(each, resource, service),
  ]);
}

/** The same of Security Hub, which has a type of its own. */
export function judgeHubDelegation(resource: Subject, scope: Scope): readonly Outcome[] {
  const service = 'securityhub';
  return judgeEach(service, scope.resources(hubDelegation), (each) =>
    judgeAccount(each, 'AdminAccountId', resource, service),
  );
}

/** One of them is enough; what cannot be read of all is not assessed. */
function judgeEach(
  service: string,
  delegations: readonly Subject[],
  judge: (each: Subject) => readonly Outcome[],
): readonly Outcome[] {
  const judged = delegations.map(judge);
  const sound = judged.find((outcomes) => outcomes.every(({ verdict }) => verdict === 'satisfied'));
  const hidden = judged.flat().find(({ verdict }) => verdict === 'not-assessed');
  return [sound ? satisfied : (hidden ?? finding('notDelegated', undefined, { service }))];
}

function judgeAccount(each: Subject, property: string, resource: Subject, service: string): readonly Outcome[] {
  const { account } = resource.template.origin;
  const none = () => finding('notDelegated', undefined, { service });
  return decide(each.text(property), {
    known: (named) => (account === undefined || named === account ? satisfied : none()),
    absent: none,
  }).map(withoutPlace);
}

/** A regional service has an administrator in each Region, or none there. */
function judgeRegions(each: Subject, resource: Subject, service: string): readonly Outcome[] {
  const asked = resource.items('Regions');
  // A list that cannot be read is judged where it says what is watched
  return (asked.kind === 'known' ? asked.value : []).flatMap(({ resolved }) =>
    resolved.kind === 'scalar'
      ? judgeList(each, 'Regions', String(resolved.value), service)
      : [notAssessed('a Region is not in the templates')],
  );
}

/** Whether a list of the delegation holds a word. */
function judgeList(each: Subject, property: string, word: string, service: string): readonly Outcome[] {
  const none = () => finding('notDelegated', undefined, { service });
  return decide(each.items(property), {
    known: (places) => {
      const named = wordAmong(places, word);
      return named === 'unresolved' ? notAssessed(`whether ${word} is named is not known`) : named ? satisfied : none();
    },
    absent: none,
  }).map(withoutPlace);
}

/** The property is one of the delegation, and the subject is another resource. */
function withoutPlace(outcome: Outcome): Outcome {
  return outcome.verdict === 'not-satisfied' || outcome.verdict === 'not-assessed'
    ? { ...outcome, property: undefined }
    : outcome;
}

/** Whether a list holds a word. Looked at before it is read: only the word that is sought, or what hides it, goes on record. */
export function wordAmong(places: readonly Node[], word: string): boolean | 'unresolved' {
  if (places.some(({ resolved }) => resolved.kind === 'scalar' && resolved.value === word)) {
    return places.some((place) => place.resolved.kind === 'scalar' && place.resolved.value === word && isRead(place));
  }
  return places.some((place) => place.resolved.kind !== 'scalar' && !isRead(place)) ? 'unresolved' : false;
}

function isRead(place: Node): boolean {
  return place.text().kind === 'known';
}
