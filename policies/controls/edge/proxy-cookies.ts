import { finding, type Outcome } from '../../../lib/control/verdict';
import type { NginxDirective } from '../../../lib/template/nginx-configuration';
import { inForce, type NginxLevel, passOf } from '../../../lib/template/nginx-levels';
import type { CookieDemand } from './infrastructure-cookies';
import type { ProxyConfiguration } from './proxy-configuration';

/** Patterns of `proxy_cookie_flags` that every name of a cookie matches. */
const everyCookie = /^~\^?(\.[*+]?\$?)?$/;

/** The flags of the cookies that pass the proxy, and of those that it sets. One finding for each thing that is wrong, with all its places. */
export function judgeProxyCookies({ levels }: ProxyConfiguration, demand: CookieDemand): readonly Outcome[] {
  const faults = new Map<string, Set<string>>();
  const note = (fault: string, level: NginxLevel) =>
    faults.set(fault, (faults.get(fault) ?? new Set()).add(level.name));
  for (const level of levels) {
    for (const fault of [...passedCookies(level, demand), ...ownCookies(level, demand)]) {
      note(fault, level);
    }
  }
  return [...faults].map(([fault, places]) => {
    const [message = '', cookie] = fault.split('#');
    return finding(message, undefined, { places: [...places].join(', '), cookie });
  });
}

/** The first directive that a cookie matches is the one that counts, so those before the one for all cookies must be as strict. */
function passedCookies(level: NginxLevel, demand: CookieDemand): readonly string[] {
  const pass = passOf(level);
  const dropsAll = inForce(level, 'proxy_hide_header').some(({ words }) => words[0]?.toLowerCase() === 'set-cookie');
  if (!pass || (pass.name === 'proxy_pass' && dropsAll)) {
    return [];
  }
  // Only proxy_pass can have its cookies rewritten.
  const directives = pass.name === 'proxy_pass' ? inForce(level, 'proxy_cookie_flags') : [];
  const last = directives.findIndex(({ words }) => everyCookie.test(words[0] ?? ''));
  if (last < 0) {
    return ['uncovered'];
  }
  return directives.slice(0, last + 1).flatMap(({ words }) => missing(words.slice(1), demand));
}

function missing(words: readonly string[], { strict, sameSite }: CookieDemand): readonly string[] {
  const given = words.map((word) => word.toLowerCase());
  return [
    ...(given.includes('secure') ? [] : ['withoutSecure']),
    ...(strict && !given.includes('httponly') ? ['withoutHttpOnly'] : []),
    ...(strict && !sufficient(sameSite).some((value) => given.includes(`samesite=${value}`))
      ? ['withoutSameSite']
      : []),
  ];
}

function sufficient(sameSite: string): readonly string[] {
  return sameSite === 'Strict' ? ['strict'] : sameSite === 'Lax' ? ['lax', 'strict'] : ['none', 'lax', 'strict'];
}

function ownCookies(level: NginxLevel, demand: CookieDemand): readonly string[] {
  const header = inForce(level, 'add_header')
    .filter(({ words }) => words[0]?.toLowerCase() === 'set-cookie')
    .filter(({ words }) => missing((words[1] ?? '').split(/\s*;\s*/), demand).length > 0)
    .map(({ words }) => words[1]?.split('=')[0] ?? '');
  const visitor = inForce(level, 'userid').some(({ words }) => words[0] === 'on' || words[0] === 'v1');
  const bad = visitor && missing(inForce(level, 'userid_flags').flatMap(wordsOf), demand).length > 0;
  return [...header, ...(bad ? ['uid'] : [])].map((cookie) => `ownCookie#${cookie}`);
}

function wordsOf({ words }: NginxDirective): readonly string[] {
  return words;
}
