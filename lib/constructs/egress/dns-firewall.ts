import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as resolver from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';
import { suffixOf } from './egress-domains';
import type { EgressLog } from './egress-log';

export interface DnsFirewallProps {
  readonly vpc: ec2.IVpc;
  /** Hosts whose names are resolved: an exact name, or everything below a leading dot. */
  readonly domains: readonly string[];
  readonly log: EgressLog;
}

/**
 * Resolves the names of the hosts given and of AWS in this Region, and answers NODATA to every other question: what cannot be resolved
 * cannot carry data out in a question either. Where the firewall itself fails, nothing is resolved. Every question is logged.
 *
 * A name that is allowed may lead on to names of its own delivery network, which change without notice: the first one decides.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-groups.html
 */
export class DnsFirewall extends Construct {
  constructor(scope: Construct, id: string, props: DnsFirewallProps) {
    super(scope, id);
    const { vpc, log } = props;
    const { region } = Stack.of(this);
    const list = (name: string, domains: readonly string[]) =>
      new resolver.CfnFirewallDomainList(this, name, { domains: [...domains] }).attrId;
    const named = props.domains.map((domain) => (domain.startsWith('.') ? `*${domain}` : domain));
    // Databases have the name of their service behind that of the Region
    const aws = ['', '.rds'].map((service) => `*.${region}${service}.${suffixOf(region)}`);
    const group = new resolver.CfnFirewallRuleGroup(this, 'Resource', {
      firewallRules: [
        {
          priority: 100,
          action: 'ALLOW',
          firewallDomainListId: list('Allowed', [...named, ...aws]),
          firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
        },
        { priority: 200, action: 'BLOCK', blockResponse: 'NODATA', firewallDomainListId: list('Everything', ['*']) },
      ],
    });
    // Before the rules hold, so that a failure in between closes
    const failClosed = new resolver.CfnFirewallConfig(this, 'FailClosed', {
      resourceId: vpc.vpcId,
      firewallFailOpen: 'DISABLED',
    });
    const association = new resolver.CfnFirewallRuleGroupAssociation(this, 'Association', {
      firewallRuleGroupId: group.attrId,
      vpcId: vpc.vpcId,
      priority: 101,
      mutationProtection: 'ENABLED',
    });
    association.addResourceDependency(failClosed);

    const queries = new resolver.CfnResolverQueryLoggingConfig(this, 'Queries', {
      destinationArn: log.queries.logGroupArn,
    });
    queries.node.addDependency(log.leave);
    new resolver.CfnResolverQueryLoggingConfigAssociation(this, 'QueriesAssociation', {
      resolverQueryLogConfigId: queries.attrId,
      resourceId: vpc.vpcId,
    });
  }
}
