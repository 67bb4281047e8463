import { Duration, aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import { block } from './web-acl-answers';
import type { UnorderedRule } from './web-acl-managed-groups';
import { or, pathMatches, sentFrom } from './web-acl-statements';

/** Name of the rule that a decoy trips; the feed finds its hits in the log by it. */
export const HONEYPOT_RULE = 'honeypot';

/** Routes of other people's software. Nothing here has ever lived there, and no page links to it. */
const DECOYS =
  '^/(wp-admin|wp-login[.]php|wp-content|xmlrpc[.]php|phpmyadmin|pma|adminer|cgi-bin|vendor/phpunit|actuator|solr|jenkins|server-status|[.]env|[.]git|[.]svn|[.]aws|[.]ssh|[.]ds_store|id_rsa|backup[.]sql|dump[.]sql|config[.]php)([^a-z0-9_-]|$)';

export interface HoneypotProps {
  /**
   * Decoys, as a regular expression over the path in lower case, at most 512 characters.
   *
   * @default - login pages, consoles, dumps and dot-files of software that is not here
   */
  readonly decoys?: string;
  /**
   * For how long an address that took the bait stays out, at least; at most twice as long.
   *
   * @default Duration.hours(12)
   */
  readonly blockFor?: Duration;
  /** Seconds for which browsers remember to use HTTPS only. */
  readonly hstsSeconds: number;
}

export interface HoneypotFeedProps {
  /** Log in which AWS WAF writes its decisions. */
  readonly log: logs.ILogGroup;
  /** VPC from whose private subnets the function reaches AWS. */
  readonly vpc: ec2.IVpc;
  /** Key of the function's own log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Hears of it when the function fails for good. */
  readonly failures: sns.ITopic;
}

/**
 * Routes that no honest visitor calls. Whoever does is refused and written down, and his address stays out of everything for a time.
 *
 * An IP set does not know when it learnt an address, so there are two generations of them. New addresses enter `recent`; on every turn
 * of `blockFor` it becomes `earlier` and starts empty. Nothing else has to be remembered or cleaned up.
 *
 * CloudFormation writes the sets as empty when it makes them, and leaves them alone while the template says the same.
 */
export class Honeypot extends Construct {
  /** Who took the bait is refused everywhere; then the decoys themselves. They come before all other rules. */
  readonly rules: readonly UnorderedRule[];
  private readonly sets: Readonly<Record<string, wafv2.CfnIPSet>>;
  private readonly blockFor: Duration;

  constructor(scope: Construct, id: string, props: HoneypotProps) {
    super(scope, id);
    this.blockFor = props.blockFor ?? Duration.hours(12);
    const set = (name: string, ipAddressVersion: 'IPV4' | 'IPV6') =>
      new wafv2.CfnIPSet(this, name, {
        description: 'Addresses that called a decoy, written by the honeypot feed',
        scope: 'REGIONAL',
        ipAddressVersion,
        addresses: [],
      });
    this.sets = {
      RECENT_V4: set('RecentV4', 'IPV4'),
      EARLIER_V4: set('EarlierV4', 'IPV4'),
      RECENT_V6: set('RecentV6', 'IPV6'),
      EARLIER_V6: set('EarlierV6', 'IPV6'),
    };
    const action = block('refused', props.hstsSeconds);
    this.rules = [
      {
        name: 'took-the-bait',
        action,
        statement: or(Object.values(this.sets).map(({ attrArn }) => sentFrom(attrArn))),
      },
      {
        name: HONEYPOT_RULE,
        action,
        ruleLabels: [{ name: 'honeypot:decoy' }],
        statement: pathMatches(props.decoys ?? DECOYS),
      },
    ];
  }

  /** Starts to learn from a log. Apart from the constructor, because the firewall must exist before its log has anything to say. */
  learnFrom(props: HoneypotFeedProps): lambda.Function {
    const feed = functionInVpc(this, 'Feed', {
      ...props,
      description: 'Blocks for a time whoever called a decoy',
      code: functionCode('honeypot-feed'),
      environment: this.environment(),
      statements: [
        new iam.PolicyStatement({
          sid: 'KeepAddresses',
          actions: ['wafv2:GetIPSet', 'wafv2:UpdateIPSet'],
          resources: Object.values(this.sets).map(({ attrArn }) => attrArn),
        }),
      ],
    });
    new logs.SubscriptionFilter(this, 'Hits', {
      logGroup: props.log,
      destination: new LambdaDestination(feed),
      filterPattern: logs.FilterPattern.all(
        logs.FilterPattern.stringValue('$.terminatingRuleId', '=', HONEYPOT_RULE),
        logs.FilterPattern.stringValue('$.action', '=', 'BLOCK'),
      ),
    });
    new events.Rule(this, 'Turn', {
      description: 'Lets addresses go that have been blocked long enough',
      schedule: events.Schedule.rate(this.blockFor),
      targets: [
        new targets.LambdaFunction(feed, {
          event: events.RuleTargetInput.fromObject({ turn: true }),
          retryAttempts: 3,
        }),
      ],
    });
    return feed;
  }

  /** The function knows each set by name and id. */
  private environment(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.sets).map(([name, set]) => [name, set.ref]));
  }
}
