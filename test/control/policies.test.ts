import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue } from '../../bin/catalogue';
import { compilePolicies } from '../../bin/compile-policies';
import { loadPolicies, packageRoot, profileNamed } from '../../bin/policies';
import type { Parameter } from '../../lib/control/parameter';
import { boundClaims, resolveFigures } from '../../lib/control/profile-figures';
import { messageOf } from './fixtures';

const source = packageRoot(__dirname);
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'policies-'));
  mkdirSync(join(root, 'dist'));
  for (const folder of ['claims', 'profiles', 'exceptions']) {
    const from = join(source, 'policies', folder);
    if (existsSync(from)) {
      cpSync(from, join(root, 'policies', folder), { recursive: true });
    }
  }
});

afterEach(() => rmSync(root, { recursive: true }));

function edit(path: string, change: (text: string) => string): void {
  const file = join(root, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** Puts words into the cache that stand in no file, to see whether it is used. */
function markCache(): void {
  edit('dist/policies.json', (text) => text.replace(/"title":"[^"]*"/g, '"title":"from the cache"'));
}

const titleOf = (document: string) =>
  loadPolicies(root).registers.find((register) => register.document === document)?.title;

describe('the policies of this package', () => {
  test('hold five registers with 266 claims and six profiles', () => {
    const { registers, profiles } = loadPolicies(root);
    expect(registers.map(({ document }) => document)).toEqual(['cfeu', 'cfus', 'clvr', 'cly', 'tdb']);
    expect(registers.flatMap(({ claims }) => claims)).toHaveLength(266);
    expect([...profiles.keys()]).toEqual(['cfeu', 'cfus', 'clvr', 'cly', 'strictest', 'tdb']);
  });

  test('bind all claims in the strictest profile', () => {
    const policies = loadPolicies(root);
    expect(boundClaims(profileNamed(policies, 'strictest'), policies.registers)).toHaveLength(266);
  });

  test.each(['cfeu', 'cfus', 'clvr', 'cly', 'strictest', 'tdb'])('resolve %s without contradiction', (name) => {
    const policies = loadPolicies(root);
    const parameters: Record<string, Parameter> = {
      ...numbersOf(policies.registers),
      ...Object.assign({}, ...loadCatalogue().map((control) => control.parameters)),
    };
    const figures = resolveFigures(profileNamed(policies, name), policies.registers, parameters);
    expect([...figures.all.keys()].sort()).toEqual(Object.keys(parameters).sort());
  });
});

/** A parameter for every number and set that a document promises, declared by a control or not. */
function numbersOf(registers: ReturnType<typeof loadPolicies>['registers']): Record<string, Parameter> {
  const figures = registers.flatMap(({ claims }) => claims.flatMap((claim) => claim.figures));
  return Object.fromEntries(
    figures.flatMap(({ parameter, value, bound }): [string, Parameter][] => {
      if (typeof value === 'number') {
        const stricter = bound === 'at_most' ? 'lower' : 'higher';
        return [[parameter, { kind: 'number', stricter, default: value, unit: 'units', description: 'a sample' }]];
      }
      return Array.isArray(value) ? [[parameter, { kind: 'set', default: value, description: 'a sample' }]] : [];
    }),
  );
}

describe('names', () => {
  test('fail on an unknown profile', () => {
    expect(messageOf(() => profileNamed(loadPolicies(root), 'x'))).toBe(
      "InputError: unknown profile 'x': known are cfeu, cfus, clvr, cly, strictest, tdb",
    );
  });

  test('fail on a file that would silently not be read', () => {
    writeFileSync(join(root, 'policies/claims/new.yml'), 'document: new');
    expect(messageOf(() => loadPolicies(root))).toBe(
      'InputError: policies/claims/new.yml would not be read: rename it to end in .yaml',
    );
  });

  test('fail where there is no register at all', () => {
    rmSync(join(root, 'policies/claims'), { recursive: true });
    expect(messageOf(() => loadPolicies(root))).toBe(
      `InputError: no registers in ${join(root, 'policies', 'claims')}: expected one YAML file per document`,
    );
  });

  test('fail across files: a profile that lets an unknown claim yield, an exception for an unknown claim', () => {
    edit('policies/profiles/strictest.yaml', (text) => text.replace('cly-audit-logs-90d', 'cly-nothing'));
    expect(messageOf(() => loadPolicies(root))).toContain("unknown claim 'cly-nothing' under yields");
    cpSync(join(source, 'policies/profiles/strictest.yaml'), join(root, 'policies/profiles/strictest.yaml'));
    mkdirSync(join(root, 'policies/exceptions'), { recursive: true });
    writeFileSync(
      join(root, 'policies/exceptions/one.yaml'),
      JSON.stringify({
        id: 'one',
        reason: 'a test',
        owner: 'Ada',
        approver: 'Grace',
        approved: '2026-01-01',
        expires: '2026-02-01',
        claims: ['tdb-nothing'],
        applies: [{ rule: 'net-03', paths: ['Network/Vpc/Resource'] }],
      }),
    );
    expect(messageOf(() => loadPolicies(root))).toContain("exception 'one': unknown claim 'tdb-nothing'");
  });
});

describe('the cache', () => {
  test('gives what the files say', () => {
    const read = loadPolicies(root);
    compilePolicies(root);
    expect(loadPolicies(root)).toEqual(read);
  });

  test('is used for a file that has not changed since, and only for that', () => {
    compilePolicies(root);
    markCache();
    expect(titleOf('tdb')).toBe('from the cache');
    edit('policies/claims/tdb.yaml', (text) => text.replace(/^title: .*$/m, 'title: from the file'));
    expect(titleOf('tdb')).toBe('from the file');
    expect(titleOf('cly')).toBe('from the cache');
  });

  test('never hides a file that has become wrong, or is new and wrong', () => {
    compilePolicies(root);
    edit('policies/claims/tdb.yaml', (text) => text.replace('kind: data', 'kind: dta'));
    expect(messageOf(() => loadPolicies(root))).toMatch(
      /policies\/claims\/tdb.yaml: claim 'tdb-.*: kind is "dta", allowed/,
    );
    cpSync(join(source, 'policies/claims/tdb.yaml'), join(root, 'policies/claims/tdb.yaml'));
    writeFileSync(join(root, 'policies/claims/new.yaml'), '');
    expect(messageOf(() => loadPolicies(root))).toContain('policies/claims/new.yaml: not readable as YAML');
  });

  test('does not bring back a file that is gone', () => {
    // An exception may apply under the profile that goes.
    rmSync(join(root, 'policies/exceptions'), { recursive: true, force: true });
    compilePolicies(root);
    rmSync(join(root, 'policies/profiles/cly.yaml'));
    expect([...loadPolicies(root).profiles.keys()]).not.toContain('cly');
  });

  test.each([
    ['made for other schemas', (text: string) => text.replace(/"schemas":"./, '"schemas":"z')],
    ['cut short', (text: string) => text.slice(0, 1000)],
    ['empty', () => ''],
    ['null', () => 'null'],
    ['without entries', (text: string) => JSON.stringify({ schemas: JSON.parse(text).schemas })],
  ])('is passed over where it is %s', (_, damage) => {
    compilePolicies(root);
    markCache();
    edit('dist/policies.json', damage);
    expect(titleOf('tdb')).not.toBe('from the cache');
  });

  test('fails to be written where a file is wrong', () => {
    edit('policies/profiles/cly.yaml', (text) => `${text}\nname: again\n`);
    expect(messageOf(() => compilePolicies(root))).toContain('this key stands twice');
    expect(existsSync(join(root, 'dist/policies.json'))).toBe(false);
  });
});
