import { change, type Edit } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

/** A configuration that keeps every promise of the edge, for the cases of the controls that read one. */
export const exampleConfiguration = `
worker_processes 2;
events { worker_connections 1024; }
http {
  server_tokens off;
  client_max_body_size 1m;
  map $request_method $changes_state { default 1; GET 0; HEAD 0; OPTIONS 0; }
  map $http_upgrade $wants_upgrade { default 1; "" 0; }
  map $changes_state$wants_upgrade $guarded { default 1; 00 0; }
  map $http_origin $origin { default foreign; "" silent; "https://app.example.eu" own; }
  map $http_sec_fetch_site $site { default foreign; "" silent; same-origin own; none own; }
  map $guarded/$origin/$site $forged { default 1; "~^0/" 0; "~^1/own/(own|silent)$" 0; "~^1/silent/own$" 0; }
  map $http_origin $reader { default ""; "https://status.example.eu" $http_origin; }
  map $content_type $unsupported_type { default 1; "" 0; "~*^application/json( *;|$)" 0; }
  add_header Content-Security-Policy "default-src 'self'; script-src 'self' 'nonce-$request_id'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'" always;
  add_header X-Content-Type-Options nosniff always;
  add_header X-Frame-Options DENY always;
  add_header Referrer-Policy strict-origin-when-cross-origin always;
  add_header Permissions-Policy "camera=(), microphone=()" always;
  add_header Cross-Origin-Opener-Policy same-origin always;
  add_header Cross-Origin-Resource-Policy same-origin always;
  add_header Access-Control-Allow-Origin $reader always;
  proxy_intercept_errors on;
  error_page 400 401 403 404 405 409 413 415 422 429 500 501 502 503 504 @error;
  proxy_cookie_flags ~ httponly secure samesite=strict;
  proxy_set_header Upgrade $http_upgrade;
  proxy_hide_header X-Content-Type-Options;
  proxy_hide_header X-Frame-Options;
  proxy_hide_header Referrer-Policy;
  proxy_hide_header Permissions-Policy;
  proxy_hide_header Cross-Origin-Opener-Policy;
  proxy_hide_header Cross-Origin-Resource-Policy;
  proxy_hide_header Access-Control-Allow-Origin;
  proxy_hide_header Access-Control-Allow-Credentials;
  proxy_hide_header X-Powered-By;
  server {
    listen 8443 ssl;
    server_name app.example.eu;
    if ($forged) { return 403; }
    location / {
      proxy_pass http://127.0.0.1:8080;
    }
    location /api {
      if ($unsupported_type) { return 415; }
      proxy_pass http://127.0.0.1:8080;
    }
    location @error {
      default_type text/html;
      return 200 '<h1>This did not work</h1><p>Error $status</p>';
    }
  }
}
`;

/** An application behind that proxy and a load balancer, as the CDK renders it. */
export function proxiedApplication(configuration: unknown = exampleConfiguration): Json {
  return {
    LoadBalancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internet-facing' } },
    Listener: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        LoadBalancerArn: { Ref: 'LoadBalancer' },
        Port: 443,
        Protocol: 'HTTPS',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Group' } }],
        ListenerAttributes: [
          { Key: 'routing.http.response.server.enabled', Value: 'false' },
          { Key: 'routing.http.response.x_content_type_options.header_value', Value: 'nosniff' },
          { Key: 'routing.http.response.x_frame_options.header_value', Value: 'DENY' },
          {
            Key: 'routing.http.response.content_security_policy.header_value',
            Value: "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
          },
        ],
      },
    },
    Group: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: {
        Port: 8443,
        Protocol: 'HTTPS',
        TargetType: 'ip',
        TargetGroupAttributes: [{ Key: 'stickiness.enabled', Value: 'false' }],
      },
    },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: {
        TaskDefinition: { Ref: 'Task' },
        LoadBalancers: [{ ContainerName: 'proxy', ContainerPort: 8443, TargetGroupArn: { Ref: 'Group' } }],
      },
    },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        ContainerDefinitions: [
          { Name: 'application', Image: 'registry.example.eu/application@sha256:1' },
          {
            Name: 'proxy',
            Image: 'registry.example.eu/nginx@sha256:2',
            PortMappings: [{ ContainerPort: 8443 }],
            Environment: [{ Name: 'PROXY_CONFIGURATION', Value: configuration }],
          },
        ],
      },
    },
  };
}

/**
 * Rewrites the text of the proxy's configuration, also where the CDK joined it from parts.
 *
 * @throws where the pattern occurs nowhere: an edit that changes nothing tests nothing
 */
export function rewrite(pattern: RegExp, replacement: string): Edit {
  return change('AWS::ECS::TaskDefinition', (properties) => {
    let changed = false;
    const edited = (value: unknown): unknown => {
      if (typeof value === 'string') {
        const text = value.replace(pattern, replacement);
        changed ||= text !== value;
        return text;
      }
      if (Array.isArray(value)) {
        return value.map(edited);
      }
      return isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, edited(inner)]))
        : value;
    };
    properties.ContainerDefinitions = edited(properties.ContainerDefinitions);
    if (!changed) {
      throw new Error(`the proxy's configuration has nothing like ${pattern.source}`);
    }
  });
}

/** Adds directives at the start of the place that hands requests for everything to the application. */
export function insideLocation(directives: string): Edit {
  return rewrite(/location \/ \{(?=[^}]*(?:\{[^}]*\}[^}]*)*proxy_pass)/, `location / { ${directives}`);
}

export const task = 'AWS::ECS::TaskDefinition';
/** Whether a task carries a proxy: the edits of its text are tried on no other. */
export const carriesProxy = (resource: Json): boolean => JSON.stringify(resource).includes('PROXY_CONFIGURATION');
