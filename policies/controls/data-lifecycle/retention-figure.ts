import type { Parameter } from '../../../lib/control/parameter';

/** How long each store keeps what it holds: what the retention schedule says for the profile. */
export const retentionSchedule: Parameter = {
  kind: 'set',
  default: [],
  description:
    'how long each store keeps what it holds, from the retention schedule: rule, type, whether only tagged stores are meant, and days or while-active',
};
