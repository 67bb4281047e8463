import type { OrganizationSettings } from './organization';

/**
 * The organization, to be edited before deploying like the environments. The values are an example and belong to nobody. Without an
 * organization write `undefined`: then nothing of it is deployed, and the promises that only it can keep show as broken.
 */
export const ORGANIZATION: OrganizationSettings | undefined = {
  id: 'o-exampleorgid',
  rootId: 'r-abcd',
  workloadsUnitId: 'ou-abcd-11111111',
  managementAccount: '444444444444',
  securityAccount: '555555555555',
  region: 'eu-central-1',
  securityContact: 'security@example.com',
  identityCenter: {
    instanceId: 'ssoins-1111111111111111',
    groups: {
      deployers: '11111111-1111-1111-1111-111111111111',
      operators: '22222222-2222-2222-2222-222222222222',
      auditors: '33333333-3333-3333-3333-333333333333',
      breakGlass: '44444444-4444-4444-4444-444444444444',
    },
  },
  budget: { monthlyUsd: 500, contact: 'operations@example.com' },
};
