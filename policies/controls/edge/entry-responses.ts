import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { textOf } from '../../../lib/template/resolved';
import type { Subject } from '../../../lib/template/subject';
import { behindListener } from './behind-listener';
import { hardeningHeaders, headerFaults, policyHeader } from './hardening-headers';

/** Header, where it is set, and its value. */
type SentHeader = readonly [header: string, place: Node];

function judgeHeader([header, place]: SentHeader, trustedTypes: boolean, where: string): readonly Outcome[] {
  return decide(place.pattern(), {
    known: (value) =>
      headerFaults(header, [value.replace(/^'(.*)'$/, '$1')], trustedTypes).map((fault) =>
        finding(fault.message, place.path, { header, got: fault.got, place: where }),
      ),
    absent: () => finding('headerMissing', place.path, { header, place: where }),
  });
}

const attribute = (name: string) => `routing.http.response.${name}`;
const headerAttributes: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': attribute('x_content_type_options.header_value'),
  'X-Frame-Options': attribute('x_frame_options.header_value'),
  [policyHeader]: attribute('content_security_policy.header_value'),
};

/**
 * What a load balancer says itself: not found, bad gateway, redirects. It can set three of the headers; its content security policy would
 * replace one with nonces, so a proxy behind may have it alone. Left out, it names itself in `Server`.
 *
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html
 */
export function judgeListener(listener: Subject, trustedTypes: boolean): readonly Outcome[] {
  const protocol = listener.text('Protocol');
  if (protocol.kind !== 'known') {
    return [notAssessed('its protocol is not known', protocol.property)];
  }
  if (protocol.value !== 'HTTPS' || isInternal(listener)) {
    return [notApplicable('browsers get no page from it')];
  }
  const attributes = listener.items('ListenerAttributes');
  if (attributes.kind === 'unresolved') {
    return [notAssessed(attributes.reason, attributes.property)];
  }
  const set = attributes.kind === 'known' ? attributes.value : [];
  const found = new Map<string, Node>();
  for (const each of set) {
    const key = each.at('Key').text();
    if (key.kind !== 'known') {
      return [notAssessed('which attribute it sets is not known', key.property)];
    }
    found.set(key.value, each.at('Value'));
  }
  const server = found.get(attribute('server.enabled'));
  const names = server
    ? decide(server.bool(), {
        known: (on) => (on ? finding('tellsServer', undefined, { place: 'its own answers' }) : []),
        absent: () => notAssessed('CloudFormation requires a value'),
      })
    : [finding('tellsServer', 'ListenerAttributes', { place: 'its own answers' })];
  const headers = Object.entries(headerAttributes).flatMap(([header, key]) => {
    const place = found.get(key);
    if (place) {
      return judgeHeader([header, place], trustedTypes, 'its own answers');
    }
    return header === policyHeader
      ? policyBehind(listener)
      : [finding('headerMissing', 'ListenerAttributes', { header, place: 'its own answers' })];
  });
  const all = [...names, ...headers];
  return all.length === 0 ? [satisfied] : all;
}

function policyBehind(listener: Subject): readonly Outcome[] {
  return behindListener(listener).unseen
    ? [notAssessed('it forwards to what the template does not show, and sets no content security policy itself')]
    : [];
}

function isInternal(listener: Subject): boolean {
  const { resolved } = listener.at('LoadBalancerArn');
  if (resolved.kind !== 'reference') {
    return false;
  }
  return textOf(listener.scope.subject(resolved.resource).at('Scheme').resolved).text === 'internal';
}

const configured: Readonly<Record<string, string>> = {
  'X-Frame-Options': 'FrameOptions.FrameOption',
  'Referrer-Policy': 'ReferrerPolicy.ReferrerPolicy',
  [policyHeader]: 'ContentSecurityPolicy.ContentSecurityPolicy',
};

/** A policy of CloudFront for the headers of all answers, errors too. Without Override the origin's own header stays. */
export function judgeHeadersPolicy(policy: Subject, trustedTypes: boolean): readonly Outcome[] {
  const config = policy.at('ResponseHeadersPolicyConfig');
  const security = config.at('SecurityHeadersConfig');
  const where = 'every answer';
  const custom = named(config.at('CustomHeadersConfig.Items'));
  const fixed = Object.entries(configured).flatMap(([header, path]) =>
    security.at(path).resolved.kind === 'absent' && custom.has(header.toLowerCase())
      ? []
      : [
          ...judgeHeader([header, security.at(path)], trustedTypes, where),
          ...overrides(header, security.at(path.split('.')[0] ?? '')),
        ],
  );
  const sniffing = security.at('ContentTypeOptions');
  const types =
    sniffing.resolved.kind === 'absent' && !custom.has('x-content-type-options')
      ? [finding('headerMissing', sniffing.path, { header: 'X-Content-Type-Options', place: where })]
      : overrides('X-Content-Type-Options', sniffing);
  const others = [...Object.keys(hardeningHeaders), policyHeader].flatMap((header) => {
    const item = custom.get(header.toLowerCase());
    if (item) {
      return [...judgeHeader([header, item.at('Value')], trustedTypes, where), ...overrides(header, item)];
    }
    return header in configured || header === 'X-Content-Type-Options'
      ? []
      : [finding('headerMissing', config.at('CustomHeadersConfig').path, { header, place: where })];
  });
  const server = named(config.at('RemoveHeadersConfig.Items')).has('server')
    ? []
    : [finding('tellsServer', config.at('RemoveHeadersConfig').path, { place: where })];
  const all = [...fixed, ...types, ...others, ...server];
  return all.length === 0 ? [satisfied] : all;
}

function overrides(header: string, item: Node): readonly Outcome[] {
  return item.resolved.kind === 'absent'
    ? []
    : decide(item.at('Override').bool(), {
        known: (on) => (on ? [] : finding('overridable', undefined, { header })),
        absent: () => notAssessed('CloudFormation requires Override'),
      });
}

function named(items: Node): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  const list = items.items();
  for (const item of list.kind === 'known' ? list.value : []) {
    const header = item.at('Header').text();
    if (header.kind === 'known') {
      found.set(header.value.toLowerCase(), item);
    }
  }
  return found;
}

/** Every behaviour of a distribution needs a policy for headers; a policy of this deployment is judged itself. */
export function judgeDistribution(distribution: Subject): readonly Outcome[] {
  const config = distribution.at('DistributionConfig');
  const more = config.at('CacheBehaviors').items();
  if (more.kind === 'unresolved') {
    return [notAssessed(more.reason, more.property)];
  }
  return [config.at('DefaultCacheBehavior'), ...(more.kind === 'known' ? more.value : [])].flatMap((behaviour) => {
    const policy = behaviour.at('ResponseHeadersPolicyId');
    const reference = policy.reference();
    if (reference.kind === 'known') {
      return [satisfied];
    }
    return reference.kind === 'absent'
      ? [finding('bareBehaviour', policy.path)]
      : [notAssessed('the headers policy that it names is not in the template', policy.path)];
  });
}
