import { type ContentSecurityPolicy, readPolicies, sourcesOf } from '../../../lib/template/content-security-policy';

/** Directives through which code comes in. */
const code = ['script-src', 'script-src-elem', 'script-src-attr', 'worker-src', 'object-src'];
const styles = ['style-src', 'style-src-elem', 'style-src-attr'];
const required = ['script-src', 'object-src', 'base-uri', 'frame-ancestors'];

/**
 * What a content security policy leaves open, in words; nothing where it keeps foreign code out. Of several policies the browser obeys
 * all, so one without faults is enough.
 */
export function policyFaults(header: string, trustedTypes: boolean): readonly string[] {
  const faults = readPolicies(header).map((policy) => faultsOf(policy, trustedTypes));
  return faults.find((each) => each.length === 0) ?? faults[0] ?? ['it is empty'];
}

function faultsOf(policy: ContentSecurityPolicy, trustedTypes: boolean): readonly string[] {
  const unlimited = required
    .filter((directive) => sourcesOf(policy, directive) === undefined)
    .map((directive) => `nothing limits ${directive}`);
  const loose = [...policy].flatMap(([directive, sources]) =>
    sources.filter((source) => isLoose(directive, source, sources)).map((source) => `${directive} allows ${source}`),
  );
  const runsScripts = sourcesOf(policy, 'script-src')?.some((source) => source.toLowerCase() !== "'none'") ?? true;
  const typed = policy.get('require-trusted-types-for')?.includes("'script'") ?? false;
  return [
    ...unlimited,
    ...loose,
    ...(trustedTypes && runsScripts && !typed ? ["require-trusted-types-for 'script' is missing"] : []),
  ];
}

function isLoose(directive: string, source: string, beside: readonly string[]): boolean {
  const word = source.toLowerCase();
  const isCode = directive === 'default-src' || code.includes(directive) || directive === 'base-uri';
  if (!isCode && !styles.includes(directive) && !/-src$|^frame-ancestors$|^form-action$/.test(directive)) {
    return false;
  }
  if (word === "'unsafe-inline'") {
    // Browsers that know nonces or hashes ignore it beside one: it is there for those that do not.
    return !beside.some((other) => /^'(nonce-|sha(256|384|512)-)/i.test(other));
  }
  if (word === "'unsafe-eval'" || isEverything(word) || isFixedNonce(word)) {
    return true;
  }
  return isCode && (/^(https?|wss?|data|blob|filesystem):$/.test(word) || /^(http:|[a-z]+:\/\/\*|\*\.)/.test(word));
}

function isEverything(word: string): boolean {
  return /^([a-z]+:\/\/)?\*(:[\d*]+)?$/.test(word) || word === 'http:';
}

/** A nonce that is the same in every answer is no secret: one must come from a variable. */
function isFixedNonce(word: string): boolean {
  return word.startsWith("'nonce-") && !/\$\{?\w+/.test(word);
}
