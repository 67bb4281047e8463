import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { NginxDirective } from '../../../lib/template/nginx-configuration';
import { inForce, type NginxLevel, passOf } from '../../../lib/template/nginx-levels';
import { oncePerObject } from '../../../lib/template/remember';
import { hardeningHeaders, headerFaults, policyHeader } from './hardening-headers';
import type { ProxyConfiguration } from './proxy-configuration';

/** Answers that the application must not give in its own words. */
const errors = [400, 403, 404, 500, 502, 503, 504];

/** Variables that tell the client nothing but what it knows. */
const harmless = /\$\{?(status|request_id|msec|time_iso8601)\b\}?/g;

/** Headers and error bodies of every place that answers. One finding for each thing that is wrong, with all its places. */
export function judgeProxyResponses(configuration: ProxyConfiguration, trustedTypes: boolean): readonly Outcome[] {
  return (trustedTypes ? withTrustedTypes : withoutTrustedTypes)(configuration);
}

const withTrustedTypes = oncePerObject((configuration: ProxyConfiguration) => judgePlaces(configuration, true));
const withoutTrustedTypes = oncePerObject((configuration: ProxyConfiguration) => judgePlaces(configuration, false));

function judgePlaces(configuration: ProxyConfiguration, trustedTypes: boolean): readonly Outcome[] {
  const faults = new Map<string, { readonly values: Readonly<Record<string, string>>; readonly places: string[] }>();
  for (const level of configuration.levels) {
    for (const { message, ...values } of faultsAt(level, configuration, trustedTypes)) {
      const key = JSON.stringify([message, values]);
      const known = faults.get(key) ?? { values, places: [] };
      known.places.push(level.name);
      faults.set(key, known);
    }
  }
  return [...faults].map(([key, { values, places }]) => {
    const [message = ''] = JSON.parse(key) as [string];
    const all = { ...values, place: places.join(', ') };
    return message === 'unknown'
      ? notAssessed(`${values.header} is '${values.got}' at ${all.place}, whose values are not all in the text`)
      : finding(message, undefined, all);
  });
}

type Fault = { readonly message: string } & Readonly<Record<string, string>>;

function faultsAt(level: NginxLevel, configuration: ProxyConfiguration, trustedTypes: boolean): readonly Fault[] {
  const closes = level.directive.block?.some(({ name, words }) => name === 'return' && words[0] === '444');
  const sent = closes
    ? []
    : [policyHeader, ...Object.keys(hardeningHeaders)].flatMap((header) =>
        sentHeader(level, header, configuration, trustedTypes),
      );
  const version = inForce(level, 'server_tokens').at(-1)?.words[0] === 'off' ? [] : [{ message: 'tellsVersion' }];
  return [...sent, ...version, ...(passOf(level) ? passedAnswers(level, configuration) : [])];
}

function sentHeader(
  level: NginxLevel,
  header: string,
  configuration: ProxyConfiguration,
  trustedTypes: boolean,
): readonly Fault[] {
  const directives = inForce(level, 'add_header').filter(
    ({ words }) => words[0]?.toLowerCase() === header.toLowerCase(),
  );
  const values = directives.map(({ words }) => valuesOf(words[1] ?? '', configuration.directives));
  const unknown = directives.find((_, index) => values[index] === undefined);
  if (unknown) {
    return [{ message: 'unknown', header, got: unknown.words[1] ?? '' }];
  }
  const faults = headerFaults(
    header,
    values.flatMap((each) => each ?? []),
    trustedTypes,
  ).map(({ message, got }) => ({ message, header, ...(got === undefined ? {} : { got }) }));
  const missesErrors = directives.some(({ words }) => words[2] !== 'always');
  return missesErrors ? [...faults, { message: 'notAlways', header }] : faults;
}

/** Every value that a header can have: of a variable, all that its map knows. A nonce stays as it is written. */
function valuesOf(text: string, directives: readonly NginxDirective[]): readonly string[] | undefined {
  const rest = text.replace(/\$\{?(request_id|upstream_http_\w+)\b\}?/g, '');
  if (!rest.includes('$')) {
    return rest === '' && text !== '' ? undefined : [text];
  }
  const name = /^\$\{?(\w+)\}?$/.exec(text)?.[1];
  const http = directives.find((directive) => directive.name === 'http')?.block ?? [];
  const map = http.find(({ name: kind, words }) => kind === 'map' && words[1] === `$${name}`);
  const entries = map?.block?.filter(({ words }) => words.length === 1) ?? [];
  if (!map || map.block?.some(({ name: entry }) => entry === 'include')) {
    return undefined;
  }
  const values = [...entries.map(({ words }) => words[0] ?? ''), ...(entries.some(isDefault) ? [] : [''])];
  return values.some((value) => value.replace(/\$\{?request_id\b\}?/g, '').includes('$')) ? undefined : values;
}

function isDefault({ name }: NginxDirective): boolean {
  return name === 'default';
}

/** What of the application's answers reaches the client unchanged. */
function passedAnswers(level: NginxLevel, { levels }: ProxyConfiguration): readonly Fault[] {
  const hidden = new Set(inForce(level, 'proxy_hide_header').map(({ words }) => words[0]?.toLowerCase()));
  const doubled = Object.keys(hardeningHeaders)
    .filter((header) => !hidden.has(header.toLowerCase()))
    .map((header) => ({ message: 'doubled', header }));
  const software = hidden.has('x-powered-by') ? [] : [{ message: 'tellsSoftware', header: 'X-Powered-By' }];
  const pages = inForce(level, 'error_page');
  const replaces = inForce(level, 'proxy_intercept_errors').at(-1)?.words[0] === 'on';
  const open = errors.filter((code) => !replaces || !pages.some(({ words }) => words.slice(0, -1).includes(`${code}`)));
  return [
    ...doubled,
    ...software,
    ...(open.length === 0 ? [] : [{ message: 'openErrors', codes: open.join(', ') }]),
    ...pages.flatMap(({ words }) => telling(words.at(-1) ?? '', level, levels)),
  ];
}

/** An error page must say the same whatever went wrong; one that the application writes does not. */
function telling(page: string, level: NginxLevel, levels: readonly NginxLevel[]): readonly Fault[] {
  const server = level.name.split(' location ')[0];
  const targets = levels.filter(
    ({ name, directive }) => name.startsWith(`${server} location`) && directive.words.at(-1) === page,
  );
  const tells = targets.some(
    (target) =>
      passOf(target) !== undefined ||
      (target.directive.block ?? []).some(
        ({ name, words }) =>
          (name === 'return' && /\$/.test((words[1] ?? '').replace(harmless, ''))) ||
          (name === 'ssi' && words[0] === 'on'),
      ),
  );
  return tells ? [{ message: 'tellingErrors', page }] : [];
}
