import { serializeEvidence } from '../../lib/evidence/serialize-evidence';
import { summarize } from '../../lib/evidence/summarize';
import { validateEvidence } from '../../lib/evidence/validate-evidence';
import { aControl, aSubject, aVerdictOn, keptExample } from './fixtures';
import { largeExample } from './large-example';

describe('validating evidence from outside', () => {
  const valid = (): Record<string, unknown> => JSON.parse(JSON.stringify(keptExample().evidence));

  test('takes the large run, with every kind of record in it', () => {
    expect(validateEvidence(JSON.parse(serializeEvidence(largeExample().evidence)))).toMatchObject({
      schemaVersion: 1,
    });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['another version', { schemaVersion: 2 }, 'schemaVersion is 2, allowed is only 1'],
    ['an unknown property', { score: 97 }, "the file has an unknown property 'score'"],
    [
      'an unknown status',
      { claims: [{ ...aVerdictOn('acme-one'), status: 'green' }] },
      'claims.0.status is "green", allowed are broken, unproven, excepted, awaiting, attested, kept, planned',
    ],
    ['a missing list', { exceptions: undefined }, "the file lacks 'exceptions'"],
    [
      'a finding without words',
      { controls: [aControl('log-04', { subjects: [aSubject('A', { verdict: 'not-satisfied' })] })] },
      "controls.0.subjects.0 lacks 'message'",
    ],
    [
      'a path into a home directory',
      { targets: [{ path: '/home/jane/x.json', sha256: 'ab'.repeat(32) }] },
      'targets.0.path is "/home/jane/x.json", it must match pattern',
    ],
    [
      'a day that no calendar has',
      {
        exceptions: [
          {
            id: 'x',
            used: true,
            expires: '2026-02-30',
            state: 'live',
            reason: 'r',
            owner: 'o',
            approver: 'a',
            claims: [],
          },
        ],
      },
      'exceptions.0.expires is "2026-02-30", it must match format "date"',
    ],
    [
      'an opinion that was not asked and yet found something',
      { opinions: [{ tool: 'cdk-nag', state: 'not-run', findings: [{ rule: 'R1', description: 'd' }] }] },
      'opinions.0.findings is',
    ],
  ])('fails on %s', (_, changes, message) => {
    const value = { ...valid(), ...changes };
    expect(() => validateEvidence(JSON.parse(JSON.stringify(value)))).toThrow(message);
  });

  test('fails on a summary that somebody improved', () => {
    const value = { ...valid(), claims: [aVerdictOn('acme-log-retention', { status: 'broken' })] };
    expect(() => validateEvidence(value)).toThrow('summary.claims.kept is 1, but its records count 0');
  });

  test.each([null, [], 'evidence', 7])('fails on %j, which is no evidence at all', (value) => {
    expect(() => validateEvidence(value)).toThrow('evidence: the file is');
  });

  test('fails without filling the screen', () => {
    const claims = Array.from({ length: 500 }, (_, index) => ({
      ...aVerdictOn(`acme-${index}`),
      status: 'x'.repeat(10_000),
    }));
    let message = '';
    try {
      validateEvidence({ ...valid(), claims });
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('and 480 more');
    expect(message.length).toBeLessThan(6_000);
  });
});

test('takes what people said and what is awaited of them, and refuses a word without a day', () => {
  const of = (subject: Parameters<typeof aSubject>[1]) => {
    const controls = [aControl('gov-04', { subjects: [aSubject('pentest', subject)] })];
    const evidence = { ...keptExample().evidence, controls };
    return JSON.parse(JSON.stringify({ ...evidence, summary: summarize(evidence.claims, controls) }));
  };
  expect(() => validateEvidence(of({ attestedUntil: '2027-01-30', claims: ['doc-pentest'] }))).not.toThrow();
  const nobody = { verdict: 'not-assessed', message: 'none is on record', awaited: true } as const;
  expect(() => validateEvidence(of(nobody))).not.toThrow();
  expect(() => validateEvidence(of({ attestedUntil: 'soon' }))).toThrow('attestedUntil is "soon"');
});
