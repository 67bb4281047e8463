import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Control } from '../lib/control/control';

const folder = join(__dirname, '..', 'policies', 'controls');

/** Files of the controls, family by family: a new control is a new file, and nothing else lists it. */
export function controlFiles(): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((family) => readdirSync(join(folder, family.name)).map((file) => join(folder, family.name, file)))
    .filter((file) => /\/[a-z]+-\d+\.[jt]s$/.test(file) && !file.endsWith('.d.ts'))
    .sort();
}

/** Every control there is, in the order of their ids. */
export function loadCatalogue(): readonly Control[] {
  return controlFiles().map((file) => {
    const { control } = require(file) as { control?: Control };
    if (!control) {
      throw new Error(`${file} exports no 'control'`);
    }
    return control;
  });
}
