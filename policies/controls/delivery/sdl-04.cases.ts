import { addBeside, type ControlCases, removeResource, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import { liveCases } from './sdl-04-live.cases';

const cluster = 'AWS::RDS::DBCluster';
const instance = 'AWS::RDS::DBInstance';
const lambda = 'AWS::Lambda::Function';
const service = 'AWS::ECS::Service';
const task = 'AWS::ECS::TaskDefinition';
const schedule = 'AWS::Events::Rule';
const machine = 'AWS::EC2::Instance';
const association = 'AWS::SSM::Association';
const window = 'AWS::SSM::MaintenanceWindowTask';
const baseline = 'AWS::SSM::PatchBaseline';

const digest = `sha256:${'a'.repeat(64)}`;
const image = `111122223333.dkr.ecr.eu-central-1.amazonaws.com/production/application@${digest}`;

const watched: Json = {
  Task: { Type: task, Properties: { ContainerDefinitions: [{ Name: 'application', Image: image }] } },
  Schedule: {
    Type: schedule,
    Properties: {
      State: 'ENABLED',
      ScheduleExpression: 'rate(1 day)',
      Targets: [{ Id: 'Watch', Arn: { 'Fn::GetAtt': ['Watch', 'Arn'] } }],
    },
  },
  Watch: {
    Type: lambda,
    Properties: { Runtime: 'nodejs24.x', Environment: { Variables: { IMAGES: image, DAYS: '30' } } },
  },
};

const usual = 'a cluster, a service and its function';
const hosts = 'machines in a maintenance window';
const associated = 'a group of machines with an association';
/** Other schedules of ours look after other things. */
const ofImages = ({ Properties }: Json) => /running images/.test(String((Properties as Json).Description));
const noMachines = 'the project deploys no machine';

export const cases: ControlCases = {
  compliant: {
    [usual]: {
      template: {
        Resources: {
          Cluster: {
            Type: cluster,
            Properties: { Engine: 'aurora-postgresql', EngineVersion: '17.7', AutoMinorVersionUpgrade: true },
          },
          Writer: {
            Type: instance,
            Properties: { DBClusterIdentifier: { Ref: 'Cluster' }, AutoMinorVersionUpgrade: true },
          },
          Service: { Type: service, Properties: { LaunchType: 'FARGATE', PlatformVersion: 'LATEST' } },
          ...watched,
        },
      },
    },
    'what nothing is said of, where the default keeps it': {
      template: {
        Resources: {
          Database: { Type: instance, Properties: { Engine: 'mysql', EngineVersion: '8.4.4' } },
          Service: { Type: service, Properties: {} },
        },
      },
    },
    [hosts]: {
      template: {
        Resources: {
          Machine: { Type: machine, Properties: {} },
          Patches: {
            Type: window,
            Properties: {
              TaskArn: 'AWS-RunPatchBaseline',
              TaskInvocationParameters: {
                MaintenanceWindowRunCommandParameters: { Parameters: { Operation: ['Install'] } },
              },
            },
          },
          Baseline: {
            Type: baseline,
            Properties: {
              ApprovalRules: {
                PatchRules: [
                  {
                    ApproveAfterDays: 0,
                    PatchFilterGroup: { PatchFilters: [{ Key: 'SEVERITY', Values: ['Critical'] }] },
                  },
                  { ApproveAfterDays: 7 },
                ],
              },
            },
          },
        },
      },
    },
    [associated]: {
      template: {
        Resources: {
          Machines: { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: {} },
          Patches: {
            Type: association,
            Properties: { Name: 'AWS-RunPatchBaseline', Parameters: { Operation: ['Install'] } },
          },
        },
      },
    },
  },
  mutations: [
    {
      name: 'the cluster takes no minor versions over',
      of: usual,
      edit: set(cluster, 'AutoMinorVersionUpgrade', false),
      expect: { message: 'noMinorUpgrades' },
    },
    {
      name: 'one instance of the cluster takes no minor versions over',
      of: usual,
      edit: set(instance, 'AutoMinorVersionUpgrade', 'false'),
      expect: { message: 'noMinorUpgrades' },
    },
    {
      name: 'the engine is past the end of its support',
      of: usual,
      edit: set(cluster, 'EngineVersion', '13.23'),
      expect: { message: 'unsupportedEngine' },
    },
    {
      name: 'a version that nobody has heard of',
      of: usual,
      edit: set(cluster, 'EngineVersion', '42.1'),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a runtime that AWS mends no more',
      of: usual,
      edit: set(lambda, 'Runtime', 'nodejs18.x'),
      expect: { message: 'deprecatedRuntime' },
    },
    {
      name: 'the platform is pinned',
      of: usual,
      edit: set(service, 'PlatformVersion', '1.4.0'),
      expect: { message: 'pinnedPlatform' },
    },
    {
      name: 'machines of somebody else run the containers',
      of: usual,
      edit: set(service, 'LaunchType', 'EC2'),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'nobody looks at images',
      of: usual,
      edit: removeResource(schedule),
      expect: { message: 'unwatchedImage', at: 'Task' },
      shippedWhere: ofImages,
    },
    {
      name: 'the look at images is switched off',
      of: usual,
      edit: set(schedule, 'State', 'DISABLED'),
      expect: { message: 'unwatchedImage', at: 'Task' },
      shippedWhere: ofImages,
    },
    {
      name: 'a new image that the look is not told of',
      of: usual,
      edit: set(task, 'ContainerDefinitions.0.Image', image.replaceAll('a'.repeat(64), 'b'.repeat(64))),
      expect: { message: 'unwatchedImage' },
    },
    {
      name: 'a look every quarter',
      of: usual,
      edit: set(schedule, 'ScheduleExpression', 'rate(90 days)'),
      expect: { message: 'rareLook', at: 'Task' },
      shippedWhere: ofImages,
    },
    {
      name: 'a look by a calendar that cannot be read',
      of: usual,
      edit: set(schedule, 'ScheduleExpression', 'cron(0 8 1 1 ? *)'),
      expect: { message: 'not-assessed', at: 'Task' },
      shippedWhere: ofImages,
    },
    {
      name: 'an image by its tag',
      of: usual,
      edit: set(task, 'ContainerDefinitions.0.Image', 'production/application:latest'),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a machine that nothing patches',
      of: hosts,
      edit: removeResource(window),
      expect: { message: 'unpatchedHost', at: 'Machine' },
      notShipped: noMachines,
    },
    {
      name: 'patches are looked for and not installed',
      of: associated,
      edit: set(association, 'Parameters.Operation', ['Scan']),
      expect: { message: 'unpatchedHost', at: 'Machines' },
      notShipped: noMachines,
    },
    {
      name: 'a critical fix waits a week',
      of: hosts,
      edit: set(baseline, 'ApprovalRules.PatchRules.0.ApproveAfterDays', 7),
      expect: { message: 'lateFix' },
      notShipped: noMachines,
    },
    {
      name: 'other fixes wait a quarter',
      of: hosts,
      edit: set(baseline, 'ApprovalRules.PatchRules.1.ApproveAfterDays', 90),
      expect: { message: 'lateFix' },
      notShipped: noMachines,
    },
    {
      name: 'a machine beside the service',
      of: usual,
      edit: addBeside(cluster, 'Machine', () => ({ Type: machine, Properties: {} })),
      expect: { message: 'unpatchedHost', at: 'Machine' },
    },
  ],
  others: [
    {
      name: 'fails closed where nothing is deployed',
      template: { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a function that is an image brings its own runtime',
      template: { Resources: { Function: { Type: lambda, Properties: { PackageType: 'Image' } } } },
      presentOnly: true,
      expect: { Function: 'not-applicable' },
    },
    {
      name: 'an engine of another house is not assessed',
      template: {
        Resources: { Database: { Type: instance, Properties: { Engine: 'oracle-ee', EngineVersion: '19' } } },
      },
      presentOnly: true,
      expect: { Database: 'not-assessed' },
    },
  ],
  absentKeeps: {
    [`${cluster}: AutoMinorVersionUpgrade`]: 'on by default: the page of the resource',
    [`${instance}: AutoMinorVersionUpgrade`]:
      'on by default: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html',
    [`${service}: PlatformVersion`]:
      'the newest: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html',
    [`${service}: LaunchType`]: 'containers of a capacity provider of Fargate run on the same platform',
    [`${schedule}: State`]:
      'on: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html',
    [`${baseline}: ApprovalRules.PatchRules.*.PatchFilterGroup.PatchFilters.*.Values.*`]:
      'tells only whether the rule is about critical fixes',
  },
  indifferent: {
    [`${instance}: DBClusterIdentifier`]: 'tells only that the cluster decides which engine runs',
    [`${lambda}: Environment.Variables.DAYS`]: 'what the function is told besides the image',
    [`${service}: LaunchType`]: 'only another word than FARGATE means machines of one’s own',
    [`${baseline}: ApprovalRules.PatchRules.*.PatchFilterGroup.PatchFilters.*.Values.*`]:
      'a rule of no known severity is held to the days of any other',
  },
  live: liveCases,
};
