import type { Directive, Endpoint, ReverseProxyProps } from './reverse-proxy';

/** What is asked of a request, as variables: `map` is lazy and has none of the surprises of `if`. Exact words match in any case. */
export function guardMaps(props: ReverseProxyProps): readonly Directive[] {
  return [...origins(props), ...readers(props.readers ?? []), ...upgrades(), ...shapes(props)];
}

/** What is refused, in this order; in the locations, because an error page passes through its server's own rules a second time. */
export function guards(): readonly Directive[] {
  return [
    'if ($ambiguous_path) { return 400; }',
    'if ($unknown_method) { return 405; }',
    'if ($forged) { return 403; }',
    'if ($preflight = allowed) { return 204; }',
    'if ($preflight = refused) { return 403; }',
  ];
}

/** Writes and upgrades need our own origin. What says nothing is not yet foreign, but three silences are. */
function origins({ domainName }: ReverseProxyProps): readonly Directive[] {
  const own = domainName.replaceAll('.', '\\.');
  return [
    ['map $request_method $changes_state', ['default 1;', 'GET 0;', 'HEAD 0;', 'OPTIONS 0;']],
    ['map $http_upgrade $wants_upgrade', ['default 1;', '"" 0;']],
    ['map $changes_state$wants_upgrade $guarded', ['default 1;', '00 0;']],
    ['map $http_origin $origin', ['default foreign;', '"" silent;', `"https://${domainName}" own;`]],
    ['map $http_sec_fetch_site $site', ['default foreign;', '"" silent;', 'same-origin own;', 'none own;']],
    ['map $http_referer $referer', ['default foreign;', '"" silent;', `"~^https://${own}(/|$)" own;`]],
    [
      'map $guarded/$origin/$site/$referer $forged',
      ['default 1;', '"~^0/" 0;', '"~^1/own/(own|silent)/" 0;', '"~^1/silent/own/" 0;', '"~^1/silent/silent/own$" 0;'],
    ],
  ];
}

/** Exact origins. The answer never says that credentials may come along, so a reader sees what anybody sees. */
function readers(allowed: readonly string[]): readonly Directive[] {
  return [
    ['map $http_origin $reader', ['default "";', ...allowed.map((origin) => `"${origin}" $http_origin;`)]],
    ['map $reader $may_read', ['default allowed;', '"" refused;']],
    [
      'map $request_method/$may_read $preflight',
      ['default "";', '"OPTIONS/allowed" allowed;', '"OPTIONS/refused" refused;'],
    ],
    ['map $preflight $reader_methods', ['default "";', 'allowed "GET, HEAD";']],
    ['map $preflight $reader_headers', ['default "";', 'allowed "Accept, Content-Type";']],
    ['map $preflight $reader_seconds', ['default "";', 'allowed 600;']],
  ];
}

/**
 * Only WebSocket passes: an upgrade to HTTP/2 in clear text would open a way around everything here. Otherwise each request has a
 * connection of its own to the application: what one leaves behind on it can never be read as the beginning of somebody else's.
 */
function upgrades(): readonly Directive[] {
  return [
    ['map $http_upgrade $upgrade', ['default "";', 'websocket websocket;']],
    ['map $http_upgrade $connection_to_application', ['default close;', 'websocket upgrade;']],
  ];
}

function shapes({ endpoints }: ReverseProxyProps): readonly Directive[] {
  // Only what nginx and an application could read as two different paths: encoded slash, backslash, dot, NUL or percent, and doubled slashes
  const ambiguous = String.raw`"~*^[^?]*(%2f|%5c|%2e|%00|%25|\\\\|//|/\.\.?(/|;|\?|$)|/;)" 1;`;
  return [
    ['map $request_uri $ambiguous_path', ['default 0;', ambiguous]],
    [
      'map $request_method $unknown_method',
      ['default 1;', ...['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} 0;`)],
    ],
    [
      'map $request_method/$content_type $unsupported_type',
      ['default 1;', '"~^(GET|HEAD|DELETE)/$" 0;', '"~*^[A-Z]+/application/json *(; *charset=\\"?utf-8\\"? *)?$" 0;'],
    ],
    [
      'map $request_method:$uri $unknown_endpoint',
      endpoints ? ['default 1;', ...endpoints.map(endpointPattern)] : ['default 0;'],
    ],
  ];
}

function endpointPattern({ method, path }: Endpoint): string {
  const pattern = path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+');
  return `"~^${method}:${pattern}$" 0;`;
}
