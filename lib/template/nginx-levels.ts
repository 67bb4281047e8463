import type { NginxDirective } from './nginx-configuration';
import { oncePerObject, oncePerText } from './remember';

/** A place that answers requests: a server, a location, or an `if` within a location, which nginx treats as a location of its own. */
export interface NginxLevel {
  readonly kind: 'server' | 'location' | 'if';
  /** For a reader: `server (line 9) location /api`. */
  readonly name: string;
  readonly directive: NginxDirective;
  readonly parent?: NginxLevel;
  /** Blocks that it lies in, from the whole file to its own. */
  readonly blocks: readonly (readonly NginxDirective[])[];
}

const passes = new Set(['proxy_pass', 'fastcgi_pass', 'uwsgi_pass', 'scgi_pass', 'grpc_pass', 'memcached_pass']);

/** Every level of every HTTP server, parents before what lies in them. */
export const levelsOf = oncePerObject((directives: readonly NginxDirective[]): readonly NginxLevel[] =>
  directives
    .filter(({ name }) => name === 'http')
    .flatMap(({ block = [] }) =>
      block
        .filter(({ name }) => name === 'server')
        .flatMap((server) => below(server, 'server', `server (line ${server.line})`, [directives, block])),
    ),
);

function below(
  directive: NginxDirective,
  kind: NginxLevel['kind'],
  name: string,
  around: readonly (readonly NginxDirective[])[],
  parent?: NginxLevel,
): readonly NginxLevel[] {
  const block = directive.block ?? [];
  const level: NginxLevel = { kind, name, directive, parent, blocks: [...around, block] };
  const inner = block.flatMap((child) => {
    const isLevel = child.name === 'location' || (child.name === 'if' && kind !== 'server');
    return isLevel
      ? below(
          child,
          child.name === 'if' ? 'if' : 'location',
          `${name} ${[child.name, ...child.words].join(' ')}`,
          level.blocks,
          level,
        )
      : [];
  });
  return [level, ...inner];
}

/** What a level writes itself. */
export function own(level: NginxLevel, name: string): readonly NginxDirective[] {
  return (level.directive.block ?? []).filter((directive) => directive.name === name);
}

/**
 * What holds at a level. nginx inherits a directive only where a level writes none of that name: one `add_header` in a location drops
 * all those of its server, unless `add_header_inherit merge` says otherwise.
 *
 * Source: https://nginx.org/en/docs/http/ngx_http_headers_module.html
 */
export function inForce(level: NginxLevel, name: string): readonly NginxDirective[] {
  return inForceAt(level)(name);
}

const inForceAt = oncePerObject((level: NginxLevel) => oncePerText((name) => inherited(level, name)));

function inherited(level: NginxLevel, name: string): readonly NginxDirective[] {
  let kept: readonly NginxDirective[] = [];
  let merges = false;
  for (const block of level.blocks) {
    const here = block.filter((directive) => directive.name === name);
    const inherit = block.find((directive) => directive.name === `${name}_inherit`)?.words[0];
    merges = inherit === undefined ? merges : inherit === 'merge';
    kept = inherit === 'off' ? here : here.length === 0 ? kept : merges ? [...kept, ...here] : here;
  }
  return kept;
}

/** How a level hands requests to an application: `proxy_pass` and its kin; an `if` does what its location does unless it says otherwise. */
export function passOf(level: NginxLevel): NginxDirective | undefined {
  const written = (level.directive.block ?? []).find(({ name }) => passes.has(name));
  return written ?? (level.kind === 'if' && level.parent ? passOf(level.parent) : undefined);
}

/** Whether a client can ask for it by itself: named and internal locations are only come to from others. */
export function isEntered(level: NginxLevel): boolean {
  return level.kind !== 'if' && !level.directive.words[0]?.startsWith('@') && own(level, 'internal').length === 0;
}
