import { RetentionDays } from 'aws-cdk-lib/aws-logs';

const LEGAL = Object.values(RetentionDays)
  .filter((days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE)
  .sort((a, b) => a - b);

/**
 * Shortest retention that CloudWatch Logs accepts and that keeps at least so many days. Not every number is legal: 731 is, 730 is not.
 *
 * @param days Days that a log must be kept, at least.
 * @throws if no legal retention is that long
 */
export function retentionOfAtLeast(days: number): RetentionDays {
  const legal = LEGAL.find((candidate) => candidate >= days);
  if (!legal) {
    throw new Error(`log retention is ${days} days, expected at most ${LEGAL.at(-1)}: shorten auditRetentionDays`);
  }
  return legal;
}
