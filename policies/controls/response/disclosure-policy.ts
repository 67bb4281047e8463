import type { JudgementContext } from '../../../lib/control/control';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { NginxLevel } from '../../../lib/template/nginx-levels';
import type { ProxyConfiguration } from '../edge/proxy-configuration';
import { hostOf, namedServers, type PublishedPage, pageAt } from './published-page';
import { judgeSecurityTxt, policyPaths } from './security-txt';

const file = '/.well-known/security.txt';

/** Classes of flaws that a bounty can be offered for, by the words that researchers look for. */
const classes: Readonly<Record<string, RegExp>> = {
  'bypassed authentication or authorisation': /\bauth(entication|ori[sz]ation)?\b/i,
  'remote execution of code': /\bremote(ly)? (code )?execut\w+|\bRCE\b/i,
  'injected SQL': /\bSQL\b/,
  'cross-site scripting': /\bcross-site scripting\b|\bXSS\b/i,
  'exposed data': /\b(exposed data|data exposure|exposure of data)\b/i,
};

/** Judges `security.txt` and the policy that it names, on every host that the proxy answers for. */
export function judgeDisclosure({ levels }: ProxyConfiguration, context: JudgementContext): readonly Outcome[] {
  const found = namedServers(levels).flatMap((server) => judgeHost(server, levels, context));
  return found.length > 0 ? found : [satisfied];
}

function judgeHost(server: NginxLevel, levels: readonly NginxLevel[], context: JudgementContext): readonly Outcome[] {
  const page = pageAt(server, file, levels);
  if (page.kind !== 'page') {
    return [unserved(page, file, server)];
  }
  return [
    ...(/^text\/plain\s*;\s*charset=utf-8$/i.test(page.type)
      ? []
      : [finding('wrongType', undefined, { got: page.type || 'nothing' })]),
    ...judgeSecurityTxt(page.text, context),
    ...policyPaths(page.text).flatMap(({ host, path }) => {
      const own = namedServers(levels).find((each) => hostOf(each) === undefined || hostOf(each) === host);
      return own
        ? judgePolicy(pageAt(own, path, levels), path, own, context)
        : [notAssessed(`the policy lies on ${host}, which is not in the template`)];
    }),
  ];
}

function unserved(page: Exclude<PublishedPage, { kind: 'page' }>, path: string, server: NginxLevel): Outcome {
  const host = hostOf(server) ?? server.name;
  return page.kind === 'elsewhere'
    ? notAssessed(`what ${host} answers at ${path} is not in the text: ${page.reason}`)
    : finding('notServed', undefined, { path, host, got: page.kind === 'refused' ? page.code : 'nothing of its own' });
}

function judgePolicy(
  page: PublishedPage,
  path: string,
  server: NginxLevel,
  { figures }: JudgementContext,
): readonly Outcome[] {
  if (page.kind !== 'page') {
    return [unserved(page, path, server)];
  }
  const words = page.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  const offered = Object.entries(classes).filter(([, pattern]) => pattern.test(bountyPart(words)));
  const least = figures.number('vdp.bountyClasses');
  const missing = Object.keys(classes).filter((name) => !offered.some(([each]) => each === name));
  return [
    ...(isSafeHarbour(words) ? [] : [finding('noSafeHarbour', undefined, { path })]),
    ...(/publish|publication|disclos/i.test(afterHeading(words, /coordinated disclosure/i))
      ? []
      : [finding('uncoordinated', undefined, { path })]),
    ...judgeTime(words, /(\d+) hours/i, { most: figures.number('vdp.ackHours'), path, unit: 'hours' }),
    ...judgeTime(words, /(\d+) (?:business|working) days/i, {
      most: figures.number('vdp.updateBusinessDays'),
      path,
      unit: 'business days',
    }),
    ...(offered.length >= least
      ? []
      : [finding('bountyScope', undefined, { path, count: offered.length, least, missing: missing.join(', ') })]),
  ];
}

/** A heading alone protects nobody: it must say that no legal step follows. */
function isSafeHarbour(words: string): boolean {
  return /\b(no|not|nobody|never)\b[^.]*\b(legal action|court|sued?|prosecut\w+)|\b(legal action|court|sued?|prosecut\w+)\b[^.]*\b(no|not|nobody|never)\b/i.test(
    afterHeading(words, /safe harbou?r/i),
  );
}

function bountyPart(words: string): string {
  return afterHeading(words, /bount(y|ies)/i);
}

function afterHeading(words: string, heading: RegExp): string {
  const at = words.search(heading);
  return at < 0 ? '' : words.slice(at).replace(heading, '');
}

/** A page may leave a time out; one that is longer than promised elsewhere contradicts it. */
function judgeTime(
  words: string,
  pattern: RegExp,
  { most, path, unit }: { readonly most: number; readonly path: string; readonly unit: string },
): readonly Outcome[] {
  const got = Number(pattern.exec(words)?.[1] ?? 0);
  return got > most ? [finding('latePage', undefined, { path, got, most, unit })] : [];
}
