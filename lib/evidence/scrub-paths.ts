import { posix, win32 } from 'node:path';
import type { Evidence } from '../control/evidence';

/** Where a path outside the project is shown: evidence travels, and nobody's directories travel with it. */
const outside = 'outside';

function isAbsolute(path: string): boolean {
  return posix.isAbsolute(path) || win32.isAbsolute(path) || path.startsWith('file:');
}

function withForwardSlashes(path: string): string {
  return path.replace(/^file:\/\/(?=\/)/, '').replaceAll('\\', '/');
}

/** The longest directory that holds every path, with its closing slash. */
function commonDirectory(paths: readonly string[]): string {
  const [first = '', ...rest] = paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1));
  let common = first;
  for (const directory of rest) {
    while (!directory.startsWith(common)) {
      common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1);
    }
  }
  return common;
}

/** The fields of a run that hold paths. */
type Located = Pick<Evidence, 'targets' | 'controls' | 'opinions'>;

function pathsOf({ targets, controls, opinions }: Located): readonly string[] {
  const places = [...controls.flatMap(({ subjects }) => subjects), ...opinions.flatMap(({ findings }) => findings)];
  const paths = [...targets.map(({ path }) => path), ...places.flatMap(({ target, source }) => [target, source])];
  return [...new Set(paths)].filter((path) => path !== undefined);
}

/** Takes the developer's machine out of what a run found. */
export interface Scrubber {
  /** A path, with forward slashes. */
  path(path: string): string;
  /** A text that may mention paths. */
  text(text: string): string;
}

/**
 * A path below `root` becomes relative to it; an absolute path elsewhere keeps only what tells it apart from the others of
 * this run, below `outside/`.
 *
 * @param root absolute directory of the project, with either kind of slash
 */
export function pathScrubber(run: Located, root: string): Scrubber {
  const base = withForwardSlashes(root).replace(/\/*$/, '/');
  const foreign = pathsOf(run)
    .filter(isAbsolute)
    .map(withForwardSlashes)
    .filter((path) => !path.startsWith(base));
  const common = commonDirectory(foreign);
  // a few directories instead of every path: thousands of templates may stand outside
  const directories = common.length > 1 ? [common] : [...new Set(foreign.map(topDirectory))];
  const replacements: (readonly [path: string, short: string])[] = [
    ...directories.map((directory) => [directory, `${outside}/${directory.slice(common.length)}`] as const),
    [base, ''] as const,
  ].flatMap(([directory, short]) => [
    [`file://${directory}`, short] as const,
    [directory, short] as const,
    [directory.replaceAll('/', '\\'), short] as const,
  ]);
  replacements.push([base.slice(0, -1), '.']);
  const text = (from: string): string =>
    replacements.reduce((rest, [path, short]) => replacePath(rest, path, short), from);
  const path = (from: string): string => {
    if (!isAbsolute(from)) {
      return from;
    }
    const absolute = withForwardSlashes(from);
    return absolute.startsWith(base) ? absolute.slice(base.length) : `${outside}/${absolute.slice(common.length)}`;
  };
  return { path, text };
}

function topDirectory(path: string): string {
  return path.slice(0, path.indexOf('/', 1) + 1);
}

/** Replaces a path where it stands as one: `/app` is not scrubbed out of `/application` or `arn:aws:x/app`. */
function replacePath(text: string, path: string, short: string): string {
  if (path.length < 2 || !text.includes(path)) {
    return text;
  }
  const literal = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const end = /[/\\]$/.test(path) ? '' : '(?![\\w/\\\\-])';
  const scrubbed = text.replace(new RegExp(`(?<![\\w.-])${literal}${end}`, 'g'), () => short);
  return scrubbed === '' ? '.' : scrubbed;
}
