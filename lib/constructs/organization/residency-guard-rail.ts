import { type GuardRailDocument, guardRail } from './guard-rail-principals';

/**
 * What AWS answers in one place for the whole world, so that it cannot be called in a Region of one's own: identities, the organization,
 * bills, names, quotas, support. Nothing of it stores what customers entrust; keys, certificates and firewalls, which the example of AWS spares
 * as well, are not in it.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
 */
const WORLDWIDE = [
  'account:*',
  'artifact:*',
  'aws-portal:*',
  'billing:*',
  'budgets:*',
  'ce:*',
  'cloudtrail:LookupEvents',
  'consolidatedbilling:*',
  'cur:*',
  'ec2:DescribeRegions',
  'freetier:*',
  'health:*',
  'iam:*',
  'invoicing:*',
  'organizations:*',
  'payments:*',
  'pricing:*',
  'route53:*',
  'route53domains:*',
  's3:GetAccountPublicAccessBlock',
  's3:ListAllMyBuckets',
  's3:PutAccountPublicAccessBlock',
  'servicequotas:*',
  'shield:*',
  'sts:*',
  'support:*',
  'supportplans:*',
  'tax:*',
  'trustedadvisor:*',
];

/** A worldwide delivery network keeps its certificate and its web firewall in one Region, which is outside the EU. */
const DELIVERY_NETWORK = ['acm:*', 'cloudfront:*', 'wafv2:*'];

export interface ResidencyGuardRailProps {
  /** Regions that may be used, by their exact names: a prefix such as `eu-` would let in London and Zurich. */
  readonly regions: readonly string[];
  /**
   * Whether static content is delivered by CloudFront.
   *
   * @default false
   */
  readonly deliveryNetwork?: boolean;
}

/**
 * Refuses every request outside the named Regions, for everybody and in emergencies too. A request that names no Region at all, as one to a
 * model that answers from anywhere (`unspecified`), is outside.
 */
export function residencyGuardRail(props: ResidencyGuardRailProps): GuardRailDocument {
  return guardRail(
    {
      Sid: 'StayInRegions',
      Effect: 'Deny',
      NotAction: [...WORLDWIDE, ...(props.deliveryNetwork ? DELIVERY_NETWORK : [])].sort(),
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': props.regions } },
    },
    {
      Sid: 'NoWayOut',
      Effect: 'Deny',
      Action: [
        'account:EnableRegion',
        'bedrock:CreateInferenceProfile',
        'ec2:AcceptVpcPeeringConnection',
        'ec2:CreateVpcPeeringConnection',
        's3:CreateMultiRegionAccessPoint',
        's3:PutAccelerateConfiguration',
      ],
      Resource: '*',
    },
  );
}
