import type { Parameter } from '../../../lib/control/parameter';

/** How long each store keeps what it holds: what the retention schedule says for the profile. */
export const retentionSchedule: Parameter = {
  kind: 'set',
  default: [],
  description:
    'how long each store keeps what it holds, from the retention schedule: rule, type, whether only tagged stores are meant, and days or while-active',
};

/** How long rows are kept: what the retention schedule says of tables, for the profile. */
export const retentionRows: Parameter = {
  kind: 'set',
  default: ['account-data app.* while-active', 'account-data secure.* while-active'],
  description:
    'how long rows of tables are kept, from the retention schedule: rule, table or every other table of a schema, and days or while-active',
};

/**
 * Days for which a review of the schedule counts: as long as its runbook, review-processing-records, lets its evidence count. Releases come more
 * often than that.
 */
export const retentionReviewDays: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 92,
  unit: 'days',
  description: 'days for which a review of the retention schedule counts',
};
