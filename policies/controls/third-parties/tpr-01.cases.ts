import { type ControlCases, change, set } from '../../../lib/control/cases';
import type { Vendor } from '../../../lib/control/vendor';

const policy = 'AWS::NetworkFirewall::FirewallPolicy';
const rules = 'AWS::NetworkFirewall::RuleGroup';

const host: Vendor = {
  id: 'host',
  name: 'A host',
  country: 'LU',
  purpose: 'hosting',
  role: 'host',
  dataCategories: ['settings of the account'],
  dpa: { signed: true, date: '2026-01-01' },
  domains: ['iam.example.com'],
  profiles: ['strictest'],
  answersFor: ['its data centres'],
  auth: { kind: 'iam' },
};
const mail: Vendor = {
  ...host,
  id: 'mail',
  name: 'A sender of mail',
  country: 'US',
  purpose: 'mail',
  role: 'sub-processor',
  dataCategories: ['mail address'],
  dpa: { signed: false },
  domains: ['api.mail.example'],
  auth: { kind: 'api-key', secret: 'vendors/mail/key', rotationDays: 90 },
};
const source: Vendor = { ...mail, id: 'source', role: 'source', dataCategories: ['public data only'], domains: [] };

const figures = { 'egress.domains': ['api.mail.example', 'iam.example.com'] };
const listed = (targets: readonly string[], type = 'ALLOWLIST') => ({
  Type: rules,
  Properties: {
    Type: 'STATEFUL',
    Capacity: 100,
    RuleGroup: {
      RulesSource: { RulesSourceList: { GeneratedRulesType: type, TargetTypes: ['TLS_SNI'], Targets: targets } },
    },
  },
});
const template = {
  Resources: {
    Policy: {
      Type: policy,
      Properties: {
        FirewallPolicy: { StatefulRuleGroupReferences: [{ Priority: 1, ResourceArn: { Ref: 'Hosts' } }] },
      },
    },
    Hosts: listed(figures['egress.domains']),
  },
};
const whole = 'the way out is open to the vendors of the register';
const isHosts = ({ Properties }: { readonly Properties?: unknown }) => JSON.stringify(Properties).includes('ALLOWLIST');
const ofVendors = (...vendors: readonly Vendor[]) => ({ records: { vendors }, figures });

export const cases: ControlCases = {
  compliant: { [whole]: { template, figures } },
  mutations: [
    {
      name: 'a host is open that no vendor of the register has',
      of: whole,
      edit: set(rules, 'RuleGroup.RulesSource.RulesSourceList.Targets.2', 'paste.example.org'),
      expect: { message: 'unlisted' },
      shippedWhere: isHosts,
    },
    {
      name: 'a host is everybody’s (trap 46: data leaves to any account)',
      of: whole,
      edit: set(rules, 'RuleGroup.RulesSource.RulesSourceList.Targets.2', '.amazonaws.com'),
      expect: { message: 'wildcard' },
      shippedWhere: isHosts,
    },
    {
      name: 'a vendor of the register is closed off',
      of: whole,
      edit: change(rules, (properties) => {
        properties.RuleGroup = listed(['iam.example.com']).Properties.RuleGroup;
      }),
      expect: { message: 'uncalled', at: 'Policy' },
      notShipped: 'the hosts of the cases are not those of the project',
    },
  ],
  others: [
    {
      name: 'fails where nothing is deployed',
      template: { Resources: {} },
      figures,
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a list that denies and rules without hosts open nothing to a vendor',
      figures,
      template: {
        Resources: {
          Denied: listed(['bad.example.org'], 'DENYLIST'),
          Text: {
            Type: rules,
            Properties: { RuleGroup: { RulesSource: { RulesString: 'drop ip any any -> any any (sid:1;)' } } },
          },
        },
      },
      presentOnly: true,
      expect: { Denied: 'not-applicable', Text: 'not-applicable' },
    },
    {
      name: 'hosts that a deployer chooses are not assessed',
      figures,
      template: {
        Parameters: { Targets: { Type: 'CommaDelimitedList' } },
        Resources: {
          Hosts: {
            Type: rules,
            Properties: {
              RuleGroup: {
                RulesSource: { RulesSourceList: { GeneratedRulesType: 'ALLOWLIST', Targets: { Ref: 'Targets' } } },
              },
            },
          },
        },
      },
      presentOnly: true,
      expect: { Hosts: 'not-assessed' },
    },
  ],
  indifferent: {
    [`${policy}: FirewallPolicy.StatefulRuleGroupReferences.*.ResourceArn`]: 'which group it is; its hosts are judged',
  },
  registers: [
    {
      name: 'every vendor is whole, and its hosts are those that may be called',
      ...ofVendors(host, mail),
      figures: { ...figures, 'residency.transfers': 1, 'vendors.named': 1 },
      exact: ['vendors.named'],
      expect: { host: 'satisfied', mail: 'satisfied', 'sub-processors': 'satisfied' },
    },
    {
      name: 'fails where a vendor abroad is sent data under a promise that none is',
      ...ofVendors(host, mail),
      figures: { ...figures, 'residency.transfers': 0 },
      expect: { host: 'satisfied', mail: { message: 'abroad' } },
    },
    {
      name: 'who is sent public data only may have its seat anywhere',
      ...ofVendors(host, { ...mail, country: 'IE' }, source),
      figures: { ...figures, 'residency.transfers': 0 },
      expect: { mail: 'satisfied', source: 'satisfied' },
    },
    {
      name: 'a vendor of another profile opens nothing and is not counted',
      ...ofVendors(host, mail, { ...mail, id: 'other', domains: ['api.other.example'], profiles: ['cfus'] }),
      figures: { ...figures, 'vendors.named': 1 },
      exact: ['vendors.named'],
      expect: { 'sub-processors': 'satisfied' },
    },
    {
      name: 'fails where a host may be called that stands under no vendor',
      ...ofVendors(host),
      expect: { 'api.mail.example': { message: 'ownerless' } },
    },
    {
      name: 'fails where a vendor has a host that may not be called',
      ...ofVendors(host, { ...mail, domains: ['api.mail.example', 'files.mail.example'] }),
      expect: { mail: { message: 'unused' } },
    },
    {
      name: 'fails where fewer are registered than the document names',
      ...ofVendors(host, mail),
      figures: { ...figures, 'vendors.named': 6 },
      exact: ['vendors.named'],
      expect: { 'sub-processors': { message: 'miscounted' } },
    },
    {
      name: 'fails where more are registered than the document names',
      ...ofVendors(host, mail, { ...mail, id: 'more' }),
      figures: { ...figures, 'vendors.named': 1 },
      exact: ['vendors.named'],
      expect: { 'sub-processors': { message: 'miscounted' } },
    },
    {
      name: 'fails where an entry says nothing of its data',
      ...ofVendors(host, { ...mail, dataCategories: [] }),
      expect: { mail: { message: 'incomplete' } },
    },
    {
      name: 'fails where the register is empty',
      records: { vendors: [] },
      figures: { 'egress.domains': [] },
      expect: { 'sub-processors': { message: 'empty' } },
    },
  ],
};
