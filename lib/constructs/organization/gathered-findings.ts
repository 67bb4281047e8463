import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlertTarget } from '../alerts/alert-topic';

export interface GatheredFindingsProps {
  /** Hears of each finding. */
  readonly alerts: sns.ITopic;
}

/** From which severity what a product found is reported, as `EventAlerts` does in one Region. */
const REPORTED: Readonly<Record<string, readonly string[]>> = {
  GuardDuty: ['MEDIUM', 'HIGH', 'CRITICAL'],
  Inspector: ['HIGH', 'CRITICAL'],
};

/**
 * Reports what GuardDuty and Inspector found in another Region than that of the stack. Their own events stay in the Region where they found it; Security
 * Hub gathers the findings in its home Region and shows them to EventBridge there. Needs the finding aggregator of `CentralDetection`.
 *
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/finding-aggregation.html
 */
export class GatheredFindings extends Construct {
  constructor(scope: Construct, id: string, props: GatheredFindingsProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    for (const [product, labels] of Object.entries(REPORTED)) {
      new events.Rule(this, product, {
        description: `${product} found something in another Region`,
        eventPattern: {
          source: ['aws.securityhub'],
          detailType: ['Security Hub Findings - Imported'],
          detail: {
            findings: {
              ProductName: [product],
              Region: events.Match.anythingBut(region),
              RecordState: ['ACTIVE'],
              Severity: { Label: labels },
              Workflow: { Status: ['NEW'] },
            },
          },
        },
        targets: [new AlertTarget(props.alerts)],
      });
    }
  }
}
