import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { organisationsOnly } from '../../lib/constructs/edge/web-acl-organisations';
import { isObject, type Json } from '../../lib/template/parse';
import { control } from '../../policies/controls/authorisation/auz-03';
import { cases } from '../../policies/controls/authorisation/auz-03.cases';
import { judgeCase, messageOf } from '../control-tester';

/** The lists of an organisation as the stacks would deploy them, were one named. */
function withOrganisation(addresses: readonly string[]): Json {
  const stack = new Stack(new App(), 'Edge');
  const organisation = { name: 'acme', host: 'Acme.example.com', addresses };
  const visibilityConfig = { cloudWatchMetricsEnabled: true, metricName: 'acme', sampledRequestsEnabled: true };
  new CfnWebACL(stack, 'Acl', {
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig,
    rules: organisationsOnly(stack, [organisation], 31_536_000).map((rule, priority) => ({
      ...rule,
      priority,
      visibilityConfig,
    })),
  });
  return Template.fromStack(stack).toJSON();
}

const onAcl = (template: Json) => {
  const found = judgeCase(control, { template }).filter(({ logicalId }) => logicalId === 'Acl');
  return found.map((subject) => messageOf(control, subject));
};

test('the lists of organisations keep auz-03, over IPv4, over IPv6 and over both', () => {
  for (const addresses of [['203.0.113.0/24'], ['2001:db8::/48'], ['203.0.113.0/24', '2001:db8::/48']]) {
    expect(onAcl(withOrganisation(addresses))).toEqual(['satisfied']);
  }
});

test('fails when an organisation lists half of the internet, or its list only counts', () => {
  expect(onAcl(withOrganisation(['0.0.0.0/1']))).toEqual(['everybody']);
  const counted = cases.mutations.find(({ expect: { message } }) => message === 'counted');
  const template = withOrganisation(['203.0.113.0/24']);
  expect(isObject(template.Resources)).toBe(true);
  counted?.edit.apply(template, 'Acl');
  expect(onAcl(template)).toEqual(['counted']);
});
