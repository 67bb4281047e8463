/** A text that looks like a secret. The secret itself stays here: what leaves is its kind and its first few characters. */
export interface SecretLike {
  /** What it is, in words. */
  readonly kind: string;
  readonly masked: string;
}

interface Pattern {
  readonly kind: string;
  /** Its first group is the secret; without one, the whole match is. Every repetition is bounded: time stays linear. */
  readonly pattern: RegExp;
  /** How much of it tells its kind and nothing else. */
  readonly shown?: number;
  readonly accepts?: (secret: string, match: RegExpMatchArray) => boolean;
}

const patterns: readonly Pattern[] = [
  {
    kind: 'an AWS access key id',
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g,
    shown: 4,
    accepts: (id) => !id.endsWith('EXAMPLE'),
  },
  {
    kind: 'an AWS secret access key',
    pattern: /secret_?access_?key["']?\s{0,4}[:=]\s{0,4}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    accepts: (key) => !key.endsWith('EXAMPLEKEY') && entropy(key) > 3.5,
  },
  {
    kind: 'a private key',
    pattern: /-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\r|\\n|\s){0,8}([A-Za-z0-9+/=]{40})/g,
    shown: 0,
  },
  { kind: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,100})\b/g, shown: 4 },
  { kind: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,64}\b/g, shown: 6 },
  { kind: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g, shown: 4 },
  { kind: 'a Slack token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{20,200}/g, shown: 5 },
  {
    kind: 'a Slack webhook',
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{6,14}\/B[A-Z0-9]{6,14}\/([A-Za-z0-9]{20,32})/g,
  },
  { kind: 'a Stripe key', pattern: /\b(?:[rs]k_live_|whsec_)[A-Za-z0-9]{20,128}/g, shown: 8 },
  { kind: 'a Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g, shown: 4 },
  { kind: 'a Google client secret', pattern: /\bGOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/g, shown: 7 },
  { kind: 'a SendGrid key', pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g, shown: 3 },
  {
    kind: 'a signed token (JWT)',
    pattern: /\beyJ[A-Za-z0-9_-]{15,1000}\.eyJ[A-Za-z0-9_-]{15,4000}\.[A-Za-z0-9_-]{20,1000}/g,
    shown: 3,
  },
  {
    kind: 'a password in an address',
    pattern: /\b[a-z][a-z0-9+]{1,20}:\/\/[^\s:@/"'<>]{0,64}:([^\s@/"'<>]{3,128})@[\w[]/gi,
    accepts: (password) => !isPlaceholder(password),
  },
  {
    kind: 'a password that is set',
    pattern: /(?:passwd|password|passphrase)["']?\s{0,4}[:=]\s{0,4}["']?([A-Za-z0-9+/_!@#$%^&*=~-]{8,128})(?![\w.(])/gi,
    accepts: (password, match) =>
      !isPlaceholder(password) && isMixed(password) && entropy(password) > 2.5 && !assignsItself(match, password),
  },
  {
    kind: 'a secret that is set',
    pattern: /(?:secret|token|api_?key|apikey)["']?\s{0,4}[:=]\s{0,4}["']?([A-Za-z0-9+/_=-]{20,128})(?![\w.(])/gi,
    accepts: (secret) => !isPlaceholder(secret) && isMixed(secret) && entropy(secret) > 3.5,
  },
];

/** Cheap sign that one of the patterns may match: most texts end here. */
const hint =
  /A[KS]IA[A-Z2-7]{16}|PRIVATE KEY|gh[pousr]_[A-Za-z0-9]{9}|github_pat_|glpat-|npm_[A-Za-z0-9]{9}|xox[abeoprs]-|hooks\.slack\.com|k_live_|whsec_|AIza|GOCSPX-|SG\.[\w-]{9}|eyJ[\w-]{9}|:\/\/[^\s:@/"'<>]{0,64}:[^\s@/"'<>]{3,128}@|(?:[Pp]assw(?:or)?d|PASSW(?:OR)?D|[Pp]assphrase|PASSPHRASE|[Ss]ecret|SECRET|[Tt]oken|TOKEN|[Kk]ey|KEY)["']?\s{0,4}[:=]/;

/** Every text that looks like a secret, each kind once. */
export function findSecrets(text: string): readonly SecretLike[] {
  return hint.test(text) ? patterns.flatMap((each) => firstMatch(each, text)) : [];
}

function firstMatch({ kind, pattern, shown = 0, accepts }: Pattern, text: string): readonly SecretLike[] {
  for (const match of text.matchAll(pattern)) {
    const secret = match[1] ?? match[0];
    if (accepts?.(secret, match) ?? true) {
      return [{ kind, masked: mask(secret, shown) }];
    }
  }
  return [];
}

/** Never the secret: what shows its kind, and how long it is. */
export function mask(secret: string, shown = 0): string {
  return `${secret.slice(0, shown)}… (${secret.length} characters)`;
}

/** Words that stand where a secret will be, and holes that are filled later. */
export function isPlaceholder(text: string): boolean {
  return (
    /\$\{|\{\{|%[sv(]|<|^\$|^(?:x+|\*+|\.+|-+|your.*|my.*|example.*|change_?me.*|placeholder.*|pass(?:word)?|secret|token|null|none|true|false|undefined|dummy.*|redacted.*)$/i.test(
      text,
    ) || /^(.)\1*$/.test(text)
  );
}

/** A name that is set to itself, as compiled code hands its names out: `exports.MD5Password = MD5Password`. */
function assignsItself({ index = 0, input = '' }: RegExpMatchArray, secret: string): boolean {
  const start = /\w*$/.exec(input.slice(Math.max(0, index - 128), index))?.[0] ?? '';
  const end = /^\w+/.exec(input.slice(index, index + 128))?.[0] ?? '';
  return `${start}${end}` === secret;
}

function isMixed(text: string): boolean {
  return /[0-9]/.test(text) && /[A-Za-z]/.test(text);
}

/** Shannon entropy, bits for each character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) {
    bits -= (count / text.length) * Math.log2(count / text.length);
  }
  return bits;
}
