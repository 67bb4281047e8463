import { addBeside, type ControlCases, remove, set } from '../../../lib/control/cases';

const task = 'AWS::ECS::TaskDefinition';
const service = 'AWS::ECS::Service';
const repository = 'AWS::ECR::Repository';
const group = 'AWS::EC2::SecurityGroup';
const template = 'AWS::EC2::LaunchTemplate';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const hardened = () => ({
  User: '10001:10001',
  ReadonlyRootFilesystem: true,
  Privileged: false,
  LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
});
const notShipped = 'the project deploys no machines';

const containers = {
  Resources: {
    Images: { Type: repository, Properties: { ImageTagMutability: 'IMMUTABLE' } },
    Task: {
      Type: task,
      Properties: {
        NetworkMode: 'awsvpc',
        Volumes: [{ Name: 'scratch' }],
        ContainerDefinitions: [
          {
            Name: 'volumes',
            ...hardened(),
            User: '0',
            Essential: false,
            Image: `public.ecr.aws/nginx/nginx@${digest}`,
          },
          {
            Name: 'application',
            DependsOn: [{ ContainerName: 'volumes', Condition: 'SUCCESS' }],
            ...hardened(),
            Image: {
              'Fn::Join': [
                '',
                [{ Ref: 'AWS::AccountId' }, '.dkr.ecr.', { Ref: 'AWS::Region' }, `.amazonaws.com/app@${digest}`],
              ],
            },
          },
          {
            Name: 'proxy',
            ...hardened(),
            DependsOn: [{ ContainerName: 'volumes', Condition: 'SUCCESS' }],
            Image: `public.ecr.aws/nginx/nginx@${digest}`,
          },
        ],
      },
    },
    Service: { Type: service, Properties: { TaskDefinition: { Ref: 'Task' }, EnableExecuteCommand: false } },
    Group: {
      Type: group,
      Properties: {
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, CidrIp: '10.0.0.0/16' }],
      },
    },
  },
};

const machines = {
  Resources: {
    Machines: {
      Type: template,
      Properties: {
        LaunchTemplateData: {
          MetadataOptions: { HttpTokens: 'required' },
          UserData: { 'Fn::Base64': '#!/bin/sh\nsystemctl start application\n' },
        },
      },
    },
    Machine: { Type: 'AWS::EC2::Instance', Properties: { LaunchTemplate: { LaunchTemplateId: { Ref: 'Machines' } } } },
  },
};

const ofTask = 'service of two containers, and one that goes before';
const ofMachines = 'machine from a template';
/** Of a container that stays; the first one prepares the volumes and ends. */
const staying = (property: string) => `ContainerDefinitions.2.${property}`;

