import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../lib/control/input-error';

/**
 * Refuses a folder for the evidence that could not be written, before a run works for a minute to fill it.
 * @throws InputError where a file stands in its way, or nobody may write there
 */
export function refuseOutput(folder: string): void {
  if (folder === '') {
    throw new InputError("--out is '', expected a folder such as avouch.out");
  }
  const nearest = nearestThere(resolve(folder));
  if (!statSync(nearest).isDirectory()) {
    throw new InputError(`--out is '${folder}', but '${nearest}' is no folder: name another`);
  }
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch {
    throw new InputError(`--out is '${folder}', but nobody may write into '${nearest}': name another folder`);
  }
}

/**
 * Writes files of a run, each in one step: whoever reads beside it, or after it was interrupted, never meets half of one.
 * @param files texts by file name
 * @returns their paths
 * @throws InputError where they cannot be written
 */
export function writeOutput(folder: string, files: ReadonlyMap<string, string>): readonly string[] {
  try {
    makeFolder(resolve(folder));
    return [...files].map(([name, text]) => {
      const path = join(folder, name);
      const unfinished = `${path}.${process.pid}`;
      try {
        writeFileSync(unfinished, text);
        renameSync(unfinished, path);
      } finally {
        rmSync(unfinished, { force: true });
      }
      return path;
    });
  } catch (error) {
    throw new InputError(`cannot write into '${folder}': ${error instanceof Error ? error.message : error}`);
  }
}

/** One folder at a time: where the kernel makes none, as below /proc, Node.js would try for ever to make them all at once. */
function makeFolder(folder: string): void {
  if (!existsSync(folder)) {
    makeFolder(dirname(folder));
    mkdirSync(folder);
  }
}

function nearestThere(path: string): string {
  return existsSync(path) ? path : nearestThere(dirname(path));
}
