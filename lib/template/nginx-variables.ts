import type { NginxDirective } from './nginx-configuration';
import { oncePerObject, oncePerText } from './remember';
import { matchesWildcard } from './wildcard';

/** Variables that depend on each other in a circle end here, as unknown. */
const deepest = 16;

/** The variables of one request: what it brings, what `set` made, and what `map` makes of them. A value that cannot be told is undefined. */
export class NginxVariables {
  private readonly maps: ReadonlyMap<string, NginxDirective>;
  private readonly assigned = new Map<string, string | undefined>();
  private depth = 0;

  /** @param http what the block `http` holds */
  constructor(
    http: readonly NginxDirective[],
    private readonly request: Readonly<Record<string, string>>,
  ) {
    this.maps = mapsOf(http);
  }

  set(variable: string, value: string): void {
    this.assigned.set(variableName(variable), this.expand(value));
  }

  valueOf(name: string): string | undefined {
    if (this.assigned.has(name)) {
      return this.assigned.get(name);
    }
    const map = this.maps.get(name);
    if (map) {
      return this.guarded(() => this.mapped(map));
    }
    return this.request[name] ?? (/^(http|cookie|arg)_/.test(name) ? '' : undefined);
  }

  /** A text with its variables in place. */
  expand(text: string): string | undefined {
    let isKnown = true;
    const expanded = text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
      const value = this.valueOf(braced ?? plain ?? '');
      isKnown &&= value !== undefined;
      return value ?? '';
    });
    return isKnown && !expanded.includes('${') ? expanded : undefined;
  }

  /** Whether the condition of an `if` holds; undefined where it asks for what is not known (files, a pattern of another dialect). */
  condition(words: readonly string[]): boolean | undefined {
    const [left = '', operator, right = ''] = bare(words);
    const value = this.expand(left);
    if (value === undefined || /^[!-]/.test(left)) {
      return undefined;
    }
    switch (operator) {
      case undefined:
        return value !== '' && value !== '0';
      case '=':
      case '!=': {
        const other = this.expand(right);
        return other === undefined ? undefined : (value === other) === (operator === '=');
      }
      case '~':
      case '~*':
        return test(right, operator === '~*', value);
      case '!~':
      case '!~*': {
        const matched = test(right, operator === '!~*', value);
        return matched === undefined ? undefined : !matched;
      }
      default:
        return undefined;
    }
  }

  private mapped(map: NginxDirective): string | undefined {
    const value = this.expand(map.words[0] ?? '');
    const entries = map.block ?? [];
    if (value === undefined) {
      const only = entries.length === 1 && entries[0]?.name === 'default' ? entries[0].words[0] : undefined;
      return only === undefined ? undefined : this.expand(only);
    }
    if (entries.some(({ name }) => name === 'include')) {
      return undefined;
    }
    const names = entries.some(({ name, words }) => name === 'hostnames' && words.length === 0);
    const fallback = entries.find(({ name, words }) => name === 'default' && words.length > 0)?.words[0] ?? '';
    // Plain keys win over patterns, and match in any case.
    for (const { name, words } of entries) {
      const isKey = words.length > 0 && name !== 'default' && !name.startsWith('~');
      const key = name.replace(/^\\/, '').toLowerCase();
      const isSame = key === value.toLowerCase() || (names && wildcardName(key, value.toLowerCase()));
      if (isKey && isSame) {
        return this.expand(words[0] ?? '');
      }
    }
    for (const { name, words } of entries) {
      const ignoresCase = name.startsWith('~*');
      const matched = name.startsWith('~') ? test(name.slice(ignoresCase ? 2 : 1), ignoresCase, value) : false;
      if (matched !== false) {
        return matched === undefined ? undefined : this.captured(words[0] ?? '');
      }
    }
    return this.expand(fallback);
  }

  /** What a pattern captured is part of the request, and not followed: `$1` and its kin are unknown. */
  private captured(text: string): string | undefined {
    return /\$\d/.test(text) ? undefined : this.expand(text);
  }

  private guarded(resolve: () => string | undefined): string | undefined {
    if (this.depth >= deepest) {
      return undefined;
    }
    this.depth++;
    const value = resolve();
    this.depth--;
    return value;
  }
}

/** The maps of a block by variable; looked up once for the many requests that are tried on it. */
const mapsOf = oncePerObject(
  (http: readonly NginxDirective[]): ReadonlyMap<string, NginxDirective> =>
    new Map(http.filter(({ name }) => name === 'map').map((map) => [variableName(map.words[1] ?? ''), map])),
);

function variableName(word: string): string {
  return word.replace(/^\$\{?|\}$/g, '');
}

/** `*.example.org`, `.example.org` and `www.example.*`, where a map has `hostnames`. */
function wildcardName(key: string, host: string): boolean {
  return key.startsWith('.')
    ? host === key.slice(1) || host.endsWith(key)
    : /^\*\.|\.\*$/.test(key) && matchesWildcard(key.replace(/\?/g, ''), host);
}

/** The words of a condition without the parentheses around them. */
function bare(words: readonly string[]): readonly string[] {
  const last = words.length - 1;
  return words
    .map((word, index) => (index === 0 ? word.replace(/^\(/, '') : word))
    .map((word, index) => (index === last ? word.replace(/\)$/, '') : word))
    .filter((word, index) => word !== '' || (index > 0 && index < last));
}

function test(pattern: string, ignoresCase: boolean, value: string): boolean | undefined {
  return (ignoresCase ? insensitive : sensitive)(pattern)?.test(value);
}

const sensitive = oncePerText((pattern) => expression(pattern, ''));
const insensitive = oncePerText((pattern) => expression(pattern, 'i'));

/** Undefined for a pattern of another dialect. */
function expression(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}
