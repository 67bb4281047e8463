import fc from 'fast-check';
import type { Claim } from '../../lib/control/claim';
import { computeClaimStatuses } from '../../lib/control/claim-status';
import type { Verdict } from '../../lib/control/verdict';
import { claim, result, subject } from './fixtures';
import { runOf } from './sample-run';

describe('for any results', () => {
  const verdict = fc.constantFrom<Verdict>('satisfied', 'not-satisfied', 'not-applicable', 'not-assessed');
  const halves = fc.record({ template: fc.boolean(), live: fc.boolean(), attested: fc.boolean() });
  const world = fc.record({
    kind: fc.constantFrom('check' as const, 'verify' as const),
    presentOnly: fc.boolean(),
    controls: fc.array(
      fc.record({
        halves: fc.option(halves),
        verdict: fc.option(verdict),
        subjects: fc.array(verdict, { maxLength: 2 }),
      }),
      { maxLength: 3 },
    ),
    enforceability: fc.constantFrom<Claim['enforceability']>(
      'enforced',
      'verified',
      'procedure',
      'application-attested',
    ),
  });

  test('no claim is kept that a control leaves open, none is attested, and all but kept ones say why', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(world, ({ kind, presentOnly, controls, enforceability }) => {
        const ids = controls.map((_, index) => `net-0${index}`);
        const results = controls.flatMap((control, index) =>
          control.verdict === null
            ? []
            : [
                result(
                  `net-0${index}`,
                  control.verdict,
                  control.subjects.map((each) => subject({ verdict: each })),
                ),
              ],
        );
        const catalog = new Map(
          controls.flatMap((control, index) => (control.halves ? [[`net-0${index}`, control.halves] as const] : [])),
        );
        const bound = claim('tdb-a', { controls: ids, enforceability });
        const [status] = computeClaimStatuses([bound], { ...runOf(results), kind, presentOnly, catalog });
        seen.add(status?.status ?? '');
        expect(status?.status === 'kept' || (status?.reasons.length ?? 0) > 0).toBe(true);
        expect(status?.status).not.toBe('attested');
        const isFullySeen = controls.every(
          (control) =>
            control.halves &&
            (kind === 'check'
              ? control.halves.template && !control.halves.live
              : control.halves.live && !control.halves.template) &&
            !control.halves.attested &&
            control.verdict === 'satisfied' &&
            control.subjects.every((each) => each === 'satisfied' || each === 'not-applicable'),
        );
        const isProvable = enforceability === 'enforced' || (enforceability === 'verified' && kind === 'verify');
        expect(status?.status === 'kept').toBe(controls.length > 0 && isFullySeen && isProvable);
      }),
      { numRuns: 2000, seed: 5 },
    );
    expect([...seen].sort()).toEqual(['awaiting', 'broken', 'kept', 'unproven']);
  });
});
