import { matchesWildcard } from '../../lib/template/wildcard';

/** Keys of a request's context, in lower case; several values for keys that have several. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

type Test = (value: string, wanted: string) => boolean;

const equal: Test = (value, wanted) => value === wanted;
const numeric =
  (compare: (a: number, b: number) => boolean): Test =>
  (value, wanted) =>
    compare(Number(value), Number(wanted));
/** ARNs match part by part, so that a star does not reach across a colon, but for the last part. */
const arn: Test = (value, wanted) => {
  const [values, patterns] = [value.split(':'), wanted.split(':')];
  const ends = (parts: readonly string[]) => [...parts.slice(0, 5), parts.slice(5).join(':')];
  return ends(patterns).every((pattern, index) => matchesWildcard(pattern, ends(values)[index] ?? ''));
};

const tests: Readonly<Record<string, Test>> = {
  stringequals: equal,
  stringequalsignorecase: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  stringlike: (value, wanted) => matchesWildcard(wanted, value),
  arnequals: arn,
  arnlike: arn,
  bool: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  numericequals: numeric((a, b) => a === b),
  numericlessthan: numeric((a, b) => a < b),
  numericlessthanequals: numeric((a, b) => a <= b),
  numericgreaterthan: numeric((a, b) => a > b),
};

/** `StringNotEquals` is `StringEquals` turned round; the rest of the name stays. */
function testOf(name: string): { readonly test: Test; readonly negated: boolean } {
  const negated = /not/i.test(name);
  const test = tests[name.toLowerCase().replace('not', '')];
  if (!test) {
    throw new Error(`the evaluator knows no operator ${name}: teach it before relying on it`);
  }
  return { test, negated };
}

/**
 * Whether a request meets a whole `Condition` block: every operator, every key of each, any value of each key.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function meets(block: Readonly<Record<string, unknown>>, context: Context): boolean {
  return Object.entries(block).every(([operator, keys]) =>
    Object.entries(keys as Record<string, unknown>).every(([key, values]) =>
      holds(operator, key, listOf(values), context),
    ),
  );
}

function holds(written: string, key: string, wanted: readonly string[], context: Context): boolean {
  const [, quantifier, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/.exec(written) ?? [];
  const present = context[key.toLowerCase()];
  if (name.toLowerCase() === 'null') {
    return wanted.some((value) => (present === undefined) === (value.toLowerCase() === 'true'));
  }
  const { test, negated } = testOf(name);
  if (present === undefined) {
    // Without the key: a negated operator matches, ForAllValues too, any other only with IfExists
    return ifExists !== undefined || quantifier === 'ForAllValues' || (negated && quantifier === undefined);
  }
  const matches = (value: string) => wanted.some((each) => test(value, filled(each, context))) !== negated;
  const values = listOf(present);
  return quantifier === 'ForAllValues' ? values.every(matches) : values.some(matches);
}

/** A text with its policy variables (`${aws:PrincipalAccount}`) filled in by the request; without the key nothing matches it. */
export function filled(text: string, context: Context): string {
  return text.replace(/\$\{([^}]+)\}/g, (_, key: string) => String(context[key.toLowerCase()] ?? '\0'));
}

export function listOf(values: unknown): readonly string[] {
  return (Array.isArray(values) ? values : [values]).map(String);
}
