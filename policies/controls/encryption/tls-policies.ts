/** What is known of a predefined TLS policy: what it accepts at least, and whether every cipher suite of it has forward secrecy. */
export type TlsStrength = '1.3' | '1.2' | 'weak';

/** Forward secrecy throughout: names that offer a static RSA key exchange (`Ext1`, `Ext2`, `TLS-1-2`) are weak at every floor. */
const balancer: readonly (readonly [RegExp, TlsStrength])[] = [
  [/^ELBSecurityPolicy-TLS13-1-3-(2021-06|PQ-2025-09|FIPS-2023-04|FIPS-PQ-2025-09)$/, '1.3'],
  [/^ELBSecurityPolicy-TLS13-1-2-(Res-)?(2021-06|PQ-2025-09|FIPS-2023-04|FIPS-PQ-2025-09)$/, '1.2'],
  [/^ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-(2023-04|PQ-2025-09)$/, '1.2'],
  [/^ELBSecurityPolicy-FS-1-2-(2019-08|Res-2019-08|Res-2020-10)$/, '1.2'],
  [/^ELBSecurityPolicy-(TLS13-1-[0-2]|TLS-1-[0-2]|FS-|\d{4}-)/, 'weak'],
];

const gateway: readonly (readonly [RegExp, TlsStrength])[] = [
  [/^SecurityPolicy_(TLS13_1_3_(FIPS_)?2025_09|TLS13_2025_EDGE)$/, '1.3'],
  [/^SecurityPolicy_(TLS13_1_2_(FIPS_)?PFS_PQ_2025_09|TLS12_PFS_2025_EDGE)$/, '1.2'],
  [/^(TLS_1_[0-2]|SecurityPolicy_TLS(13_1_2|12)_\w+)$/, 'weak'],
];

const distribution: readonly (readonly [RegExp, TlsStrength])[] = [
  [/^TLSv1\.3_2025$/, '1.3'],
  [/^TLSv1\.2_(2019|2021|2025)$/, '1.2'],
  [/^(SSLv3|TLSv1(_2016)?|TLSv1\.1_2016|TLSv1\.2_2018)$/, 'weak'],
];

const search: readonly (readonly [RegExp, TlsStrength])[] = [
  [/^Policy-Min-TLS-1-2-(PFS-2023-10|RFC9151-FIPS-2024-08)$/, '1.2'],
  [/^Policy-Min-TLS-1-[0-2]-2019-07$/, 'weak'],
];

/**
 * Predefined policies by who terminates TLS. Sources: "Security policies for your Application Load Balancer" (and the Network one),
 * "Security policies for REST APIs in API Gateway", "Supported protocols and ciphers" of CloudFront, DomainEndpointOptions of OpenSearch.
 */
export const tlsPolicies = { balancer, gateway, distribution, search };

/** Undefined for a name that is not known, such as one that is younger than these lists. */
export function strengthOf(
  name: string,
  policies: readonly (readonly [RegExp, TlsStrength])[],
): TlsStrength | undefined {
  return policies.find(([names]) => names.test(name))?.[1];
}
