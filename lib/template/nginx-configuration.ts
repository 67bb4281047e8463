import { cutWords } from './nginx-words';
import { oncePerText } from './remember';

/** One directive of nginx: `add_header X-Frame-Options DENY always;` or a block such as `location / { … }`. */
export interface NginxDirective {
  readonly name: string;
  /** Its words after the name, without quotes and escapes; variables stand as they are written (`$host`, `${host}`). */
  readonly words: readonly string[];
  /** What the braces hold; undefined for a directive that ends with a semicolon. */
  readonly block?: readonly NginxDirective[];
  /** Line of its name, from 1. */
  readonly line: number;
}

/** Something that takes effect, but is not in the text: an included file. */
export interface NginxGap {
  readonly line: number;
  readonly reason: string;
}

/** The text of a configuration file, read; or why nginx would refuse it, or why it cannot be read here. */
export type NginxConfiguration =
  | { readonly kind: 'read'; readonly directives: readonly NginxDirective[]; readonly gaps: readonly NginxGap[] }
  | { readonly kind: 'unreadable'; readonly line: number; readonly reason: string };

/** Blocks within blocks: real files take five; past this a text is made to break its reader. */
const deepest = 32;

interface Open {
  readonly name: string;
  readonly words: readonly string[];
  readonly line: number;
  readonly inside: NginxDirective[];
}

/**
 * Reads the text of an nginx configuration as nginx cuts it into directives: quotes, escapes, comments, `${variable}`. It knows no
 * directive by meaning, except that `include` brings in what is not here and that Lua blocks follow other rules. Any text gives an
 * answer; none throws. Several controls ask for the same text: it is read once.
 *
 * Source: ngx_conf_read_token in https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c
 */
export const readNginxConfiguration: (text: string) => NginxConfiguration = oncePerText(read);

function read(text: string): NginxConfiguration {
  const top: NginxDirective[] = [];
  const gaps: NginxGap[] = [];
  const open: Open[] = [];
  for (const token of cutWords(text)) {
    const inside = open.at(-1)?.inside ?? top;
    const [name = '', ...words] = token.words;
    const { line } = token;
    switch (token.kind) {
      case 'broken':
        return unreadable(line, token.reason);
      case 'close': {
        const closed = open.pop();
        if (!closed) {
          return unreadable(line, "unexpected '}'");
        }
        (open.at(-1)?.inside ?? top).push({
          name: closed.name,
          words: closed.words,
          block: closed.inside,
          line: closed.line,
        });
        break;
      }
      case 'end':
        inside.push({ name, words, line });
        if (name === 'include') {
          gaps.push({ line, reason: `it includes ${words[0] ?? 'a file'}, which is not in the text` });
        }
        break;
      case 'open': {
        const refusal = cannotOpen(name, open.length);
        if (refusal !== undefined) {
          return unreadable(line, refusal);
        }
        open.push({ name, words, line, inside: [] });
        break;
      }
    }
  }
  const left = open.at(-1);
  return left
    ? unreadable(left.line, `the block '${left.name}' is never closed`)
    : { kind: 'read', directives: top, gaps };
}

function cannotOpen(name: string, depth: number): string | undefined {
  if (/_by_lua_block$/.test(name)) {
    return `'${name}' holds a program, which is not read`;
  }
  return depth >= deepest ? `more than ${deepest} blocks within each other` : undefined;
}

function unreadable(line: number, reason: string): NginxConfiguration {
  return { kind: 'unreadable', line, reason };
}
