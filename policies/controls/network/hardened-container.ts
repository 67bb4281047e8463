import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';

/** What a task may do to the machine that it runs on, and each of its containers to the task. */
export function judgeTask(task: Subject): readonly Outcome[] {
  return [
    ...['NetworkMode', 'PidMode', 'IpcMode'].flatMap((mode) =>
      decide(task.text(mode), {
        known: (word) => (word === 'host' ? finding('sharesHost') : satisfied),
        absent: () => satisfied,
      }),
    ),
    ...decide(task.items('Volumes'), {
      known: (volumes) =>
        volumes.flatMap((volume) =>
          volume.at('Host.SourcePath').state() === 'absent' ? [] : [finding('sharesHost', `${volume.path}.Host`)],
        ),
      absent: () => satisfied,
    }),
    ...decide(task.items('ContainerDefinitions'), {
      known: (containers) =>
        containers.length === 0
          ? notAssessed('it has no container')
          : containers.flatMap((container) => judgeContainer(container, containers)),
      absent: () => notAssessed('its containers are not in the templates'),
    }),
  ];
}

function judgeContainer(container: Node, all: readonly Node[]): readonly Outcome[] {
  const { resolved } = container.at('Name');
  const values = { container: resolved.kind === 'scalar' ? String(resolved.value) : container.path };
  const broken = (message: string, property?: string) => finding(message, property, values);
  return [
    // Left out, the image decides, and most say nothing: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    ...decide(container.at('User').text(), {
      known: (user) =>
        (/^(root|0+)(:|$)/.test(user) || user === '') && !preparesOnly(container, all) ? broken('root') : satisfied,
      absent: () => broken('root'),
    }),
    ...decide(container.at('ReadonlyRootFilesystem').bool(), {
      known: (on) => (on ? satisfied : broken('writable')),
      absent: () => broken('writable'),
    }),
    ...decide(container.at('Privileged').bool(), {
      known: (on) => (on ? broken('privileged') : satisfied),
      absent: () => satisfied,
    }),
    ...judgeCapabilities(container.at('LinuxParameters.Capabilities'), broken),
    ...decide(container.at('Image').pattern(), {
      known: (image) => (/@sha256:[0-9a-f]{64}$/.test(image) ? satisfied : broken('movingImage')),
      absent: () => notAssessed('it names no image'),
    }),
  ];
}

/**
 * Whether a container has ended before any that stays begins: it opens an empty volume, say, which Fargate makes for root alone. What it
 * may do besides being root is judged like everything else.
 */
function preparesOnly(container: Node, all: readonly Node[]): boolean {
  const name = container.at('Name').text();
  const staying = all.filter((each) => each !== container && isEssential(each));
  return (
    name.kind === 'known' &&
    !isEssential(container) &&
    staying.length > 0 &&
    staying.every((each) => waitsFor(each, name.value))
  );
}

/** Unless said otherwise: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
function isEssential(container: Node): boolean {
  const essential = container.at('Essential').bool();
  return essential.kind !== 'known' || essential.value;
}

function waitsFor(container: Node, name: string): boolean {
  const list = container.at('DependsOn').items();
  return (
    list.kind === 'known' &&
    list.value.some((each) => {
      const other = each.at('ContainerName').text();
      const isIt = other.kind === 'known' && other.value === name;
      const condition = isIt ? each.at('Condition').text() : other;
      return isIt && condition.kind === 'known' && /^(SUCCESS|COMPLETE)$/.test(condition.value);
    })
  );
}

function judgeCapabilities(
  capabilities: Node,
  broken: (message: string, property?: string) => Outcome,
): readonly Outcome[] {
  const dropped = decide(capabilities.at('Drop').items(), {
    known: (list) =>
      list.some((each) => {
        const name = each.text();
        return name.kind === 'known' && name.value.toUpperCase() === 'ALL';
      })
        ? satisfied
        : list.some((each) => each.resolved.kind === 'unresolved')
          ? notAssessed('which capabilities it drops is not known')
          : broken('capable'),
    absent: () => broken('capable'),
  });
  const added = decide(capabilities.at('Add').items(), {
    known: (list) => (list.length > 0 ? broken('capable') : satisfied),
    absent: () => satisfied,
  });
  return [...dropped, ...added];
}
