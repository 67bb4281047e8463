import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlertTarget } from '../alerts/alert-topic';
import { ALARMING_CALLS } from '../alerts/event-alerts';

const BUS = 'organization-events';

/**
 * The bus of an organization, for stacks of other accounts.
 *
 * @param account that hears of the events
 * @param region Region in which it does
 */
export function memberBus(scope: Construct, account: string, region: string): events.IEventBus {
  const eventBusArn = Stack.of(scope).formatArn({
    service: 'events',
    account,
    region,
    resource: 'event-bus',
    resourceName: BUS,
  });
  return events.EventBus.fromEventBusArn(scope, 'Bus', eventBusArn);
}

export interface MemberEventsProps {
  /** Id of the organization, such as `o-exampleorgid`. */
  readonly organizationId: string;
  /** Hears of each event. */
  readonly alerts: sns.ITopic;
}

/**
 * Hears from every account of an organization, as it happens, of calls that blind its records, take data away or open it. The accounts send them to a
 * bus of its own, through rules that a stack set brings (`MemberRecorder`).
 *
 * Whoever is in the organization may put events on the bus, so that a false one may come; none gets lost for want of a name.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class MemberEvents extends Construct {
  readonly bus: events.EventBus;

  constructor(scope: Construct, id: string, props: MemberEventsProps) {
    super(scope, id);
    this.bus = new events.EventBus(this, 'Bus', {
      eventBusName: BUS,
      description: 'What members of the organization must report',
    });
    const { defaultChild: bus } = this.bus.node;
    if (bus instanceof events.CfnEventBus) {
      // Not a resource of its own, as CDK makes it: that warns of a property which it does not use
      bus.policy = {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'MembersReport',
            Effect: 'Allow',
            Principal: '*',
            Action: 'events:PutEvents',
            Resource: Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: BUS }),
            Condition: { StringEquals: { 'aws:PrincipalOrgID': props.organizationId } },
          },
        ],
      };
    }
    for (const [name, { description, eventPattern }] of Object.entries(ALARMING_CALLS)) {
      new events.Rule(this, name, {
        description: `${description}, in an account of the organization`,
        eventBus: this.bus,
        eventPattern,
        targets: [new AlertTarget(props.alerts)],
      });
    }
  }
}
