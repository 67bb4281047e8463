import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { load } from 'js-yaml';
import { loadCatalogue } from '../bin/catalogue';
import { loadPolicies, packageRoot } from '../bin/policies';

const root = packageRoot(__dirname);
const folder = join(root, 'runbooks');
const claims = loadPolicies(root).registers.flatMap((register) => register.claims);
const controls = loadCatalogue();
const commandLine = readdirSync(join(root, 'bin'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(root, 'bin', file), 'utf8'))
  .join('\n');

interface FrontMatter {
  readonly title: string;
  readonly cadence: string;
  readonly claims: readonly string[];
  readonly evidence: { readonly what: string; readonly validDays: number };
}

const isFrontMatter = new Ajv({ allErrors: true }).compile<FrontMatter>({
  type: 'object',
  additionalProperties: false,
  required: ['title', 'cadence', 'owner', 'claims', 'evidence'],
  properties: {
    title: { type: 'string' },
    cadence: { type: 'string' },
    owner: {
      type: 'string',
      pattern: '^((engineering|incident|platform|privacy|security|support) lead|legal counsel)$',
    },
    claims: { type: 'array', uniqueItems: true, items: { type: 'string' } },
    evidence: {
      type: 'object',
      additionalProperties: false,
      required: ['what', 'validDays'],
      properties: { what: { type: 'string', minLength: 1 }, validDays: { type: 'integer', minimum: 1 } },
    },
  },
});

/** First words of a page's name: what a person does. A noun here would be a topic, and a topic is no procedure. */
const verbs = new Set(
  `answer apply assist bring close collect commission contain designate drill encrypt enter handle harden isolate keep mend move notify patch recover
   register replace require respond restore review rotate run shorten sign update verify widen`.split(/\s+/),
);

const headings =
  'When to use it,Before you start,Steps,How you know it worked,What to keep as evidence,What this does not prove';

/** Longest number of days in an interval that a cadence may name; a month has 31, a half-year 184. */
const intervals: readonly (readonly [RegExp, (count: number) => number])[] = [
  [/\bmonthly\b/, () => 31],
  [/\bquarterly\b/, () => 92],
  [/\bannual(?:ly)?\b/, () => 366],
  [/\b(\d+) months\b/, (count) => (count === 6 ? 184 : Math.ceil((count * 366) / 12))],
  [/\b(\d+) days\b/, (count) => count],
];

function daysNamedIn(cadence: string): number[] {
  return intervals.flatMap(([pattern, days]) =>
    [...cadence.matchAll(new RegExp(pattern, 'g'))].map((match) => days(Number(match[1]))),
  );
}

