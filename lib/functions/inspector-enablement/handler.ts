import { Inspector2 } from '@aws-sdk/client-inspector2';
import { customResource } from '../custom-resource/custom-resource';
import { type EnablementRequest, enableInspector } from './enable';

const inspector = new Inspector2();

/** Entry point of the function: the enablement with the SDK of the runtime. */
export const handler = customResource((request: EnablementRequest) => enableInspector(inspector, request));
