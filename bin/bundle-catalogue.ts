import { mkdirSync, renameSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { bundledCatalogue, controlFiles, controlsFolder } from './catalogue';

/**
 * Writes the compiled controls into one file, a step of the build: to find and read some two hundred takes longer than to judge a small template.
 * What they use of `lib` stays outside, so that there is one of it in a process.
 */
function bundleCatalogue(): void {
  // A tool of the build: not there where the package is only used
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  const controls = controlFiles().map(
    (file) => `require(${JSON.stringify(`./${relative(controlsFolder, file)}`)}).control`,
  );
  mkdirSync(dirname(bundledCatalogue), { recursive: true });
  const aside = `${bundledCatalogue}.${process.pid}.js`;
  buildSync({
    stdin: { contents: `exports.controls = [${controls.join(', ')}];`, resolveDir: controlsFolder },
    outfile: aside,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['../../../lib/*'],
    packages: 'external',
    logLevel: 'warning',
  });
  // In one step: somebody may be starting beside it
  renameSync(aside, bundledCatalogue);
}

if (require.main === module) {
  bundleCatalogue();
}
