import { Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * The role with which Cognito sends text messages: only Cognito, only for user pools of this account and Region, only with the
 * external id that the pool is given, and only to phone numbers.
 *
 * A phone number has no ARN, so the permission must name every resource; a denial takes all topics out again.
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-sms-settings.html
 */
export class TextMessageRole extends Construct {
  readonly role: iam.IRole;
  readonly externalId: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = Stack.of(this);
    this.externalId = Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });

    const role = new iam.Role(this, 'Role', {
      description: 'Lets user pools of this account send text messages to phone numbers',
      assumedBy: new iam.ServicePrincipal('cognito-idp.amazonaws.com', {
        conditions: {
          StringEquals: { 'sts:ExternalId': this.externalId, 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({ service: 'cognito-idp', resource: 'userpool', resourceName: '*' }),
          },
        },
      }),
    });
    const publish = (effect: iam.Effect, resource: string) =>
      new iam.PolicyStatement({ effect, actions: ['sns:Publish'], resources: [resource] });
    new iam.ManagedPolicy(this, 'Policy', {
      description: 'Sending text messages to phone numbers, not to topics',
      roles: [role],
      statements: [
        publish(iam.Effect.ALLOW, '*'),
        publish(iam.Effect.DENY, stack.formatArn({ service: 'sns', region: '*', account: '*', resource: '*' })),
      ],
    });
    this.role = role;
  }
}
