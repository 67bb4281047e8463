import type { JudgementContext } from '../../../lib/control/control';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { textOfRange } from '../../../lib/template/cidr';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { accessListsOf, publicThrough } from './access-list';
import { admittedBy, portsOf, subnetsOf } from './data-stores';
import { roadsFrom } from './reachability';

/** Whether the subnets of a database have no road to the internet. */
export function judgeSubnets(database: Subject, { scope }: JudgementContext): readonly Outcome[] {
  const { subnets, unseen, none } = subnetsOf(database);
  if (none !== undefined) {
    return [finding('defaultSubnets', none)];
  }
  const roads = subnets.map((subnet) => ({ subnet, ...roadsFrom(subnet, scope) }));
  const open = roads.flatMap(({ subnet, open: routes }) =>
    routes.map((route) => `${route.logicalId} of ${subnet.logicalId}`),
  );
  return [
    satisfied,
    ...[...unseen, ...roads.flatMap((road) => road.unseen)].map((reason) => notAssessed(reason)),
    ...(open.length > 0 ? [finding('routedToInternet', undefined, { routes: open.join(', ') })] : []),
  ];
}

/** Whether the security groups of a database keep every public address out, own ones included: nobody dials in from outside. */
export function judgeGroups(database: Subject, { scope }: JudgementContext): readonly Outcome[] {
  const { open, unseen } = admittedBy(database, scope);
  return [
    satisfied,
    ...unseen.map((reason) => notAssessed(reason)),
    ...open.map(({ group, source }) => finding('groupOpen', undefined, { group, source })),
  ];
}

/** Whether the access lists around a database close its port, even where a security group is opened by mistake. */
export function judgeAccessLists(database: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const { subnets } = subnetsOf(database);
  const own = portsOf(database);
  if (typeof own === 'string') {
    return [notAssessed(own)];
  }
  const ports = [...new Set([...own, figures.number('data.port')])];
  const found = subnets.map((subnet) => ({ subnet, lists: accessListsOf(subnet, scope) }));
  const bare = found.filter(({ lists }) => lists.length === 0).map(({ subnet }) => subnet.logicalId);
  const lists = [...new Set(found.flatMap((each) => each.lists))];
  return [
    satisfied,
    ...(bare.length > 0 ? [finding('noAccessList', undefined, { subnets: bare.join(', ') })] : []),
    ...lists.flatMap((list) => (typeof list === 'string' ? [notAssessed(list)] : judgeList(list, ports, scope))),
  ];
}

function judgeList(list: Subject, ports: readonly number[], scope: Scope): readonly Outcome[] {
  return ports.flatMap((port) => {
    const open = publicThrough(list, scope, port);
    if (typeof open === 'string') {
      return [notAssessed(open)];
    }
    const source = open.map(textOfRange).join(', ');
    return open.length > 0 ? [finding('accessListOpen', undefined, { list: list.logicalId, port, source })] : [];
  });
}
