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

/**
 * A function that takes the developer's machine out of a text. A path below `root` becomes relative to it; an absolute
 * path elsewhere keeps only what tells it apart from the others of this run, below `outside/`.
 *
 * @param root absolute directory of the project, with either kind of slash
 */
export function pathScrubber(evidence: Evidence, root: string): (text: string) => string {
  const base = withForwardSlashes(root).replace(/\/*$/, '/');
  const known = new Set<string>();
  const note = (path: string | undefined): void => {
    if (path !== undefined && isAbsolute(path) && !withForwardSlashes(path).startsWith(base)) {
      known.add(path);
    }
  };
  for (const { path } of evidence.targets) note(path);
  for (const { subjects } of evidence.controls) {
    for (const subject of subjects) {
      note(subject.target);
      note(subject.source);
    }
  }
  for (const finding of evidence.opinions.flatMap(({ findings }) => findings)) {
    note(finding.target);
    note(finding.source);
  }
  const common = commonDirectory([...known].map(withForwardSlashes));
  const replacements = [...known]
    .sort((left, right) => right.length - left.length)
    .map((path): [string, string] => [path, `${outside}/${withForwardSlashes(path).slice(common.length)}`]);
  for (const spelling of new Set([base, base.replaceAll('/', '\\')])) {
    replacements.push([`file://${spelling}`, ''], [spelling, '']);
  }
  replacements.push([base.slice(0, -1), '.']);
  return (text) => replacements.reduce((rest, [path, short]) => replacePath(rest, path, short), text);
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
