/** What a schedule sends: make a call that must be reported. */
export interface Turn {
  readonly turn: true;
}

/** What SNS sends: alerts that arrived. */
export interface Arrival {
  readonly Records: readonly { readonly Sns: { readonly Message: string } }[];
}

export interface Surroundings {
  /** Name of the parameter whose writing is the call; alerts about any other are not the probe's. */
  readonly parameter: string;
  /** Writes the parameter: recorded by CloudTrail, of no consequence otherwise. */
  readonly call: (value: string) => Promise<void>;
  /** Publishes how long an alert took. */
  readonly measure: (seconds: number, at: Date) => Promise<void>;
  readonly now: () => Date;
}

/** As much of CloudTrail's record inside an event of EventBridge as is read here. */
interface ReportedCall {
  readonly detail?: {
    readonly eventName?: string;
    readonly eventTime?: string;
    readonly requestParameters?: { readonly name?: string } | null;
  };
}

/**
 * Measures how long an alert takes, from the call to its arrival. On its turn it makes the call; when the alert arrives, which is another
 * run, the time of the call stands in the alert itself, so nothing has to be remembered between the two. What never arrives is never
 * measured, and the missing measurement raises the alarm.
 *
 * @returns the seconds measured, none on a turn
 * @throws if the call or a measurement is refused, and on an alert that is not of the probe's call
 */
export function alertProbe(around: Surroundings): (event: Turn | Arrival) => Promise<readonly number[]> {
  return async (event) => {
    if ('turn' in event) {
      await around.call(around.now().toISOString());
      return [];
    }
    const now = around.now();
    const seconds = event.Records.map(({ Sns }) => elapsed(Sns.Message, around.parameter, now));
    for (const each of seconds) {
      await around.measure(each, now);
    }
    return seconds;
  };
}

function elapsed(message: string, parameter: string, now: Date): number {
  const { detail }: ReportedCall = JSON.parse(message);
  const called = detail?.requestParameters?.name;
  if (detail?.eventName !== 'PutParameter' || called !== parameter) {
    throw new Error(
      `the alert is of ${detail?.eventName} on '${called}', expected PutParameter on '${parameter}': the rule matches too much`,
    );
  }
  const time = Date.parse(detail.eventTime ?? '');
  if (Number.isNaN(time)) {
    throw new Error(`the alert has the time '${detail.eventTime}', expected one such as 2026-01-31T12:00:00Z`);
  }
  // CloudTrail notes whole seconds, rounded down: an alert never takes less than nothing
  return Math.max(0, (now.getTime() - time) / 1000);
}
