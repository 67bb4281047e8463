import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { InputError } from '../control/input-error';
import { isObject } from './parse';

/**
 * Text of a file that the caller named, or that a file of his names.
 * @throws InputError where it cannot be read
 */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = isObject(error) && 'code' in error ? String(error.code) : String(error);
    throw new InputError(`cannot read '${relative(process.cwd(), file) || file}': ${reasons[code] ?? code}`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ERR_STRING_TOO_LONG: 'it is larger than 512 MB',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GB',
};
