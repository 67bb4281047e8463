import { matchesWildcard } from '../../../lib/template/wildcard';
import { filterPattern } from './filter-pattern';

type LineTest = (line: string) => boolean;

/**
 * Reads any filter pattern of CloudWatch Logs: a test of one line of a log. JSON in braces, fields in brackets, otherwise terms, phrases and
 * regular expressions, of which those with a question mark are alternatives unless one stands without. None where the text is no such
 * pattern, or says something that is not known here: what may count nothing counts nothing.
 *
 * Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html and
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
 */
export function linePattern(text: string): LineTest | undefined {
  const pattern = text.trim();
  if (pattern.startsWith('{')) {
    const test = filterPattern(pattern);
    return test && ((line) => isRecord(line, test));
  }
  return pattern.startsWith('[') ? fields(pattern) : terms(pattern);
}

function isRecord(line: string, test: (record: unknown) => boolean): boolean {
  try {
    return test(JSON.parse(line));
  } catch {
    return false;
  }
}

const term = /\s*([?-]?)(%[^%]+%|"(?:[^"\\]|\\.)*"|[^\s"%?-][^\s"%]*)/y;

function terms(pattern: string): LineTest | undefined {
  const tests: Record<string, LineTest[]> = { '': [], '?': [], '-': [] };
  term.lastIndex = 0;
  for (let at = 0; at < pattern.length; at = term.lastIndex) {
    const [, sign = '', word = ''] = term.exec(pattern) ?? [];
    const test = word === '' ? undefined : contains(word);
    if (!test) {
      return undefined;
    }
    tests[sign]?.push(test);
  }
  const { '': all = [], '?': some = [], '-': none = [] } = tests;
  return (line) =>
    !none.some((test) => test(line)) &&
    all.every((test) => test(line)) &&
    (all.length > 0 || some.length === 0 || some.some((test) => test(line)));
}

function contains(word: string): LineTest | undefined {
  if (word.startsWith('%')) {
    const expression = expressionOf(word);
    return expression && ((line) => expression.test(line));
  }
  const text = unquoted(word);
  return (line) => line.includes(text);
}

/** CloudWatch takes letters, digits, these signs and operators, and neither blanks nor parentheses. */
const allowed = /^[\w:#=@/;,\-^$?[\]{}|\\*+.]+$/;

function expressionOf(word: string): RegExp | undefined {
  const source = word.slice(1, -1);
  try {
    return allowed.test(source) ? new RegExp(source) : undefined;
  } catch {
    return undefined;
  }
}

function unquoted(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word;
}

/** What a line consists of where it is read by fields: words, or what stands between quotes or brackets. */
const fieldOfLine = /"[^"]*"|\[[^\]]*\]|\S+/g;

const fieldOfPattern = /^(\.\.\.|[\w-]+)(?:\s*(!?=)\s*("(?:[^"\\]|\\.)*"|%[^%]+%|[^\s"%&|]+))?$/;

/** As many fields as the line has, unless the last of the pattern is an ellipsis. */
function fields(pattern: string): LineTest | undefined {
  const inner = /^\[(.*)\]$/s.exec(pattern)?.[1];
  const parts = inner === undefined ? [] : inner.split(',').map((part) => fieldOfPattern.exec(part.trim()));
  const isOpen = parts.at(-1)?.[1] === '...';
  const named = isOpen ? parts.slice(0, -1) : parts;
  const tests = named.map((part) => (part && part[1] !== '...' ? fieldTest(part[2], part[3]) : undefined));
  if (tests.length === 0 || tests.includes(undefined)) {
    return undefined;
  }
  return (line) => {
    const found = line.match(fieldOfLine) ?? [];
    return (
      (isOpen ? found.length >= tests.length : found.length === tests.length) &&
      tests.every((test, index) => test?.(found[index] ?? '') ?? false)
    );
  };
}

function fieldTest(sign: string | undefined, value: string | undefined): LineTest | undefined {
  if (sign === undefined || value === undefined) {
    return () => true;
  }
  const expression = value.startsWith('%') ? expressionOf(value) : undefined;
  if (value.startsWith('%') && !expression) {
    return undefined;
  }
  const wanted = unquoted(value);
  const equals: LineTest = (field) => expression?.test(field) ?? matchesWildcard(wanted, field);
  return sign === '=' ? equals : (field) => !equals(field);
}
