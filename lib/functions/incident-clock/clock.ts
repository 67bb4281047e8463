/** What a step of an incident asks: how long it may still take. */
export interface ClockQuestion {
  /** When somebody or something first knew of the incident, ISO 8601. */
  readonly discoveredAt: string;
  /** Hours from then until the step must be done. */
  readonly hours: number;
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

/** Clocks of two services differ. */
const MOST_AHEAD = 5 * 60 * 1000;

/**
 * Counts from the discovery, whenever the step began: a step that came late has less time, not as much as any other. Nights, weekends and
 * holidays count.
 *
 * @throws if a time is none, the discovery lies in the future, or a reminder comes too late to remind: a clock that starts wrong is never
 * right again
 */
export function incidentClock({ discoveredAt, hours, remind = [], now }: ClockQuestion): ClockAnswer {
  const started = timeOf('discoveredAt', discoveredAt);
  const present = timeOf('now', now);
  if (started > present + MOST_AHEAD) {
    throw new Error(`discoveredAt is ${discoveredAt}, which has not come yet: give the time at which somebody knew`);
  }
  if (!(hours > 0)) {
    throw new Error(`hours is ${hours}, expected more than 0`);
  }
  const wrong = remind.find((each) => !(each > 0 && each < hours));
  if (wrong !== undefined) {
    throw new Error(`remind holds ${wrong}, expected hours between 0 and ${hours}, at which the step ends`);
  }
  const after = (count: number) => started + count * 60 * 60 * 1000;
  const deadline = after(hours);
  const next = Math.min(deadline, ...remind.map(after).filter((moment) => moment > present));
  return {
    deadline: new Date(deadline).toISOString(),
    seconds: next > present ? Math.ceil((next - present) / 1000) : LATE_SECONDS,
    next: next < deadline ? 'reminder' : 'deadline',
  };
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
