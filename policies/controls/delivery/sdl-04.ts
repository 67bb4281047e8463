import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { patchCriticalHours, patchDays } from './deadlines';
import { baselineDelay, patchedHosts } from './host-patching';
import { watchedImages } from './image-watch';
import { liveHalf } from './sdl-04.live';
import { comparedOn, type Support, supportOfEngine, supportOfRuntime } from './support-ends';

const databases = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];
const machines = ['AWS::EC2::Instance', 'AWS::AutoScaling::AutoScalingGroup'];

/** SDL-04: databases, runtimes, platforms, machines and images get their fixes. */
export const control = defineControl({
  id: 'sdl-04',
  title:
    'Databases, runtimes, platforms and machines take fixes over by themselves, images are watched for their age, and no critical flaw waits',
  family: 'delivery',
  claims: [
    'cly-critical-patch-immediate',
    'clvr-stack-patched',
    'clvr-patch-os',
    'clvr-patch-images',
    'clvr-patch-postgres',
  ],
  doesNotProve:
    'That a fix was installed the moment it came out: a database waits for its maintenance window, and an image until somebody builds and deploys it. That Amazon Inspector knows every flaw, that a machine is among those that are patched, and what the layers and libraries of a function hold (sdl-03).',
  runbook: 'patch-systems',
  parameters: { 'patch.days': patchDays, 'patch.criticalHours': patchCriticalHours },
  messages: {
    missing: {
      violation: 'nothing is deployed that could be patched',
      fix: 'deploy the database and the service, or judge what is present only',
    },
    noMinorUpgrades: {
      violation: 'database {name} does not take fixes over: {property} is {value}',
      fix: 'set autoMinorVersionUpgrade: true on the cluster and on each of its instances',
    },
    unsupportedEngine: {
      violation: 'database {name} runs {engine} {version}, whose support ended on {until}',
      fix: 'upgrade to a major version that is supported',
    },
    deprecatedRuntime: {
      violation: 'function {name} runs on {runtime}, which AWS mends no more since {until}',
      fix: 'move the function to a runtime that is supported',
    },
    pinnedPlatform: {
      violation: 'service {name} stays on one version of the platform: {property} is {value}',
      fix: 'set platformVersion to LATEST',
    },
    unpatchedHost: {
      violation: 'nothing installs fixes on machine {name}',
      fix: 'run AWS-RunPatchBaseline with the operation Install in a maintenance window or an association',
    },
    lateFix: {
      violation: 'patch baseline {name} lets a fix wait for {wait} days, promised are at most {most}',
      fix: 'set approveAfterDays to {most} or less',
    },
    unwatchedImage: {
      violation: 'nobody looks how old the image of task {name} is: {property} is {value}',
      fix: 'tell a function of the digest that looks by schedule, such as ImageAgeWatch',
    },
    rareLook: {
      violation: 'somebody looks how old the image of task {name} is by {rate} only, promised are {days} days',
      fix: 'look at least every {days} days',
    },
    notScanned: {
      violation: 'which flaws wait in {what} of account {name} nobody knows: Amazon Inspector does not look there',
      fix: 'switch on Amazon Inspector for {what} of the account',
    },
    overdue: {
      violation: '{severity} flaw of {name} waits since {since}, promised are {most}; a fix is there',
      fix: 'install the fix: build the image anew, or patch the machine',
    },
    noRules: {
      violation: 'no rule of AWS Config watches whether systems of account {name} are patched',
      fix: 'deploy the managed rules for minor versions, platform versions and runtimes',
    },
    nonCompliant: {
      violation: 'rule {name} of AWS Config is broken; resources that break it: {count}',
      fix: 'mend what aws configservice get-compliance-details-by-config-rule names for the rule',
    },
  },
  template: {
    judges: [
      ...databases,
      ...machines,
      'AWS::Lambda::Function',
      'AWS::ECS::Service',
      'AWS::ECS::TaskDefinition',
      'AWS::SSM::PatchBaseline',
    ],
    expects: 'at-least-one',
    expected: [...databases, ...machines, 'AWS::Lambda::Function', 'AWS::ECS::Service'],
    judge: (subject, { figures, scope }: JudgementContext) => {
      const days = figures.number('patch.days');
      switch (subject.type) {
        case 'AWS::Lambda::Function':
          return runtime(subject);
        case 'AWS::ECS::Service':
          return platform(subject);
        case 'AWS::ECS::TaskDefinition':
          return watchedImages(subject, scope, days);
        case 'AWS::SSM::PatchBaseline':
          return baselineDelay(subject, figures.number('patch.criticalHours'), days);
        default:
          return machines.includes(subject.type)
            ? patchedHosts(scope)
            : [...minorVersions(subject), ...engine(subject)];
      }
    },
  },
  live: liveHalf,
});

/** On unless it is switched off: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html */
function minorVersions(database: Subject): readonly Outcome[] {
  return decide(database.bool('AutoMinorVersionUpgrade'), {
    known: (on) => (on ? satisfied : finding('noMinorUpgrades')),
    absent: () => satisfied,
  });
}

function engine(database: Subject): readonly Outcome[] {
  if (database.type === 'AWS::RDS::DBInstance' && database.at('DBClusterIdentifier').state() === 'known') {
    return [];
  }
  return decide(database.text('Engine'), {
    known: (name) =>
      decide(database.text('EngineVersion'), {
        known: (version) =>
          judgeSupport(supportOfEngine(name, version), `${name} ${version}`, 'unsupportedEngine', {
            engine: name,
            version,
          }),
        absent: () => notAssessed('which version RDS chooses is not in the template', 'EngineVersion'),
      }),
    absent: () => notAssessed('the engine comes from a source that the template does not show'),
  });
}

function runtime(lambda: Subject): Outcome | readonly Outcome[] {
  const kind = lambda.text('PackageType');
  if (kind.kind === 'known' && kind.value === 'Image') {
    return notApplicable('its runtime lies in its image');
  }
  return decide(lambda.text('Runtime'), {
    known: (name) => judgeSupport(supportOfRuntime(name), name, 'deprecatedRuntime', { runtime: name }),
    absent: () => notAssessed('a function of a package has a runtime'),
  });
}

function judgeSupport(
  support: Support | undefined,
  what: string,
  message: string,
  values: Readonly<Record<string, string>>,
): Outcome {
  if (!support) {
    return notAssessed(`how long ${what} is supported was not known on ${comparedOn}`);
  }
  return support.isOver ? finding(message, undefined, { ...values, until: support.until }) : satisfied;
}

/** The newest where nothing is set: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html */
function platform(service: Subject): Outcome | readonly Outcome[] {
  const launch = service.text('LaunchType');
  if (launch.kind === 'known' && launch.value !== 'FARGATE') {
    return notAssessed('its machines are patched elsewhere', 'LaunchType');
  }
  return decide(service.text('PlatformVersion'), {
    known: (version) => (version === 'LATEST' ? satisfied : finding('pinnedPlatform')),
    absent: () => satisfied,
  });
}
