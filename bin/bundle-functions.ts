import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
  // A tool of the build: not there where the package is only used
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  const sources = join(root, 'lib', 'functions');
  const names = readdirSync(sources).filter((name) => existsSync(join(sources, name, 'handler.ts')));
  for (const name of names) {
    const outputs = join(root, 'dist', 'functions', name);
    // What was taken along by an earlier build, and is not there any more, must not travel
    rmSync(outputs, { recursive: true, force: true });
    buildSync({
      entryPoints: [join(sources, name, 'handler.ts')],
      outfile: join(outputs, 'handler.js'),
      bundle: true,
      // Names of a library such as `...Password = SomeLongClass` read like a credential that is set; short ones do not
      minify: true,
      platform: 'node',
      target: 'node22',
      external: ['@aws-sdk/client-*', 'pg-native'],
      logLevel: 'warning',
      // The asset must not change with the folder of the checkout
      absWorkingDir: root,
    });
    for (const folder of SQL[name] ?? []) {
      cpSync(join(root, 'lib', 'database', folder), join(outputs, folder), { recursive: true });
    }
  }
}

if (require.main === module) {
  bundleFunctions();
}
