import type { GuardDuty } from '@aws-sdk/client-guardduty';
import { inEachRegion } from '../custom-resource/each-region';

/** What GuardDuty looks for in every account of the organization. */
export interface ThreatProperties {
  readonly Regions: readonly string[];
  /** Which accounts get a detector: `ALL` of them, or only those that join (`NEW`). */
  readonly AutoEnable: string;
  /** How often a finding that occurs again is published. */
  readonly FindingPublishingFrequency: string;
  readonly Features: readonly {
    readonly Name: string;
    readonly AutoEnable: string;
    readonly AdditionalConfiguration?: readonly { readonly Name: string; readonly AutoEnable: string }[];
  }[];
}

/** Makes the client for a Region; tests hand over their own. */
export type GuardDutyClient = (
  region: string,
) => Pick<GuardDuty, 'listDetectors' | 'createDetector' | 'updateDetector' | 'updateOrganizationConfiguration'>;

/**
 * Switches GuardDuty on in the account of the administrator and, from there, in the accounts of the organization, Region by Region. Setting
 * what is set already changes nothing.
 *
 * @throws if AWS refuses a call, naming the Region
 */
export function watchOrganization(client: GuardDutyClient, properties: ThreatProperties): Promise<void> {
  const { AutoEnable: members, FindingPublishingFrequency, Features: features } = properties;
  return inEachRegion(properties.Regions, async (region) => {
    const guardDuty = client(region);
    const own = { Enable: true as const, FindingPublishingFrequency, Features: features.map(enabled) };
    const { DetectorIds: [present] = [] } = await guardDuty.listDetectors({});
    // GuardDuty makes one when it learns who its administrator is, with none of the settings
    const id = present ?? (await guardDuty.createDetector(own)).DetectorId;
    if (id === undefined) {
      throw new Error('GuardDuty made a detector and did not say its id');
    }
    if (present !== undefined) {
      await guardDuty.updateDetector({ DetectorId: id, ...own });
    }
    await guardDuty.updateOrganizationConfiguration({
      DetectorId: id,
      AutoEnableOrganizationMembers: members,
      Features: features.map(({ Name, AutoEnable, AdditionalConfiguration: more }) => ({
        Name,
        AutoEnable,
        ...(more ? { AdditionalConfiguration: [...more] } : {}),
      })),
    });
  });
}

/** The feature as the administrator's own detector takes it. */
function enabled({ Name, AdditionalConfiguration: more }: ThreatProperties['Features'][number]) {
  const on = { Status: 'ENABLED' as const };
  return {
    Name,
    ...on,
    ...(more ? { AdditionalConfiguration: more.map((each) => ({ Name: each.Name, ...on })) } : {}),
  };
}
