import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** A resource that writes an audit log, and the property that says where to. */
interface Producer {
  readonly type: string;
  readonly path: string;
}

/** Who writes audit logs to which type of resource: what is recorded of calls, of configuration, of traffic and of sign-ins. */
export const auditProducers: Readonly<Record<'AWS::Logs::LogGroup' | 'AWS::S3::Bucket', readonly Producer[]>> = {
  'AWS::Logs::LogGroup': [
    { type: 'AWS::CloudTrail::Trail', path: 'CloudWatchLogsLogGroupArn' },
    { type: 'AWS::EC2::FlowLog', path: 'LogGroupName' },
    { type: 'AWS::EC2::FlowLog', path: 'LogDestination' },
    {
      type: 'AWS::Cognito::LogDeliveryConfiguration',
      path: 'LogConfigurations.*.CloudWatchLogsConfiguration.LogGroupArn',
    },
  ],
  'AWS::S3::Bucket': [
    { type: 'AWS::CloudTrail::Trail', path: 'S3BucketName' },
    { type: 'AWS::Config::DeliveryChannel', path: 'S3BucketName' },
    { type: 'AWS::EC2::FlowLog', path: 'LogDestination' },
    {
      type: 'AWS::Cognito::LogDeliveryConfiguration',
      path: 'LogConfigurations.*.S3Configuration.BucketArn',
    },
  ],
};

/** Tag of a log that is kept as an audit log although nothing here writes to it. */
const classTag = { key: 'log-class', value: 'audit' };

/** Whether an audit log is written to a log group or bucket. */
export function isAuditLog(log: Subject, scope: Scope): boolean {
  const producers = auditProducers[log.type === 'AWS::S3::Bucket' ? log.type : 'AWS::Logs::LogGroup'];
  return (
    producers.some(({ type, path }) => scope.referring(log, type, path).length > 0) ||
    isDatabaseLog(log) ||
    isTagged(log)
  );
}

/** RDS finds its log groups by their names, not by a reference. */
function isDatabaseLog(log: Subject): boolean {
  if (log.type !== 'AWS::Logs::LogGroup') {
    return false;
  }
  const name = log.at('LogGroupName').pattern();
  const text = name.kind === 'known' ? name.value : name.kind === 'unresolved' ? name.text : '';
  return /^\/aws\/rds\/(cluster|instance)\//.test(text);
}

function isTagged(log: Subject): boolean {
  const tags = log.items('Tags');
  const says = (node: Node, expected: string) => {
    const text = node.text();
    return text.kind === 'known' && text.value === expected;
  };
  return (
    tags.kind === 'known' &&
    tags.value.some((tag) => says(tag.at('Key'), classTag.key) && says(tag.at('Value'), classTag.value))
  );
}
