import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmAbove, alarmBelow, alarmUnusual } from '../alerts/reporting-alarm';
import { searchForAnomalies } from '../detection/log-anomalies';

export interface ApplicationAlarmsProps {
  readonly loadBalancer: elbv2.IApplicationLoadBalancer;
  /** Where the load balancer sends requests of the application. */
  readonly targetGroup: elbv2.IApplicationTargetGroup;
  readonly service: ecs.FargateService;
  readonly database: rds.IDatabaseCluster;
  /** What the application writes; what is unlike the lines before it is found there. */
  readonly logGroup: logs.ILogGroup;
  /** Key of what is learnt from the log. Its policy must let CloudWatch Logs use it for anomaly detectors. */
  readonly logKey: kms.IKey;
  /** Seconds over which each metric is gathered. */
  readonly periodSeconds: number;
  readonly alerts: sns.ITopic;
}

type About = Pick<Parameters<typeof alarmAbove>[2], 'alerts' | 'period'>;

/**
 * Reports when the application fails, runs out of something, or behaves unlike itself: errors of the load balancer, the tasks, the database
 * and every function of the account, each minute, and what no fixed limit can say by bands that CloudWatch learns.
 *
 * Aurora grows its storage by itself, and a serverless instance has no disk that could fill: in the place of free storage stands the
 * share of the capacity that is used, and the memory that is free.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html
 */
export class ApplicationAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ApplicationAlarmsProps) {
    super(scope, id);
    const about: About = { alerts: props.alerts, period: Duration.seconds(props.periodSeconds) };
    this.watchRequests(props, about);
    this.watchTasks(props, about);
    this.watchDatabase(props, about);
    alarmAbove(this, 'FunctionErrors', {
      ...about,
      description: 'A function of the account failed',
      // Without a dimension: all functions of the account and Region together
      metric: new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName: 'Errors', statistic: 'Sum' }),
      limit: 1,
    });
    alarmAbove(this, 'UnusualLines', {
      ...about,
      description: 'The application writes lines that are unlike those before them',
      metric: searchForAnomalies(this, 'LogAnomalies', { logGroup: props.logGroup, key: props.logKey }),
      limit: 1,
    });
  }

  private watchRequests({ loadBalancer, targetGroup }: ApplicationAlarmsProps, about: About): void {
    const { metrics } = loadBalancer;
    alarmAbove(this, 'DoorErrors', {
      ...about,
      description: 'The load balancer itself answers with errors: no task takes requests',
      metric: metrics.httpCodeElb(elbv2.HttpCodeElb.ELB_5XX_COUNT),
      periods: 3,
      limit: 5,
    });
    alarmAbove(this, 'ApplicationErrors', {
      ...about,
      description: 'The application answers with errors',
      metric: targetGroup.metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_5XX_COUNT),
      periods: 3,
      limit: 5,
    });
    alarmAbove(this, 'UnhealthyTasks', {
      ...about,
      description: 'A task does not answer its health check',
      metric: targetGroup.metrics.unhealthyHostCount(),
      periods: 3,
      limit: 1,
    });
    alarmUnusual(this, 'UnusualErrors', {
      ...about,
      metric: targetGroup.metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_5XX_COUNT),
      description: 'The application answers with more errors than usual',
    });
    alarmUnusual(this, 'UnusualDelay', {
      ...about,
      metric: targetGroup.metrics.targetResponseTime(),
      description: 'The application answers more slowly than usual',
    });
    alarmUnusual(this, 'UnusualRequests', {
      ...about,
      metric: metrics.requestCount(),
      description: 'More requests come than usual',
    });
  }

  private watchTasks({ service }: ApplicationAlarmsProps, about: About): void {
    const clusterName = service.cluster.clusterName;
    alarmAbove(this, 'TaskCpu', {
      ...about,
      description: 'The tasks run out of processing time, although more are started',
      metric: service.metricCpuUtilization(),
      periods: 3,
      limit: 90,
    });
    alarmAbove(this, 'TaskMemory', {
      ...about,
      description: 'The tasks run out of memory',
      metric: service.metricMemoryUtilization(),
      periods: 3,
      limit: 90,
    });
    alarmBelow(this, 'RunningTasks', {
      ...about,
      description: 'No task of the application runs',
      metric: new cloudwatch.Metric({
        namespace: 'ECS/ContainerInsights',
        metricName: 'RunningTaskCount',
        dimensionsMap: { ClusterName: clusterName, ServiceName: service.serviceName },
        statistic: 'Minimum',
      }),
      periods: 3,
      limit: 1,
    });
  }

  private watchDatabase({ database }: ApplicationAlarmsProps, about: About): void {
    alarmAbove(this, 'DatabaseCpu', {
      ...about,
      description: 'The database runs out of processing time',
      metric: database.metricCPUUtilization(),
      periods: 3,
      limit: 90,
    });
    alarmAbove(this, 'DatabaseCapacity', {
      ...about,
      description: 'The database has grown as far as it may: raise its maximum capacity',
      metric: database.metric('ACUUtilization', { statistic: 'Maximum' }),
      periods: 3,
      limit: 95,
    });
    alarmBelow(this, 'DatabaseMemory', {
      ...about,
      description: 'The database runs out of memory, or is gone',
      metric: database.metricFreeableMemory({ statistic: 'Minimum' }),
      periods: 3,
      limit: 128 * 1024 * 1024,
    });
    alarmAbove(this, 'DatabaseDeadlocks', {
      ...about,
      description: 'Transactions of the database wait for each other for ever',
      metric: database.metricDeadlocks({ statistic: 'Sum' }),
      limit: 1,
    });
    alarmUnusual(this, 'DatabaseConnections', {
      ...about,
      metric: database.metricDatabaseConnections({ statistic: 'Maximum' }),
      description: 'The database has more connections than usual',
    });
  }
}
