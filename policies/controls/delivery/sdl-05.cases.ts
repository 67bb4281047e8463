import { type ControlCases, change, remove } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { firewall, managed } from '../edge/example-firewall';

const acl = 'AWS::WAFv2::WebACL';
const group = 'AWSManagedRulesCommonRuleSet';
const whole = 'a firewall with the core rules';
const limit: Json = { Name: 'limit', Action: { Block: {} }, Statement: { RateBasedStatement: { Limit: 100 } } };

/** Edits the rule that holds the group. */
const scriptRule = (edit: (rule: Json, managedGroup: Json, rules: Json[]) => void) =>
  change(acl, (properties) => {
    const rules = Array.isArray(properties.Rules) ? properties.Rules.filter(isObject) : [];
    for (const rule of rules) {
      const statement = isObject(rule.Statement) ? rule.Statement.ManagedRuleGroupStatement : undefined;
      if (isObject(statement) && statement.Name === group) {
        edit(rule, statement, rules);
        properties.Rules = rules;
        return;
      }
    }
    throw new Error('no rule of the web ACL holds the core rules');
  });

const shippedWhere = (resource: Json): boolean => JSON.stringify(resource).includes(group);

export const cases: ControlCases = {
  compliant: { [whole]: { template: firewall([limit, managed(group)]) } },
  mutations: [
    {
      name: 'the group is gone',
      of: whole,
      edit: scriptRule((rule, _group, rules) => {
        rules.splice(rules.indexOf(rule), 1);
      }),
      expect: { message: 'noScriptGroup' },
      shippedWhere,
    },
    {
      name: 'the firewall has no rules',
      of: whole,
      edit: remove(acl, 'Rules'),
      expect: { message: 'noScriptGroup' },
      shippedWhere,
    },
    {
      name: 'script is only counted',
      of: whole,
      edit: scriptRule((rule) => {
        rule.OverrideAction = { Count: {} };
      }),
      expect: { message: 'scriptsCounted' },
      shippedWhere,
    },
    {
      name: 'the rule against script in bodies only counts',
      of: whole,
      edit: scriptRule((_rule, statement) => {
        statement.RuleActionOverrides = [{ Name: 'CrossSiteScripting_BODY', ActionToUse: { Count: {} } }];
      }),
      expect: { message: 'scriptsWeakened' },
      shippedWhere,
    },
    {
      name: 'the form for comments is left out',
      of: whole,
      edit: scriptRule((_rule, statement) => {
        statement.ScopeDownStatement = {
          NotStatement: {
            Statement: {
              ByteMatchStatement: {
                FieldToMatch: { UriPath: {} },
                SearchString: '/login',
                PositionalConstraint: 'STARTS_WITH',
                TextTransformations: [{ Priority: 0, Type: 'NONE' }],
              },
            },
          },
        };
      }),
      expect: { message: 'scriptsScoped' },
      shippedWhere,
    },
  ],
  others: [
    {
      name: 'fails where no firewall is deployed',
      template: { Resources: {} },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a rule of one’s own against script may do as well, and is not read',
      template: firewall([
        {
          Name: 'own',
          Action: { Block: {} },
          Statement: {
            XssMatchStatement: { FieldToMatch: { Body: {} }, TextTransformations: [{ Priority: 0, Type: 'NONE' }] },
          },
        },
      ]),
      expect: { Firewall: 'not-assessed' },
    },
    {
      name: 'a firewall before user pools alone sees no body',
      template: firewall([limit], 'pool'),
      presentOnly: true,
      expect: { Firewall: 'not-applicable' },
    },
  ],
  indifferent: {
    [`${acl}: Rules.*.OverrideAction.None`]: 'that it is there is the action; it holds nothing',
  },
};
