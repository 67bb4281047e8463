import { finding, type Outcome } from '../../../lib/control/verdict';
import { inForce, type NginxLevel } from '../../../lib/template/nginx-levels';
import { fateOf, forwardingLevels } from '../../../lib/template/nginx-request';
import { oncePerObject } from '../../../lib/template/remember';
import type { ProxyConfiguration } from './proxy-configuration';

/** Media types that no schema for JSON could be held against. */
const foreign = ['text/plain', 'application/xml'];

/** A type that only looks like JSON to a pattern without a beginning. */
const disguised = 'text/plain; a=application/json';

/** What nginx can see of a body before the application: how large it is, and what it says it is. */
export const judgeProxyBodies = oncePerObject(({ levels }: ProxyConfiguration): readonly Outcome[] => {
  const forwarding = forwardingLevels(levels);
  const answered = (level: NginxLevel, type: string) =>
    fateOf(
      // As a page of our own sends it, so that nothing else refuses it
      { request_method: 'POST', http_sec_fetch_site: 'same-origin', content_type: type, http_content_type: type },
      level,
      levels,
    ) === 'answered';
  const unlimited = forwarding.filter((level) =>
    /^0+\w?$/.test(inForce(level, 'client_max_body_size').at(-1)?.words[0] ?? ''),
  );
  const gated = forwarding.filter(
    (level) => foreign.every((type) => answered(level, type)) && !answered(level, 'application/json'),
  );
  const loose = gated.filter((level) => !answered(level, disguised));
  const placesOf = (places: readonly NginxLevel[]) => places.map(({ name }) => name).join(', ');
  return [
    ...(unlimited.length === 0 ? [] : [finding('noSizeGate', undefined, { place: placesOf(unlimited) })]),
    ...(forwarding.length > 0 && gated.length === 0 ? [finding('noTypeGate')] : []),
    ...(loose.length === 0 ? [] : [finding('looseTypeGate', undefined, { place: placesOf(loose), type: disguised })]),
  ];
});
