import { Names } from 'aws-cdk-lib';
import * as firewall from 'aws-cdk-lib/aws-networkfirewall';
import { Construct } from 'constructs';

export interface EgressPolicyProps {
  /** Range of the VPC whose traffic is judged. */
  readonly cidr: string;
  /** Hosts that may be called over TLS: an exact name, or everything below a leading dot. */
  readonly domains: readonly string[];
}

/** Rules that a group may grow to; AWS cannot change it afterwards. */
const capacity = 500;

/**
 * What may leave: TLS to the hosts given, by the name that the client asks for, and nothing else.
 *
 * Order is strict. First everything goes that is no TCP to port 443: the default only stops connections that stand, and a single UDP
 * packet stands for a whole DNS tunnel. Then the hosts pass. What is left is dropped once its handshake shows no host of the list,
 * and reported. Plain HTTP never leaves.
 *
 * Source: https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
 */
export class EgressPolicy extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EgressPolicyProps) {
    super(scope, id);
    const groups = [this.otherTraffic(props.cidr), ...(props.domains.length > 0 ? [this.hosts(props.domains)] : [])];
    const policy = new firewall.CfnFirewallPolicy(this, 'Resource', {
      firewallPolicyName: Names.uniqueResourceName(this, { maxLength: 100 }),
      firewallPolicy: {
        statelessDefaultActions: ['aws:forward_to_sfe'],
        statelessFragmentDefaultActions: ['aws:forward_to_sfe'],
        statefulDefaultActions: ['aws:drop_established', 'aws:alert_established'],
        statefulEngineOptions: { ruleOrder: 'STRICT_ORDER', streamExceptionPolicy: 'DROP' },
        statefulRuleGroupReferences: groups.map(({ attrRuleGroupArn }, index) => ({
          priority: index + 1,
          resourceArn: attrRuleGroupArn,
        })),
      },
    });
    this.arn = policy.attrFirewallPolicyArn;
  }

  /** Only what the VPC sends: answers come from port 443 to any other. */
  private otherTraffic(cidr: string): firewall.CfnRuleGroup {
    const drop = (protocol: string, destinationPort: string, sid: number) => ({
      action: 'DROP',
      header: {
        protocol,
        source: cidr,
        sourcePort: 'ANY',
        direction: 'FORWARD',
        destination: 'ANY',
        destinationPort,
      },
      ruleOptions: [{ keyword: 'sid', settings: [String(sid)] }],
    });
    return this.group('OtherTraffic', 'Everything that is no TCP to port 443', {
      statefulRules: [
        drop('UDP', 'ANY', 1),
        drop('ICMP', 'ANY', 2),
        drop('TCP', '1:442', 3),
        drop('TCP', '444:65535', 4),
      ],
    });
  }

  private hosts(domains: readonly string[]): firewall.CfnRuleGroup {
    return this.group('Hosts', 'Hosts of the vendor register', {
      rulesSourceList: { generatedRulesType: 'ALLOWLIST', targetTypes: ['TLS_SNI'], targets: [...domains] },
    });
  }

  private group(
    id: string,
    description: string,
    rulesSource: firewall.CfnRuleGroup.RulesSourceProperty,
  ): firewall.CfnRuleGroup {
    const scope = new Construct(this, id);
    return new firewall.CfnRuleGroup(scope, 'Resource', {
      ruleGroupName: Names.uniqueResourceName(scope, { maxLength: 100 }),
      description,
      type: 'STATEFUL',
      capacity,
      ruleGroup: { rulesSource, statefulRuleOptions: { ruleOrder: 'STRICT_ORDER' } },
    });
  }
}
