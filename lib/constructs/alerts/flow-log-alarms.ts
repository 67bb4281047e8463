import { Duration } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { NetworkFlowLog } from '../network/network-flow-log';
import { alarmAbove, alarmUnusual } from './reporting-alarm';

export interface FlowLogAlarmsProps {
  readonly flowLog: Pick<NetworkFlowLog, 'logGroup' | 'anomalies'>;
  readonly alerts: sns.ITopic;
}

/** Position of each field of a record, up to the one that decides; `NetworkFlowLog` writes the default ones first. */
const REJECTED =
  '[version, account, interface, source, destination, sourcePort, destinationPort, protocol, packets, bytes, start, end, action = "REJECT", ...]';

/**
 * Reports traffic that is out of the ordinary: records unlike those before them, and more rejected connections than at this hour of the week
 * are usual. How many are rejected says little by itself, because the internet knocks at every public address all day: so a band, not a number.
 */
export class FlowLogAlarms extends Construct {
  constructor(scope: Construct, id: string, { flowLog, alerts }: FlowLogAlarmsProps) {
    super(scope, id);
    const about = { alerts, period: Duration.minutes(1) };
    alarmAbove(this, 'UnusualTraffic', {
      ...about,
      description: 'Traffic of the network is unlike what it was before',
      metric: flowLog.anomalies,
      limit: 1,
    });
    const rejected = new logs.MetricFilter(this, 'RejectedFilter', {
      logGroup: flowLog.logGroup,
      filterPattern: logs.FilterPattern.literal(REJECTED),
      metricNamespace: 'Avouch/FlowLog',
      metricName: 'Rejected',
      metricValue: '1',
    });
    alarmUnusual(this, 'UnusualRejections', {
      ...about,
      description: 'More connections are rejected than usual: somebody may be looking for a way in, or around inside',
      metric: rejected.metric({ statistic: 'Sum' }),
    });
  }
}
