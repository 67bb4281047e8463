import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Control } from '../lib/control/control';

export const controlsFolder = join(__dirname, '..', 'policies', 'controls');

/** All of them in one file, as the build leaves it; as deep as a family, for their paths to `lib` stand in it as they are. */
export const bundledCatalogue = join(controlsFolder, 'bundled', 'catalogue.js');

/** Files of the controls, family by family: a new control is a new file, and nothing else lists it. */
export function controlFiles(): readonly string[] {
  return filesBelow()
    .filter((file) => /\/[a-z]+-\d+\.[jt]s$/.test(file) && !file.endsWith('.d.ts'))
    .sort();
}

/** Every control there is, in the order of their ids. */
export function loadCatalogue(): readonly Control[] {
  if (isBundled()) {
    return (require(bundledCatalogue) as { controls: readonly Control[] }).controls;
  }
  return controlFiles().map((file) => {
    const { control } = require(file) as { control?: Control };
    if (!control) {
      throw new Error(`${file} exports no 'control'`);
    }
    return control;
  });
}

/** Whether the one file is there and no older than what it was made of: a control that was compiled since then counts. */
function isBundled(): boolean {
  const made = writtenAt(bundledCatalogue);
  return made !== undefined && filesBelow().every((file) => !file.endsWith('.js') || (writtenAt(file) ?? 0) <= made);
}

function writtenAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

function filesBelow(): readonly string[] {
  return readdirSync(controlsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((family) =>
      readdirSync(join(controlsFolder, family.name)).map((file) => join(controlsFolder, family.name, file)),
    );
}
