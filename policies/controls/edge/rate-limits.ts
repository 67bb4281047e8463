import { decide } from '../../../lib/control/decide';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { disguises, type Routes, routes, wholePool } from './routes';
import { type Matcher, matcherOf } from './sample-request';
import { acts, type FirewallRule } from './web-acl';

/** A rule that counts, and which requests it counts. */
interface Limit {
  readonly rule: FirewallRule;
  readonly rate: Node;
  readonly counts: Matcher;
  /** Counts pages or the whole API as well: what it lets through was not meant for single routes. */
  readonly broad: boolean;
}

/** Judges that every group of routes has a limit that counts clients, blocks, and cannot be walked around. */
export function judgeLimits(rules: readonly FirewallRule[], figures: Figures, poolsOnly: boolean): readonly Outcome[] {
  const limits = rules.flatMap((rule) => {
    const rate = rule.statement.at('RateBasedStatement');
    return rate.resolved.kind === 'absent' ? [] : [limitOf(rule, rate)];
  });
  const groups = poolsOnly ? [wholePool] : routes;
  return groups.flatMap((group) => judgeRoutes(limits, group, figures.number(group.parameter)));
}

function limitOf(rule: FirewallRule, rate: Node): Limit {
  const scope = rate.at('ScopeDownStatement');
  const counts: Matcher = scope.resolved.kind === 'absent' ? () => true : matcherOf(scope);
  const broad = ['/an-ordinary-page', '/api/orders'].some((path) => counts({ method: 'POST', path }));
  return { rule, rate, counts, broad };
}

function judgeRoutes(limits: readonly Limit[], group: Routes, promised: number): readonly Outcome[] {
  const meantForAll = group.paths.includes('/api') || group.paths.length === 1;
  let problem: Outcome | undefined;
  for (const limit of limits) {
    const outcomes = judgeLimit(limit, group, promised);
    const worst = outcomes?.find(({ verdict }) => verdict !== 'satisfied');
    if (outcomes && !worst) {
      return [satisfied];
    }
    problem ??= limit.broad && !meantForAll ? undefined : worst;
  }
  return [problem ?? finding('unlimited', 'Rules', { routes: group.name, promised })];
}

/** What is wrong with a limit for a group of routes; undefined where it is not about them. */
function judgeLimit(limit: Limit, group: Routes, promised: number): readonly Outcome[] | undefined {
  const { rule, rate, counts } = limit;
  const answer = (path: string) => counts({ method: group.method, path });
  const scope = rate.at('ScopeDownStatement').path;
  const path = group.paths.find(answer);
  if (path === undefined) {
    const hidden = group.paths.some((each) => answer(each) === undefined);
    return hidden ? [notAssessed('which routes the limit is for is not known', scope)] : undefined;
  }
  const evaded = disguises.map((disguise) => disguise(path)).find((written) => !answer(written));
  const values = { rule: rule.name, routes: group.name, promised };
  return [
    ...judgeAction(rule, values),
    ...judgeKey(rate, values),
    ...judgeCount(rate, promised, values),
    evaded === undefined ? satisfied : finding('evaded', scope, { ...values, example: evaded }),
  ];
}

function judgeAction(rule: FirewallRule, values: Readonly<Record<string, unknown>>): readonly Outcome[] {
  switch (acts(rule, 'Block')) {
    case 'known':
      return [satisfied];
    case 'absent':
      return [finding('notBlocked', rule.node.at('Action').path, values)];
    case 'unresolved':
      return [notAssessed('what the limit does is not known', rule.node.at('Action').path)];
  }
}

/** With a part of the key that the client writes, every value of it starts a count of its own. */
const writtenByClients = ['Header', 'Cookie', 'QueryArgument', 'QueryString', 'UriPath', 'HTTPMethod', 'ForwardedIP'];

function judgeKey(rate: Node, values: Readonly<Record<string, unknown>>): readonly Outcome[] {
  return decide(rate.at('AggregateKeyType').text(), {
    known: (type) => {
      if (type === 'CUSTOM_KEYS') {
        return judgeCustomKeys(rate.at('CustomKeys'), values);
      }
      // FORWARDED_IP takes the first address in the header, which is the one that the client wrote.
      return type === 'IP' || type === 'CONSTANT'
        ? satisfied
        : finding('forgeable', undefined, { ...values, key: type });
    },
    absent: () => notAssessed('by what clients are told apart is not written'),
  });
}

function judgeCustomKeys(keys: Node, values: Readonly<Record<string, unknown>>): readonly Outcome[] {
  return decide(keys.items(), {
    known: (list) =>
      list.map((key) => {
        const { resolved } = key;
        const [kind] = resolved.kind === 'map' ? Object.keys(resolved.entries) : [];
        if (kind === undefined) {
          return notAssessed('by what clients are told apart is not known', key.path);
        }
        key.at(kind).state();
        return writtenByClients.includes(kind) ? finding('forgeable', key.path, { ...values, key: kind }) : satisfied;
      }),
    absent: () => notAssessed('by what clients are told apart is not written'),
  });
}

/** Figures are requests in five minutes, which is also the window where none is written (EvaluationWindowSec). */
function judgeCount(rate: Node, promised: number, values: Readonly<Record<string, unknown>>): readonly Outcome[] {
  return decide(rate.at('Limit').number(), {
    known: (limit) =>
      decide(rate.at('EvaluationWindowSec').number(), {
        known: (seconds) =>
          (limit * 300) / seconds <= promised ? satisfied : finding('tooMany', rate.at('Limit').path, values),
        absent: () => (limit <= promised ? satisfied : finding('tooMany', rate.at('Limit').path, values)),
      }),
    absent: () => finding('tooMany', undefined, values),
  });
}
