import type { NginxDirective } from './nginx-configuration';
import { inForce, isEntered, type NginxLevel, own, passOf } from './nginx-levels';
import { NginxVariables } from './nginx-variables';
import { oncePerObject } from './remember';

/** What becomes of a request at a level: nginx answers by itself, the application gets it, or the text does not say. */
export type NginxFate = 'answered' | 'forwarded' | 'unknown';

/** A request as nginx's variables show it: `request_method`, `http_origin`, `content_type`. Headers that are not named are not sent. */
export type NginxRequest = Readonly<Record<string, string>>;

/**
 * Levels at which a client's request can go on to an application: by themselves, through a named or internal place that they hand over
 * to, or, where a rewrite leads to an internal place, that place.
 */
export const forwardingLevels = oncePerObject((levels: readonly NginxLevel[]): readonly NginxLevel[] => {
  const inner = levels.filter((level) => level.kind === 'location' && !isEntered(level) && passes(level, levels));
  return levels.filter((level) =>
    isEntered(level)
      ? passes(level, levels) || inner.some((place) => namesOf(level).includes(place.directive.words.at(-1)))
      : inner.includes(level) && levels.some((other) => rewritesTo(other, level)),
  );
});

function passes(level: NginxLevel, levels: readonly NginxLevel[]): boolean {
  const within = levels.filter((other) => other.kind === 'if' && other.parent === level);
  return [level, ...within].some((place) => passOf(place) !== undefined);
}

function namesOf(level: NginxLevel): readonly (string | undefined)[] {
  return [...inForce(level, 'try_files'), ...inForce(level, 'error_page')].map(({ words }) => words.at(-1));
}

function rewritesTo(level: NginxLevel, place: NginxLevel): boolean {
  const path = place.directive.words.at(-1) ?? '';
  return rewritesIn(level.directive.block ?? []).some((target) => target.startsWith(path));
}

function rewritesIn(directives: readonly NginxDirective[]): readonly string[] {
  return directives.flatMap(({ name, words, block = [] }) =>
    name === 'rewrite' ? [words[1] ?? ''] : name === 'if' ? rewritesIn(block) : [],
  );
}

/**
 * Follows a request through the rewrite rules of a level's server and then its own, as nginx runs them, and through the methods and
 * addresses that it denies. An answer that hands over to a page of the application counts as unknown.
 */
export function fateOf(request: NginxRequest, level: NginxLevel, levels: readonly NginxLevel[]): NginxFate {
  const variables = new NginxVariables(level.blocks[1] ?? [], request);
  for (const place of line(level)) {
    const end = run(place.directive.block ?? [], variables);
    if (end !== 'on') {
      return end === 'answered' && handsOver(place, levels) ? 'unknown' : end;
    }
    if (denies(place, variables)) {
      return 'answered';
    }
  }
  return 'forwarded';
}

/** Server first; an outer location's rewrite rules do not run for an inner one. */
function line(level: NginxLevel): readonly NginxLevel[] {
  let server = level;
  while (server.parent) {
    server = server.parent;
  }
  return server === level ? [level] : [server, level];
}

function handsOver(level: NginxLevel, levels: readonly NginxLevel[]): boolean {
  const pages = inForce(level, 'error_page').map(({ words }) => words.at(-1));
  return levels.some((other) => pages.includes(other.directive.words.at(-1)) && passOf(other) !== undefined);
}

function denies(level: NginxLevel, variables: NginxVariables): boolean {
  const method = variables.valueOf('request_method') ?? '';
  const excepted = own(level, 'limit_except').some(
    ({ words, block = [] }) =>
      !words.includes(method) && !(method === 'HEAD' && words.includes('GET')) && refusesAll(block),
  );
  return excepted || refusesAll(level.directive.block ?? []);
}

/** Everybody but the addresses that are named: the first of `allow` and `deny` that fits counts. */
function refusesAll(block: readonly NginxDirective[]): boolean {
  const everybody = block.find(
    ({ name, words }) => (name === 'allow' || name === 'deny') && ['all', '0.0.0.0/0', '::/0'].includes(words[0] ?? ''),
  );
  return everybody?.name === 'deny';
}

type End = NginxFate | 'on';

function run(directives: readonly NginxDirective[], variables: NginxVariables): End {
  for (const directive of directives) {
    switch (directive.name) {
      case 'return':
        return 'answered';
      case 'break':
        return 'on';
      case 'set':
        variables.set(directive.words[0] ?? '', directive.words[1] ?? '');
        break;
      case 'rewrite':
        // Elsewhere in the same server: those places are judged by themselves.
        break;
      case 'if': {
        const end = branch(directive, variables);
        if (end !== 'on') {
          return end;
        }
        break;
      }
    }
  }
  return 'on';
}

function branch({ words, block = [] }: NginxDirective, variables: NginxVariables): End {
  const holds = variables.condition(words);
  if (holds === false) {
    return 'on';
  }
  if (holds === true) {
    return run(block, variables);
  }
  const assigns = block.some(({ name }) => name === 'set');
  return assigns || run(block, variables) !== 'answered' ? 'unknown' : 'on';
}
