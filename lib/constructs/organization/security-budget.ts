import * as budgets from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';

export interface SecurityBudgetProps {
  /** What the security services of all accounts may cost in a month, in US dollars. */
  readonly monthlyUsd: number;
  /** E-mail address that hears of it. */
  readonly contact: string;
}

/**
 * Services as Cost Explorer names them.
 *
 * Source: https://docs.aws.amazon.com/cost-management/latest/userguide/ce-filtering.html
 */
const SERVICES = [
  'AWS CloudTrail',
  'AWS Config',
  'AWS Key Management Service',
  'AWS Security Hub',
  'AWS WAF',
  'Amazon GuardDuty',
  'Amazon Inspector',
];

/**
 * Watches what the security services cost, so that nobody switches one off because its bill came as a surprise, and so that a sudden rise, which is
 * often somebody else at work, is seen. A budget stops nothing.
 */
export class SecurityBudget extends Construct {
  constructor(scope: Construct, id: string, props: SecurityBudgetProps) {
    super(scope, id);
    const notice = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
      subscribers: [{ subscriptionType: 'EMAIL', address: props.contact }],
    });
    new budgets.CfnBudget(this, 'Resource', {
      budget: {
        budgetName: 'security-services',
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: props.monthlyUsd, unit: 'USD' },
        costFilters: { Service: SERVICES },
      },
      notificationsWithSubscribers: [notice('ACTUAL', 80), notice('ACTUAL', 100), notice('FORECASTED', 100)],
    });
  }
}
