import type { Node } from '../../../lib/template/node';
import { oncePerText } from '../../../lib/template/remember';

/** A request as a client sends it: the path raw, escapes and all. */
export interface SampleRequest {
  readonly method: string;
  readonly path: string;
  /** By name in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What every other header holds, whatever its name. */
  readonly anyHeader?: string;
}

/** Whether a statement of AWS WAF matches; undefined where what it looks at is not known. */
type Match = boolean | undefined;

const deepest = 20;

/** A statement, read once, that any number of samples is tried on. */
export type Matcher = (request: SampleRequest) => Match;

const unknown: Matcher = () => undefined;

/**
 * Reads which requests a statement of a web ACL matches, sent from an address that no IP set knows. What a template leaves open, and
 * what no sample can have (countries, labels, the findings of rule groups), gives undefined.
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html
 */
export function matcherOf(statement: Node, depth = 0): Matcher {
  const { resolved } = statement;
  const [kind] = resolved.kind === 'map' ? Object.keys(resolved.entries) : [];
  if (kind === undefined || depth > deepest) {
    return unknown;
  }
  const inner = statement.at(kind);
  switch (kind) {
    case 'AndStatement':
      return all(matchersOf(inner.at('Statements'), (each) => matcherOf(each, depth + 1)));
    case 'OrStatement':
      return any(matchersOf(inner.at('Statements'), (each) => matcherOf(each, depth + 1)));
    case 'NotStatement':
      return not(matcherOf(inner.at('Statement'), depth + 1));
    case 'IPSetReferenceStatement':
      return () => false;
    case 'ByteMatchStatement':
      return bytes(inner);
    case 'RegexMatchStatement':
      return tried(inner, expressionOf(inner.at('RegexString')));
    case 'RegexPatternSetReferenceStatement':
      return patterns(inner);
    case 'SizeConstraintStatement':
      return size(inner);
    default:
      return unknown;
  }
}

function matchersOf(list: Node, read: (each: Node) => Matcher): readonly Matcher[] {
  const items = list.items();
  return items.kind === 'known' ? items.value.map(read) : [unknown];
}

function not(matcher: Matcher): Matcher {
  return (request) => {
    const match = matcher(request);
    return match === undefined ? undefined : !match;
  };
}

function any(matchers: readonly Matcher[]): Matcher {
  return (request) => {
    let answer: Match = false;
    for (const matcher of matchers) {
      const match = matcher(request);
      if (match === true) {
        return true;
      }
      answer = match === undefined ? undefined : answer;
    }
    return answer;
  };
}

function all(matchers: readonly Matcher[]): Matcher {
  return not(any(matchers.map(not)));
}

/** What a statement asks of the inspected text; undefined where that is not known. */
type Question = ((text: string) => Match) | undefined;

/** Asks the inspected part of a request after its transformations. A request without that part matches nothing. */
function tried(statement: Node, question: Question): Matcher {
  const part = partOf(statement.at('FieldToMatch'));
  const change = changeOf(statement.at('TextTransformations'));
  if (!part || !change || !question) {
    return unknown;
  }
  return (request) => {
    const text = part(request);
    return text === undefined ? false : question(change(text));
  };
}

function changeOf(list: Node): ((text: string) => string) | undefined {
  const items = list.items();
  const nodes = items.kind === 'known' ? items.value : [];
  const steps = nodes.map((step) => {
    const type = step.at('Type').text();
    // Where there is one step, its place in the order says nothing.
    const priority = nodes.length > 1 ? step.at('Priority').number() : undefined;
    return {
      order: priority === undefined ? 0 : priority.kind === 'known' ? priority.value : undefined,
      change: type.kind === 'known' ? transformations[type.value] : undefined,
    };
  });
  const readable = steps.every(({ order, change }) => change && order !== undefined);
  if (steps.length === 0 || !readable) {
    return undefined;
  }
  const ordered = steps.sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  return (text) => ordered.reduce((changed, { change }) => change?.(changed) ?? changed, text);
}

