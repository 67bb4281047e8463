import type { Json } from '../../../lib/template/parse';

/** Templates of firewalls as the CDK renders them, for the cases of several controls. */

export const asServersRead = inOrder('URL_DECODE_UNI', 'URL_DECODE', 'NORMALIZE_PATH', 'LOWERCASE');

export function inOrder(...types: readonly string[]) {
  return types.map((Type, Priority) => ({ Priority, Type }));
}

export function pathMatches(RegexString: string) {
  return { RegexMatchStatement: { FieldToMatch: { UriPath: {} }, RegexString, TextTransformations: asServersRead } };
}

export function managed(Name: string) {
  return {
    Name,
    OverrideAction: { None: {} },
    Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name } },
  };
}

/** A web ACL with its log and what it stands in front of: a load balancer, or a user pool. */
export function firewall(rules: readonly Json[], before: 'balancer' | 'pool' = 'balancer'): Json {
  const entry =
    before === 'balancer'
      ? {
          Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
          Properties: {
            Scheme: 'internet-facing',
            Type: 'application',
            LoadBalancerAttributes: [
              { Key: 'waf.fail_open.enabled', Value: 'false' },
              { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
              { Key: 'routing.http.desync_mitigation_mode', Value: 'strictest' },
            ],
          },
        }
      : { Type: 'AWS::Cognito::UserPool', Properties: {} };
  return {
    Resources: {
      Entry: entry,
      Firewall: {
        Type: 'AWS::WAFv2::WebACL',
        Properties: {
          Scope: 'REGIONAL',
          DefaultAction: { Allow: {} },
          Rules: rules.map((rule, Priority) => ({ ...rule, Priority })),
        },
      },
      Association: {
        Type: 'AWS::WAFv2::WebACLAssociation',
        Properties: {
          ResourceArn: before === 'balancer' ? { Ref: 'Entry' } : { 'Fn::GetAtt': ['Entry', 'Arn'] },
          WebACLArn: { 'Fn::GetAtt': ['Firewall', 'Arn'] },
        },
      },
      Log: {
        Type: 'AWS::WAFv2::LoggingConfiguration',
        Properties: {
          ResourceArn: { 'Fn::GetAtt': ['Firewall', 'Arn'] },
          LogDestinationConfigs: [
            {
              'Fn::Join': [
                '',
                ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-central-1:111122223333:log-group:aws-waf-logs-x'],
              ],
            },
          ],
          RedactedFields: [{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }],
        },
      },
    },
  };
}
