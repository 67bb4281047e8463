import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One numbered SQL file. */
export interface Migration {
  readonly number: number;
  /** File name without `.sql`: `0001-tenancy`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text, in hexadecimal digits; line ends count as one kind, so that a checkout on Windows has the same. */
  readonly sha256: string;
}

/**
 * Reads the migrations of a folder, in the order of their numbers.
 *
 * @throws Error that names the file, if one is not called `NNNN-name.sql` or two have the same number
 */
export function readMigrations(folder: string): readonly Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => !file.startsWith('.'))
    .map((file) => readMigration(folder, file))
    .sort((a, b) => a.number - b.number);
  const twice = migrations.find(({ number }, index) => migrations[index + 1]?.number === number);
  if (twice) {
    const names = migrations.filter(({ number }) => number === twice.number).map(({ name }) => name);
    throw new Error(`migrations ${names.join(' and ')} have the same number: give one of them the next free number`);
  }
  return migrations;
}

function readMigration(folder: string, file: string): Migration {
  const found = /^(\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.sql$/.exec(file);
  if (!found) {
    throw new Error(`migration '${join(folder, file)}' is not named NNNN-name.sql, as in 0001-tenancy.sql: rename it`);
  }
  const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
  return { number: Number(found[1]), name: file.replace(/\.sql$/, ''), sql, sha256: digest(sql) };
}

/** One digest of many migrations: it changes with any of them. */
export function digestOf(migrations: readonly Migration[]): string {
  return digest(migrations.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
