import type { Parameter } from '../../../lib/control/parameter';

/** Days after which systems, images and libraries must have been brought up to date. */
export const patchDays: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 30,
  unit: 'days',
  description: 'days after which systems, images and libraries must have been brought up to date',
};

/** Hours after which a critical flaw must be mended. */
export const patchCriticalHours: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 24,
  unit: 'hours',
  description: 'hours after which a critical flaw must be mended',
};
