import type { Node } from '../../../lib/template/node';

/** A request as a client sends it: the path raw, escapes and all. */
export interface SampleRequest {
  readonly method: string;
  readonly path: string;
  /** By name in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whether a statement of AWS WAF matches; undefined where what it looks at is not known. */
type Match = boolean | undefined;

const deepest = 20;

/**
 * Whether a statement of a web ACL matches a sample request from an address that no IP set knows. What a template leaves open, and
 * what no sample can have (countries, labels, the findings of rule groups), gives undefined.
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html
 */
export function matches(statement: Node, request: SampleRequest, depth = 0): Match {
  const { resolved } = statement;
  const [kind] = resolved.kind === 'map' ? Object.keys(resolved.entries) : [];
  if (kind === undefined || depth > deepest) {
    return undefined;
  }
  const inner = statement.at(kind);
  const each = (list: Node) => {
    const items = list.items();
    return items.kind === 'known' ? items.value : undefined;
  };
  switch (kind) {
    case 'AndStatement':
      return both(each(inner.at('Statements')), (one) => matches(one, request, depth + 1));
    case 'OrStatement':
      return either(each(inner.at('Statements')), (one) => matches(one, request, depth + 1));
    case 'NotStatement':
      return opposite(matches(inner.at('Statement'), request, depth + 1));
    case 'IPSetReferenceStatement':
      return false;
    case 'ByteMatchStatement':
      return matchesBytes(inner, request);
    case 'RegexMatchStatement':
      return found(inner, request, inner.at('RegexString'));
    case 'RegexPatternSetReferenceStatement':
      return either(patternsOf(inner), (pattern) => found(inner, request, pattern));
    case 'SizeConstraintStatement':
      return matchesSize(inner, request);
    default:
      return undefined;
  }
}

function opposite(match: Match): Match {
  return match === undefined ? undefined : !match;
}

function either(list: readonly Node[] | undefined, match: (one: Node) => Match): Match {
  let unknown = list === undefined;
  for (const one of list ?? []) {
    const answer = match(one);
    if (answer) {
      return true;
    }
    unknown ||= answer === undefined;
  }
  return unknown ? undefined : false;
}

function both(list: readonly Node[] | undefined, match: (one: Node) => Match): Match {
  return opposite(either(list, (one) => opposite(match(one))));
}

function patternsOf(statement: Node): readonly Node[] | undefined {
  const set = statement.at('Arn').reference();
  const list = set.kind === 'known' ? set.value.subject.items('RegularExpressionList') : undefined;
  return list?.kind === 'known' ? list.value : undefined;
}

/** The inspected part of the request after its transformations; null where the request has no such part. */
function inspected(statement: Node, request: SampleRequest): string | null | undefined {
  const field = fieldOf(statement.at('FieldToMatch'), request);
  const list = statement.at('TextTransformations').items();
  if (typeof field !== 'string' || list.kind !== 'known') {
    return field === null ? null : undefined;
  }
  const steps = list.value.map((step) => ({ priority: step.at('Priority').number(), type: step.at('Type').text() }));
  const order = ({ priority }: (typeof steps)[number]) => (priority.kind === 'known' ? priority.value : Number.NaN);
  if (steps.length > 1 && steps.some((step) => Number.isNaN(order(step)))) {
    return undefined;
  }
  let text: string | undefined = field;
  for (const { type } of steps.sort((a, b) => order(a) - order(b))) {
    const change = type.kind === 'known' ? transformations[type.value] : undefined;
    text = text === undefined ? undefined : change?.(text);
  }
  return text;
}

function fieldOf(field: Node, { method, path, headers }: SampleRequest): string | null | undefined {
  const { resolved } = field;
  const [kind] = resolved.kind === 'map' ? Object.keys(resolved.entries) : [];
  switch (kind) {
    case 'UriPath':
      return path;
    case 'Method':
      return method;
    case 'QueryString':
      return '';
    case 'SingleHeader': {
      const name = field.at('SingleHeader.Name').text();
      return name.kind === 'known' ? (headers?.[name.value.toLowerCase()] ?? null) : undefined;
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
  NORMALIZE_PATH: normalized,
  NORMALIZE_PATH_WIN: (text) => normalized(text.replaceAll('\\', '/')),
};

function decoded(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function normalized(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      kept.pop();
    } else if (part !== '' && part !== '.') {
      kept.push(part);
    }
  }
  return `/${kept.join('/')}${/\/\.{0,2}$/.test(path) && kept.length > 0 ? '/' : ''}`;
}

function matchesBytes(statement: Node, request: SampleRequest): Match {
  const text = inspected(statement, request);
  const sought = statement.at('SearchString').text();
  const how = statement.at('PositionalConstraint').text();
  if (text === null) {
    return false;
  }
  if (text === undefined || sought.kind !== 'known' || how.kind !== 'known') {
    return undefined;
  }
  const { value } = sought;
  switch (how.value) {
    case 'EXACTLY':
      return text === value;
    case 'STARTS_WITH':
      return text.startsWith(value);
    case 'ENDS_WITH':
      return text.endsWith(value);
    case 'CONTAINS':
      return text.includes(value);
    case 'CONTAINS_WORD':
      return text.split(/[^a-zA-Z0-9_]/).includes(value);
    default:
      return undefined;
  }
}

function found(statement: Node, request: SampleRequest, pattern: Node): Match {
  const text = inspected(statement, request);
  const expression = pattern.text();
  if (text === null) {
    return false;
  }
  return text === undefined || expression.kind !== 'known' ? undefined : tested(expression.value, text);
}

/** Samples are short, so that no expression takes long; one that JavaScript reads otherwise than PCRE is not known. */
function tested(expression: string, text: string): Match {
  const insensitive = expression.startsWith('(?i)');
  try {
    return new RegExp(insensitive ? expression.slice(4) : expression, insensitive ? 'i' : '').test(text);
  } catch {
    return undefined;
  }
}

function matchesSize(statement: Node, request: SampleRequest): Match {
  const text = inspected(statement, request);
  const size = statement.at('Size').number();
  const operator = statement.at('ComparisonOperator').text();
  if (text === null) {
    return false;
  }
  if (text === undefined || size.kind !== 'known' || operator.kind !== 'known') {
    return undefined;
  }
  const compared = comparisons[operator.value];
  return compared?.(text.length, size.value);
}

const comparisons: Readonly<Record<string, (length: number, size: number) => boolean>> = {
  EQ: (length, size) => length === size,
  NE: (length, size) => length !== size,
  LE: (length, size) => length <= size,
  LT: (length, size) => length < size,
  GE: (length, size) => length >= size,
  GT: (length, size) => length > size,
};
