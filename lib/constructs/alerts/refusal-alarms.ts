import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { RefusalLimits } from '../../settings/figures';
import type { EgressLog } from '../egress/egress-log';
import { alarmAbove } from './reporting-alarm';

export interface RefusalAlarmsProps {
  /** Log of the database's server, with `log_connections` on. */
  readonly databaseLog: logs.ILogGroup;
  /** What the way out stopped, and which names were asked for. */
  readonly egressLog: Pick<EgressLog, 'alerts' | 'queries'>;
  /** Requests that firewalls at the edge blocked, by what each stands in front of. */
  readonly blocked: Readonly<Record<string, cloudwatch.Metric>>;
  /** Called before each sign-in; fails where the account is locked. */
  readonly lockout: lambda.IFunction;
  readonly limits: RefusalLimits;
  readonly alerts: sns.ITopic;
  /**
   * Namespace of the metrics that are counted from logs.
   *
   * @default 'Avouch/Refusals'
   */
  readonly namespace?: string;
}

/**
 * How PostgreSQL says that somebody could not sign in: a wrong password or token, no encryption, no such user, one who may not, or a database
 * that is not there or not theirs. CloudWatch knows no parentheses, and no blank but `\\s`.
 *
 * Sources: https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/libpq/auth.c and
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
 */
const FAILED_SIGN_IN = `%${[
  '[A-Za-z]+ authentication failed for user',
  'no pg_hba\\.conf entry for',
  'pg_hba\\.conf rejects connection',
  'role .+ does not exist',
  'role .+ is not permitted to log in',
  'permission denied for database',
  'database .+ does not exist',
]
  .map((words) => `FATAL:\\s+${words.replaceAll(' ', '\\s')}`)
  .join('|')}%`;

/**
 * Reports that somebody is turned away again and again: each time a defence held, and each time somebody tried. How often is a figure, and
 * counted within one minute.
 *
 * - Only our own programs reach the database, and sign in without a password: five failures in a minute are a program that is broken or
 *   one that should not be there.
 * - The internet tries every door all day. What is reported is a surge, which a single list of known holes is not.
 * - What lives inside calls hosts that are registered. One call elsewhere is tried some times over; a handful of them is not noise any more.
 * - Ten wrong passwords in a row are no typing error, so the first attempt at a locked account is reported. Cognito knows a refusal as an error of
 *   the function, and an error of any other cause keeps people out as well.
 *
 * Sources: https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html,
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html and
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
 */
export class RefusalAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: RefusalAlarmsProps,
  ) {
    super(scope, id);
    const { blocked, databaseLog, egressLog, limits, lockout } = props;
    this.report('DatabaseSignIns', limits.databaseSignIns, {
      description: 'Sign-ins to the database fail: a program is broken, or one is where it should not be',
      metric: this.counted('DatabaseSignIns', databaseLog, FAILED_SIGN_IN),
    });
    this.report('BlockedConnections', limits.blockedEgress, {
      description: 'Something inside calls hosts that nobody registered, and is stopped',
      metric: this.counted('BlockedConnections', egressLog.alerts, '{ $.event.alert.action = "blocked" }'),
    });
    this.report('BlockedNames', limits.blockedEgress, {
      description: 'Something inside asks for names that nobody registered, and gets no answer',
      metric: this.counted('BlockedNames', egressLog.queries, '{ $.firewall_rule_action = "BLOCK" }'),
    });
    for (const [name, metric] of Object.entries(blocked)) {
      this.report(`Blocked${name}Requests`, limits.blockedRequests, {
        description: `The firewall blocks a surge of requests: ${name}`,
        metric,
      });
    }
    this.report('LockedSignIns', limits.lockedSignIns, {
      description: 'Somebody tried to sign in to an account that is locked, or the lock itself failed',
      metric: lockout.metricErrors({ statistic: 'Sum' }),
    });
  }

  private counted(metricName: string, logGroup: logs.ILogGroup, pattern: string): cloudwatch.Metric {
    return new logs.MetricFilter(this, `${metricName}Filter`, {
      logGroup,
      filterPattern: logs.FilterPattern.literal(pattern),
      metricNamespace: this.props.namespace ?? 'Avouch/Refusals',
      metricName,
      metricValue: '1',
    }).metric({ statistic: 'Sum' });
  }

  private report(
    id: string,
    limit: number,
    about: { readonly description: string; readonly metric: cloudwatch.Metric },
  ): void {
    alarmAbove(this, id, { ...about, period: Duration.minutes(1), limit, alerts: this.props.alerts });
  }
}
