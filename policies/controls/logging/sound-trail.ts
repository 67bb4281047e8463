import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

/**
 * What every trail needs that is to be relied on, whatever it records.
 *
 * Source of the defaults: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudtrail-trail.html
 */
export function soundTrail(trail: Subject): readonly Outcome[] {
  return [
    ...mustBeOn(trail, 'IsLogging', 'stopped'),
    ...mustBeOn(trail, 'IsMultiRegionTrail', 'oneRegion'),
    ...mustBeOn(trail, 'EnableLogFileValidation', 'unsigned'),
    ...decide(trail.bool('IncludeGlobalServiceEvents'), {
      known: (on) => (on ? satisfied : finding('withoutGlobalServices')),
      // CloudTrail refuses a trail of all Regions without them
      absent: () => satisfied,
    }),
    ...mustBeGiven(trail, 'KMSKeyId', 'withoutKey'),
    ...mustBeGiven(trail, 'CloudWatchLogsLogGroupArn', 'unwatched'),
    ...closedArchive(trail),
  ];
}

function mustBeOn(trail: Subject, property: string, message: string): readonly Outcome[] {
  return decide(trail.bool(property), {
    known: (on) => (on ? satisfied : finding(message)),
    absent: () => finding(message),
  });
}

function mustBeGiven(trail: Subject, property: string, message: string): readonly Outcome[] {
  return decide(trail.at(property).pattern(), {
    known: (value) => (value === '' ? finding(message) : satisfied),
    absent: () => finding(message),
  });
}

function closedArchive(trail: Subject): readonly Outcome[] {
  return decide(trail.reference('S3BucketName'), {
    known: ({ subject }) =>
      subject.type === 'AWS::S3::Bucket' ? closed(subject) : notAssessed(`${subject.logicalId} is no bucket`),
    absent: () => notAssessed('CloudFormation requires a bucket'),
    unresolved: ({ text }) => notAssessed(`whether bucket ${text} is closed to the public: it is not here`),
  });
}

/**
 * S3 shuts a new bucket by itself; who writes the block without one of its four parts opens that part.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
function closed(bucket: Subject): readonly Outcome[] {
  const block = bucket.at('PublicAccessBlockConfiguration');
  const open = () => finding('openArchive', undefined, { bucket: bucket.logicalId });
  if (block.state() === 'absent') {
    return [satisfied];
  }
  return ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'].flatMap((part) =>
    decide(block.at(part).bool(), { known: (on) => (on ? satisfied : open()), absent: open }),
  );
}
