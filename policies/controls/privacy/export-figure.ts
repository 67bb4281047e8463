import type { Parameter } from '../../../lib/control/parameter';

/** Days for which an export can be fetched. */
export const exportKeepDays: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 7,
  unit: 'days',
  description: 'days for which an export is kept: a copy of everything is not left lying about',
};
