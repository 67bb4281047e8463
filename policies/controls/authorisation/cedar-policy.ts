/** One Cedar policy, as far as it can be read without Cedar: its head, and its conditions as text. */
export interface CedarPolicy {
  readonly effect: 'permit' | 'forbid';
  readonly principal: CedarScope;
  readonly action: CedarScope;
  readonly resource: CedarScope;
  /** `when` and `unless` with what stands in their braces; words are one space apart. */
  readonly conditions: readonly { readonly kind: 'when' | 'unless'; readonly text: string }[];
}

/** A part of a head: everything, or what stands behind `==`, `in` or `is`. */
export interface CedarScope {
  /** Whether it holds for everything. */
  readonly isOpen: boolean;
  /** Entities by type and id: `App::Role` and `Owner`. */
  readonly entities: readonly { readonly type: string; readonly id: string }[];
  /** Whether it is left to who links the template: `?principal`. */
  readonly isSlot: boolean;
}

const token =
  /\s+|\/\/[^\n]*|"(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|::|==|!=|<=|>=|&&|\|\||[?@(){}[\],;.<>!+\-*:]/gy;

/**
 * Reads the text of one policy or template.
 *
 * @returns undefined for text that is not exactly one policy
 */
export function readCedarPolicy(text: string): CedarPolicy | undefined {
  const tokens = tokensOf(text);
  const start = tokens ? withoutAnnotations(tokens) : [];
  const [effect, open] = start;
  const close = closing(start, 1);
  if ((effect !== 'permit' && effect !== 'forbid') || open !== '(' || close === undefined) {
    return undefined;
  }
  const parts = splitAt(start.slice(2, close), ',');
  const [principal, action, resource, ...more] = parts.map(scopeOf);
  const conditions = conditionsOf(start.slice(close + 1));
  const names = parts.map(([name]) => name).join();
  if (!principal || !action || !resource || more.length > 0 || names !== 'principal,action,resource' || !conditions) {
    return undefined;
  }
  return { effect, principal, action, resource, conditions };
}

function tokensOf(text: string): readonly string[] | undefined {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const [match] = token.exec(text) ?? [];
    if (match === undefined) {
      return undefined;
    }
    if (!/^(\s|\/\/)/.test(match)) {
      found.push(match);
    }
  }
  return found;
}

function withoutAnnotations(tokens: readonly string[]): readonly string[] {
  if (tokens[0] !== '@') {
    return tokens;
  }
  const close = tokens[2] === '(' ? closing(tokens, 2) : 1;
  return close === undefined ? [] : withoutAnnotations(tokens.slice(close + 1));
}

/** Where the bracket that opens at a place closes. */
function closing(tokens: readonly string[], from: number): number | undefined {
  let depth = 0;
  for (let index = from; index < tokens.length; index += 1) {
    const each = tokens[index] ?? '';
    depth += /^[({[]$/.test(each) ? 1 : /^[)}\]]$/.test(each) ? -1 : 0;
    if (depth === 0) {
      return index;
    }
  }
  return undefined;
}

/** Parts between separators that stand in no bracket. */
function splitAt(tokens: readonly string[], separator: string): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const each of tokens) {
    depth += /^[({[]$/.test(each) ? 1 : /^[)}\]]$/.test(each) ? -1 : 0;
    if (each === separator && depth === 0) {
      parts.push([]);
    } else {
      parts.at(-1)?.push(each);
    }
  }
  return parts;
}

function scopeOf([, ...constraint]: readonly string[]): CedarScope {
  const entities: { type: string; id: string }[] = [];
  let type: string[] = [];
  for (const each of constraint) {
    if (each.startsWith('"')) {
      entities.push({ type: type.filter((part) => part !== '::').join('::'), id: each.slice(1, -1) });
      type = [];
    } else {
      type = /^(::|[A-Za-z_]\w*)$/.test(each) && !['in', 'is'].includes(each) ? [...type, each] : [];
    }
  }
  return { isOpen: constraint.length === 0, entities, isSlot: constraint.includes('?') };
}

function conditionsOf(tokens: readonly string[]): CedarPolicy['conditions'] | undefined {
  const [kind, open] = tokens;
  if (kind === ';') {
    return tokens.length === 1 ? [] : undefined;
  }
  const close = open === '{' ? closing(tokens, 1) : undefined;
  const rest = close === undefined ? undefined : conditionsOf(tokens.slice(close + 1));
  return rest && (kind === 'when' || kind === 'unless')
    ? [{ kind, text: tokens.slice(2, close).join(' ') }, ...rest]
    : undefined;
}
