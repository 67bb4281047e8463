import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateEvidence } from '../lib/evidence/validate-evidence';

const root = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'avouch-cli-'));
const file = (name: string) => join(folder, name);

beforeEach(() => rmSync(file('avouch.out'), { recursive: true, force: true }));

/** Runs the command line as a user does: another folder, no terminal, no credentials. */
function avouch(...args: string[]) {
  const env = { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist', 'bin', 'avouch.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

function template(name: string, content: unknown): string {
  writeFileSync(file(name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

const deep = `{"Resources": ${'{"A":'.repeat(5000)}1${'}'.repeat(5000)}}`;

test.each([
  ['malformed JSON', 'bad.json', '{"Resources": {', /bad\.json: malformed JSON/],
  ['malformed YAML', 'bad.yaml', 'Resources:\n  A: [', /bad\.yaml: malformed YAML/],
  ['an empty file', 'empty.json', '', /empty\.json: the file is empty/],
  ['a resource without a type', 'untyped.json', { Resources: { A: {} } }, /untyped\.json: resource 'A' has no Type/],
  [
    'a key given twice',
    'twice.json',
    '{"Resources": {"A": {"Type": "T"}, "A": {"Type": "T"}}}',
    /twice\.json:1: the key "A" is given twice/,
  ],
  ['deep nesting', 'deep.json', deep, /deep\.json: nested deeper/],
  ['no resources at all', 'none.json', { Parameters: {} }, /none\.json: .*Resources/],
  ['an empty object of resources', 'nothing.json', { Resources: {} }, /no resource in 'nothing\.json'/],
  ['bytes that are no text', 'binary.yaml', '\u0000\u0001\u0002', /binary\.yaml: the file is no text in UTF-8/],
  ['a tag of another tool', 'tag.yaml', 'Resources:\n  A: !Foo b\n', /the tag '!Foo' is none of CloudFormation's/],
])('fails with exit code 3, one line and no evidence for %s', (_, name, content, words) => {
  const { status, stdout, stderr } = avouch('check', template(name, content));
  expect([status, stdout, stderr.trim().split('\n').length]).toEqual([3, '', 1]);
  expect(stderr).toMatch(words);
  expect(existsSync(file('avouch.out'))).toBe(false);
});

test.each([
  [['check', 'nowhere.json'], /no such file or folder: 'nowhere\.json'/],
  [['check', '--profile', 'nobody'], /unknown profile 'nobody': known are cfeu/],
  [['check', 'any.json', '--control', 'xyz-99'], /unknown control 'xyz-99'/],
  [
    ['check', 'any.json', '--format', 'pdf'],
    /unknown format 'pdf' for --format: allowed are table, json, md, html, csv, sarif/,
  ],
  [
    ['check', 'any.json', '--fail-on', 'anything'],
    /unknown threshold 'anything' for --fail-on: allowed are broken, unproven, awaiting/,
  ],
  [['check', 'any.json', '--parameters', 'none.txt'], /no such parameter file: 'none\.txt'/],
  [['check'], /no cdk\.json/],
  [['check', '--bogus'], /unknown option '--bogus'/],
  [['chekc'], /^avouch: unknown command 'chekc': known are check, verify/],
  [['check', 'any.json', 'other.json'], /^avouch: too many arguments for 'check': expected 1 argument but got 2\n$/],
  [[], /^Usage: avouch/],
  [['check', 'any.json', '--out', 'any.json'], /--out is 'any\.json', but '.*' is no folder/],
  [['check', 'any.json', '--out', 'any.json/below'], /--out is 'any\.json\/below', but/],
  [['check', 'any.json', '--out', ''], /--out is '', expected a folder/],
  [['check', 'any.json', '--parameters', '.'], /cannot read '.*': it is a folder/],
  [['check', '--parameters', 'any.json'], /--parameters is for a template that is named/],
  [['claims', '--document', '.'], /cannot read '.*': it is a folder/],
  [['claims', '--out', 'damaged'], /damaged\/evidence\.json: malformed JSON/],
  [['explain', 'enc-04', '--out', 'damaged'], /damaged\/evidence\.json: malformed JSON/],
  [['explain', 'enc-04', '--format', 'json'], /unknown format 'json' for --format: allowed is table/],
  [['explain', ''], /no id was given/],
  [['report', 'any.json'], /any\.json is no evidence of a run: .*lacks 'schemaVersion', and 9 more\n$/],
  [['verify', '--region', 'eu-central-1', '--with', 'damaged/evidence.json'], /malformed JSON/],
  [['diff', 'absent.json'], /no evidence at 'absent\.json'/],
  [['claims', '--document', 'none.txt'], /no such document: 'none\.txt'/],
  [['explain', 'no-such-thing'], /no promise and no control has the id 'no-such-thing'/],
  [['report'], /no evidence at 'avouch\.out\/evidence\.json'/],
  [['verify'], /no region to look at/],
  [['verify', '--region', 'eu-central-1'], /no AWS credentials found/],
  [['verify', '--database', 'postgresql://a:b@db/x'], /sslmode is not set, allowed is only verify-full/],
  [
    ['verify', '--database', 'postgresql://a@db/x?sslmode=verify-full&sslrootcert=system'],
    /no password for role 'a': set PGPASSWORD/,
  ],
])('fails with exit code 3 for %j', (args, words) => {
  template('any.json', { Resources: { Any: { Type: 'AWS::SNS::Topic' } } });
  mkdirSync(file('damaged'), { recursive: true });
  writeFileSync(file('damaged/evidence.json'), '{');
  const { status, stdout, stderr } = avouch(...args);
  expect([status, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/\n\s+at /);
});

const bucket = { Resources: { Files: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'files' } } } };

test('somebody’s template is judged by what is in it', () => {
  const { status, stdout } = avouch('check', template('bucket.json', bucket), '--present-only', '--format', 'json');
  const evidence = validateEvidence(JSON.parse(stdout));
  expect(status).toBe(1);
  expect(JSON.parse(readFileSync(file('avouch.out/evidence.json'), 'utf8'))).toEqual(JSON.parse(stdout));
  expect(evidence.targets.map(({ path }) => path)).toContain('bucket.json');
  // Whatever was judged is pinned: a template, a register.
  const pinned = evidence.targets.map(({ path }) => path);
  expect(
    evidence.controls.flatMap(({ subjects }) => subjects).filter(({ target }) => !pinned.includes(target)),
  ).toEqual([]);
  const finding = evidence.controls.find(({ id }) => id === 'enc-05')?.subjects[0];
  expect(finding).toMatchObject({
    target: 'bucket.json',
    logicalId: 'Files',
    verdict: 'not-satisfied',
    source: 'bucket.json:1',
  });
});

test('a value for a parameter that no template has is refused, not passed over', () => {
  const yaml = template('sized.yaml', 'Parameters: {Size: {Type: Number}}\nResources: {A: {Type: AWS::SNS::Topic}}\n');
  const { status, stderr } = avouch('check', yaml, '--parameters', template('p.json', { Sise: 3 }));
  expect([status, stderr]).toEqual([3, "avouch: no template has a parameter 'Sise': known are Size\n"]);
});

test('what this package keeps on record is no promise of somebody’s template', () => {
  const { stdout } = avouch('check', template('bucket.json', bucket), '--present-only', '--format', 'json');
  const evidence = validateEvidence(JSON.parse(stdout));
  const targets = evidence.controls.flatMap(({ subjects }) => subjects).map(({ target }) => target);
  expect([...new Set(targets)]).toEqual(['bucket.json']);
});

test('YAML, JSON and parameters come to the same', () => {
  const yaml =
    'Parameters: {Sse: {Type: String}}\nResources:\n  Files:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketEncryption:\n        ServerSideEncryptionConfiguration:\n          - ServerSideEncryptionByDefault: {SSEAlgorithm: !Ref Sse}\n';
  const args = [
    'check',
    template('bucket.yaml', yaml),
    '--present-only',
    '--control',
    'enc-05',
    '--profile',
    'clvr',
    '--format',
    'json',
  ];
  const verdict = (given: readonly string[]) =>
    validateEvidence(JSON.parse(avouch(...args, ...given).stdout)).controls[0]?.verdict;
  expect(verdict([])).toBe('not-assessed');
  expect(verdict(['--parameters', template('p.json', [{ ParameterKey: 'Sse', ParameterValue: 'AES256' }])])).toBe(
    'satisfied',
  );
  expect(verdict(['--parameters', template('q.json', { Parameters: { Sse: 'aws:kms' } })])).toBe('satisfied');
});

test('a folder of unrelated templates gives each a target of its own', () => {
  const folderOfTwo = mkdtempSync(join(folder, 'two-'));
  writeFileSync(join(folderOfTwo, 'a.json'), JSON.stringify(bucket));
  writeFileSync(join(folderOfTwo, 'b.yaml'), 'Resources:\n  Other: {Type: AWS::S3::Bucket}\n');
  const { stdout } = avouch('check', folderOfTwo, '--present-only', '--format', 'json');
  const { targets, controls } = validateEvidence(JSON.parse(stdout));
  const paths = targets.map(({ path }) => path);
  expect(paths.map((path) => path.split('/').at(-1))).toEqual(expect.arrayContaining(['a.json', 'b.yaml']));
  // The line leads to the file from where the run was started, not to a name of which there may be many
  const sources = controls.flatMap(({ subjects }) => subjects.flatMap(({ source }) => source ?? []));
  expect(new Set(sources)).toEqual(new Set(paths.map((path) => `${path}:${path.endsWith('json') ? 1 : 2}`)));
});

test('in a folder a link is the file it leads to, and whatever cannot be read is told at once', () => {
  const linked = mkdtempSync(join(folder, 'linked-'));
  symlinkSync(file(template('bucket.json', bucket)), join(linked, 'link.json'));
  symlinkSync('..', join(linked, 'up'));
  const { stdout } = avouch('check', linked, '--present-only', '--format', 'json');
  expect(validateEvidence(JSON.parse(stdout)).targets.map(({ path }) => path.split('/').at(-1))).toEqual(['link.json']);

  symlinkSync('nowhere.json', join(linked, 'lost.json'));
  writeFileSync(join(linked, 'bad.yaml'), 'Resources: [');
  const { status, stderr } = avouch('check', linked);
  expect([status, stderr.trim().split('\n').length]).toEqual([3, 2]);
  expect(stderr).toMatch(/bad\.yaml: malformed YAML[\s\S]*lost\.json': there is no such file/);
});

test('a reader that leaves changes no verdict, and a full disk is no pass', () => {
  const entry = join(root, 'dist', 'bin', 'avouch.js');
  const command = `"$0" "$1" check ${template('bucket.json', bucket)} --present-only | head -c 1; echo "\${PIPESTATUS[0]}"`;
  const left = spawnSync('bash', ['-c', command, process.execPath, entry], { cwd: folder, encoding: 'utf8' });
  expect([left.stdout.slice(1), left.stderr]).toEqual(['1\n', 'avouch: written avouch.out/evidence.json\n']);

  const help = ['--help'];
  const full = spawnSync(process.execPath, [entry, ...help], {
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    encoding: 'utf8',
  });
  expect([full.status, full.stderr]).toEqual([
    3,
    expect.stringMatching(/^avouch: cannot write to standard output: ENOSPC/),
  ]);
});

test('evidence is written in one step, and leaves nothing unfinished behind', () => {
  avouch('check', template('bucket.json', bucket), '--present-only');
  expect(readdirSync(file('avouch.out'))).toEqual(['evidence.json']);
});

test('the templates of this app go into no folder that holds something else', () => {
  mkdirSync(file('mine/assembly'), { recursive: true });
  writeFileSync(file('mine/assembly/novel.txt'), 'chapter one');
  const args = ['check', '--out', file('mine')];
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist', 'bin', 'avouch.js'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([3, expect.stringContaining("holds something else, such as 'novel.txt'")]);
  expect(readFileSync(file('mine/assembly/novel.txt'), 'utf8')).toBe('chapter one');
});

test('every format is printed, and a run is compared with an earlier one', () => {
  const formats = ['json', 'md', 'html', 'csv', 'sarif', 'junit', 'oscal', 'table'];
  avouch('check', template('bucket.json', bucket), '--present-only', '--out', 'before');
  const starts = formats.map((format) =>
    avouch('report', 'before/evidence.json', '--format', format).stdout.slice(0, 12),
  );
  expect(new Set(starts.filter((start) => start.length > 0)).size).toBeGreaterThanOrEqual(formats.length - 1);
  const encrypted = { BucketEncryption: { ServerSideEncryptionConfiguration: [{}] } };
  template('bucket.json', {
    Resources: { Files: { Type: 'AWS::S3::Bucket', Properties: encrypted }, More: { Type: 'AWS::S3::Bucket' } },
  });
  avouch('check', 'bucket.json', '--present-only');
  const { status, stdout } = avouch('diff', 'before/evidence.json');
  expect([status, stdout]).toEqual([
    1,
    expect.stringMatching(/new findings \(\d+\)\n {2}bck-01 bucket\.json:1: bucket More/),
  ]);
  expect(avouch('diff', 'before/evidence.json', 'before/evidence.json').status).toBe(0);
}, 60_000);

test('progress goes to standard error, and a pipe gets no colours', () => {
  const { stdout, stderr } = avouch('check', template('bucket.json', bucket), '--present-only');
  expect(stdout).not.toContain('\u001b[');
  expect(stdout).not.toContain('avouch:');
  expect(stderr).toMatch(/^avouch: written /);
});

test('this app is judged by one control alone, whatever other checkers would say of it', () => {
  const args = ['check', '--control', 'enc-04', '--fail-on', 'broken', '--out', file('avouch.out')];
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist', 'bin', 'avouch.js'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, expect.stringContaining('written')]);
}, 120_000);

test('a 10 MB template is judged', () => {
  const many = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [
      `Topic${index}`,
      { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'x'.repeat(450) } },
    ]),
  );
  const { status, stdout } = avouch(
    'check',
    template('large.json', { Resources: many }),
    '--present-only',
    '--control',
    'enc-05',
  );
  expect(status).toBe(1);
  expect(stdout).toMatch(/and 19.?800 more findings/);
}, 60_000);
