import { isObject, type Json } from '../../../lib/template/parse';

/** How long a clock gives: the longest that it can come to, in days, and in months of the calendar where it counts those. */
export interface Limit {
  readonly days: number;
  readonly months: number;
  /** As the state asks for it. */
  readonly text: string;
}

/** Days of the longest and the shortest run of so many months, for as many as the law knows. */
const longestMonths = [0, 31, 62, 92];
const shortestMonths = [0, 28, 59, 89];

const units = ['hours', 'businessDays', 'days', 'months'] as const;

/**
 * Reads what a clock is asked for; of several limits the first that is over counts.
 *
 * @returns undefined where it is asked for none, a reason where the figure is not in the definition
 */
export function limitIn(payload: Json): Limit | string | undefined {
  const hidden = units.find((unit) => payload[`${unit}.$`] !== undefined);
  if (hidden) {
    return `how many ${hidden} it counts is decided by its input, and no template shows it`;
  }
  const given = units.flatMap((unit) => {
    const count = payload[unit];
    return typeof count === 'number' ? [{ unit, count }] : [];
  });
  if (given.length === 0) {
    return undefined;
  }
  return {
    days: Math.min(...given.map(({ unit, count }) => longest(unit, count))),
    months: Math.min(...given.map(({ unit, count }) => (unit === 'months' ? count : Number.POSITIVE_INFINITY))),
    text: given.map(({ unit, count }) => `${count} ${unit === 'businessDays' ? 'business days' : unit}`).join(' or '),
  };
}

function longest(unit: (typeof units)[number], count: number): number {
  switch (unit) {
    case 'hours':
      return count / 24;
    case 'businessDays':
      return businessDays(count);
    case 'days':
      return count;
    case 'months':
      return longestMonths[count] ?? count * 31;
  }
}

/** Days that so many business days can last, weekends among them. */
export function businessDays(count: number): number {
  return count + 2 * Math.ceil(count / 5);
}

/** Whether a limit is never later than so many days, nor than so many months of the calendar: February ends a month after 28 days. */
export function isWithin(limit: Limit, days: number, months: number): boolean {
  return limit.days <= days && (limit.months <= months || limit.days <= (shortestMonths[months] ?? 0));
}

/** Paths of a payload that say from when it counts, and what it takes for now. */
export function momentsIn(payload: Json): { readonly since: readonly string[]; readonly now: readonly string[] } {
  const paths = Object.entries(payload).filter(([key, value]) => key.endsWith('.$') && typeof value === 'string');
  const isNow = ([key]: readonly [string, unknown]) => /^now\b/i.test(key);
  return {
    since: paths.filter((entry) => !isNow(entry)).map(([, value]) => String(value)),
    now: paths.filter(isNow).map(([, value]) => String(value)),
  };
}

/** Whether people are reminded while there is still time. */
export function reminds(payload: Json): boolean {
  const { hours } = payload;
  const isEarly = (each: unknown) =>
    typeof each === 'number' && each > 0 && !(typeof hours === 'number' && each >= hours);
  return [payload.remind, payload.remindBefore].some((list) => Array.isArray(list) && list.some(isEarly));
}

/** Where a state puts what it comes to; `$` replaces everything that was known before. */
export function writtenBy(body: Json): readonly string[] {
  const caught = Array.isArray(body.Catch) ? body.Catch.filter(isObject) : [];
  return [
    ...(typeof body.OutputPath === 'string' && body.OutputPath !== '$' ? ['$'] : []),
    ...resultOf(body),
    ...caught.flatMap(({ ResultPath: path }) => (path === null ? [] : [typeof path === 'string' ? path : '$'])),
  ];
}

function resultOf(body: Json): readonly string[] {
  const makes =
    ['Task', 'Parallel', 'Map'].includes(String(body.Type)) ||
    (body.Type === 'Pass' && ['Result', 'Parameters', 'InputPath'].some((each) => body[each] !== undefined));
  if (!makes || body.ResultPath === null) {
    return [];
  }
  return [typeof body.ResultPath === 'string' ? body.ResultPath : '$'];
}
