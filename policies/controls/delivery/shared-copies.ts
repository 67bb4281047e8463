import { notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { PolicyCondition } from '../../../lib/template/policy-condition';
import { coversAction, type PolicyStatement } from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';
import { contentOf, isServiceControl } from '../identity/guard-rail-statements';
import { emergencies } from './pipeline-guard-rail';

/** The calls by which a copy is handed to another account, whatever it is encrypted with. */
export const sharing: readonly string[] = [
  'rds:ModifyDBClusterSnapshotAttribute',
  'rds:ModifyDBSnapshotAttribute',
  'ec2:ModifySnapshotAttribute',
];

/** What a service control policy says of copies. */
export interface SharingRail {
  /** Calls that it forbids to all but the role for emergencies. */
  readonly forbidden: readonly string[];
  readonly hidden: readonly Outcome[];
}

/** @param environments accounts that must be bound by it: by their numbers, or all at once by the root */
export function sharingRailOf(policy: Subject, environments: readonly string[]): SharingRail {
  const nothing: SharingRail = { forbidden: [], hidden: [] };
  if (!isServiceControl(policy)) {
    return nothing;
  }
  const content = contentOf(policy);
  if (content.kind !== 'known') {
    const reason = content.kind === 'absent' ? 'a policy needs its content' : content.reason;
    return { ...nothing, hidden: [notAssessed(reason, content.property)] };
  }
  const { statements, unresolved } = content.value;
  const forbidden = sharing.filter((call) => statements.some((statement) => forbids(statement, call)));
  if (forbidden.length === 0) {
    return { ...nothing, hidden: unresolved.map(({ reason, property }) => notAssessed(reason, property)) };
  }
  const targets = policy.items('TargetIds');
  const texts = targets.kind === 'known' ? targets.value.map((target) => target.text()) : [];
  const bound = texts.flatMap((text) => (text.kind === 'known' ? [text.value] : []));
  if (bound.some((target) => target.startsWith('r-')) || environments.every((account) => bound.includes(account))) {
    return { forbidden, hidden: [] };
  }
  const unseen = [targets, ...texts].find((reading) => reading.kind === 'unresolved');
  if (unseen?.kind === 'unresolved') {
    return { ...nothing, hidden: [notAssessed(unseen.reason, unseen.property)] };
  }
  const isUnit = bound.some((target) => target.startsWith('ou-'));
  const reason = 'which accounts are in the organizational unit that it is attached to is not here';
  return isUnit ? { ...nothing, hidden: [notAssessed(reason, targets.property)] } : nothing;
}

function forbids(statement: PolicyStatement, call: string): boolean {
  const { effect, resources, conditions } = statement;
  if (effect !== 'Deny' || resources.form !== 'only' || !resources.values.includes('*')) {
    return false;
  }
  const covered = coversAction(statement, call);
  const isCovered = covered.kind === 'known' && covered.value;
  return isCovered && conditions.unresolved.length === 0 && conditions.list.every(sparesEmergenciesAlone);
}

function sparesEmergenciesAlone({ key, operator, quantifier, values, unresolved }: PolicyCondition): boolean {
  return (
    key.toLowerCase() === 'aws:principalarn' &&
    /^(Arn|String)NotLike$/i.test(operator) &&
    quantifier === undefined &&
    unresolved.length === 0 &&
    values.length > 0 &&
    values.every((value) => emergencies.test(value))
  );
}
