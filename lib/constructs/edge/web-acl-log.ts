import { ArnFormat, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { retentionOfAtLeast } from '../logging/log-retention';

export interface WebAclLogProps {
  /** End of the log group's name, behind the `aws-waf-logs-` that AWS WAF insists on. */
  readonly name: string;
  /** Key of the log group; its policy must let CloudWatch Logs use it. */
  readonly key: kms.IKey;
  /** Days for which every decision is kept, at least. */
  readonly retentionDays: number;
}

/**
 * Keeps what the firewalls of an environment decided, and about whom. The permission to write is in the template: AWS WAF would otherwise
 * write one for itself, out of everybody's sight.
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
 */
export class WebAclLog extends Construct {
  readonly logGroup: logs.LogGroup;
  /** ARN as AWS WAF takes it: without the `:*` that log groups otherwise end in. */
  readonly destinationArn: string;

  constructor(scope: Construct, id: string, props: WebAclLogProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.logGroup = new logs.LogGroup(this, 'LogGroup', {
      logGroupName: `aws-waf-logs-${props.name}`,
      encryptionKey: props.key,
      retention: retentionOfAtLeast(props.retentionDays),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.destinationArn = stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: this.logGroup.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    new logs.ResourcePolicy(this, 'Delivery', {
      resourcePolicyName: `web-acl-log-${props.name}`,
      policyStatements: [
        new iam.PolicyStatement({
          sid: 'DeliverDecisions',
          principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`${this.destinationArn}:log-stream:*`],
          conditions: {
            StringEquals: { 'aws:SourceAccount': stack.account },
            ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'logs', resource: '*' }) },
          },
        }),
      ],
    });
    // Addresses of visitors
    Tags.of(this).add('data-class', 'personal');
  }
}
