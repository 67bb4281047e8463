/** What a schedule sends: the parameter to write, which is a call that must be reported. */
export interface Turn {
  readonly call: string;
}

/** What SNS sends: alerts that arrived. */
export interface Arrival {
  readonly Records: readonly { readonly Sns: { readonly Message: string } }[];
}

/** A way that an alert takes. */
export interface Way {
  /** Name of the parameter whose writing is the call. */
  readonly parameter: string;
  /**
   * Name of the topic that people are subscribed to, where the alert goes through it.
   *
   * @default - a topic of the probe's own
   */
  readonly topic?: string;
}

export interface Measurement {
  readonly name: 'AlertLatencySeconds' | 'AlertSilenceSeconds';
  readonly seconds: number;
  /** @default - measured on the probe's own topic */
  readonly topic?: string;
}

export interface Surroundings {
  /** Alerts about any other parameter are not the probe's. */
  readonly ways: readonly Way[];
  /** Writes a parameter: recorded by CloudTrail, of no consequence otherwise. */
  readonly call: (parameter: string, value: string) => Promise<void>;
  /** Publishes how long an alert took, or for how long none has come. */
  readonly measure: (measurement: Measurement, at: Date) => Promise<void>;
  /** When the last alert came through the topic that people are subscribed to, as it was remembered. */
  readonly recall: () => Promise<string>;
  readonly remember: (value: string) => Promise<void>;
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
 * run, the time of the call stands in the alert itself. What never arrives is never measured: on each turn the probe also says for how long
 * nothing has come through the topic that people are subscribed to, because once a day is too seldom for an alarm to miss it by itself.
 *
 * @returns the latencies measured in seconds, none on a turn
 * @throws if a call, a measurement or the memory is refused, on a turn for a parameter that is not the probe's, and on an alert that is not of
 * the probe's call
 */
export function alertProbe(around: Surroundings): (event: Turn | Arrival) => Promise<readonly number[]> {
  return async (event) => {
    const now = around.now();
    if ('call' in event) {
      await makeCall(event.call, around, now);
      return [];
    }
    const measured = event.Records.map(({ Sns }) => measurementOf(Sns.Message, around.ways, now));
    for (const each of measured) {
      await around.measure(each, now);
      if (each.topic !== undefined) {
        await around.remember(now.toISOString());
      }
    }
    return measured.map(({ seconds }) => seconds);
  };
}

async function makeCall(parameter: string, around: Surroundings, now: Date): Promise<void> {
  if (!around.ways.some((way) => way.parameter === parameter)) {
    throw new Error(`the turn is for '${parameter}', expected one of ${namesOf(around.ways)}`);
  }
  await around.call(parameter, now.toISOString());
  const topic = around.ways.find((way) => way.topic !== undefined)?.topic;
  if (topic !== undefined) {
    const heard = Date.parse(await around.recall());
    // Nothing was ever heard: count from here, so that a way that never worked is missed as well
    if (Number.isNaN(heard)) {
      await around.remember(now.toISOString());
    }
    const seconds = Number.isNaN(heard) ? 0 : Math.max(0, (now.getTime() - heard) / 1000);
    await around.measure({ name: 'AlertSilenceSeconds', seconds, topic }, now);
  }
}

function measurementOf(message: string, ways: readonly Way[], now: Date): Measurement {
  const { detail }: ReportedCall = JSON.parse(message);
  const called = detail?.requestParameters?.name;
  const way = ways.find(({ parameter }) => parameter === called);
  if (detail?.eventName !== 'PutParameter' || way === undefined) {
    throw new Error(
      `the alert is of ${detail?.eventName} on '${called}', expected PutParameter on one of ${namesOf(ways)}: the rule matches too much`,
    );
  }
  const time = Date.parse(detail.eventTime ?? '');
  if (Number.isNaN(time)) {
    throw new Error(`the alert has the time '${detail.eventTime}', expected one such as 2026-01-31T12:00:00Z`);
  }
  // CloudTrail notes whole seconds, rounded down: an alert never takes less than nothing
  const seconds = Math.max(0, (now.getTime() - time) / 1000);
  return { name: 'AlertLatencySeconds', seconds, topic: way.topic };
}

function namesOf(ways: readonly Way[]): string {
  return ways.map(({ parameter }) => `'${parameter}'`).join(', ');
}
