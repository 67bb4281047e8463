import { afterHours, afterMonths, afterWeekdays } from './calendar';

/** How long a step may take: one of `hours`, `businessDays`, and days or months. */
export interface ClockLimit {
  /** Hours from the start until the step must be done. */
  readonly hours?: number;
  /**
   * Business days from then, whole: the same time of day on the so-many-th weekday after, in UTC. Holidays count like any weekday: they
   * differ by place, and a deadline that leaves none out is never late.
   */
  readonly businessDays?: number;
  /** Days from then, whole, each of 24 hours. Where months are given too, whichever is over first. */
  readonly days?: number;
  /** Months of the calendar from then, whole: 31 January and one month is the last day of February. */
  readonly months?: number;
}

/** What a step asks that people do: how long it may still take. */
export interface ClockQuestion extends ClockLimit {
  /** When somebody or something first knew of it, or when it was received, ISO 8601. */
  readonly discoveredAt: string;
  /**
   * Hours from the discovery at which people are reminded, each before the end.
   *
   * @default - nobody is reminded
   */
  readonly remind?: readonly number[];
  /**
   * Hours before the end at which people are reminded: a month has no fixed length.
   *
   * @default - nobody is reminded
   */
  readonly remindBefore?: readonly number[];
  /** Now, ISO 8601. */
  readonly now: string;
}

export interface ClockAnswer {
  /** When the step must be done, ISO 8601. */
  readonly deadline: string;
  /** Seconds that the step may wait for its people: until the next reminder, or until the deadline. */
  readonly seconds: number;
  /** What follows if nobody answers by then. */
  readonly next: 'reminder' | 'deadline';
}

/** A step that is late is called out every hour; more often would fill the history of the process, which holds 25,000 events. */
const LATE_SECONDS = 60 * 60;

const HOUR = 60 * 60 * 1000;

/** Clocks of two services differ. */
const MOST_AHEAD = 5 * 60 * 1000;

/**
 * Counts from the discovery, whenever the step began: a step that came late has less time, not as much as any other. In hours, nights, weekends
 * and holidays count.
 *
 * @throws if a time is none, the discovery lies in the future, no time is given, or a reminder comes too late to remind: a clock that starts
 * wrong is never right again
 */
export function incidentClock(question: ClockQuestion): ClockAnswer {
  const { discoveredAt, now } = question;
  const started = timeOf('discoveredAt', discoveredAt);
  const present = timeOf('now', now);
  if (started > present + MOST_AHEAD) {
    throw new Error(`discoveredAt is ${discoveredAt}, which has not come yet: give the time at which somebody knew`);
  }
  const deadline = deadlineOf(discoveredAt, question);
  const reminders = remindersOf(started, deadline, question);
  const next = Math.min(deadline, ...reminders.filter((moment) => moment > present));
  return {
    deadline: new Date(deadline).toISOString(),
    seconds: next > present ? Math.ceil((next - present) / 1000) : LATE_SECONDS,
    next: next < deadline ? 'reminder' : 'deadline',
  };
}

function remindersOf(started: number, deadline: number, question: ClockQuestion): readonly number[] {
  const { remind = [], remindBefore = [] } = question;
  const moments = [
    ...remind.map((hours) => ({ name: 'remind', hours, moment: afterHours(started, hours) })),
    ...remindBefore.map((hours) => ({ name: 'remindBefore', hours, moment: afterHours(deadline, -hours) })),
  ];
  const wrong = moments.find(({ moment }) => !(moment > started && moment < deadline));
  if (wrong !== undefined) {
    throw new Error(
      `${wrong.name} holds ${wrong.hours}, expected hours between 0 and ${(deadline - started) / HOUR}, at which the step ends`,
    );
  }
  return moments.map(({ moment }) => moment);
}

function deadlineOf(discoveredAt: string, { hours, businessDays, days, months }: ClockLimit): number {
  const isCalendar = days !== undefined || months !== undefined;
  if ([hours !== undefined, businessDays !== undefined, isCalendar].filter(Boolean).length !== 1) {
    throw new Error(
      `hours is ${hours}, businessDays is ${businessDays}, days is ${days} and months is ${months}, expected one of them, or days and months`,
    );
  }
  const started = Date.parse(discoveredAt);
  if (hours !== undefined) {
    if (!(hours > 0)) {
      throw new Error(`hours is ${hours}, expected more than 0`);
    }
    return afterHours(started, hours);
  }
  return Math.min(
    ...whole('businessDays', businessDays).map((count) => afterWeekdays(started, count)),
    ...whole('days', days).map((count) => afterHours(started, count * 24)),
    ...whole('months', months).map((count) => afterMonths(discoveredAt, count)),
  );
}

/** The count, where one is given. */
function whole(name: string, count: number | undefined): readonly number[] {
  if (count !== undefined && !(Number.isInteger(count) && count >= 1)) {
    throw new Error(`${name} is ${count}, expected a whole number above 0`);
  }
  return count === undefined ? [] : [count];
}

/** Only a time with its zone: `2026-11-29 09:00` is another moment in each country. */
function timeOf(name: string, text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(time)) {
    throw new Error(`${name} is '${text}', expected a time with its zone such as 2026-11-29T09:00:00Z`);
  }
  return time;
}
