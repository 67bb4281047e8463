import { createColors } from 'picocolors';
import type { ClaimStatus, Evidence, SubjectEvidence } from '../../lib/control/evidence';
import { buildEvidence } from '../../lib/evidence/build-evidence';
import { compareEvidence, isWeaker } from '../../lib/evidence/compare-evidence';
import { renderComparison } from '../../lib/evidence/terminal/comparison';
import { aControl, aFinding, aRun, aVerdictOn } from './fixtures';

const run = (changes: Parameters<typeof aRun>[0] = {}): Evidence => buildEvidence(aRun(changes));
const withStatus = (status: ClaimStatus) => run({ claims: [aVerdictOn('acme-log-retention', { status })] });
const withSubjects = (...subjects: SubjectEvidence[]) => run({ controls: [aControl('log-04', { subjects })] });
const words = (before: Evidence, after: Evidence) =>
  renderComparison(compareEvidence(before, after), { colour: createColors(false) });

test('the same run is neither weaker nor stronger, at another time and commit too', () => {
  const later = run({ run: { ...aRun().run, startedAt: '2026-12-01T00:00:00.000Z', commit: null } });
  expect(isWeaker(compareEvidence(run(), later))).toBe(false);
  expect(words(run(), later)).toBe('nothing got weaker, stronger, new or lost\n');
});

test.each<[ClaimStatus, ClaimStatus]>([
  ['kept', 'broken'],
  ['kept', 'unproven'],
  ['kept', 'awaiting'],
  ['attested', 'excepted'],
  ['awaiting', 'unproven'],
  ['unproven', 'broken'],
])('%s that is now %s is weaker, and the other way round stronger', (better, worse) => {
  const fall = compareEvidence(withStatus(better), withStatus(worse));
  expect(fall.weaker).toMatchObject([{ id: 'acme-log-retention', before: better, after: worse }]);
  expect(isWeaker(fall)).toBe(true);
  const rise = compareEvidence(withStatus(worse), withStatus(better));
  expect([rise.stronger.length, rise.weaker.length, isWeaker(rise)]).toEqual([1, 0, false]);
});

test('a finding that was there before is not new, on whichever line it stands', () => {
  const before = withSubjects(aFinding('Archive'));
  const moved = withSubjects(
    aFinding('Archive', { source: 'lib/constructs/log-archive.ts:60', message: 'other words' }),
  );
  expect(isWeaker(compareEvidence(before, moved))).toBe(false);
  const more = withSubjects(aFinding('Archive'), aFinding('Archive', { message: 'a second way' }), aFinding('Trail'));
  expect(compareEvidence(before, more).newFindings).toHaveLength(2);
  expect(isWeaker(compareEvidence(before, more))).toBe(true);
  expect(compareEvidence(more, before).mended).toHaveLength(2);
});

test('a finding of another checker is one too, unless an exception excuses it', () => {
  const finding = { rule: 'S1', description: 'no log', constructPath: 'a/b' };
  const asked = (findings: readonly (typeof finding & { exception?: string })[]) =>
    run({ opinions: [{ tool: 'cdk-nag', state: 'ran', findings }] });
  expect(compareEvidence(asked([]), asked([finding])).newFindings).toHaveLength(1);
  expect(compareEvidence(asked([]), asked([{ ...finding, exception: 'old' }])).newFindings).toEqual([]);
});

test('a control that judges nothing any more, a promise that is gone and another figure are told', () => {
  const after = run({
    claims: [aVerdictOn('acme-other')],
    controls: [
      aControl('log-04', { verdict: 'not-applicable', subjects: [], parameters: { 'audit.retentionDays': 90 } }),
    ],
  });
  const text = words(run(), after);
  expect(text).toContain('promised no longer (1)\n  acme-log-retention kept');
  expect(text).toContain('controls that judge nothing any more (1)\n  log-04');
  expect(text).toContain('log-04 audit.retentionDays: 731, now 90');
  expect(text).toContain('new promises (1)\n  acme-other kept');
  expect(isWeaker(compareEvidence(run(), after))).toBe(true);
});

test('runs of different kinds or profiles are not compared', () => {
  const other = (changes: Partial<Evidence['run']>) => run({ run: { ...aRun().run, ...changes } });
  expect(() => compareEvidence(run(), other({ kind: 'verify' }))).toThrow(/the kind of the earlier run is check/);
  expect(() => compareEvidence(run(), other({ environment: null }))).toThrow(/of the later none/);
});
