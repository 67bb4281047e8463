import { CloudTrail } from '@aws-sdk/client-cloudtrail';
import { GuardDuty } from '@aws-sdk/client-guardduty';
import { Inspector2 } from '@aws-sdk/client-inspector2';
import { Organizations } from '@aws-sdk/client-organizations';
import { customResource } from '../custom-resource/custom-resource';
import { clientSettings } from '../custom-resource/each-region';
import { type Clients, type DelegationRequest, delegateAdministration } from './delegate';

const clients: Clients = {
  organizations: new Organizations({ maxAttempts: 8 }),
  cloudTrail: new CloudTrail({ maxAttempts: 8 }),
  guardDuty: (region) => new GuardDuty(clientSettings(region)),
  inspector: (region) => new Inspector2(clientSettings(region)),
};

/** Entry point of the function: the delegation with the SDK of the runtime. */
export const handler = customResource((request: DelegationRequest) => delegateAdministration(clients, request));
