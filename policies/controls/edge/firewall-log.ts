import { decide } from '../../../lib/control/decide';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';

/** Whether decisions are written down, and credentials are not. */
export function judgeLogging(logs: readonly Node[], acl: Node): readonly Outcome[] {
  const [log] = logs;
  if (!log) {
    return [finding('unlogged')];
  }
  const destinations = decide(log.at('LogDestinationConfigs.0').pattern(), {
    known: () => satisfied,
    absent: () => finding('unlogged'),
  });
  const bare = ['authorization', 'cookie'].filter((header) => !protects(acl, header) && !redacts(log, header));
  const filter = log.at('LoggingFilter').state();
  return [
    ...destinations,
    ...bare.map((header) => finding('unredacted', undefined, { header })),
    ...(filter === 'absent' ? [] : [judgeFilter(log.at('LoggingFilter'))]),
  ];
}

function redacts(log: Node, header: string): boolean {
  const fields = log.at('RedactedFields').items();
  return (fields.kind === 'known' ? fields.value : []).some((field) => isHeader(field.at('SingleHeader.Name'), header));
}

/** Data protection of the web ACL itself, which holds for its log as well. */
function protects(acl: Node, header: string): boolean {
  const list = acl.at('DataProtectionConfig.DataProtections').items();
  return (list.kind === 'known' ? list.value : []).some((protection) => {
    const keys = protection.at('Field.FieldKeys').items();
    const type = protection.at('Field.FieldType').text();
    const whole = type.kind === 'known' && type.value === 'SINGLE_HEADER';
    return whole && (keys.kind === 'known' ? keys.value : []).some((key) => isHeader(key, header));
  });
}

function isHeader(node: Node, header: string): boolean {
  const name = node.text();
  return name.kind === 'known' && name.value.toLowerCase() === header;
}

/** A filter may drop what was allowed, not what was blocked. */
function judgeFilter(filter: Node): Outcome {
  const fallback = filter.at('DefaultBehavior').text();
  const filters = filter.at('Filters').items();
  const onBlocked = (filters.kind === 'known' ? filters.value : [])
    .filter((each) => speaksOfBlocked(each))
    .map((each) => each.at('Behavior').text());
  const drops = onBlocked.some((behavior) => behavior.kind !== 'known' || behavior.value !== 'KEEP');
  const kept = onBlocked.length > 0 || (fallback.kind === 'known' && fallback.value === 'KEEP');
  return kept && !drops ? satisfied : finding('droppedLog', filter.path);
}

function speaksOfBlocked(filter: Node): boolean {
  const conditions = filter.at('Conditions').items();
  return (conditions.kind === 'known' ? conditions.value : []).some((condition) => {
    const action = condition.at('ActionCondition.Action').text();
    return action.kind !== 'known' || action.value === 'BLOCK';
  });
}
