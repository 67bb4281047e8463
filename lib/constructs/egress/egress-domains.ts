import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

const suffixes = ['amazonaws.com', 'amazonaws.eu'];

/**
 * Hosts that may be called from where the stack goes to: `{account}`, `{region}` and `{suffix}` are filled, and hosts of AWS in another
 * partition, which no identity of this one can use, are left out.
 */
export function domainsOf(scope: Construct, domains: readonly string[]): readonly string[] {
  const { account, region } = Stack.of(scope);
  const own = suffixOf(region);
  return domains
    .map((domain) => domain.replaceAll('{account}', account).replaceAll('{region}', region).replaceAll('{suffix}', own))
    .filter((domain) => !suffixes.some((suffix) => suffix !== own && domain.endsWith(`.${suffix}`)));
}

/** By name: CDK's own `urlSuffix` is a token wherever the Region is one, and a domain list takes none. */
export function suffixOf(region: string): string {
  return region.startsWith('eusc-') ? 'amazonaws.eu' : 'amazonaws.com';
}
