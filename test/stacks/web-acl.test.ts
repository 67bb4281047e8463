import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { organisationsOnly } from '../../lib/constructs/edge/web-acl-organisations';
import type { Organisation } from '../../lib/settings/environment';

function rules(...organisations: Organisation[]) {
  const stack = new Stack(new App(), 'Organisations');
  const made = organisationsOnly(stack, organisations, 31_536_000);
  return { made, template: Template.fromStack(stack), read: stack.resolve(made) };
}

const firm: Organisation = {
  name: 'firm',
  host: 'Firm.app.example.com',
  addresses: ['203.0.113.0/24', '2001:db8::/48'],
};

test('the host of an organisation answers its own addresses only, over IPv4 and IPv6', () => {
  const { template, read } = rules(firm);
  template.hasResourceProperties('AWS::WAFv2::IPSet', { IPAddressVersion: 'IPV4', Addresses: ['203.0.113.0/24'] });
  template.hasResourceProperties('AWS::WAFv2::IPSet', { IPAddressVersion: 'IPV6', Addresses: ['2001:db8::/48'] });
  const list = (id: RegExp) => ({
    ipSetReferenceStatement: { arn: { 'Fn::GetAtt': [expect.stringMatching(id), 'Arn'] } },
  });
  expect(read).toEqual([
    {
      name: 'organisation-firm',
      action: { block: expect.objectContaining({ customResponse: expect.objectContaining({ responseCode: 403 }) }) },
      statement: {
        andStatement: {
          statements: [
            {
              byteMatchStatement: expect.objectContaining({
                fieldToMatch: { singleHeader: { Name: 'host' } },
                positionalConstraint: 'STARTS_WITH',
                searchString: 'firm.app.example.com',
              }),
            },
            { notStatement: { statement: { orStatement: { statements: [list(/IPV4/i), list(/IPV6/i)] } } } },
          ],
        },
      },
    },
  ]);
});

test('one kind of addresses needs one list, because AWS WAF takes no choice between one', () => {
  const { template, made } = rules({ ...firm, addresses: ['203.0.113.0/24'] });
  template.resourceCountIs('AWS::WAFv2::IPSet', 1);
  expect(JSON.stringify(made)).not.toContain('orStatement');
});

test('nobody is kept out by address where no organisation asks for it', () => {
  expect(rules().made).toEqual([]);
});

test('fails on an organisation without addresses: everybody would be locked out', () => {
  expect(() => rules({ ...firm, addresses: [] })).toThrow("organisation 'firm' allows no address");
});
