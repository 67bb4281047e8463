import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Organisation } from '../../settings/environment';
import type { RateLimits } from '../../settings/figures';
import { Honeypot } from './honeypot';
import { WebAcl } from './web-acl';
import { WebAclLog } from './web-acl-log';
import { applicationRules, userPoolRules } from './web-acl-rules';

export interface EdgeFirewallProps {
  /** Name of the environment: part of the log group's name. */
  readonly name: string;
  readonly domainName: string;
  readonly loadBalancer: elbv2.IApplicationLoadBalancer;
  readonly userPools: readonly cognito.IUserPool[];
  readonly rateLimits: RateLimits;
  readonly hstsSeconds: number;
  readonly strictCookies: boolean;
  /**
   * Organisations that only their own addresses may reach.
   *
   * @default - none: nobody is kept out by address
   */
  readonly organisations?: readonly Organisation[];
  /** VPC of the function that feeds the honeypot's addresses to the firewall. */
  readonly vpc: ec2.IVpc;
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Hears of it when the honeypot's feed fails. */
  readonly alerts: sns.ITopic;
}

/** Firewalls in front of every public entry of an environment, one log for all, and a honeypot that learns from it. */
export class EdgeFirewall extends Construct {
  /** The firewall in front of the application. */
  readonly webAclArn: string;
  /** Requests that each of the firewalls blocked, by what it stands in front of. */
  readonly blocked: Readonly<Record<string, cloudwatch.Metric>>;

  constructor(scope: Construct, id: string, props: EdgeFirewallProps) {
    super(scope, id);
    const { hstsSeconds, rateLimits, retentionDays } = props;
    const log = new WebAclLog(this, 'Log', { name: `${props.name}-edge`, key: props.logKey, retentionDays });
    const honeypot = new Honeypot(this, 'Honeypot', { hstsSeconds });
    honeypot.learnFrom({ ...props, log: log.logGroup, failures: props.alerts });

    const application = new WebAcl(this, 'Application', {
      description: 'In front of the application',
      log,
      protects: { LoadBalancer: props.loadBalancer.loadBalancerArn },
      rules: applicationRules(this, { ...props, limits: rateLimits, first: honeypot.rules }),
    });
    this.webAclArn = application.arn;
    const blocked = { Application: application.blocked };
    if (props.userPools.length > 0) {
      const directories = new WebAcl(this, 'Directories', {
        description: 'In front of the user pools',
        log,
        protects: Object.fromEntries(props.userPools.map((pool, index) => [`UserPool${index + 1}`, pool.userPoolArn])),
        rules: userPoolRules(honeypot.rules, rateLimits.api, hstsSeconds),
      });
      this.blocked = { ...blocked, Directories: directories.blocked };
    } else {
      this.blocked = blocked;
    }
  }
}