export const cases: ControlCases = {
  compliant: { [ofTask]: { template: containers }, [ofMachines]: { template: machines } },
  mutations: [
    {
      name: 'a container runs as root',
      of: ofTask,
      edit: set(task, staying('User'), '0'),
      expect: { message: 'root' },
    },
    {
      name: 'a container runs as root with a group',
      of: ofTask,
      edit: set(task, staying('User'), 'root:nogroup'),
      expect: { message: 'root' },
    },
    {
      name: 'the image decides who a container runs as',
      of: ofTask,
      edit: remove(task, staying('User')),
      expect: { message: 'root' },
    },
    {
      name: 'the container that prepares as root stays',
      of: ofTask,
      edit: set(task, 'ContainerDefinitions.0.Essential', true),
      expect: { message: 'root' },
      notShipped: 'no container of the project is root',
    },
    {
      name: 'nobody waits for the end of the container that prepares as root',
      of: ofTask,
      edit: remove(task, staying('DependsOn')),
      expect: { message: 'root' },
      notShipped: 'no container of the project is root',
    },
    {
      name: 'a container begins with the one that prepares as root',
      of: ofTask,
      edit: set(task, staying('DependsOn.0.Condition'), 'START'),
      expect: { message: 'root' },
      notShipped: 'no container of the project is root',
    },
    {
      name: 'a container can change its own programs',
      of: ofTask,
      edit: remove(task, staying('ReadonlyRootFilesystem')),
      expect: { message: 'writable' },
    },
    {
      name: 'another container can change its own programs',
      of: ofTask,
      edit: set(task, 'ContainerDefinitions.1.ReadonlyRootFilesystem', false),
      expect: { message: 'writable' },
    },
    {
      name: 'a container has the rights of its machine',
      of: ofTask,
      edit: set(task, staying('Privileged'), true),
      expect: { message: 'privileged' },
    },
    {
      name: 'capabilities are kept',
      of: ofTask,
      edit: remove(task, staying('LinuxParameters')),
      expect: { message: 'capable' },
    },
    {
      name: 'one capability is dropped and the rest kept',
      of: ofTask,
      edit: set(task, staying('LinuxParameters.Capabilities.Drop'), ['NET_RAW']),
      expect: { message: 'capable' },
    },
    {
      name: 'a capability is added again',
      of: ofTask,
      edit: set(task, staying('LinuxParameters.Capabilities.Add'), ['SYS_PTRACE']),
      expect: { message: 'capable' },
    },
    {
      name: 'an image is named by its tag',
      of: ofTask,
      edit: set(task, staying('Image'), 'public.ecr.aws/nginx/nginx:latest'),
      expect: { message: 'movingImage' },
    },
    {
      name: 'a task shares the network of its machine',
      of: ofTask,
      edit: set(task, 'NetworkMode', 'host'),
      expect: { message: 'sharesHost' },
    },
    {
      name: 'a task sees the processes of its machine',
      of: ofTask,
      edit: set(task, 'PidMode', 'host'),
      expect: { message: 'sharesHost' },
    },
    {
      name: 'a task mounts the socket that commands its machine',
      of: ofTask,
      edit: set(task, 'Volumes', [{ Name: 'docker', Host: { SourcePath: '/var/run/docker.sock' } }]),
      expect: { message: 'sharesHost' },
    },
    {
      name: 'people may open a shell in a container',
      of: ofTask,
      edit: set(service, 'EnableExecuteCommand', true),
      expect: { message: 'shell' },
    },
    {
      name: 'a tag may be moved to another image',
      of: ofTask,
      edit: remove(repository, 'ImageTagMutability'),
      expect: { message: 'movingTags' },
    },
    {
      name: 'SSH is open to the VPC',
      of: ofTask,
      edit: addBeside(group, 'Ssh', (id) => ({
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: { Ref: id }, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/16' },
      })),
      expect: { message: 'sshDoor' },
    },
    {
      name: 'SSH hides in a range of ports',
      of: ofTask,
      edit: set(group, 'SecurityGroupIngress', [
        { IpProtocol: 'tcp', FromPort: 20, ToPort: 80, CidrIp: '10.0.0.0/16' },
      ]),
      expect: { message: 'sshDoor' },
    },
    {
      name: 'SSH is open to another group',
      of: ofTask,
      edit: set(group, 'SecurityGroupIngress', [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, SourceSecurityGroupId: 'sg-bastion' },
      ]),
      expect: { message: 'sshDoor' },
    },
    {
      name: 'credentials are handed to forged requests',
      of: ofMachines,
      edit: set(template, 'LaunchTemplateData.MetadataOptions.HttpTokens', 'optional'),
      expect: { message: 'openMetadata' },
      notShipped,
    },
    {
      name: 'nothing is said of the credentials',
      of: ofMachines,
      edit: remove(template, 'LaunchTemplateData.MetadataOptions'),
      expect: { message: 'openMetadata' },
      notShipped,
    },
    {
      name: 'a machine has an SSH key',
      of: ofMachines,
      edit: set(template, 'LaunchTemplateData.KeyName', 'operations'),
      expect: { message: 'sshKey' },
      notShipped,
    },
    {
      name: 'a single machine has an SSH key',
      of: ofMachines,
      edit: set('AWS::EC2::Instance', 'KeyName', 'operations'),
      expect: { message: 'sshKey' },
      notShipped,
    },
    {
      name: 'a password is set for people to sign in with',
      of: ofMachines,
      edit: set(template, 'LaunchTemplateData.UserData', {
        'Fn::Base64': '#!/bin/sh\necho "admin:secret" | chpasswd\n',
      }),
      expect: { message: 'passwordSignIn' },
      notShipped,
    },
    {
      name: 'sign-in by password hides in encoded user data',
      of: ofMachines,
      edit: set(
        template,
        'LaunchTemplateData.UserData',
        Buffer.from('#cloud-config\nPasswordAuthentication yes\n').toString('base64'),
      ),
      expect: { message: 'passwordSignIn' },
      notShipped,
    },
  ],
  others: [
    {
      name: 'fails closed without any workload',
      template: { Resources: { Group: containers.Resources.Group } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a lone machine that says nothing breaks it',
      template: { Resources: { Machine: { Type: 'AWS::EC2::Instance', Properties: { ImageId: 'ami-1' } } } },
      expect: { Machine: { message: 'openMetadata' } },
    },
    {
      name: 'a machine without a metadata service hands out nothing',
      template: {
        Resources: {
          Machine: {
            Type: 'AWS::AutoScaling::LaunchConfiguration',
            Properties: { MetadataOptions: { HttpEndpoint: 'disabled' } },
          },
        },
      },
      expect: { Machine: 'satisfied' },
    },
    {
      name: 'members of a group that reach each other open no door',
      presentOnly: true,
      template: {
        Resources: {
          Group: {
            Type: group,
            Properties: { SecurityGroupIngress: [{ IpProtocol: '-1', SourceSecurityGroupId: 'sg-1' }] },
          },
        },
      },
      expect: { Group: 'satisfied' },
    },
    {
      name: 'a rule for a group from elsewhere opens SSH',
      presentOnly: true,
      template: {
        Resources: {
          Rule: {
            Type: 'AWS::EC2::SecurityGroupIngress',
            Properties: { GroupId: 'sg-1', IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '203.0.113.7/32' },
          },
        },
      },
      expect: { Rule: { message: 'sshDoor' } },
    },
    {
      name: 'a cluster of Kubernetes is not read',
      presentOnly: true,
      template: { Resources: { Cluster: { Type: 'AWS::EKS::Cluster', Properties: {} } } },
      expect: { Cluster: 'not-assessed' },
    },
    {
      name: 'an image that the deployer chooses is not assessed',
      presentOnly: true,
      template: {
        Parameters: { Image: { Type: 'String' } },
        Resources: {
          Task: { Type: task, Properties: { ContainerDefinitions: [{ ...hardened(), Image: { Ref: 'Image' } }] } },
        },
      },
      expect: { Task: 'not-assessed' },
    },
    {
      name: 'a shell that one branch of a condition opens breaks it',
      presentOnly: true,
      template: {
        Parameters: { Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] } },
        Conditions: { IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] } },
        Resources: {
          Service: { Type: service, Properties: { EnableExecuteCommand: { 'Fn::If': ['IsDev', true, false] } } },
        },
      },
      expect: { Service: { message: 'shell' } },
    },
    {
      name: 'a bucket is no concern',
      presentOnly: true,
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: {},
    },
  ],
  absentKeeps: {
    'AWS::ECS::TaskDefinition: NetworkMode':
      'bridge: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html',
    'AWS::ECS::TaskDefinition: Volumes': 'one volume less shares less',
    'AWS::ECS::TaskDefinition: ContainerDefinitions.*.Privileged':
      'not privileged: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html',
    'AWS::ECS::Service: EnableExecuteCommand':
      'off: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html',
    'AWS::EC2::SecurityGroup: SecurityGroupIngress':
      'a group without ingress rules admits nothing: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    'AWS::EC2::SecurityGroup: SecurityGroupIngress.*': 'one rule less admits less',
    'AWS::EC2::LaunchTemplate: LaunchTemplateData.UserData': 'no script sets no password',
  },
  indifferent: {
    'AWS::EC2::Instance: LaunchTemplate': 'whichever template it is, it is judged as the template that it is',
  },
};
