import type { ReverseProxyProps } from './reverse-proxy';

const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const ORIGIN = /^https:\/\/([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(:\d{1,5})?$/;
const RANGE = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;
const PATH = /^(\/[a-zA-Z0-9._-]+)+$/;
const HEALTH = /^(\/|(\/[a-zA-Z0-9._-]+)+)$/;
const ENDPOINT = /^(\/([a-zA-Z0-9._-]+|\{[a-zA-Z0-9_-]+\}))+$/;
const METHOD = /^(GET|HEAD|POST|PUT|PATCH|DELETE)$/;
const NAME = /^[a-zA-Z0-9_-]+$/;
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

/**
 * Nothing reaches the configuration file that could end a directive in it.
 *
 * @throws naming the value, what it is, and what it may be
 */
export function checkProxy(props: ReverseProxyProps): void {
  text('domainName', props.domainName, DOMAIN, 'a domain in lower case such as app.example.com');
  text('trustedRange', props.trustedRange, RANGE, 'an IPv4 range such as 10.20.0.0/16');
  for (const reader of props.readers ?? []) {
    text('readers', reader, ORIGIN, 'exact origins such as https://status.example.com, without a path and without *');
  }
  for (const { method, path } of props.endpoints ?? []) {
    text('endpoints', method, METHOD, 'methods such as GET or POST');
    text('endpoints', path, ENDPOINT, 'paths such as /api/invoices/{id}');
  }
  for (const name of props.trustedTypes ?? []) {
    text('trustedTypes', name, NAME, 'names of letters, digits, _ and -');
  }
  text('apiPath', props.apiPath ?? '/api', PATH, 'a path such as /api');
  text('healthPath', props.healthPath ?? '/health', HEALTH, 'a path such as /health');
  text('directory', props.directory ?? '/dev/shm/proxy', PATH, 'an absolute folder such as /dev/shm/proxy');
  text('address', props.address ?? '0.0.0.0', ADDRESS, 'an IPv4 address');
  for (const name of ['hstsSeconds', 'bodyMegabytes', 'apiBodyKilobytes', 'port', 'applicationPort'] as const) {
    const value = props[name];
    if (value !== undefined && (!Number.isInteger(value) || value < 1)) {
      throw new Error(`${name} of the proxy is ${value}, expected a whole number above 0: change ${name}`);
    }
  }
}

function text(name: string, value: string, pattern: RegExp, expected: string): void {
  if (!pattern.test(value)) {
    throw new Error(`${name} of the proxy is '${value}', expected ${expected}: change ${name}`);
  }
}
