const daysOfWeek = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

const units: Readonly<Record<string, number>> = { minute: 1 / 60, hour: 1, day: 24 };

/** Eight years, so that a leap day comes round twice. */
const firstDay = Date.UTC(2027, 0, 1);
const days = 8 * 365 + 2;
const dayLength = 86_400_000;

/**
 * Longest time between two runs of a schedule, in hours: of `rate(...)`, and of the six fields of `cron(...)` by going through eight years
 * day by day. A schedule that ends, by its years or because it runs once, has no longest time: `Infinity`. Undefined: not understood.
 *
 * Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html and
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function longestGapHours(expression: string): number | undefined {
  const text = expression.trim();
  if (/^at\(.*\)$/.test(text)) {
    return Number.POSITIVE_INFINITY;
  }
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) {
    return Number(count) > 0 ? Number(count) * (units[unit] ?? Number.NaN) : undefined;
  }
  if (!gaps.has(text)) {
    const fields = /^cron\((.*)\)$/.exec(text)?.[1]?.trim().split(/\s+/);
    gaps.set(text, fields?.length === 6 ? longestGapOfCron(fields) : undefined);
  }
  return gaps.get(text);
}

/** Several controls ask about the same few schedules, and eight years are long. */
const gaps = new Map<string, number | undefined>();

function longestGapOfCron(fields: readonly string[]): number | undefined {
  const [minuteField = '', hourField = '', dayField = '', monthField = '', weekdayField = '', yearField = ''] = fields;
  const minutes = numbersOf(minuteField, 0, 59);
  const hours = numbersOf(hourField, 0, 23);
  const months = numbersOf(monthField, 1, 12, monthNames);
  const onDay = dayMatcher(dayField, weekdayField);
  if (!minutes || !hours || !months || !onDay) {
    return undefined;
  }
  if (yearField !== '*') {
    return /^[\d,/*-]+$/.test(yearField) ? Number.POSITIVE_INFINITY : undefined;
  }
  const ofDay = hours.flatMap((hour) => minutes.map((minute) => hour + minute / 60)).sort((a, b) => a - b);
  const runs: number[] = [];
  for (let day = 0; day < days; day++) {
    const date = new Date(firstDay + day * dayLength);
    if (months.includes(date.getUTCMonth() + 1) && onDay(date)) {
      runs.push(...ofDay.map((hour) => day * 24 + hour));
    }
  }
  // The thirtieth of February
  return runs.length < 2
    ? Number.POSITIVE_INFINITY
    : runs.reduce((longest, run, index) => Math.max(longest, run - (runs[index - 1] ?? run)), 0);
}

type DayMatcher = (date: Date) => boolean;

const everyDay: DayMatcher = () => true;

/** One of both fields is `?` or `*`: AWS refuses two that both choose. */
function dayMatcher(dayField: string, weekdayField: string): DayMatcher | undefined {
  const isOpen = (field: string) => field === '?' || field === '*';
  if (isOpen(dayField)) {
    return isOpen(weekdayField) ? everyDay : weekdayMatcher(weekdayField);
  }
  if (!isOpen(weekdayField)) {
    return undefined;
  }
  if (dayField === 'L') {
    return (date) => new Date(date.getTime() + dayLength).getUTCDate() === 1;
  }
  const chosen = numbersOf(dayField, 1, 31);
  return chosen && ((date) => chosen.includes(date.getUTCDate()));
}

function weekdayMatcher(field: string): DayMatcher | undefined {
  const [, day, which] = /^(\w+)#([1-5])$/.exec(field) ?? [];
  if (day !== undefined && which !== undefined) {
    const chosen = numbersOf(day, 1, 7, daysOfWeek);
    return (
      chosen && ((date) => chosen.includes(date.getUTCDay() + 1) && Math.ceil(date.getUTCDate() / 7) === Number(which))
    );
  }
  const [, last] = /^(\w+)L$/.exec(field) ?? [];
  if (last !== undefined) {
    const chosen = numbersOf(last, 1, 7, daysOfWeek);
    const isLast = (date: Date) => new Date(date.getTime() + 7 * dayLength).getUTCMonth() !== date.getUTCMonth();
    return chosen && ((date) => chosen.includes(date.getUTCDay() + 1) && isLast(date));
  }
  const chosen = numbersOf(field, 1, 7, daysOfWeek);
  return chosen && ((date) => chosen.includes(date.getUTCDay() + 1));
}

/** The numbers that a field stands for: lists, ranges and steps of numbers or names; undefined where it is none of these. */
function numbersOf(
  field: string,
  lowest: number,
  highest: number,
  names: readonly string[] = [],
): readonly number[] | undefined {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [, from, to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const start = from === '*' ? lowest : numberOf(from, lowest, names);
    const end = to !== undefined ? numberOf(to, lowest, names) : from === '*' || step !== undefined ? highest : start;
    const by = step === undefined ? 1 : Number(step);
    const isLegal =
      start !== undefined && end !== undefined && start >= lowest && end <= highest && start <= end && by > 0;
    if (!isLegal) {
      return undefined;
    }
    for (let value = start; value <= end; value += by) {
      found.add(value);
    }
  }
  return [...found].sort((a, b) => a - b);
}

function numberOf(text: string | undefined, lowest: number, names: readonly string[]): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const index = names.indexOf(text.toUpperCase());
  return index >= 0 ? index + lowest : /^\d+$/.test(text) ? Number(text) : undefined;
}
