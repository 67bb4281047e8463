import type { NginxDirective } from '../../../lib/template/nginx-configuration';
import { inForce, type NginxLevel } from '../../../lib/template/nginx-levels';
import { NginxVariables } from '../../../lib/template/nginx-variables';

/** What a proxy answers by itself where a page should be. */
export type PublishedPage =
  | { readonly kind: 'page'; readonly type: string; readonly text: string }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'elsewhere'; readonly reason: string }
  | { readonly kind: 'absent' };

/** Servers that answer for a host by its name; all, where none has a name. */
export function namedServers(levels: readonly NginxLevel[]): readonly NginxLevel[] {
  const servers = levels.filter(({ kind }) => kind === 'server');
  const named = servers.filter((server) => hostOf(server) !== undefined);
  return named.length > 0 ? named : servers;
}

export function hostOf(server: NginxLevel): string | undefined {
  return (server.directive.block ?? [])
    .filter(({ name }) => name === 'server_name')
    .flatMap(({ words }) => words)
    .find((word) => word.includes('.'));
}

/**
 * What a visitor without a session gets who asks a server for a path, which stands there by itself (`location = /path`). A page that
 * another place of the server might answer is absent: nobody can read there what it says.
 */
export function pageAt(server: NginxLevel, path: string, levels: readonly NginxLevel[]): PublishedPage {
  const place = levels.find(
    ({ kind, parent, directive: { words } }) =>
      kind === 'location' && parent === server && words.length === 2 && words[0] === '=' && words[1] === path,
  );
  if (!place) {
    return { kind: 'absent' };
  }
  const request = { request_method: 'GET', request_uri: path, uri: path, content_type: '', scheme: 'https' };
  const variables = new NginxVariables(server.blocks[1] ?? [], { ...request, host: hostOf(server) ?? '' });
  const answer = [server, place]
    .map(({ directive }) => firstReturn(directive.block ?? [], variables))
    .find((each) => each !== undefined);
  if (answer === undefined || answer === 'unknown') {
    const reason = answer ? 'a condition that is not known decides' : 'a file or the application answers';
    return { kind: 'elsewhere', reason };
  }
  const [code = '', text = ''] = answer.words;
  const types = inForce(place, 'default_type').at(-1)?.words[0] ?? '';
  const charset = inForce(place, 'charset').at(-1)?.words[0];
  return code === '200'
    ? { kind: 'page', type: charset === undefined ? types : `${types}; charset=${charset}`, text }
    : { kind: 'refused', code };
}

function firstReturn(
  directives: readonly NginxDirective[],
  variables: NginxVariables,
): NginxDirective | 'unknown' | undefined {
  for (const directive of directives) {
    if (directive.name === 'return') {
      return directive;
    }
    if (directive.name === 'rewrite') {
      return 'unknown';
    }
    const inner = directive.name === 'if' ? firstReturn(directive.block ?? [], variables) : undefined;
    const holds = inner === undefined ? false : variables.condition(directive.words);
    if (holds !== false) {
      return holds === undefined ? 'unknown' : inner;
    }
  }
  return undefined;
}
