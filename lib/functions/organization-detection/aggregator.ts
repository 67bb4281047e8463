import type { SecurityHub } from '@aws-sdk/client-securityhub';

/** Where Security Hub gathers what it finds. */
export interface AggregatorProperties {
  /** The Region of the function: where findings are gathered. */
  readonly HomeRegion: string;
  /** The Regions that they come from; it may be none. */
  readonly LinkedRegions: readonly string[];
}

/** The client of the home Region; tests hand over their own. */
export type HubClient = Pick<
  SecurityHub,
  'listFindingAggregators' | 'createFindingAggregator' | 'updateFindingAggregator'
>;

/**
 * Makes a Region the home of Security Hub; making it what it is already changes nothing.
 *
 * @throws where another Region is the home, and if AWS refuses a call
 */
export async function gatherFindings(hub: HubClient, properties: AggregatorProperties): Promise<void> {
  const { HomeRegion: home, LinkedRegions: linked } = properties;
  const linking =
    linked.length > 0
      ? { RegionLinkingMode: 'SPECIFIED_REGIONS' as const, Regions: [...linked] }
      : { RegionLinkingMode: 'NO_REGIONS' as const };
  const { FindingAggregators: [present] = [] } = await hub.listFindingAggregators({});
  const arn = present?.FindingAggregatorArn;
  if (arn === undefined) {
    await hub.createFindingAggregator(linking);
    return;
  }
  const region = arn.split(':')[3];
  if (region !== home) {
    // Taking it away ends central configuration, and with it every policy: a person decides
    throw new Error(`the home Region of Security Hub is ${region}, expected ${home}: remove aggregator ${arn} first`);
  }
  await hub.updateFindingAggregator({ FindingAggregatorArn: arn, ...linking });
}
