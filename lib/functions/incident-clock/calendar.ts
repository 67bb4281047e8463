const HOUR = 60 * 60 * 1000;

/** Hours after a moment; both in milliseconds since 1970. */
export function afterHours(moment: number, hours: number): number {
  return moment + hours * HOUR;
}

/** The same time of day on the so-many-th weekday after, in UTC. */
export function afterWeekdays(moment: number, count: number): number {
  const day = new Date(moment);
  for (let left = count; left > 0; ) {
    day.setUTCDate(day.getUTCDate() + 1);
    left -= day.getUTCDay() === 0 || day.getUTCDay() === 6 ? 0 : 1;
  }
  return day.getTime();
}

/**
 * The same day so many months later, at the same time of day; the last day of that month where it has no such day. The day is the one of the
 * calendar in the zone that `written` names: 28 February in New York is 1 March in UTC already, and a month that counts from there ends three days
 * too late.
 *
 * The law lets a month end with its last day, and moves an end on a Sunday to the day after; who is done by this moment is done in time in any case.
 * Source: Regulation (EEC, Euratom) No 1182/71, Article 3.
 *
 * @param written a time with its zone, ISO 8601
 */
export function afterMonths(written: string, count: number): number {
  const offset = offsetOf(written);
  const local = new Date(Date.parse(written) + offset);
  const day = local.getUTCDate();
  local.setUTCDate(1);
  local.setUTCMonth(local.getUTCMonth() + count);
  local.setUTCDate(Math.min(day, lastDayOf(local)));
  return local.getTime() - offset;
}

/** Milliseconds that the zone of a time is ahead of UTC. */
function offsetOf(written: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(written) ?? [];
  const ahead = (Number(hours ?? 0) + Number(minutes ?? 0) / 60) * HOUR;
  return sign === '-' ? -ahead : ahead;
}

function lastDayOf(moment: Date): number {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0)).getUTCDate();
}
