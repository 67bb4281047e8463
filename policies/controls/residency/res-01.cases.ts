import { type ControlCases, remove, set } from '../../../lib/control/cases';

const stackSet = 'AWS::CloudFormation::StackSet';
const template = { Resources: { Files: { Type: 'AWS::S3::Bucket' } } };
const notOurs = 'the project deploys no stack set, and no edit of a template moves a stack';

export const cases: ControlCases = {
  compliant: {
    'a stack in Frankfurt': { template },
    'a stack in Dublin': { template, region: 'eu-west-1' },
    'a stack in the European Sovereign Cloud': { template, region: 'eusc-de-east-1' },
    'a stack in Frankfurt where nothing else is promised': {
      template,
      figures: { 'residency.regions': ['eu-central-1'] },
    },
    'a stack set for two Regions': {
      template: {
        Resources: {
          Set: {
            Type: stackSet,
            Properties: {
              StackInstancesGroup: [
                { Regions: ['eu-central-1', 'eu-north-1'], DeploymentTargets: { Accounts: ['111122223333'] } },
                { Regions: [{ Ref: 'AWS::Region' }], DeploymentTargets: { Accounts: ['111122223333'] } },
              ],
            },
          },
        },
      },
    },
  },
  mutations: [
    {
      name: 'a stack set reaches London',
      of: 'a stack set for two Regions',
      edit: set(stackSet, 'StackInstancesGroup.0.Regions.1', 'eu-west-2'),
      expect: { message: 'elsewhere' },
      notShipped: notOurs,
    },
    {
      name: 'a stack set gets its instances elsewhere',
      of: 'a stack set for two Regions',
      edit: remove(stackSet, 'StackInstancesGroup'),
      expect: { message: 'not-assessed' },
      notShipped: notOurs,
    },
  ],
  others: [
    ...['us-east-1', 'eu-west-2', 'eu-central-2', 'eu-isoe-west-1', 'cn-north-1', 'eu-central-10'].map((region) => ({
      name: `fails for a stack in ${region}`,
      template,
      region,
      expect: { Case: { message: 'outside' } },
    })),
    {
      name: 'fails for a stack in Dublin where only Frankfurt is promised',
      template,
      region: 'eu-west-1',
      figures: { 'residency.regions': ['eu-central-1'] },
      expect: { Case: { message: 'outside' } },
    },
    {
      name: 'fails for a stack of an assembly without a Region',
      template,
      region: '',
      expect: { Case: { message: 'unnamed' } },
    },
  ],
  absentKeeps: {
    'AWS::CloudFormation::StackSet: StackInstancesGroup.*.Regions.*': 'the other Regions are judged',
  },
};
