import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { judgeTask } from './hardened-container';
import { judgeInstance, judgeMachine, judgeSshDoor } from './hardened-machine';

type Judge = (subject: Subject, context: JudgementContext) => Outcome | readonly Outcome[];

const unread: Judge = ({ type }) => notAssessed(`how ${type} hardens what it runs is not read`);

const judges: Readonly<Record<string, Judge>> = {
  'AWS::ECS::TaskDefinition': judgeTask,
  'AWS::ECS::Service': judgeService,
  'AWS::ECR::Repository': judgeRepository,
  'AWS::EC2::Instance': judgeInstance,
  'AWS::EC2::LaunchTemplate': (template) => judgeMachine(template.at('LaunchTemplateData')),
  'AWS::AutoScaling::LaunchConfiguration': (configuration) => judgeMachine(configuration.root),
  'AWS::EC2::SecurityGroup': (group, { scope }) => judgeSshDoor(group, scope),
  'AWS::EC2::SecurityGroupIngress': judgeLoneRule,
  'AWS::AppRunner::Service': unread,
  'AWS::Batch::JobDefinition': unread,
  'AWS::EKS::Cluster': unread,
  'AWS::EKS::Nodegroup': unread,
  'AWS::ElasticBeanstalk::Environment': unread,
  'AWS::Lightsail::Instance': unread,
};

/** NET-05: what a workload may do to the machine below it, and that nobody signs in to either. */
export const control = defineControl({
  id: 'net-05',
  title: 'Workloads run unprivileged in fixed images, and nobody signs in to a container or a machine',
  family: 'network',
  claims: ['tdb-hardened-linux', 'tdb-host-firewall', 'tdb-ssh-key-only', 'clvr-primary-infra', 'clvr-containerized'],
  doesNotProve:
    'What is inside an image, how the machines below Fargate are kept, that an image for machines follows a benchmark, and who may start a session through Systems Manager.',
  parameters: {},
  messages: {
    missing: {
      violation: 'no workload is deployed, so nothing runs in a hardened container',
      fix: 'run the application as an ECS service on Fargate',
    },
    root: {
      violation: 'container {container} of {name} runs as root: {property} is {value}',
      fix: 'set user to a number other than 0 that the image knows',
    },
    writable: {
      violation: 'container {container} of {name} can change its own programs: {property} is {value}',
      fix: 'set readonlyRootFilesystem, and mount a volume where something must be written',
    },
    privileged: {
      violation: 'container {container} of {name} has the rights of its machine: {property} is {value}',
      fix: 'remove privileged',
    },
    capable: {
      violation: 'container {container} of {name} keeps capabilities of the kernel: {property} is {value}',
      fix: 'drop ALL and add none',
    },
    movingImage: {
      violation: 'container {container} of {name} runs whatever its tag points to next: {property} is {value}',
      fix: 'name the image by its digest, repository@sha256:…',
    },
    sharesHost: {
      violation: '{name} shares {property} with the machine that it runs on',
      fix: 'use awsvpc networking, namespaces of its own and no path of the host',
    },
    shell: {
      violation: '{name} lets people open a shell in its containers: {property} is {value}',
      fix: 'set enableExecuteCommand: false',
    },
    movingTags: {
      violation: '{name} lets a tag be moved to another image: {property} is {value}',
      fix: 'set imageTagMutability to IMMUTABLE',
    },
    openMetadata: {
      violation: '{name} hands its credentials to forged requests: {property} is {value}',
      fix: 'set httpTokens to required',
    },
    sshKey: {
      violation: '{name} can be signed in to with an SSH key: {property} is {value}',
      fix: 'remove keyName; sessions of Systems Manager are recorded and need no key',
    },
    passwordSignIn: {
      violation: '{name} sets a password for people to sign in with, in {property}',
      fix: 'remove it from the user data',
    },
    sshDoor: {
      violation: '{name} opens port 22 to {source}',
      fix: 'remove the rule; sessions of Systems Manager need no port',
    },
  },
  template: {
    judges: Object.keys(judges),
    expects: 'at-least-one',
    expected: ['AWS::ECS::TaskDefinition', 'AWS::EC2::Instance', 'AWS::EC2::LaunchTemplate'],
    judge: (subject, context) => judges[subject.type]?.(subject, context) ?? notAssessed('nothing judges this type'),
  },
});

/** Off unless asked for: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
function judgeService(service: Subject): readonly Outcome[] {
  return decide(service.bool('EnableExecuteCommand'), {
    known: (on) => (on ? finding('shell') : satisfied),
    absent: () => satisfied,
  });
}

/** Mutable unless asked for: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html */
function judgeRepository(repository: Subject): readonly Outcome[] {
  return decide(repository.text('ImageTagMutability'), {
    known: (word) => (word === 'IMMUTABLE' ? satisfied : finding('movingTags')),
    absent: () => finding('movingTags'),
  });
}

/** A rule whose group the templates hold is judged with it. */
function judgeLoneRule(rule: Subject, { scope }: JudgementContext): Outcome | readonly Outcome[] {
  const { resolved } = rule.at('GroupId');
  return resolved.kind === 'reference' && resolved.resource.type === 'AWS::EC2::SecurityGroup'
    ? notApplicable('judged together with the other rules of its group')
    : judgeSshDoor(rule, scope);
}
