import { checkProxy } from './reverse-proxy-check';
import { accessLog, client, limits, transport } from './reverse-proxy-connection';
import { type Disclosure, disclosureLocations } from './reverse-proxy-disclosure';
import { errorLocations, errorPages } from './reverse-proxy-errors';
import { guardMaps, guards } from './reverse-proxy-guards';
import { cookieFlags, hiddenHeaders, requestHeaders, responseHeaders } from './reverse-proxy-headers';

/** One operation of an API: its method, and its path with parameters in braces, as OpenAPI writes them. */
export interface Endpoint {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path such as `/api/invoices/{id}`; a parameter stands for one segment. */
  readonly path: string;
}

export interface ReverseProxyProps {
  /** Domain under which browsers reach the application, in lower case; requests for any other host are answered with 421. */
  readonly domainName: string;
  /** Lowest TLS version that the proxy speaks. */
  readonly minimumTls: '1.2' | '1.3';
  /** Seconds for which browsers remember to come back over HTTPS only. */
  readonly hstsSeconds: number;
  /** Whether every cookie leaves as HttpOnly, Secure and SameSite=Strict, or as Secure alone. */
  readonly strictCookies: boolean;
  /** IPv4 range of the load balancer's addresses, such as `10.20.0.0/16`: only from there is X-Forwarded-For believed. */
  readonly trustedRange: string;
  /**
   * Other origins whose scripts may read (GET and HEAD, never with credentials), such as `https://status.example.com`. None may write.
   *
   * @default - none
   */
  readonly readers?: readonly string[];
  /**
   * First segment of the API's paths, in any case. Requests below it must be JSON, and get errors in JSON.
   *
   * @default '/api'
   */
  readonly apiPath?: string;
  /**
   * Every operation below `apiPath`; any other is answered with 404 before the application sees it.
   *
   * @default - every path below `apiPath` reaches the application
   */
  readonly endpoints?: readonly Endpoint[];
  /**
   * Path of the application that answers 200 while it is well; the load balancer asks for it.
   *
   * @default '/health'
   */
  readonly healthPath?: string;
  /**
   * `/.well-known/security.txt` and the policy that it names, answered by the proxy itself.
   *
   * @default - none: the application answers there, if it does
   */
  readonly disclosure?: Disclosure;
  /**
   * Megabytes of a request's body, at most. Bodies wait in `directory` until they are complete; files belong in a bucket, uploaded there
   * directly.
   *
   * @default 1
   */
  readonly bodyMegabytes?: number;
  /**
   * Kilobytes of the body of a request to the API, at most.
   *
   * @default 256
   */
  readonly apiBodyKilobytes?: number;
  /**
   * Names of the Trusted Types policies that scripts may create.
   *
   * @default - `default` alone
   */
  readonly trustedTypes?: readonly string[];
  /**
   * TCP port of the proxy.
   *
   * @default 8443
   */
  readonly port?: number;
  /**
   * Address that the proxy listens on.
   *
   * @default - every address of the task
   */
  readonly address?: string;
  /**
   * TCP port of the application, on the loopback address that both share.
   *
   * @default 8080
   */
  readonly applicationPort?: number;
  /**
   * Writable folder with `certificate.pem` and `key.pem`; the proxy keeps its process id and request bodies there.
   *
   * @default '/dev/shm/proxy'
   */
  readonly directory?: string;
}

/**
 * Port and folder that a proxy takes unless it is told otherwise. The folder is in memory, in the file system that every Linux container has
 * for itself: anybody may write there, a read-only root leaves it alone, and no key in it ever lies on a disk. It holds 64 MB.
 */
export const PROXY_PORT = 8443;
export const PROXY_DIRECTORY = '/dev/shm/proxy';

/**
 * Writes the whole configuration of an nginx (1.22 or later) that stands beside an application and does what a load balancer cannot:
 * headers and cookie flags on every status, no forged or cross-origin writes, no WebSocket from other sites, errors that say nothing.
 *
 * - Every `add_header` and `proxy_set_header` stands at the top: a block below that adds one of its own would lose all of them.
 * - The nonce of the content security policy is `$request_id`, 16 random bytes anew for each request; the application reads it from `X-CSP-Nonce`.
 * - A write or a WebSocket must carry exactly our Origin. Without an Origin, Sec-Fetch-Site decides, and without that the Referer. A
 *   client that is no browser sends our Origin itself. No path is exempt.
 * - The path that nginx judges and the one that the application sees are the same: encoded slashes, dots and double slashes are refused.
 * - The client is the right-most hop of X-Forwarded-For, which the load balancer wrote; everything left of it is the client's own word.
 * - Errors of the application are replaced, so its own words about a refused request do not reach the client either.
 * - The log holds paths without queries, and neither cookies nor referrers. nginx's error log would print whole request lines: it is
 *   kept to `crit`, which has none.
 *
 * It does not validate bodies against a schema: nginx cannot without a scripting module. It checks method, path, media type and size; the
 * application checks the rest. The header `Server: nginx`, without a version, stays as well.
 *
 * @returns text of an `nginx.conf`
 * @throws if a value is not what it says: all of them end in a configuration file
 */
export function proxyConfiguration(props: ReverseProxyProps): string {
  checkProxy(props);
  const {
    port = PROXY_PORT,
    address = '0.0.0.0',
    applicationPort = 8080,
    directory = PROXY_DIRECTORY,
    apiPath = '/api',
    healthPath = '/health',
    bodyMegabytes = 1,
    apiBodyKilobytes = 256,
  } = props;
  return block([
    'worker_processes 2;',
    `pid ${directory}/nginx.pid;`,
    'error_log stderr crit;',
    ['events', ['worker_connections 2048;']],
    [
      'http',
      [
        ...transport(props.minimumTls, directory),
        ...limits(bodyMegabytes),
        ...client(props.trustedRange),
        ...accessLog(),
        ...guardMaps(props),
        ...responseHeaders(props),
        ...errorPages(),
        ['upstream application', [`server 127.0.0.1:${applicationPort};`]],
        ...requestHeaders(),
        ...hiddenHeaders(),
        cookieFlags(props.strictCookies),
        [
          'server',
          [
            `listen ${address}:${port} ssl default_server;`,
            'server_name _;',
            [
              `location = ${healthPath}`,
              [`allow ${props.trustedRange};`, 'allow 127.0.0.1;', 'deny all;', 'proxy_pass http://application;'],
            ],
            ['location /', ['return 421;']],
            ...errorLocations(),
          ],
        ],
        [
          'server',
          [
            `listen ${address}:${port} ssl;`,
            `server_name ${props.domainName};`,
            ...disclosureLocations(props.domainName, props.disclosure),
            ['location /', [...guards(), 'proxy_pass http://application;']],
            [
              `location ~* ^${apiPath}(/|$)`,
              [
                `client_max_body_size ${apiBodyKilobytes}k;`,
                ...errorPages('json'),
                ...guards(),
                'if ($unknown_endpoint) { return 404; }',
                'if ($unsupported_type) { return 415; }',
                'proxy_pass http://application;',
              ],
            ],
            ...errorLocations(),
          ],
        ],
      ],
    ],
  ]);
}

/** A directive, or a block with its name and what is in it. */
export type Directive = string | readonly [string, readonly Directive[]];

function block(directives: readonly Directive[], indent = ''): string {
  return directives
    .map((each) =>
      typeof each === 'string'
        ? `${indent}${each}\n`
        : `${indent}${each[0]} {\n${block(each[1], `${indent}  `)}${indent}}\n`,
    )
    .join('');
}
