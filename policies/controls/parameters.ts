import type { Parameter } from '../../lib/control/parameter';

/** Who holds the keys that encrypt stored data. Shared by the controls that judge stores and the one that judges keys. */
export const keysMode: Parameter = {
  kind: 'choice',
  weakestFirst: ['platform', 'customer'],
  default: 'customer',
  description: 'keys that encrypt stored data: owned by the platform, or managed by the customer of AWS',
};
