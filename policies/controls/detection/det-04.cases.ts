import {
  addBeside,
  type ControlCases,
  change,
  type Mutation,
  remove,
  removeResource,
  set,
} from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { liveCases } from './det-04-live.cases';
import { reportingRule } from './example-alerts';

const enablement = 'Custom::InspectorEnablement';
const organization = 'Custom::OrganizationVulnerabilityScanning';
const delegation = 'Custom::DelegatedAdministrators';
const registry = 'AWS::ECR::RegistryScanningConfiguration';
const rule = 'AWS::Events::Rule';

const scan = (Filter: string, ScanFrequency = 'CONTINUOUS_SCAN'): Json => ({
  ScanFrequency,
  RepositoryFilters: [{ Filter, FilterType: 'WILDCARD' }],
});

const deployed: Json = {
  Inspector: {
    Type: enablement,
    Properties: {
      ServiceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:enable',
      AccountId: '111122223333',
      ResourceTypes: ['EC2', 'ECR', 'LAMBDA', 'LAMBDA_CODE'],
    },
  },
  Registry: { Type: registry, Properties: { ScanType: 'ENHANCED', Rules: [scan('*')] } },
  Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'production/application' } },
  Rule: reportingRule({
    source: ['aws.inspector2'],
    'detail-type': ['Inspector2 Finding'],
    detail: { severity: ['CRITICAL'] },
  }),
  Topic: { Type: 'AWS::SNS::Topic' },
};

const usual = 'everything is scanned continuously, and critical findings are reported';
const everywhere = 'an organization scans its accounts too';
const byName = 'the repositories are named';

const without = (kind: string): Mutation => ({
  name: `${kind} is left out`,
  of: usual,
  edit: change(enablement, (properties) => {
    const types: unknown = properties.ResourceTypes;
    properties.ResourceTypes = Array.isArray(types) ? types.filter((each) => each !== kind) : [];
  }),
  expect: { message: 'kindLeftOut' },
});

const reportsVulnerabilities = ({ Properties: properties }: Json) =>
  isObject(properties) && JSON.stringify(properties.EventPattern ?? '').includes('Inspector2 Finding');

const ofRule = (name: string, edit: Mutation['edit']): Mutation => ({
  name,
  of: usual,
  edit,
  expect: { message: 'unrouted', at: 'Inspector' },
  shippedWhere: reportsVulnerabilities,
});

export const cases: ControlCases = {
  compliant: {
    [usual]: { template: { Resources: deployed } },
    [everywhere]: {
      template: {
        Resources: {
          ...deployed,
          Everywhere: {
            Type: organization,
            Properties: {
              AccountId: '111122223333',
              Regions: ['eu-central-1'],
              ResourceTypes: ['EC2', 'ECR', 'LAMBDA', 'LAMBDA_CODE'],
            },
          },
          Administrators: {
            Type: delegation,
            Properties: {
              AccountId: '111122223333',
              Services: ['guardduty', 'inspector2'],
              Regions: ['eu-central-1'],
            },
          },
        },
      },
    },
    [byName]: {
      template: {
        Resources: {
          ...deployed,
          Registry: {
            Type: registry,
            Properties: { ScanType: 'ENHANCED', Rules: [scan('production/*')] },
          },
        },
      },
    },
  },
  mutations: [
    ...['EC2', 'ECR', 'LAMBDA', 'LAMBDA_CODE'].map(without),
    {
      name: 'nothing enables Inspector',
      of: usual,
      edit: removeResource(enablement),
      expect: { message: 'missing', at: '' },
    },
    {
      name: 'accounts of the organization have no functions scanned',
      of: everywhere,
      edit: set(organization, 'ResourceTypes', ['EC2', 'ECR', 'LAMBDA_CODE']),
      expect: { message: 'kindLeftOut' },
    },
    {
      name: 'nobody administers Inspector',
      of: everywhere,
      edit: set(delegation, 'Services', ['guardduty']),
      expect: { message: 'notDelegated', at: 'Everywhere' },
    },
    {
      name: 'Inspector has no administrator in the Region',
      of: everywhere,
      edit: set(delegation, 'Regions', ['eu-west-1']),
      expect: { message: 'notDelegated', at: 'Everywhere' },
    },
    {
      name: 'another account administers Inspector',
      of: everywhere,
      edit: set(delegation, 'AccountId', '999999999999'),
      expect: { message: 'notDelegated', at: 'Everywhere' },
    },
    {
      name: 'images are scanned when they are pushed, and never again',
      of: usual,
      edit: set(registry, 'Rules', [scan('*', 'SCAN_ON_PUSH')]),
      expect: { message: 'onPushOnly' },
    },
    {
      name: 'there is no rule',
      of: usual,
      edit: set(registry, 'Rules', []),
      expect: { message: 'onPushOnly' },
    },
    {
      name: 'the filter matches another repository',
      of: byName,
      edit: set(registry, 'Rules', [scan('development/*')]),
      expect: { message: 'onPushOnly' },
    },
    {
      name: 'the basic scanner looks at them',
      of: usual,
      edit: set(registry, 'ScanType', 'BASIC'),
      expect: { message: 'basic' },
    },
    {
      name: 'nothing says which scanner looks',
      of: usual,
      edit: remove(registry, 'ScanType'),
      expect: { message: 'basic' },
    },
    {
      name: 'nothing says how the registry is scanned',
      of: usual,
      edit: removeResource(registry),
      expect: { message: 'noRegistryScan', at: 'the registry' },
    },
    {
      name: 'a filter hides what is found',
      of: usual,
      edit: addBeside(enablement, 'Hidden', () => ({
        Type: 'AWS::InspectorV2::Filter',
        Properties: { Name: 'hidden', FilterAction: 'SUPPRESS', FilterCriteria: {} },
      })),
      expect: { message: 'suppressed', at: 'Hidden' },
    },
    ofRule('the rule is off', set(rule, 'State', 'DISABLED')),
    ofRule('the rule stands where no service puts its events', set(rule, 'EventBusName', 'ours')),
    ofRule('the rule leads nowhere', set(rule, 'Targets', [])),
    ofRule('only what does little harm is reported', set(rule, 'EventPattern.detail.severity', ['LOW'])),
  ],
  others: [
    {
      name: 'a repository without a name is matched by a filter for all only',
      template: {
        Resources: {
          ...deployed,
          Registry: { Type: registry, Properties: { ScanType: 'ENHANCED', Rules: [scan('production/*')] } },
          Nameless: { Type: 'AWS::ECR::Repository' },
        },
      },
      expect: { Registry: { message: 'onPushOnly' } },
    },
    {
      name: 'a filter without an asterisk matches what contains it',
      template: {
        Resources: {
          ...deployed,
          Registry: { Type: registry, Properties: { ScanType: 'ENHANCED', Rules: [scan('duction')] } },
        },
      },
      expect: { Registry: 'satisfied' },
    },
    {
      name: 'a filter that only marks',
      template: {
        Resources: {
          ...deployed,
          Marks: { Type: 'AWS::InspectorV2::Filter', Properties: { FilterAction: 'NONE', Name: 'marks' } },
        },
      },
      expect: { Marks: 'satisfied' },
    },
    {
      name: 'somebody else’s registry is judged by itself',
      presentOnly: true,
      template: { Resources: { Registry: deployed.Registry } },
      expect: { Registry: 'satisfied' },
    },
  ],
  absentKeeps: {
    'AWS::Events::Rule: State':
      'ENABLED: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html',
  },
  live: liveCases,
};
