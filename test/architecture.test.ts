import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

const root = join(__dirname, '..');

interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Rooms and packages that it imports: `lib/control`, `policies`, `aws-cdk-lib`. */
  readonly imports: readonly string[];
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') {
      yield* filesBelow(path);
    } else if (entry.isFile()) {
      yield path;
    }
  }
}

/** Second level for `lib`, first for the rest: the rooms of the house. */
function roomOf(path: string): string {
  const [top = '', second = ''] = path.split(sep);
  return top === 'lib' ? `lib/${second}` : top;
}

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import|require)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  const imports = specifiers.map((specifier) =>
    specifier.startsWith('.')
      ? roomOf(relative(root, join(root, dirname(path), specifier)))
      : specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/'),
  );
  return { path, text, imports };
}

const sources = ['bin', 'lib', 'policies'].flatMap((folder) =>
  [...filesBelow(folder)].filter((path) => path.endsWith('.ts')).map(read),
);

function inRoom(room: string): readonly SourceFile[] {
  return sources.filter(({ path }) => roomOf(path) === room || path.startsWith(`${room}${sep}`));
}

/** What each room may import of the house; packages are judged apart. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'lib/control': ['lib/control', 'lib/template'],
  'lib/template': ['lib/template', 'lib/control'],
  'lib/synth': ['lib/synth', 'lib/control', 'lib/template'],
  'lib/verify': ['lib/verify', 'lib/control', 'lib/template'],
  'lib/evidence': ['lib/evidence', 'lib/control'],
  // Its errors are the caller's, and there is one kind of those.
  'lib/settings': ['lib/settings', 'lib/control'],
  'lib/functions': ['lib/functions', 'lib/database'],
  'lib/database': ['lib/database'],
  'lib/constructs': ['lib/constructs', 'lib/settings', 'lib/functions', 'lib/database'],
  'lib/stacks': ['lib/stacks', 'lib/constructs', 'lib/settings'],
  policies: ['policies', 'lib/control', 'lib/template'],
};

const houseRooms = (room: string) => room.startsWith('lib/') || ['bin', 'policies', 'test'].includes(room);

describe('who may import whom', () => {
  test.each(Object.entries(mayImport))('%s imports only what it may', (room, allowed) => {
    const files = inRoom(room);
    expect(files).not.toEqual([]);
    const strays = files.flatMap(({ path, imports }) =>
      imports.filter((each) => houseRooms(each) && !allowed.includes(each)).map((each) => `${path} imports ${each}`),
    );
    expect(strays).toEqual([]);
  });

  test('every room of lib is ruled', () => {
    const rooms = new Set(sources.map(({ path }) => roomOf(path)).filter((room) => room.startsWith('lib/')));
    expect([...rooms].filter((room) => !Object.hasOwn(mayImport, room))).toEqual([]);
  });

  test('the vocabulary and the template reader know neither the CDK nor the SDK', () => {
    const strays = [
      ...inRoom('lib/control'),
      ...inRoom('lib/template'),
      ...inRoom('lib/evidence'),
      ...inRoom('policies'),
    ].flatMap(({ path, imports }) =>
      imports
        .filter((each) => each.startsWith('aws-cdk-lib') || each === 'constructs' || each === 'cdk-nag')
        .map((each) => `${path} imports ${each}`),
    );
    expect(strays).toEqual([]);
  });

  test('only verify, and the functions that run in AWS, make SDK clients', () => {
    const clients = sources.filter(
      ({ path, text }) =>
        !/^lib\/(verify|functions)\//.test(path) && /from '@aws-sdk\/|require\('@aws-sdk\//.test(text),
    );
    const beyondTypes = clients.filter(({ text }) => !/import type [^;]*from '@aws-sdk\//.test(text));
    expect(beyondTypes.map(({ path }) => path)).toEqual([]);
  });

  test('only synth acknowledges findings of other checkers', () => {
    const strays = sources.filter(
      ({ path, text }) => !path.startsWith('lib/synth/') && /\.acknowledge\(|NagSuppressions|cdk_nag/.test(text),
    );
    expect(strays.map(({ path }) => path)).toEqual([]);
  });

  test('judge and accused share no list of regions', () => {
    const accused = inRoom('lib/settings').filter(({ text }) => text.includes("'eu-north-1'"));
    const judges = inRoom('policies').filter(({ text }) => text.includes("'eu-north-1'"));
    expect(accused).not.toEqual([]);
    expect(judges).not.toEqual([]);
  });
});

describe('what the house holds', () => {
  test('the top level is the one that the README draws', () => {
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .filter((name) => !['node_modules', 'dist', 'cdk.out', 'avouch.out', 'coverage'].includes(name));
    expect(folders.sort()).toEqual(['bin', 'lib', 'policies', 'runbooks', 'test']);
  });

  test('files are small: sources below 250 lines, stacks below 100', () => {
    const large = sources
      .filter(({ path }) => !path.endsWith('.cases.ts'))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (path.endsWith('-stack.ts') ? 100 : 250));
    expect(large).toEqual([]);
  });

  test('files are named for what they hold, in kebab case', () => {
    const names = sources.map(({ path }) => basename(path).replace(/(\.(cases|live|database|d))?\.ts$/, ''));
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
    expect(
      names.filter((name) =>
        /^(util|utils|helper|helpers|common|manager|base|misc)$|-(util|helper|manager|base)s?$/.test(name),
      ),
    ).toEqual([]);
  });

  test('what is deployed reads nothing from the shell and names no partition', () => {
    // The values of whoever deploys may name what exists in one Region only; no template of the regional mode does, as its own tests say
    const values = join('lib', 'settings', 'environments.ts');
    const deployed = [...inRoom('lib/settings'), ...inRoom('lib/constructs'), ...inRoom('lib/stacks')].filter(
      ({ path }) => path !== values,
    );
    expect(deployed.filter(({ text }) => /process\.env|CDK_DEFAULT_/.test(text)).map(({ path }) => path)).toEqual([]);
    expect(deployed.filter(({ text }) => /['"`]arn:aws:/.test(text)).map(({ path }) => path)).toEqual([]);
    expect(deployed.filter(({ text }) => text.includes('us-east-1')).map(({ path }) => path)).toEqual([]);
  });

  test('no escape hatch of the type system stands in the sources', () => {
    const escapes = sources.filter(({ text }) =>
      /@ts-ignore|@ts-expect-error|@ts-nocheck|: any\b|as any\b/.test(text.replace(/^\s*(\/?\*|\/\/).*$/gm, '')),
    );
    expect(escapes.map(({ path }) => path)).toEqual([]);
  });
});
