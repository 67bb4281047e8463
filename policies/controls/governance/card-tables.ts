import type { LiveOutcome } from '../../../lib/control/live';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import { type Column, fires, namesIn, reasonIn, type Table, type Trigger } from '../logging/application-tables';

/** Types in which no card number fits: times, truth, addresses, words of a list, numbers of up to ten digits, bytes and ids. */
const safeCategories = ['B', 'D', 'T', 'I', 'E'];
const safeTypes = ['bytea', 'uuid', 'int2', 'int4', 'oid'];

/** Columns that are made for card data, whatever is in them. */
const cardName = /(^|_)(pan|card_?(no|number)s?|primary_account_number|cvv2?|cvc2?|card_security_code)(_|$)/;

const BEFORE_ROW = 1 + 2 + 4 + 16;

/** Whether a table that others than its owner can write refuses card numbers in every column that could hold one. */
export function judgeCards({ name, writers, columns, triggers }: Table): readonly LiveOutcome[] {
  const made = columns.filter((column) => cardName.test(column.words) && !safeCategories.includes(column.category));
  const open = columns.filter(couldHold);
  if (made.length === 0 && (writers.length === 0 || open.length === 0)) {
    return [];
  }
  const guards = triggers.filter(({ calls }) => calls === 'secure.refuse_cards');
  const whole = guards.find((trigger) => fires(trigger, BEFORE_ROW) && !trigger.isPartial);
  const against: readonly Outcome[] = [
    ...made.map((column) => finding('cardColumn', undefined, { column: column.name })),
    ...(writers.length > 0 && open.length > 0 ? judgeGuard(whole, open, writers) : []),
  ];
  const observations = guards.map(({ name: trigger, enabled, given }) => ({
    property: trigger,
    value: `${enabled} ${given}`,
  }));
  return (against.length > 0 ? against : [satisfied]).map((outcome) => ({
    subject: name,
    type: 'PostgreSQL::Table',
    outcome,
    observations,
  }));
}

function couldHold({ category, stored, type }: Column): boolean {
  return !safeCategories.includes(category) && !safeTypes.includes(stored) && !/^secure\./.test(type);
}

function judgeGuard(guard: Trigger | undefined, open: readonly Column[], who: readonly string[]): readonly Outcome[] {
  if (!guard) {
    return [
      finding('unguarded', undefined, { columns: open.map(({ name }) => name).join(', '), roles: who.join(', ') }),
    ];
  }
  const leftOut = namesIn(guard.given.split('\\000')[0] ?? '');
  const unexplained = open.filter(
    ({ name, comment }) => leftOut.includes(name) && reasonIn(comment, 'card exempt') === undefined,
  );
  return [
    ...(guard.enabled === 'A' ? [] : [finding('skippable', undefined, { trigger: guard.name })]),
    ...unexplained.map(({ name }) => finding('leftOut', undefined, { column: name })),
  ];
}
