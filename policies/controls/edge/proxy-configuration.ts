import { finding, notApplicable, notAssessed, type Outcome } from '../../../lib/control/verdict';
import { type NginxDirective, readNginxConfiguration } from '../../../lib/template/nginx-configuration';
import { levelsOf, type NginxLevel } from '../../../lib/template/nginx-levels';
import type { Node } from '../../../lib/template/node';
import { oncePerObject } from '../../../lib/template/remember';
import { textOf } from '../../../lib/template/resolved';
import type { Subject } from '../../../lib/template/subject';

/** Variable in which a container brings the whole text of the nginx configuration that it runs with. */
const variable = 'PROXY_CONFIGURATION';

export const proxyTask = 'AWS::ECS::TaskDefinition';

export interface ProxyConfiguration {
  readonly directives: readonly NginxDirective[];
  /** Every server and location, and every `if` in one. */
  readonly levels: readonly NginxLevel[];
}

const configurationOf = oncePerObject(
  (directives: readonly NginxDirective[]): ProxyConfiguration => ({ directives, levels: levelsOf(directives) }),
);

interface Carrier {
  readonly container: Node;
  readonly value: Node;
}

/**
 * Judges the configuration of the reverse proxy in a task. A task that a load balancer hands requests to, but that shows no such
 * configuration, answers with what its image decides: not assessed. So does a configuration with parts that are not in it.
 */
export function judgeProxy(
  task: Subject,
  judge: (configuration: ProxyConfiguration) => readonly Outcome[],
): readonly Outcome[] {
  const containers = task.items('ContainerDefinitions');
  if (containers.kind !== 'known') {
    return [notAssessed('which containers run is not known', containers.property)];
  }
  const doors = doorsOf(task);
  const carriers = containers.value.flatMap(carrierIn);
  if (carriers.length === 0) {
    return doors.length === 0
      ? [notApplicable('no load balancer hands requests to it')]
      : [notAssessed(`what its containers answer is not in the template: none brings ${variable}`)];
  }
  return [...bypasses(carriers, doors), ...carriers.flatMap(({ value }) => judgeText(value, judge))];
}

function judgeText(value: Node, judge: (configuration: ProxyConfiguration) => readonly Outcome[]): readonly Outcome[] {
  const text = value.pattern();
  if (text.kind !== 'known') {
    return [notAssessed('the configuration of the proxy is not known', value.path)];
  }
  const read = readNginxConfiguration(text.value);
  if (read.kind === 'unreadable') {
    return [notAssessed(`line ${read.line} of the proxy's configuration: ${read.reason}`, value.path)];
  }
  const configuration = configurationOf(read.directives);
  const gaps = read.gaps.map(({ line, reason }) =>
    notAssessed(`line ${line} of the proxy's configuration: ${reason}`, value.path),
  );
  return configuration.levels.length === 0
    ? [...gaps, notAssessed("the proxy's configuration has no server", value.path)]
    : [...gaps, ...judge(configuration)];
}

function carrierIn(container: Node): readonly Carrier[] {
  const environment = container.at('Environment').items();
  if (environment.kind !== 'known') {
    return [];
  }
  return environment.value
    .filter((entry) => textOf(entry.at('Name').resolved).text === variable)
    .map((entry) => ({ container, value: entry.at('Value') }));
}

/** Containers that a load balancer hands requests to; undefined where it cannot be told which. */
function doorsOf(task: Subject): readonly (string | undefined)[] {
  return task.scope.referring(task, 'AWS::ECS::Service', 'TaskDefinition').flatMap((service) => {
    const balancers = service.items('LoadBalancers');
    if (balancers.kind !== 'known') {
      return balancers.kind === 'absent' ? [] : [undefined];
    }
    return balancers.value.map((balancer) => {
      const name = balancer.at('ContainerName').text();
      return name.kind === 'known' ? name.value : undefined;
    });
  });
}

/** A road to a container that stands beside the proxy is a road around it. */
function bypasses(carriers: readonly Carrier[], doors: readonly (string | undefined)[]): readonly Outcome[] {
  const names = carriers.map(({ container }) => {
    const name = container.at('Name').text();
    return name.kind === 'known' ? name.value : undefined;
  });
  return doors.flatMap((door) => {
    if (door === undefined || names.includes(undefined)) {
      return [notAssessed('which container the load balancer hands requests to is not known')];
    }
    return names.includes(door) ? [] : [finding('bypassed', undefined, { container: door })];
  });
}
