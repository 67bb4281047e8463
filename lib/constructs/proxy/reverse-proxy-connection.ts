import type { Directive } from './reverse-proxy';

/** How it speaks: the floor of TLS, and for 1.2 only key exchanges that leave nothing to decrypt later. */
export function transport(minimumTls: '1.2' | '1.3', directory: string): readonly Directive[] {
  return [
    `ssl_protocols ${minimumTls === '1.2' ? 'TLSv1.2 TLSv1.3' : 'TLSv1.3'};`,
    'ssl_ciphers EECDH+AESGCM:EECDH+CHACHA20;',
    'ssl_prefer_server_ciphers on;',
    'ssl_session_tickets off;',
    'ssl_session_cache shared:sessions:1m;',
    'ssl_early_data off;',
    `ssl_certificate ${directory}/certificate.pem;`,
    `ssl_certificate_key ${directory}/key.pem;`,
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`),
  ];
}

/** How much and how slowly. Longer kept alive than the load balancer keeps an idle connection (60 seconds): who closes first loses no request. */
export function limits(bodyMegabytes: number): readonly Directive[] {
  return [
    'server_tokens off;',
    `client_max_body_size ${bodyMegabytes}m;`,
    'client_body_timeout 15s;',
    'client_header_timeout 15s;',
    'send_timeout 15s;',
    'keepalive_timeout 75s;',
    'client_header_buffer_size 2k;',
    'large_client_header_buffers 4 8k;',
    'reset_timedout_connection on;',
    'ignore_invalid_headers on;',
    'underscores_in_headers off;',
    'merge_slashes on;',
    'absolute_redirect off;',
    'proxy_http_version 1.1;',
    // The whole request is read first and passed on with one length, so that both sides agree where it ends
    'proxy_request_buffering on;',
    // Answers are passed on as they come: buffered ones would fill the memory that requests wait in
    'proxy_max_temp_file_size 0;',
    'proxy_connect_timeout 5s;',
    'proxy_read_timeout 60s;',
    'proxy_send_timeout 15s;',
    'proxy_next_upstream off;',
    'default_type application/octet-stream;',
  ];
}

/** Who asks: the last hop before the load balancer, which wrote it; `recursive` would trust what stands left of it. */
export function client(trustedRange: string): readonly Directive[] {
  return [`set_real_ip_from ${trustedRange};`, 'real_ip_header X-Forwarded-For;', 'real_ip_recursive off;'];
}

/** What is kept of a request, one line of JSON each. */
export function accessLog(): readonly Directive[] {
  const fields = {
    time: '$time_iso8601',
    client: '$remote_addr',
    method: '$asked_method',
    host: '$host',
    path: '$asked_path',
    status: '$status',
    bytes: '$body_bytes_sent',
    seconds: '$request_time',
    application: '$upstream_status',
    tls: '$ssl_protocol',
    request: '$request_id',
  };
  const json = JSON.stringify(fields);
  return [
    // From the request line: an error page has another path and method by the time that it is logged
    ['map $request $asked_method', ['default "";', '"~^(?<word>[A-Z]+) " $word;']],
    ['map $request_uri $asked_path', ['default "";', '"~^(?<before_query>[^?]*)" $before_query;']],
    `log_format requests escape=json '${json}';`,
    'access_log /dev/stdout requests;',
  ];
}
