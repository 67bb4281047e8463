/** What the stacks must know about a Region before they can be synthesized without asking AWS. */
interface RegionFacts {
  readonly partition: 'aws' | 'aws-eusc';
  /** Where it is, for error messages. */
  readonly place: string;
  /**
   * Names of three availability zones, so that no synth asks an account for them. Every Region of this table names its zones
   * a, b and c; that is not so everywhere, so a new row must be looked up.
   */
  readonly zones: readonly [string, string, string];
  /** Whether an account must switch it on before anything can be deployed there. */
  readonly optIn?: true;
}

/**
 * Every Region of AWS inside the European Union that an environment may be deployed to. Exact names, never a prefix:
 * eu-west-2 is London and eu-central-2 is Zurich. The judge keeps its own list, written apart from this one on purpose: one
 * wrong list for both would pass itself.
 *
 * Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const REGIONS = {
  'eu-central-1': { partition: 'aws', place: 'Frankfurt', zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] },
  'eu-west-1': { partition: 'aws', place: 'Ireland', zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] },
  'eu-west-3': { partition: 'aws', place: 'Paris', zones: ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'] },
  'eu-north-1': { partition: 'aws', place: 'Stockholm', zones: ['eu-north-1a', 'eu-north-1b', 'eu-north-1c'] },
  'eu-south-1': {
    partition: 'aws',
    place: 'Milan',
    zones: ['eu-south-1a', 'eu-south-1b', 'eu-south-1c'],
    optIn: true,
  },
  'eu-south-2': {
    partition: 'aws',
    place: 'Spain',
    zones: ['eu-south-2a', 'eu-south-2b', 'eu-south-2c'],
    optIn: true,
  },
  'eusc-de-east-1': {
    partition: 'aws-eusc',
    place: 'Brandenburg',
    zones: ['eusc-de-east-1a', 'eusc-de-east-1b', 'eusc-de-east-1c'],
  },
} as const satisfies Record<string, RegionFacts>;

/** Name of a Region inside the European Union. */
export type Region = keyof typeof REGIONS;

/** Whether a word names a Region inside the European Union. */
export function isRegion(value: unknown): value is Region {
  return typeof value === 'string' && Object.hasOwn(REGIONS, value);
}

/**
 * Whether an account must switch a Region on before anything can be deployed there.
 *
 * Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
export function isOptIn(value: string): boolean {
  const facts: RegionFacts | undefined = isRegion(value) ? REGIONS[value] : undefined;
  return facts?.optIn ?? false;
}

/** The allowed Regions with their places, as an error message lists them. */
export function allowedRegions(): string {
  return Object.entries(REGIONS)
    .map(([name, { place }]) => `${name} (${place})`)
    .join(', ');
}