/** Commands of a page's shell blocks, continued lines joined. */
function commandsOf(text: string): string[] {
  return blocksOf(text, 'sh').flatMap(({ body }) =>
    body
      .replace(/\\\n\s*/g, '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
}

function blocksOf(text: string, language: string): { readonly name: string; readonly body: string }[] {
  return [...text.matchAll(/^ *```(\w+) ?(\S*)\n([\s\S]*?)^ *```$/gm)]
    .filter((match) => match[1] === language)
    .map((match) => ({ name: match[2] ?? '', body: match[3] ?? '' }));
}

function anchorsOf(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map((match) => (match[1] ?? '').toLowerCase().trim().replace(/\s+/g, '-')),
  );
}

function deadLinks(text: string): string[] {
  return [...text.matchAll(/\]\(([^)]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((link) => {
      const [file = '', anchor] = link.split('#');
      const path = join(folder, file);
      return !existsSync(path) || (anchor !== undefined && !anchorsOf(readFileSync(path, 'utf8')).has(anchor));
    })
    .map((link) => `leads nowhere: ${link}`);
}

function commandProblems(text: string): string[] {
  const known = new Set([...commandLine.matchAll(/\.command\('(\w+)/g)].map((match) => match[1]));
  return commandsOf(text).flatMap((command) => [
    ...(/\baws [a-z]/.test(command) && !/--region <([a-z]+-)?region>/.test(command)
      ? [`names no Region: ${command}`]
      : []),
    ...[...command.matchAll(/<([^<>\s]*)>/g)]
      .filter((match) => !/^[a-z][a-z0-9-]*$/.test(match[1] ?? ''))
      .map((match) => `odd placeholder: ${match[0]}`),
    ...[...command.matchAll(/npx avouch (\w+)([^&|]*)/g)].flatMap((match) => [
      ...(known.has(match[1]) ? [] : [`no such command: avouch ${match[1]}`]),
      ...[...(match[2] ?? '').matchAll(/--[a-z-]+/g)]
        .filter(([flag]) => !commandLine.includes(flag))
        .map(([flag]) => `no such option: ${flag}`),
      ...[...(match[2] ?? '').matchAll(/\b[a-z]{3}-\d{2}\b/g)]
        .filter(([id]) => !controls.some((control) => control.id === id))
        .map(([id]) => `no such control: ${id}`),
    ]),
  ]);
}

/** Everything that is wrong with one page by itself. */
function pageProblems(name: string, text: string): string[] {
  const [, yaml, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  if (yaml === undefined || body === undefined) {
    return ['has no front matter'];
  }
  const front = load(yaml);
  if (!isFrontMatter(front)) {
    return (isFrontMatter.errors ?? []).map((error) => `front matter${error.instancePath} ${error.message}`);
  }
  const [verb = ''] = name.split('-');
  const { validDays } = front.evidence;
  const naming = claims.filter((claim) => claim.runbook === name);
  const lines = text.trimEnd().split('\n').length;
  const found = [...body.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
  const evidence = body.split('## What to keep as evidence')[1] ?? '';
  const check = (holds: boolean, problem: string) => (holds ? [] : [problem]);
  return [
    ...check(/^[a-z]+(-[a-z0-9]+)+$/.test(name) && verbs.has(verb), 'its name is no verb and object'),
    ...check(front.title.toLowerCase().startsWith(`${verb} `), 'its title begins with another verb than its name'),
    ...check(body.includes(`\n# ${front.title}\n`), 'its heading is not its title'),
    ...check(
      [...front.claims].sort().join() ===
        naming
          .map(({ id }) => id)
          .sort()
          .join(),
      `its claims are not those that name it: ${naming.map(({ id }) => id).join(', ')}`,
    ),
    ...check(found.join() === headings, `its headings are ${found.join(', ')}`),
    ...check(/^1\. /m.test(body), 'its steps have no numbers'),
    ...check(daysNamedIn(front.cadence).includes(validDays), `its cadence names no interval of ${validDays} days`),
    ...check(
      evidence.includes(`\`${name}/<date>/`) &&
        evidence.includes('**Signed by:**') &&
        evidence.includes(`${validDays} days`),
      'its evidence has no file, signer or validity',
    ),
    ...check(lines >= 40 && lines <= 90, `it has ${lines} lines, 40 to 90 are usable at night`),
    ...check(
      !/arn:aws[:-]|\b\d{12}\b|us-east-1/.test(body),
      'it names a partition, an account or a Region outside Europe',
    ),
    ...figuresMissing(naming, body, validDays),
    ...blocksOf(body, 'json').flatMap(({ name: file, body: json }) => check(isJson(json), `${file} is no JSON`)),
    ...commandProblems(body),
    ...deadLinks(body),
  ];
}

/** Figures of the promises stand on the page, and evidence does not outlive what a figure allows. */
function figuresMissing(naming: typeof claims, body: string, validDays: number): string[] {
  const outlives = ['assurance.pentestDays', 'credentials.maxAgeDays'];
  const prose = body.replace(/^ *\d+\. /gm, '');
  return naming.flatMap(({ id, figures }) =>
    figures.flatMap(({ parameter, value }) => [
      ...(new RegExp(`\\b${String(value)}\\b`).test(prose)
        ? []
        : [`it does not say ${String(value)}, promised by ${id}`]),
      ...(outlives.includes(parameter) && validDays > Number(value) ? [`its evidence outlives ${id}`] : []),
    ]),
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/<[a-z0-9-]+>/g, '0'));
    return true;
  } catch {
    return false;
  }
}

const pages = readdirSync(folder)
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => [file.replace(/\.md$/, ''), readFileSync(join(folder, file), 'utf8')] as const);

const used = new Set([...claims, ...controls].flatMap(({ runbook }) => (runbook === undefined ? [] : [runbook])));

test('every page that a claim or a control names exists', () => {
  const names = new Set(pages.map(([name]) => name));
  expect([...used].filter((slug) => !names.has(slug))).toEqual([]);
});

test('every page is named by a claim or a control', () => {
  expect(pages.map(([name]) => name).filter((name) => !used.has(name))).toEqual([]);
});

test('the index leads to every page and to nothing else', () => {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const linked = [...text.matchAll(/\]\(([^)#]+)\.md\)/g)].map((match) => match[1]);
  expect(linked.sort()).toEqual(pages.map(([name]) => name).sort());
  expect([...deadLinks(text), ...commandProblems(text)]).toEqual([]);
});

test.each(pages)('%s is usable, and says what the promises say', (name, text) => {
  expect(pageProblems(name, text)).toEqual([]);
});

describe('a page that was spoiled', () => {
  const [name, text] = pages.find(([each]) => each === 'notify-breach') ?? ['', ''];
  test.each([
    ['fails without front matter', text.replace(/^---\n/, ''), /no front matter/],
    ['fails with an unknown field', text.replace('owner:', 'holder:'), /front matter.*owner/],
    ['fails without one of its claims', text.replace('cfeu-notify-72h, ', ''), /claims are not those/],
    ['fails with another figure', text.replaceAll('72', '96'), /does not say 72/],
    ['fails without a heading', text.replace('## Before you start', '## Before'), /its headings are/],
    ['fails with evidence that outlives its cadence', text.replaceAll('366', '700'), /no interval of 700 days/],
    ['fails with a dead link', text.replaceAll('review-kvkk.md', 'review-kvk.md'), /leads nowhere/],
    ['fails with a dead anchor', text.replace('README.md#evidence', 'README.md#proof'), /leads nowhere/],
    [
      'fails with a command that leaves the Region to the shell',
      text.replaceAll(' --region <region>', ''),
      /names no Region/,
    ],
    ['fails with a partition', text.replace('<sender-address>', 'arn:aws:ses'), /names a partition/],
    [
      'fails with a command that the tool does not have',
      text.replace('date -u', 'npx avouch notify'),
      /no such command/,
    ],
    ['fails with broken JSON', text.replace('{ "Simple"', '"Simple"'), /is no JSON/],
  ])('%s', (_, spoiled, problem) => {
    expect(pageProblems(name, spoiled).join('\n')).toMatch(problem);
  });
});
