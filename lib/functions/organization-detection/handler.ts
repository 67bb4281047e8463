import { GuardDuty } from '@aws-sdk/client-guardduty';
import { Inspector2 } from '@aws-sdk/client-inspector2';
import { Organizations } from '@aws-sdk/client-organizations';
import { SecurityHub } from '@aws-sdk/client-securityhub';
import { customResource } from '../custom-resource/custom-resource';
import { clientSettings } from '../custom-resource/each-region';
import { type Clients, type DetectionRequest, setDetection } from './requests';

const clients: Clients = {
  organizations: new Organizations({ maxAttempts: 8 }),
  guardDuty: (region) => new GuardDuty(clientSettings(region)),
  inspector: (region) => new Inspector2(clientSettings(region)),
  securityHub: new SecurityHub({ maxAttempts: 8 }),
};

/** Entry point of the function: detection in all accounts with the SDK of the runtime. */
export const handler = customResource((request: DetectionRequest) => setDetection(clients, request));
