import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const room = join(__dirname, '../../lib/control');
const allowed = /^(\.\/[\w.-]+|\.\.\/template\/[\w.-]+|node:crypto|ajv|ajv-formats|js-yaml)$/u;

/** Names of what a source imports, type imports and `require` included. */
function importsOf(source: string): string[] {
  return [...source.matchAll(/(?:\bfrom|\bimport|\brequire\()\s*\(?'([^']+)'/gu)].flatMap(([, name]) => name ?? []);
}

const files = readdirSync(room).filter((file) => file.endsWith('.ts'));

test('the vocabulary imports nothing of AWS, of the policies or of other rooms', () => {
  const strangers = files.flatMap((file) =>
    importsOf(readFileSync(join(room, file), 'utf8'))
      .filter((name) => !allowed.test(name))
      .map((name) => `${file}: ${name}`),
  );
  expect(strangers).toEqual([]);
});

test('the readers of YAML and schemas stand behind the parsers alone, so that a checker starts without them', () => {
  const graph = new Map(files.map((file) => [`./${file.slice(0, -3)}`, runtimeImports(file)]));
  const heavy = new Set(['ajv', 'ajv-formats', 'js-yaml']);
  const isHeavy = (name: string): boolean => heavy.has(name) || (graph.get(name) ?? []).some(isHeavy);
  const light = ['claim-status', 'document-changes', 'exception-match', 'policy-names', 'profile-figures', 'parameter'];
  expect(light.filter((file) => !graph.has(`./${file}`) || isHeavy(`./${file}`))).toEqual([]);
  expect(isHeavy('./policy-parsers')).toBe(true);
});

/** Imports that remain in the compiled file. */
function runtimeImports(file: string): string[] {
  const source = readFileSync(join(room, file), 'utf8').replace(/^import type [\s\S]*?;$/gmu, '');
  return importsOf(source);
}

test('imports are found in every form', () => {
  const forms =
    "import a from 'one';\nimport {\n b } from 'two';\nimport 'three';\nexport * from 'four';\nrequire('five');\nimport('six')";
  expect(importsOf(forms)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
});
