import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { NginxDirective } from '../../../lib/template/nginx-configuration';
import { inForce, type NginxLevel } from '../../../lib/template/nginx-levels';
import { fateOf, forwardingLevels } from '../../../lib/template/nginx-request';
import { NginxVariables } from '../../../lib/template/nginx-variables';
import { oncePerObject } from '../../../lib/template/remember';
import {
  changingMethods,
  described,
  type Fate,
  type ForgedRequest,
  holesOf,
  lookalikes,
  silentMarks,
} from './forged-requests';
import type { ProxyConfiguration } from './proxy-configuration';

const guard = 'the proxy';
const fates = { answered: 'refused', forwarded: 'admitted', unknown: 'unknown' } as const;

/** Forged writes, WebSockets from other sites, and what scripts of other origins may read. */
export const judgeProxyOrigins = oncePerObject((configuration: ProxyConfiguration): readonly Outcome[] => {
  const forgery = checksOrigins(configuration) ? judgeForgery(configuration) : [];
  // Whoever lets forged writes in lets sockets in by the same hole
  return [...(forgery.length > 0 ? forgery : judgeSockets(configuration)), ...judgeShared(configuration)];
});

/** Whether it looks at where requests come from at all. */
export const checksOrigins = oncePerObject(({ directives }: ProxyConfiguration): boolean =>
  [...textsOf(directives)].some((text) => /\$\{?http_(origin|sec_fetch_site)\b/.test(text)),
);

/** Whether requests that name no origin reach the application somewhere. */
export const admitsSilence = oncePerObject((configuration: ProxyConfiguration): boolean =>
  forwardingLevels(configuration.levels).some((level) =>
    changingMethods.some((method) =>
      silentMarks.some((mark) => fateAt(level, configuration, { method, ...mark }) !== 'refused'),
    ),
  ),
);

const similarOrigins = oncePerObject(({ directives }: ProxyConfiguration) => lookalikes(textsOf(directives)));

function judgeForgery(configuration: ProxyConfiguration): readonly Outcome[] {
  const similar = similarOrigins(configuration);
  const holes = forwardingLevels(configuration.levels).map((level) => ({
    place: level.name,
    ...holesOf((request) => fateAt(level, configuration, request), similar),
  }));
  const unchecked = holes.filter(({ methods }) => methods.length > 0);
  const admitting = holes.filter(({ example }) => example !== undefined);
  const example = admitting[0]?.example;
  const unknown = holes.filter((each) => each.unknown).map(({ place }) => place);
  const methods = [...new Set(unchecked.flatMap((each) => each.methods))].join(', ');
  return [
    ...(unchecked.length === 0
      ? []
      : [finding('methodUnchecked', undefined, { guard, methods, place: placesOf(unchecked) })]),
    ...(example
      ? [finding('foreignAdmitted', undefined, { guard, example: described(example), place: placesOf(admitting) })]
      : []),
    ...(unknown.length === 0
      ? []
      : [notAssessed(`whether forged requests pass the proxy at ${unknown.join(', ')} is not known`)]),
  ];
}

function placesOf(places: readonly { readonly place: string }[]): string {
  return places.map(({ place }) => place).join(', ');
}

function fateAt(
  level: NginxLevel,
  { levels }: ProxyConfiguration,
  { method, origin, site }: ForgedRequest,
  upgrade = '',
): Fate {
  const request = {
    request_method: method,
    http_origin: origin ?? '',
    http_sec_fetch_site: site ?? '',
    http_upgrade: upgrade,
    scheme: 'https',
  };
  return fates[fateOf(request, level, levels)];
}

/** A WebSocket begins with a GET that browsers send across sites with all cookies: only its Origin gives it away. */
function judgeSockets(configuration: ProxyConfiguration): readonly Outcome[] {
  const similar = similarOrigins(configuration);
  const marks = [
    { origin: 'https://evil.example', site: 'cross-site' },
    { origin: 'https://evil.example' },
    ...similar,
  ];
  const places = forwardingLevels(configuration.levels)
    .filter(passesUpgrades)
    .filter((level) =>
      marks.some((mark) => fateAt(level, configuration, { method: 'GET', ...mark }, 'websocket') === 'admitted'),
    );
  return places.length === 0
    ? []
    : [finding('socketAdmitted', undefined, { place: places.map(({ name }) => name).join(', ') })];
}

function passesUpgrades(level: NginxLevel): boolean {
  return inForce(level, 'proxy_set_header').some(
    ({ words }) => words[0]?.toLowerCase() === 'upgrade' && (words[1] ?? '') !== '',
  );
}

/** What Access-Control-Allow-Origin comes to for a page of somebody else. */
function judgeShared(configuration: ProxyConfiguration): readonly Outcome[] {
  const similar = similarOrigins(configuration).map(({ origin }) => origin ?? '');
  const found = new Map<string, { readonly got: string; readonly places: Set<string> }>();
  const gaps = new Set<string>();
  // Most places inherit one and the same directive
  const judged = new Map<NginxDirective, ReturnType<typeof worstShared>>();
  for (const level of configuration.levels) {
    for (const directive of allowing(level)) {
      const fault = judged.has(directive)
        ? judged.get(directive)
        : worstShared(level, directive.words[1] ?? '', ['https://evil.example', 'null', ...similar]);
      judged.set(directive, fault);
      if (fault === 'unknown') {
        gaps.add(level.name);
      } else if (fault) {
        const known = found.get(fault.message) ?? { got: fault.got, places: new Set() };
        known.places.add(level.name);
        found.set(fault.message, known);
      }
    }
  }
  return [
    ...[...found].map(([message, { got, places }]) =>
      finding(message, undefined, { got, place: [...places].join(', ') }),
    ),
    ...(gaps.size === 0 ? [] : [notAssessed(`which origins may read at ${[...gaps].join(', ')} is not known`)]),
  ];
}

/** The first thing that is wrong with what is said to one of these origins. */
function worstShared(level: NginxLevel, text: string, origins: readonly string[]) {
  const values = origins.map((origin) => ({ origin, got: valueFor(level, text, origin) }));
  for (const { origin, got } of values) {
    const message = got === undefined ? undefined : sharedFault(got, origin);
    if (got !== undefined && message !== undefined) {
      return { message, got };
    }
  }
  return values.some(({ got }) => got === undefined) ? 'unknown' : undefined;
}

function allowing(level: NginxLevel): readonly NginxDirective[] {
  return inForce(level, 'add_header').filter(({ words }) => words[0]?.toLowerCase() === 'access-control-allow-origin');
}

function valueFor(level: NginxLevel, text: string, origin: string): string | undefined {
  const request = { request_method: 'GET', http_origin: origin, http_sec_fetch_site: 'cross-site', scheme: 'https' };
  return new NginxVariables(level.blocks[1] ?? [], request).expand(text);
}

/** What is wrong with an answer that names an origin, where `asked` is the one that asked. */
export function sharedFault(value: string, asked?: string): string | undefined {
  if (value === '') {
    return undefined;
  }
  if (value.includes('*')) {
    return 'anyOrigin';
  }
  if (value.startsWith('http://')) {
    return 'plainOrigin';
  }
  return value === asked || value === 'null' ? 'reflected' : undefined;
}

/** Everything that stands in a configuration. */
function* textsOf(directives: readonly NginxDirective[]): Generator<string> {
  for (const { name, words, block } of directives) {
    yield name;
    yield* words;
    yield* textsOf(block ?? []);
  }
}
