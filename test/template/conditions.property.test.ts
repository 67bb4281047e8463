import fc from 'fast-check';
import type { Json } from '../../lib/template/parse';
import { maximumWorlds, TooManyWorlds } from '../../lib/template/world';
import { graphOf, inEveryWorld } from './graph-of';

const words = ['a', 'b', ''];
const ranged = { Type: 'Number', MinValue: 1, MaxValue: 4 };
const names = ['P0', 'P1', 'P2', 'AWS::Region'] as const;

const parameter = fc.oneof(
  fc.record({ Type: fc.constant('String'), Default: fc.constantFrom(...words, 'z') }),
  fc.constant({ Type: 'String' }),
  fc.record({
    Type: fc.constant('String'),
    AllowedValues: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
  }),
  fc.constant(ranged),
);

/** Expressions over three parameters, a pseudo parameter, and the conditions declared before. */
function expression(parameters: readonly Json[], conditions: number): fc.Arbitrary<unknown> {
  const isRanged = (name: string) => parameters[Number(name.slice(1))] === ranged;
  const name = fc.constantFrom(...names);
  const withWord = fc
    .tuple(name, fc.constantFrom(...words))
    .map(([each, word]) => [{ Ref: each }, isRanged(each) ? String(word.length + 2) : word]);
  const unranged = names.filter((each) => !isRanged(each));
  const withOther = fc
    .tuple(fc.constantFrom(...unranged), fc.constantFrom(...unranged))
    .map(([one, other]) => [{ Ref: one }, { Ref: other }]);
  const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
    leaf: fc.oneof(
      fc.oneof(withWord, withOther).map((sides) => ({ 'Fn::Equals': sides })),
      ...(conditions > 0 ? [fc.nat(conditions - 1).map((index) => ({ Condition: `C${index}` }))] : []),
    ),
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map((parts) => ({ 'Fn::And': parts })),
      fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map((parts) => ({ 'Fn::Or': parts })),
      tie('tree').map((part) => ({ 'Fn::Not': [part] })),
    ),
  }));
  return tree;
}

const templates = fc
  .tuple(parameter, parameter, parameter)
  .chain((parameters) =>
    fc.tuple(fc.constant(parameters), expression(parameters, 0), expression(parameters, 1), expression(parameters, 2)),
  )
  .map(([[P0, P1, P2], C0, C1, C2]) => ({
    Parameters: { P0, P1, P2 } as Record<string, Json>,
    Conditions: { C0, C1, C2 } as Record<string, unknown>,
  }));

/** Every value that a parameter may have, as far as three conditions could ever tell. */
function domain({ AllowedValues, MinValue, MaxValue }: Json): readonly string[] {
  if (Array.isArray(AllowedValues)) {
    return AllowedValues.map(String);
  }
  if (MinValue !== undefined) {
    return Array.from({ length: Number(MaxValue) - Number(MinValue) + 1 }, (_, index) =>
      String(Number(MinValue) + index),
    );
  }
  return [...words, 'c', 'z', 'other 1', 'other 2', 'other 3', 'other 4'];
}

function holds(
  node: unknown,
  values: Readonly<Record<string, string>>,
  conditions: Readonly<Record<string, unknown>>,
): boolean {
  const [[name, argument] = ['', undefined]] = Object.entries(node as Json);
  const parts = Array.isArray(argument) ? argument : [];
  const textOf = (side: unknown) => (typeof side === 'string' ? side : values[String((side as Json).Ref)]);
  switch (name) {
    case 'Condition':
      return holds(conditions[String(argument)], values, conditions);
    case 'Fn::And':
      return parts.every((part) => holds(part, values, conditions));
    case 'Fn::Or':
      return parts.some((part) => holds(part, values, conditions));
    case 'Fn::Not':
      return !holds(parts[0], values, conditions);
    default:
      return textOf(parts[0]) === textOf(parts[1]);
  }
}

/** Truth of the three conditions under every assignment of values, by brute force. */
function reference({
  Parameters,
  Conditions,
}: {
  Parameters: Record<string, Json>;
  Conditions: Record<string, unknown>;
}) {
  const domains = names.map((name) => domain(Parameters[name] ?? {}));
  const found = new Set<string>();
  const assign = (values: Record<string, string>, index: number): void => {
    const name = names[index];
    if (name === undefined) {
      found.add(['C0', 'C1', 'C2'].map((each) => holds(Conditions[each], values, Conditions)).join());
      return;
    }
    for (const value of domains[index] ?? []) {
      assign({ ...values, [name]: value }, index + 1);
    }
  };
  assign({}, 0);
  return found;
}

test('conditions are true in exactly the combinations that some assignment of parameters gives', () => {
  let explored = 0;
  fc.assert(
    fc.property(templates, (document) => {
      const graph = graphOf({ ...document, Resources: { R: { Type: 'T' } } });
      let found: string[];
      try {
        found = inEveryWorld(graph, ({ scope, template }) =>
          ['C0', 'C1', 'C2'].map((name) => scope.evaluator.condition(name, template)).join(),
        );
      } catch (error) {
        expect(error).toBeInstanceOf(TooManyWorlds);
        return;
      }
      explored++;
      expect(found.length).toBeLessThanOrEqual(maximumWorlds);
      expect([...new Set(found)].sort()).toEqual([...reference(document)].sort());
    }),
    { numRuns: 120 },
  );
  expect(explored).toBeGreaterThan(90);
});
