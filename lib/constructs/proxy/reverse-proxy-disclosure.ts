import type { Directive } from './reverse-proxy';
import { guards } from './reverse-proxy-guards';

/**
 * What is published for whoever finds a weakness. The proxy answers by itself, so that it can be read while the application is down: a load balancer
 * that finds no healthy target asks all of them.
 *
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export interface Disclosure {
  /** Mail address that takes reports. */
  readonly contact: string;
  /** Subject line by which a report is known. */
  readonly subject: string;
  /** Last day on which `security.txt` counts, YYYY-MM-DD. */
  readonly expires: string;
  /** Languages in which reports are read, such as `en` and `de`. */
  readonly languages: readonly string[];
  /** What nobody who acts in good faith has to fear, as legal counsel agreed to it. */
  readonly safeHarbour: string;
  /** What is asked of a reporter before anything is published. */
  readonly coordination: string;
  /** Hours from the receipt of a report until a person acknowledges it. */
  readonly acknowledgeHours: number;
  /** Business days from the receipt to the first news, and from each news to the next. */
  readonly updateBusinessDays: number;
  /** Whether bounties are offered. */
  readonly bounty: boolean;
}

const SECURITY_TXT = '/.well-known/security.txt';
const POLICY = '/security-policy';

/** nginx reads a word of 4,096 bytes at most. */
const LONGEST_PAGE = 4000;

const CLASSES = [
  'bypassed authentication or authorisation',
  'remote execution of code',
  'injected SQL',
  'cross-site scripting',
  'exposed data',
];

/**
 * `security.txt` and the policy that it names, for one host. Nobody else's words get into the configuration: whatever could end its text is an
 * entity in the page, and refused in the file.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9116
 *
 * @throws if a value could not stand in the file, or the page is too long
 */
export function disclosureLocations(domainName: string, disclosure: Disclosure | undefined): readonly Directive[] {
  if (!disclosure) {
    return [];
  }
  checkDisclosure(disclosure);
  return [
    answer(SECURITY_TXT, 'text/plain', securityTxt(domainName, disclosure)),
    answer(POLICY, 'text/html', policyPage(disclosure)),
  ];
}

function answer(path: string, type: string, body: string): Directive {
  return [
    `location = ${path}`,
    [
      ...guards(),
      'if ($changes_state) { return 405; }',
      `default_type '${type}; charset=utf-8';`,
      `return 200 '${body}';`,
    ],
  ];
}

function securityTxt(domainName: string, { contact, subject, expires, languages }: Disclosure): string {
  return [
    `Contact: mailto:${contact}?subject=${encodeURIComponent(subject)}`,
    `Expires: ${expires}T23:59:59Z`,
    `Preferred-Languages: ${languages.join(', ')}`,
    `Canonical: https://${domainName}${SECURITY_TXT}`,
    `Policy: https://${domainName}${POLICY}`,
    '',
  ].join('\n');
}

function policyPage(disclosure: Disclosure): string {
  const { contact, subject, acknowledgeHours, updateBusinessDays, bounty } = disclosure;
  const title = 'Report a vulnerability';
  const classes = CLASSES.map((each) => `<li>${each}</li>`).join('');
  const page = [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>`,
    `<p>Write to <a href="mailto:${contact}?subject=${encodeURIComponent(subject)}">${contact}</a> with the subject ${encoded(subject)}: what you found, where, and how to see it.</p>`,
    '<h2>What to expect</h2>',
    `<p>A person acknowledges your report within ${acknowledgeHours} hours, and you hear news within ${updateBusinessDays} business days, again and again until it is closed.</p>`,
    `<h2>Safe harbour</h2><p>${encoded(disclosure.safeHarbour)}</p>`,
    `<h2>Coordinated disclosure</h2><p>${encoded(disclosure.coordination)}</p>`,
    ...(bounty ? [`<h2>Bounties</h2><p>They are offered for:</p><ul>${classes}</ul>`] : []),
    '</body></html>',
  ].join('\n');
  if (Buffer.byteLength(page) > LONGEST_PAGE) {
    throw new Error(
      `the disclosure policy has ${Buffer.byteLength(page)} bytes, expected at most ${LONGEST_PAGE}: shorten safeHarbour or coordination`,
    );
  }
  return page;
}

/** Letters, digits and harmless signs stay; the rest could mean something to a browser or to nginx. */
function encoded(words: string): string {
  return words
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[^\p{L}\p{N} .,;:!?()/@-]/gu, (sign) => `&#${sign.codePointAt(0)};`);
}

function checkDisclosure(disclosure: Disclosure): void {
  const expected: readonly [keyof Disclosure, RegExp, string][] = [
    ['contact', /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/, 'a mail address such as security@example.com'],
    ['subject', /^[\w .-]+$/, 'letters, digits, spaces, dots, hyphens'],
    ['expires', /^\d{4}-\d\d-\d\d$/, 'a day such as 2027-11-15'],
    [
      'languages',
      /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*(,[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)*$/,
      'tags such as en or de-AT',
    ],
    ['safeHarbour', /\S/, 'words'],
    ['coordination', /\S/, 'words'],
  ];
  for (const [name, pattern, words] of expected) {
    const value = String(disclosure[name]);
    if (!pattern.test(value)) {
      throw new Error(`${name} of the disclosure is '${value}', expected ${words}: change ${name}`);
    }
  }
}
