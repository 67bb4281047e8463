import { exceptionEvidence, result, subject } from './fixtures';
import { both, excusedSubject, open, promised, runOf, statusOf } from './sample-run';

describe('a claim is excepted', () => {
  const judged = result('net-01', 'not-satisfied', [excusedSubject]);

  test('where live exceptions that name it excuse every finding', () => {
    expect(statusOf(promised, runOf([judged], { exceptions: [exceptionEvidence()] }))).toBe(
      "excepted: net-01 on Db is excused until 2026-12-31 by exception 'legacy-db': it is being replaced",
    );
  });

  test.each([
    [exceptionEvidence({ claims: ['tdb-other'] }), "exception 'legacy-db' does not name this claim"],
    [exceptionEvidence({ state: 'expired', expires: '2026-05-31' }), "exception 'legacy-db' expired on 2026-05-31"],
    [exceptionEvidence({ expires: '2026-05-31' }), "exception 'legacy-db' expired on 2026-05-31"],
    [exceptionEvidence({ state: 'too-wide' }), "exception 'legacy-db' is too-wide"],
    [exceptionEvidence({ state: 'unused' }), "exception 'legacy-db' is unused"],
    [exceptionEvidence({ id: 'another' }), "exception 'legacy-db' is not known"],
  ])('fails to be so, and is broken, by %j', (exception, words) => {
    expect(statusOf(promised, runOf([judged], { exceptions: [exception] }))).toBe(
      `broken: net-01 is not satisfied on Db: database Db is open to the world; ${words}`,
    );
  });

  test('to the end of the last day', () => {
    const exceptions = [exceptionEvidence({ expires: '2026-06-01' })];
    expect(statusOf(promised, runOf([judged], { exceptions }))).toMatch(/^excepted: /);
  });

  test('fails to be so where one finding of two is excused', () => {
    const half = result('net-01', 'not-satisfied', [excusedSubject, { ...open, logicalId: 'Other' }]);
    expect(statusOf(promised, runOf([half], { exceptions: [exceptionEvidence()] }))).toMatch(
      /^broken: net-01 is not satisfied on Other.*\| net-01 on Db is excused/,
    );
  });

  test('rather than awaiting, but unproven where something could not be assessed', () => {
    const exceptions = [exceptionEvidence()];
    expect(statusOf(promised, runOf([judged], { exceptions, halves: { 'net-01': both } }))).toMatch(/^excepted: /);
    const unseen = subject({ logicalId: 'Copy', verdict: 'not-assessed', message: 'parameter Encrypted is open' });
    const mixed = result('net-01', 'not-satisfied', [excusedSubject, unseen]);
    expect(statusOf(promised, runOf([mixed], { exceptions }))).toMatch(
      /^unproven: net-01 could not assess Copy: parameter Encrypted is open \| net-01 on Db is excused/,
    );
  });

  test('never for what could not be assessed', () => {
    const unseen = subject({ verdict: 'not-assessed', exception: 'legacy-db' });
    const run = runOf([result('net-01', 'not-assessed', [unseen])], { exceptions: [exceptionEvidence()] });
    expect(statusOf(promised, run)).toBe('unproven: net-01 could not assess Db');
  });
});
