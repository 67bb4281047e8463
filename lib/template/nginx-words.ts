/** A run of words up to what ends it: `;`, `{`, `}`; or the place where the text breaks the rules. */
export type NginxToken =
  | { readonly kind: 'end' | 'open' | 'close'; readonly words: readonly string[]; readonly line: number }
  | { readonly kind: 'broken'; readonly words: readonly []; readonly line: number; readonly reason: string };

interface Word {
  readonly text: string;
  /** Index after the word. */
  readonly next: number;
}

const space = new Set([' ', '\t', '\r', '\n']);
const controlCharacters: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' };

/** Cuts a text as nginx does; after a token of the kind `broken` there is none. */
export function* cutWords(text: string): Generator<NginxToken> {
  const lineAt = lineCounter(text);
  let words: string[] = [];
  let first = 0;
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (space.has(character)) {
      at++;
    } else if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (character === ';' || character === '{' || character === '}') {
      if ((character === '}') !== (words.length === 0)) {
        yield broken(lineAt(at), `unexpected '${character}'`);
        return;
      }
      const kind = character === ';' ? 'end' : character === '{' ? 'open' : 'close';
      yield { kind, words, line: lineAt(words.length === 0 ? at : first) };
      words = [];
      at++;
    } else {
      first = words.length === 0 ? at : first;
      const word = character === '"' || character === "'" ? quoted(text, at) : plain(text, at);
      if (typeof word === 'string') {
        yield broken(lineAt(at), word);
        return;
      }
      words.push(word.text);
      at = word.next;
    }
  }
  if (words.length > 0) {
    yield broken(lineAt(first), `'${words[0]}' ends with the text: expected ';' or '{'`);
  }
}

/** A word within quotes; after it must come a space, `;`, `{` or `)`, as nginx wants it. */
function quoted(text: string, start: number): Word | string {
  const quote = text[start] ?? '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') {
      at++;
    } else if (text[at] === quote) {
      const after = text[at + 1];
      return after === undefined || space.has(after) || ';{)'.includes(after)
        ? { text: unescaped(text.slice(start + 1, at)), next: at + 1 }
        : `unexpected '${after}' after a quote`;
    }
  }
  return 'a quote is never closed';
}

/** A word without quotes: a `}` or `#` within it is part of it, and so is the `{` of `${name}`. */
function plain(text: string, start: number): Word {
  let at = start;
  for (let variable = false; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '{' && variable) {
      variable = false;
      continue;
    }
    variable = character === '$';
    if (character === '\\') {
      at++;
    } else if (space.has(character) || character === ';' || character === '{') {
      break;
    }
  }
  return { text: unescaped(text.slice(start, at)), next: Math.min(at, text.length) };
}

/** `\"`, `\'`, `\\`, `\t`, `\r` and `\n` stand for a character; before any other a backslash stands for itself. */
function unescaped(text: string): string {
  return text.replace(/\\(["'\\trn])/g, (_, character: string) => controlCharacters[character] ?? character);
}

function broken(line: number, reason: string): NginxToken {
  return { kind: 'broken', words: [], line, reason };
}

/** Counts lines forward, each only once: indices must come in rising order. */
function lineCounter(text: string): (index: number) => number {
  let line = 1;
  let counted = 0;
  return (index) => {
    for (; counted < index; counted++) {
      if (text[counted] === '\n') {
        line++;
      }
    }
    return line;
  };
}
