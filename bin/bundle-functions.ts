import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageRoot } from './policies';

/** Functions that take SQL along, and which folders of `lib/database`. */
const SQL: Readonly<Record<string, readonly string[]>> = {
  'database-migrator': ['cluster', 'migrations'],
  'tenant-provisioner': ['migrations'],
};

/**
 * Bundles each function of `lib/functions` into one file below `dist/functions`, a step of the build. The AWS SDK's clients come with
 * Lambda's runtime and stay outside.
 */
function bundleFunctions(root: string = packageRoot()): void {
  const sources = join(root, 'lib', 'functions');
  const names = readdirSync(sources).filter((name) => existsSync(join(sources, name, 'handler.ts')));
  for (const name of names) {
    const sql = (SQL[name] ?? []).flatMap((folder) => filesOf(join(root, 'lib', 'database'), folder));
    settle(root, name, new Map([['handler.js', bundle(root, join(sources, name, 'handler.ts'))], ...sql]));
  }
}

function bundle(root: string, entry: string): Buffer {
  // A tool of the build: not there where the package is only used
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    // Names of a library such as `...Password = SomeLongClass` read like a credential that is set; short ones do not
    minify: true,
    platform: 'node',
    target: 'node22',
    external: ['@aws-sdk/client-*', 'pg-native'],
    logLevel: 'warning',
    // The asset must not change with the folder of the checkout
    absWorkingDir: root,
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}

/** Files below a folder, by their path from `base`. */
function filesOf(base: string, folder: string): [path: string, content: Buffer][] {
  return readdirSync(join(base, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(base, path), readFileSync(path)];
    });
}

/**
 * Makes the folder of a function hold these files and no others. Somebody may synthesize from it at the same time, so what is right already
 * stays as it is, and what is not is replaced in one step.
 */
function settle(root: string, name: string, files: ReadonlyMap<string, Buffer>): void {
  const folder = join(root, 'dist', 'functions', name);
  mkdirSync(folder, { recursive: true });
  const aside = mkdtempSync(join(root, 'dist', 'bundle-'));
  for (const [path, content] of files) {
    const place = join(folder, path);
    if (!existsSync(place) || !readFileSync(place).equals(content)) {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(join(aside, 'file'), content);
      renameSync(join(aside, 'file'), place);
    }
  }
  rmSync(aside, { recursive: true });
  for (const [path] of filesOf(folder, '.')) {
    if (!files.has(path)) {
      rmSync(join(folder, path));
    }
  }
}

if (require.main === module) {
  bundleFunctions();
}
