import { controlFiles } from '../../bin/catalogue';
import type { CompliantCase, ControlCases } from '../../lib/control/cases';
import type { Control } from '../../lib/control/control';
import { judgeGraph } from '../../lib/synth/judge-template';
import { Evaluator } from '../../lib/template/evaluate';
import { Graph } from '../../lib/template/graph';
import { Scope } from '../../lib/template/scope';
import { Template } from '../../lib/template/template';
import { figuresOf } from '../control-tester';

/** How often the template of a case is deployed beside itself, each time as a stack of its own. */
const few = 2;
const many = 6;
const growth = many / few;

/** Whoever looks for something in all that is deployed takes the square; what grows faster is a mistake, and so is a record that grows like that. */
const mostSteps = growth ** 2 * 1.2;
const mostObservations = growth ** 1.5;

const catalogue = controlFiles()
  .map((file) => ({
    control: (require(file) as { control: Control }).control,
    cases: (require(file.replace(/\.ts$/, '.cases.ts')) as { cases: ControlCases }).cases,
  }))
  .filter(({ control }) => control.template);

/** Values resolved, resources visited and reads recorded. Counted, not timed: a busy machine must not fail the test, nor a fast one pass it. */
let steps = 0;

beforeAll(() => {
  for (const [prototype, name] of [
    [Evaluator.prototype, 'resolve'],
    [Scope.prototype, 'subject'],
    [Scope.prototype, 'record'],
  ] as const) {
    const original: (...given: unknown[]) => unknown = Reflect.get(prototype, name);
    Reflect.set(prototype, name, function (this: unknown, ...given: unknown[]) {
      steps++;
      return Reflect.apply(original, this, given);
    });
  }
});

function workOf(control: Control, given: CompliantCase, copies: number) {
  const place = { sha256: '0'.repeat(64), account: '111122223333', region: given.region ?? 'eu-central-1' };
  const templates = Array.from(
    { length: copies },
    (_, copy) => new Template({ ...place, path: `${copy}.template.json`, stackName: `Copy${copy}` }, given.template),
  );
  const figures = figuresOf(control, given.figures, given.exact);
  steps = 0;
  const evidence = judgeGraph(control, new Graph(templates), figures, { today: given.today ?? '2026-12-01' });
  return { steps, observations: evidence.reduce((sum, subject) => sum + subject.observations.length, 0) };
}

const counted = new Set<string>();

test.each(
  catalogue.flatMap(({ control, cases }) =>
    Object.entries(cases.compliant).map(([name, given]) => [control.id, name, control, given] as const),
  ),
)('%s: %s, three times as often, takes at most the square of the work', (id, _name, control, given) => {
  const before = workOf(control, given, few);
  const after = workOf(control, given, many);
  expect(after.steps).toBeLessThanOrEqual(before.steps * mostSteps);
  expect(after.observations).toBeLessThanOrEqual(before.observations * mostObservations);
  if (before.steps > 0) {
    counted.add(id);
  }
});

test('every control was counted, but for the one that looks at types alone', () => {
  const ids = catalogue.map(({ control }) => control.id);
  expect(ids.filter((id) => !counted.has(id))).toEqual(['gov-01']);
});
