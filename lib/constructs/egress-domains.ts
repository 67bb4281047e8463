import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Fills `{account}`, `{region}` and `{suffix}` of the hosts that may be called with the place that the stack goes to. */
export function domainsOf(scope: Construct, domains: readonly string[]): readonly string[] {
  const { account, region } = Stack.of(scope);
  return domains.map((domain) =>
    domain.replaceAll('{account}', account).replaceAll('{region}', region).replaceAll('{suffix}', suffixOf(region)),
  );
}

/** By name: CDK's own `urlSuffix` is a token wherever the Region is one, and a domain list takes none. */
export function suffixOf(region: string): string {
  return region.startsWith('eusc-') ? 'amazonaws.eu' : 'amazonaws.com';
}
