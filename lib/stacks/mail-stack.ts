import { Stack, Tags } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { MailDelivery } from '../constructs/mail/mail-delivery';
import { applicationRoleName } from './data-stack';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface MailStackProps extends EnvironmentStackProps {
  readonly keys: { readonly logs: kms.IKey };
  /** Zone of the domain. */
  readonly zone: route53.IPublicHostedZone;
  /** Hears of critical mail that did not arrive, and of a bad reputation. */
  readonly alerts: sns.ITopic;
}

/** How the service writes to people, and how it leaves them alone. */
export class MailStack extends Stack {
  readonly delivery: MailDelivery;

  constructor(scope: Construct, id: string, props: MailStackProps) {
    super(scope, id, props);
    const { alerts, figures, keys, settings, zone } = props;
    // Addresses of those who bounced, complained or opted out
    Tags.of(this).add('data-class', 'personal');
    this.delivery = new MailDelivery(this, 'Delivery', {
      environment: settings.name,
      zone,
      applicationRoleName: applicationRoleName(settings),
      logKey: keys.logs,
      retentionDays: figures.auditRetentionDays,
      alerts,
    });
  }
}
