import type { CustomResourceRequest } from '../custom-resource/custom-resource';
import { inEachRegion } from '../custom-resource/each-region';
import { type AccountProperties, type Clients, closeSecurityGroup, setAccountGuards } from './guards';
import { removeUnusedNetwork } from './unused-network';

/** What a template may ask of the guards. */
export type GuardRequest = CustomResourceRequest &
  (
    | { readonly ResourceType: 'Custom::AccountGuards'; readonly ResourceProperties: AccountProperties }
    | {
        readonly ResourceType: 'Custom::UnusedNetworks';
        readonly ResourceProperties: { readonly Regions: readonly string[] };
      }
    | {
        readonly ResourceType: 'Custom::VpcRestrictDefaultSG';
        readonly ResourceProperties: { readonly DefaultSecurityGroupId: string };
      }
  );

/**
 * Sets the guard that a resource of a template asks for.
 *
 * @throws on a type that it does not know, and if AWS refuses a call
 */
export async function setGuard(clients: Clients, request: GuardRequest): Promise<void> {
  const type: string = request.ResourceType;
  switch (request.ResourceType) {
    case 'Custom::AccountGuards':
      return setAccountGuards(clients, request.ResourceProperties);
    case 'Custom::UnusedNetworks':
      return inEachRegion(request.ResourceProperties.Regions, (region) => removeUnusedNetwork(clients.ec2In(region)));
    case 'Custom::VpcRestrictDefaultSG':
      return closeSecurityGroup(clients.ec2, request.ResourceProperties.DefaultSecurityGroupId);
    default:
      // A template may ask for anything; doing nothing must not look like success
      throw new Error(
        `resource type is '${type}', expected Custom::AccountGuards, Custom::UnusedNetworks or Custom::VpcRestrictDefaultSG`,
      );
  }
}
