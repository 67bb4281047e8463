import type { ReverseProxyProps } from './reverse-proxy';

/** Headers of every answer, errors included. One with an empty value is not sent. */
export function responseHeaders(props: ReverseProxyProps): readonly string[] {
  const headers = {
    'Strict-Transport-Security': `"max-age=${props.hstsSeconds}; includeSubDomains"`,
    'Content-Security-Policy': `"${contentSecurityPolicy(props.trustedTypes ?? ['default'])}"`,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'Permissions-Policy': `"${permissionsPolicy()}"`,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Permitted-Cross-Domain-Policies': 'none',
    Vary: 'Origin',
    'Access-Control-Allow-Origin': '$reader',
    'Access-Control-Allow-Methods': '$reader_methods',
    'Access-Control-Allow-Headers': '$reader_headers',
    'Access-Control-Max-Age': '$reader_seconds',
  };
  return Object.entries(headers).map(([name, value]) => `add_header ${name} ${value} always;`);
}

function contentSecurityPolicy(trustedTypes: readonly string[]): string {
  return [
    "default-src 'self'",
    "script-src 'self' 'nonce-$request_id'",
    "style-src 'self' 'nonce-$request_id'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypes.join(' ')}`,
    'upgrade-insecure-requests',
  ].join('; ');
}

function permissionsPolicy(): string {
  const features = ['accelerometer', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'magnetometer'];
  return [...features, 'microphone', 'midi', 'payment', 'usb'].map((feature) => `${feature}=()`).join(', ');
}

/**
 * Headers of a request as the application gets them. Whatever a client could use to pass for somebody else, to change its method on the
 * way, or to have another path served is taken out.
 */
export function requestHeaders(): readonly string[] {
  const headers = {
    Host: '$host',
    'X-Forwarded-For': '$remote_addr',
    'X-Real-IP': '$remote_addr',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': '$host',
    'X-Forwarded-Port': '443',
    'X-CSP-Nonce': '$request_id',
    'X-Request-Id': '$request_id',
    Upgrade: '$upgrade',
    Connection: '$connection_to_application',
  };
  const removed = [
    'Forwarded',
    'Proxy',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-HTTP-Method',
    'X-HTTP-Method-Override',
    'X-Method-Override',
  ];
  return [
    ...Object.entries(headers).map(([name, value]) => `proxy_set_header ${name} ${value};`),
    ...removed.map((name) => `proxy_set_header ${name} "";`),
  ];
}

/** Headers of the application that would contradict ours, tell what it is built with, or steer nginx. */
export function hiddenHeaders(): readonly string[] {
  const ours = [
    'Strict-Transport-Security',
    'Content-Security-Policy',
    'Content-Security-Policy-Report-Only',
    'X-Content-Type-Options',
    'X-Frame-Options',
    'X-XSS-Protection',
    'Referrer-Policy',
    'Permissions-Policy',
    'Cross-Origin-Opener-Policy',
    'Cross-Origin-Resource-Policy',
    'X-Permitted-Cross-Domain-Policies',
    'Access-Control-Allow-Origin',
    'Access-Control-Allow-Credentials',
    'Access-Control-Allow-Methods',
    'Access-Control-Allow-Headers',
    'Access-Control-Expose-Headers',
    'Access-Control-Max-Age',
  ];
  const revealing = [
    'Server',
    'X-Powered-By',
    'X-AspNet-Version',
    'X-AspNetMvc-Version',
    'X-Generator',
    'X-Runtime',
    'X-Version',
    'X-Debug-Token',
    'X-Debug-Token-Link',
    'X-Debug-Exception',
    'X-Backend-Server',
    'Via',
    'SourceMap',
    'X-SourceMap',
  ];
  const steering = ['Redirect', 'Expires', 'Limit-Rate', 'Buffering', 'Charset'].map((name) => `X-Accel-${name}`);
  return [
    ...[...ours, ...revealing].map((name) => `proxy_hide_header ${name};`),
    `proxy_ignore_headers ${steering.join(' ')};`,
  ];
}

/** `~` matches every name. Flags that the application wrote itself are replaced, not doubled. */
export function cookieFlags(strict: boolean): string {
  return `proxy_cookie_flags ~ ${strict ? 'httponly secure samesite=strict' : 'secure'};`;
}
