/** What a step asks that people do: how long it may still take. One of `hours` and `businessDays` is given. */
export interface ClockQuestion {
  /** When somebody or something first knew of it, ISO 8601. */
  readonly discoveredAt: string;
  /** Hours from then until the step must be done. */
  readonly hours?: number;
  /**
   * Business days from then, whole: the same time of day on the so-many-th weekday after, in UTC. Holidays count like any weekday: they
   * differ by place, and a deadline that leaves none out is never late.
   */
  readonly businessDays?: number;
  /**
   * Hours from the discovery at which people are reminded, each before the end.
   *
   * @default - nobody is reminded
   */
  readonly remind?: readonly number[];
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
export function incidentClock({ discoveredAt, remind = [], now, ...limit }: ClockQuestion): ClockAnswer {
  const started = timeOf('discoveredAt', discoveredAt);
  const present = timeOf('now', now);
  if (started > present + MOST_AHEAD) {
    throw new Error(`discoveredAt is ${discoveredAt}, which has not come yet: give the time at which somebody knew`);
  }
  const deadline = deadlineOf(started, limit);
  const wrong = remind.find((each) => !(each > 0 && afterHours(started, each) < deadline));
  if (wrong !== undefined) {
    throw new Error(
      `remind holds ${wrong}, expected hours between 0 and ${(deadline - started) / HOUR}, at which the step ends`,
    );
  }
  const next = Math.min(
    deadline,
    ...remind.map((each) => afterHours(started, each)).filter((moment) => moment > present),
  );
  return {
    deadline: new Date(deadline).toISOString(),
    seconds: next > present ? Math.ceil((next - present) / 1000) : LATE_SECONDS,
    next: next < deadline ? 'reminder' : 'deadline',
  };
}

function deadlineOf(started: number, { hours, businessDays }: Pick<ClockQuestion, 'hours' | 'businessDays'>): number {
  if ((hours === undefined) === (businessDays === undefined)) {
    throw new Error(`hours is ${hours} and businessDays is ${businessDays}, expected one of them`);
  }
  if (businessDays === undefined) {
    if (hours === undefined || !(hours > 0)) {
      throw new Error(`hours is ${hours}, expected more than 0`);
    }
    return afterHours(started, hours);
  }
  if (!Number.isInteger(businessDays) || businessDays < 1) {
    throw new Error(`businessDays is ${businessDays}, expected a whole number above 0`);
  }
  return afterWeekdays(started, businessDays);
}

function afterHours(started: number, hours: number): number {
  return started + hours * HOUR;
}

function afterWeekdays(started: number, count: number): number {
  const moment = new Date(started);
  for (let left = count; left > 0; ) {
    moment.setUTCDate(moment.getUTCDate() + 1);
    left -= moment.getUTCDay() === 0 || moment.getUTCDay() === 6 ? 0 : 1;
  }
  return moment.getTime();
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
