import { isObject } from '../../../lib/template/parse';
import { oncePerText } from '../../../lib/template/remember';
import { matchesWildcard } from '../../../lib/template/wildcard';

type Test = (record: unknown) => boolean;

const token = /\s*(\|\||&&|\(|\)|!=|>=|<=|=|>|<|"(?:[^"\\]|\\.)*"|[^\s()=!<>&|"]+)/y;

/**
 * Reads a filter pattern of CloudWatch Logs for JSON (`{ ($.eventName = StopLogging) && ($.errorCode NOT EXISTS) }`): a test of one
 * record. None where the text is no such pattern, or says something that is not known here.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export const filterPattern = oncePerText((text): Test | undefined => {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  const words = inner === undefined ? undefined : wordsOf(inner);
  if (!words) {
    return undefined;
  }
  const reader = new PatternReader(words);
  const test = reader.alternatives();
  return reader.isAtEnd() ? test : undefined;
});

function wordsOf(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let at = 0;
  for (const rest = text.trimEnd(); at < rest.length; at = token.lastIndex) {
    token.lastIndex = at;
    const word = token.exec(rest)?.[1];
    if (word === undefined) {
      return undefined;
    }
    words.push(word);
  }
  return words;
}

/** `||` binds less than `&&`, as everywhere. */
class PatternReader {
  private at = 0;

  constructor(private readonly words: readonly string[]) {}

  isAtEnd(): boolean {
    return this.at === this.words.length;
  }

  alternatives(): Test | undefined {
    return this.joined('||', () => this.joined('&&', () => this.term(), every), some);
  }

  private joined(sign: string, read: () => Test | undefined, join: (one: Test, other: Test) => Test): Test | undefined {
    let test = read();
    while (test && this.take(sign)) {
      const next = read();
      test = next && join(test, next);
    }
    return test;
  }

  private term(): Test | undefined {
    if (this.take('(')) {
      const inner = this.alternatives();
      return this.take(')') ? inner : undefined;
    }
    const selector = this.next();
    const path = selector?.startsWith('$.') ? selector.slice(2).split('.') : undefined;
    return path && this.comparison((record) => path.reduce(memberOf, record));
  }

  private comparison(read: (record: unknown) => unknown): Test | undefined {
    const sign = this.next();
    if (sign === 'EXISTS') {
      return (record) => read(record) !== undefined;
    }
    if (sign === 'NOT') {
      return this.take('EXISTS') ? (record) => read(record) === undefined : undefined;
    }
    const value = this.next();
    if (value === undefined || (sign !== '=' && sign !== '!=')) {
      return undefined;
    }
    const wanted = value.startsWith('"') ? value.slice(1, -1) : value;
    const equals: Test = (record) => {
      const found = read(record);
      return found !== undefined && matchesWildcard(wanted, String(found));
    };
    return sign === '=' ? equals : (record) => !equals(record);
  }

  private take(word: string): boolean {
    const isNext = this.words[this.at] === word;
    this.at += isNext ? 1 : 0;
    return isNext;
  }

  private next(): string | undefined {
    const word = this.words[this.at];
    this.at += 1;
    return word;
  }
}

const every =
  (one: Test, other: Test): Test =>
  (record) =>
    one(record) && other(record);
const some =
  (one: Test, other: Test): Test =>
  (record) =>
    one(record) || other(record);

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
