import { type Fact, flagIn, optionalTextIn, optionalTimeIn } from '../../../lib/control/fact';
import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';

/**
 * Hours after which a trail counts as silent. Event files follow calls within minutes, but where nothing is called nothing is written,
 * so a day may pass in a quiet account. The digest of a validated trail comes every hour, calls or not: it is the heartbeat, and
 * three hours allow for two late ones.
 *
 * Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html and
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */
const silentAfterHours = { events: 24, digests: 3 } as const;

/** One thing that a trail delivers, by the members of GetTrailStatus that tell of it. */
interface Delivery {
  readonly time: string;
  readonly error: string;
  readonly hours: number;
}

const files: Delivery = {
  time: 'LatestDeliveryTime',
  error: 'LatestDeliveryError',
  hours: silentAfterHours.events,
};

const digests: Delivery = {
  time: 'LatestDigestDeliveryTime',
  error: 'LatestDigestDeliveryError',
  hours: silentAfterHours.digests,
};

const logGroup: Delivery = {
  time: 'LatestCloudWatchLogsDeliveryTime',
  error: 'LatestCloudWatchLogsDeliveryError',
  hours: silentAfterHours.events,
};

/** Members of GetTrailStatus that the judgement looks at, for the record. */
export const statusMembers = [
  'IsLogging',
  'StartLoggingTime',
  ...[files, digests, logGroup].flatMap(({ time, error }) => [time, error]),
];

/**
 * Whether a trail records now, and whether what it records arrives. Empty: it does.
 * @param trail as DescribeTrails has it
 * @param status as GetTrailStatus has it; times and errors are those of the run's region
 * @throws UnknownShape
 */
export function judgeDelivery(trail: Fact, status: Fact, now: Date): readonly Outcome[] {
  if (!flagIn(status, 'IsLogging')) {
    return [finding('trailStopped', 'IsLogging')];
  }
  const expected = [
    files,
    ...(flagIn(trail, 'LogFileValidationEnabled') ? [digests] : []),
    ...(optionalTextIn(trail, 'CloudWatchLogsLogGroupArn') === undefined ? [] : [logGroup]),
  ];
  return expected.flatMap((delivery) => judgeOne(delivery, status, now));
}

function judgeOne({ time, error, hours }: Delivery, status: Fact, now: Date): readonly Outcome[] {
  const refusal = optionalTextIn(status, error);
  if (refusal !== undefined) {
    return [finding('trailRefused', error, { reason: refusal })];
  }
  const last = optionalTimeIn(status, time);
  if (isWithin(last, hours, now)) {
    return [];
  }
  const started = optionalTimeIn(status, 'StartLoggingTime');
  return isWithin(started, hours, now)
    ? [
        notAssessed(
          `the trail was started less than ${hours} hours ago, and its first delivery may be yet to come`,
          time,
        ),
      ]
    : [finding('trailSilent', time, { last: last?.toISOString() ?? 'never', hours })];
}

function isWithin(time: Date | undefined, hours: number, now: Date): boolean {
  return time !== undefined && now.getTime() - time.getTime() <= hours * 3_600_000;
}
