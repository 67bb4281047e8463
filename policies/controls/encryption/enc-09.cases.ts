import { type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

const guards = 'Custom::AccountGuards';
const stackSet = 'AWS::CloudFormation::StackSet';

const guarding = (more: Json = {}): Json => ({
  Type: guards,
  Properties: { AccountId: '111122223333', PasswordMinLength: '14', PasswordMaxAgeDays: '90', ...more },
});
const members = (Resources: Json): Json => ({
  Type: stackSet,
  Properties: { AutoDeployment: { Enabled: true }, TemplateBody: JSON.stringify({ Resources }) },
});
const network: Json = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } };
const trail: Json = { Type: 'AWS::CloudTrail::Trail', Properties: { IsOrganizationTrail: true } };

const own = 'an account with a network';
const organization = 'an organization whose members are guarded';

/** Takes the guards out of the template that a stack set carries. */
const withoutGuards = change(stackSet, (properties) => {
  const body: { Resources: Record<string, Json> } = JSON.parse(String(properties.TemplateBody));
  body.Resources = Object.fromEntries(Object.entries(body.Resources).filter(([, { Type }]) => Type !== guards));
  properties.TemplateBody = JSON.stringify(body);
});

export const cases: ControlCases = {
  compliant: {
    [own]: { template: { Resources: { Network: network, Guards: guarding() } } },
    [organization]: { template: { Resources: { Trail: trail, Members: members({ MemberGuards: guarding() }) } } },
    'a number may be one': {
      template: { Resources: { Network: network, Guards: guarding({ PasswordMinLength: 14 }) } },
    },
  },
  mutations: [
    {
      name: 'nothing guards the account',
      of: own,
      edit: removeResource(guards),
      expect: { message: 'unguarded', at: 'Network' },
      // Those of members guard no network here: the stack set without them is another edit
      shippedWhere: ({ Properties: properties }) => isObject(properties) && properties.Regions === undefined,
    },
    {
      name: 'passwords may be short',
      of: own,
      edit: set(guards, 'PasswordMinLength', '8'),
      expect: { message: 'short' },
    },
    {
      name: 'no stack set guards the members',
      of: organization,
      edit: removeResource(stackSet),
      expect: { message: 'members', at: 'Trail' },
    },
    {
      name: 'the stack set brings everything but the guards',
      of: organization,
      edit: withoutGuards,
      expect: { message: 'members', at: 'Trail' },
    },
    {
      name: 'accounts that join are not guarded',
      of: organization,
      edit: set(stackSet, 'AutoDeployment.Enabled', false),
      expect: { message: 'joiners' },
    },
    {
      name: 'nothing says whether accounts that join are guarded',
      of: organization,
      edit: remove(stackSet, 'AutoDeployment'),
      expect: { message: 'joiners' },
    },
  ],
  others: [
    {
      name: 'what a stack set brings is judged like what is here',
      template: {
        Resources: { Trail: trail, Members: members({ MemberGuards: guarding({ PasswordMinLength: '8' }) }) },
      },
      expect: { MemberGuards: { message: 'short' }, Members: 'satisfied' },
    },
    {
      name: 'guards of the members guard no network here',
      template: { Resources: { Network: network, Members: members({ MemberGuards: guarding() }) } },
      expect: { Network: { message: 'unguarded' } },
    },
    {
      name: 'a stack set whose template is elsewhere may guard or not',
      template: {
        Resources: {
          Trail: trail,
          Members: { Type: stackSet, Properties: { TemplateURL: 'https://s3.test/members' } },
        },
      },
      expect: { Trail: 'not-assessed' },
    },
    {
      name: 'a network alone is no concern where only what is present is judged',
      template: { Resources: { Network: network } },
      presentOnly: true,
      expect: {},
    },
  ],
};