function partOf(field: Node): ((request: SampleRequest) => string | undefined) | undefined {
  const { resolved } = field;
  const [kind] = resolved.kind === 'map' ? Object.keys(resolved.entries) : [];
  switch (kind) {
    case 'UriPath':
      return ({ path }) => path;
    case 'Method':
      return ({ method }) => method;
    case 'QueryString':
      return () => '';
    case 'SingleHeader': {
      const name = field.at('SingleHeader.Name').text();
      return name.kind === 'known'
        ? ({ headers, anyHeader }) => headers?.[name.value.toLowerCase()] ?? anyHeader
        : undefined;
    }
    default:
      return undefined;
  }
}

const transformations: Readonly<Record<string, (text: string) => string>> = {
  NONE: (text) => text,
  LOWERCASE: (text) => text.toLowerCase(),
  COMPRESS_WHITE_SPACE: (text) => text.replace(/\s+/g, ' '),
  REMOVE_NULLS: (text) => text.replaceAll('\0', ''),
  URL_DECODE: decoded,
  URL_DECODE_UNI: (text) => decoded(text.replace(/%u00([0-9a-f]{2})/gi, '%$1')),
  NORMALIZE_PATH: (text) => normalized(text),
  NORMALIZE_PATH_WIN: (text) => normalized(text.replaceAll('\\', '/')),
};

function decoded(text: string): string {
  if (!/[+%]/.test(text)) {
    return text;
  }
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** The same few paths come by at every statement. */
const normalized = oncePerText((path: string): string => {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      kept.pop();
    } else if (part !== '' && part !== '.') {
      kept.push(part);
    }
  }
  return `/${kept.join('/')}${/\/\.{0,2}$/.test(path) && kept.length > 0 ? '/' : ''}`;
});

function bytes(statement: Node): Matcher {
  const sought = statement.at('SearchString').text();
  const how = statement.at('PositionalConstraint').text();
  const place = how.kind === 'known' ? places[how.value] : undefined;
  return tried(statement, sought.kind === 'known' && place ? (text) => place(text, sought.value) : undefined);
}

const places: Readonly<Record<string, (text: string, sought: string) => boolean>> = {
  EXACTLY: (text, sought) => text === sought,
  STARTS_WITH: (text, sought) => text.startsWith(sought),
  ENDS_WITH: (text, sought) => text.endsWith(sought),
  CONTAINS: (text, sought) => text.includes(sought),
  CONTAINS_WORD: (text, sought) => text.split(/[^a-zA-Z0-9_]/).includes(sought),
};

function patterns(statement: Node): Matcher {
  const set = statement.at('Arn').reference();
  const list = set.kind === 'known' ? set.value.subject.at('RegularExpressionList') : undefined;
  return list ? any(matchersOf(list, (each) => tried(statement, expressionOf(each)))) : unknown;
}

/** A repetition of what is repeated already: trying it may take longer than anybody waits, even on a short sample. */
const repeatedTwice = /[+*}][^()]*\)+[+*{]/;

/** One that JavaScript reads otherwise than PCRE is not known, and neither is one that may take for ever. */
function expressionOf(node: Node): Question {
  const written = node.text();
  if (written.kind !== 'known' || repeatedTwice.test(written.value)) {
    return undefined;
  }
  const insensitive = written.value.startsWith('(?i)');
  try {
    const expression = new RegExp(insensitive ? written.value.slice(4) : written.value, insensitive ? 'i' : '');
    return (text) => expression.test(text);
  } catch {
    return undefined;
  }
}

function size(statement: Node): Matcher {
  const limit = statement.at('Size').number();
  const operator = statement.at('ComparisonOperator').text();
  const compare = operator.kind === 'known' ? comparisons[operator.value] : undefined;
  return tried(statement, limit.kind === 'known' && compare ? (text) => compare(text.length, limit.value) : undefined);
}

const comparisons: Readonly<Record<string, (length: number, size: number) => boolean>> = {
  EQ: (length, size) => length === size,
  NE: (length, size) => length !== size,
  LE: (length, size) => length <= size,
  LT: (length, size) => length < size,
  GE: (length, size) => length >= size,
  GT: (length, size) => length > size,
};
