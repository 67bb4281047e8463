import { type CfnResource, Stack, aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ANSWERS } from './web-acl-answers';
import type { WebAclLog } from './web-acl-log';
import type { UnorderedRule } from './web-acl-managed-groups';

/** Headers that are credentials: they reach neither the log nor the samples in the console. */
const CREDENTIALS = ['authorization', 'cookie', 'x-csrf-token', 'x-amz-security-token'];

export interface WebAclProps {
  /** What it stands in front of, in words. */
  readonly description: string;
  /** Rules in the order in which they are asked; the first that blocks answers. */
  readonly rules: readonly UnorderedRule[];
  /** Where every decision is written down. */
  readonly log: WebAclLog;
  /** Names and ARNs of what it stands in front of: load balancers and user pools of this Region. */
  readonly protects: Readonly<Record<string, string>>;
}

/**
 * A web application firewall of one Region with what it stands in front of and where it writes: a firewall that is associated with nothing,
 * or that nobody can read, protects nobody.
 *
 * What no rule blocks is let through. Credentials are replaced before anything is stored, in the log by redaction and everywhere else by
 * data protection, which also covers the sampled requests.
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html
 */
export class WebAcl extends Construct {
  readonly arn: string;
  /** Requests that any of its rules blocked. */
  readonly blocked: cloudwatch.Metric;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const name = id.toLowerCase();
    const acl = new wafv2.CfnWebACL(this, 'Resource', {
      description: props.description,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      customResponseBodies: ANSWERS,
      dataProtectionConfig: {
        dataProtections: [{ action: 'SUBSTITUTION', field: { fieldType: 'SINGLE_HEADER', fieldKeys: CREDENTIALS } }],
      },
      rules: props.rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: seenAs(rule.name) })),
      visibilityConfig: seenAs(name),
    });
    this.blocked = new cloudwatch.Metric({
      namespace: 'AWS/WAFV2',
      metricName: 'BlockedRequests',
      dimensionsMap: { WebACL: name, Rule: 'ALL', Region: Stack.of(this).region },
      statistic: 'Sum',
    });
    this.arn = acl.attrArn;
    const logging = recordIn(this, acl, props.log);
    for (const [name, resourceArn] of Object.entries(props.protects)) {
      const association = new wafv2.CfnWebACLAssociation(this, name, { resourceArn, webAclArn: this.arn });
      // Whatever it decides is on record from the first request
      association.addResourceDependency(logging);
    }
  }
}

function recordIn(scope: Construct, acl: wafv2.CfnWebACL, log: WebAclLog): CfnResource {
  const logging = new wafv2.CfnLoggingConfiguration(scope, 'Logging', {
    resourceArn: acl.attrArn,
    logDestinationConfigs: [log.destinationArn],
    redactedFields: CREDENTIALS.map((name) => ({ singleHeader: { Name: name } })),
  });
  logging.node.addDependency(log);
  return logging;
}

function seenAs(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
