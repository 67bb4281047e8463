import type { aws_wafv2 as wafv2 } from 'aws-cdk-lib';

/** A rule before it has its place in the order: position in the list is priority. */
export type UnorderedRule = Omit<wafv2.CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>;

/** Rule groups that AWS keeps up to date, as their own actions have them: every match blocks. */
const GROUPS = {
  'ip-reputation': 'AWSManagedRulesAmazonIpReputationList',
  'anonymous-ip': 'AWSManagedRulesAnonymousIpList',
  'known-bad-inputs': 'AWSManagedRulesKnownBadInputsRuleSet',
  'core-rules': 'AWSManagedRulesCommonRuleSet',
  'sql-injection': 'AWSManagedRulesSQLiRuleSet',
  linux: 'AWSManagedRulesLinuxRuleSet',
} as const;

export type ManagedGroup = keyof typeof GROUPS;

/**
 * Rules that refer to managed groups. No group is scoped down and no rule of a group is set to Count: a firewall that only counts looks
 * the same in the console.
 *
 * Two of the groups decide something about an application. `core-rules` refuses bodies above 8 KB, which is also all that a load balancer
 * lets the firewall inspect, so files are uploaded to S3 with a signed address instead. `anonymous-ip` refuses Tor, anonymizing
 * proxies and computers of hosting providers other than AWS.
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
export function managedGroups(groups: readonly ManagedGroup[]): UnorderedRule[] {
  return groups.map((group) => ({
    name: group,
    overrideAction: { none: {} },
    statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: GROUPS[group] } },
  }));
}
