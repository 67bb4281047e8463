import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Finds the line of a resource in a template file, as `template.yaml:40`. The file is read again, once, and only when somebody
 * asks: a run without findings never does.
 */
export function locateIn(file: string): (logicalId: string) => string | undefined {
  let lines: ReadonlyMap<string, number> | undefined;
  return (logicalId) => {
    lines ??= linesOfKeys(readFileSync(file, 'utf8'));
    const line = lines.get(logicalId);
    return line === undefined ? undefined : `${basename(file)}:${line}`;
  };
}

/** First line below `Resources` on which each key stands. */
function linesOfKeys(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const start = /^\s*\{?\s*"?Resources"?\s*:/m.exec(text)?.index ?? 0;
  let line = 1;
  let counted = 0;
  for (const match of text.slice(start).matchAll(/(?:^|[{,\n])[ \t]*"?([A-Za-z0-9]+)"?[ \t]*:/g)) {
    const key = match[1];
    const at = start + match.index + match[0].search(/[A-Za-z0-9]/);
    if (key !== undefined && !found.has(key)) {
      for (; counted < at; counted++) {
        line += text.charCodeAt(counted) === 10 ? 1 : 0;
      }
      found.set(key, line);
    }
  }
  return found;
}
