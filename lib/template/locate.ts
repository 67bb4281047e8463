import { readFileSync } from 'node:fs';

/**
 * Finds the line of a resource in a template file, as `templates/network.yaml:40`. The file is read again, once, and only when somebody
 * asks: a run without subjects never does.
 *
 * @param shown path to tell it by; a name alone would lead nowhere in a repository of many folders
 */
export function locateIn(file: string, shown: string): (logicalId: string) => string | undefined {
  let lines: ReadonlyMap<string, number> | undefined;
  return (logicalId) => {
    lines ??= linesOfResources(textOf(file));
    const line = lines.get(logicalId);
    return line === undefined ? undefined : `${shown}:${line}`;
  };
}

/** A file that is gone since it was read has no lines to name; the verdict stands without. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Line of each key below `Resources`: the ones as far indented as the first, or any where all stands on one line. */
function linesOfResources(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const start = /^\s*\{?\s*"?Resources"?\s*:/m.exec(text);
  if (!start) {
    return found;
  }
  const from = start.index + start[0].length;
  let line = text.slice(0, from).split('\n').length;
  let counted = from;
  let indentation: string | undefined;
  for (const match of text.slice(from).matchAll(/(^|[{,\n])([ \t]*)["']?([A-Za-z0-9]+)["']?[ \t]*:/g)) {
    const [whole, before, indent = '', key = ''] = match;
    const at = from + match.index + whole.indexOf(key);
    indentation ??= before === '\n' ? indent : undefined;
    if (!found.has(key) && (indentation === undefined || (before === '\n' && indent === indentation))) {
      for (; counted < at; counted++) {
        line += text.charCodeAt(counted) === 10 ? 1 : 0;
      }
      found.set(key, line);
    }
  }
  return found;
}
