import type { CustomResourceRequest } from '../custom-resource/custom-resource';
import { type AggregatorProperties, gatherFindings, type HubClient } from './aggregator';
import { type GuardDutyClient, type ThreatProperties, watchOrganization } from './threats';
import { type ScanClients, type ScanProperties, scanOrganization } from './vulnerabilities';

/** What a template may ask for in all accounts of an organization. */
export type DetectionRequest = CustomResourceRequest &
  (
    | {
        readonly ResourceType: 'Custom::OrganizationThreatDetection';
        readonly ResourceProperties: ThreatProperties;
      }
    | {
        readonly ResourceType: 'Custom::OrganizationVulnerabilityScanning';
        readonly ResourceProperties: ScanProperties;
      }
    | { readonly ResourceType: 'Custom::FindingAggregator'; readonly ResourceProperties: AggregatorProperties }
  );

export type Clients = ScanClients & { readonly guardDuty: GuardDutyClient; readonly securityHub: HubClient };

/**
 * Sets what a resource of a template asks for.
 *
 * @throws on a type that it does not know, and if AWS refuses a call
 */
export async function setDetection(clients: Clients, request: DetectionRequest): Promise<void> {
  const type: string = request.ResourceType;
  switch (request.ResourceType) {
    case 'Custom::OrganizationThreatDetection':
      return watchOrganization(clients.guardDuty, request.ResourceProperties);
    case 'Custom::OrganizationVulnerabilityScanning':
      return scanOrganization(clients, request.ResourceProperties);
    case 'Custom::FindingAggregator':
      return gatherFindings(clients.securityHub, request.ResourceProperties);
    default:
      // A template may ask for anything; doing nothing must not look like success
      throw new Error(
        `resource type is '${type}', expected Custom::OrganizationThreatDetection, Custom::OrganizationVulnerabilityScanning or Custom::FindingAggregator`,
      );
  }
}
