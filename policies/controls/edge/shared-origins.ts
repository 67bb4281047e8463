import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { sharedFault } from './proxy-origins';

interface Place {
  /** Path of the list of origins; `*` for each item. */
  readonly origins: string;
  readonly credentials?: string;
}

/** Where services take the origins that may read across sites. */
const places: Readonly<Record<string, Place>> = {
  'AWS::S3::Bucket': { origins: 'CorsConfiguration.CorsRules.*.AllowedOrigins' },
  'AWS::ApiGatewayV2::Api': {
    origins: 'CorsConfiguration.AllowOrigins',
    credentials: 'CorsConfiguration.AllowCredentials',
  },
  'AWS::Lambda::Url': { origins: 'Cors.AllowOrigins', credentials: 'Cors.AllowCredentials' },
  'AWS::CloudFront::ResponseHeadersPolicy': {
    origins: 'ResponseHeadersPolicyConfig.CorsConfig.AccessControlAllowOrigins.Items',
    credentials: 'ResponseHeadersPolicyConfig.CorsConfig.AccessControlAllowCredentials',
  },
};

export const sharingTypes: readonly string[] = Object.keys(places);

/** A service with a list of origins: each is exact and comes over HTTPS. */
export function judgeSharedOrigins(subject: Subject): readonly Outcome[] {
  const place = places[subject.type];
  if (!place) {
    return [notAssessed(`where ${subject.type} names origins is not known`)];
  }
  const lists = listsAt(subject.root, place.origins.split('.*.'));
  if (lists.every((list) => list.resolved.kind === 'absent')) {
    return [notApplicable('it lets no other origin read')];
  }
  const credentials = place.credentials === undefined ? undefined : subject.bool(place.credentials);
  const withCredentials = credentials?.kind === 'known' && credentials.value;
  const found = lists.flatMap((list) =>
    decide(list.items(), {
      absent: () => [],
      known: (items) => items.flatMap((item) => judgeOrigin(item, withCredentials)),
    }),
  );
  const unread = credentials?.kind === 'unresolved' ? [notAssessed(credentials.reason, credentials.property)] : [];
  const all = [...found, ...unread];
  return all.length === 0 ? [satisfied] : all;
}

function listsAt(node: Node, [path = '', ...rest]: readonly string[]): readonly Node[] {
  const place = node.at(path);
  if (rest.length === 0) {
    return [place];
  }
  return place.resolved.kind === 'list'
    ? place.resolved.items.flatMap((_, index) => listsAt(place.at(String(index)), rest))
    : [place];
}

function judgeOrigin(item: Node, withCredentials: boolean): readonly Outcome[] {
  return decide(item.pattern(), {
    known: (origin) => {
      const fault = sharedFault(origin);
      const message = fault === 'anyOrigin' && withCredentials ? 'credentialsForAny' : fault;
      return message === undefined ? [] : finding(message, item.path, { got: origin, place: item.path });
    },
    absent: () => [],
  });
}
