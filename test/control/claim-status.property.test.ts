import fc from 'fast-check';
import type { Claim } from '../../lib/control/claim';
import { computeClaimStatuses, type Way } from '../../lib/control/claim-status';
import type { Verdict } from '../../lib/control/verdict';
import { claim, result, subject } from './fixtures';
import { runOf } from './sample-run';

describe('for any results', () => {
  const verdict = fc.constantFrom<Verdict>('satisfied', 'not-satisfied', 'not-applicable', 'not-assessed');
  const halves = fc.record({
    template: fc.boolean(),
    live: fc.boolean(),
    database: fc.boolean(),
    register: fc.boolean(),
    attested: fc.boolean(),
  });
  const ways: readonly Way[] = ['template', 'live', 'database'];
  const look = fc.option(
    fc.record({ validUntil: fc.constantFrom(undefined, '2026-05-31', '2026-06-01', '2026-07-01') }),
    { nil: undefined },
  );
  const world = fc.record({
    looked: fc.record({ template: look, live: look, database: look }),
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

  const isValid = (given: { readonly validUntil?: string } | undefined) =>
    given !== undefined && (given.validUntil === undefined || given.validUntil >= '2026-06-01');

  test('no claim is kept that a control leaves open, none is attested, and all but kept ones say why', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(world, ({ looked, presentOnly, controls, enforceability }) => {
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
        const [status] = computeClaimStatuses([bound], { ...runOf(results), looked, presentOnly, catalog });
        seen.add(status?.status ?? '');
        expect(status?.status === 'kept' || (status?.reasons.length ?? 0) > 0).toBe(true);
        expect(status?.status).not.toBe('attested');
        const isFullySeen = controls.every(
          ({ halves: has, verdict: judged, subjects }) =>
            has &&
            (has.register || ways.some((way) => has[way])) &&
            ways.every((way) => !has[way] || isValid(looked[way])) &&
            !has.attested &&
            judged === 'satisfied' &&
            subjects.every((each) => each === 'satisfied' || each === 'not-applicable'),
        );
        const looksAtWhatRuns = controls.some(({ halves: has }) => has?.live || has?.database);
        const isProvable = enforceability === 'enforced' || (enforceability === 'verified' && looksAtWhatRuns);
        expect(status?.status === 'kept').toBe(controls.length > 0 && isFullySeen && isProvable);
      }),
      { numRuns: 4000, seed: 5 },
    );
    expect([...seen].sort()).toEqual(['awaiting', 'broken', 'kept', 'unproven']);
  });
});
