import type { Exception } from '../../lib/control/exception';
import { matchExceptions } from '../../lib/control/exception-match';

function exception(changes: Partial<Exception> = {}): Exception {
  return {
    id: 'legacy-db',
    reason: 'it is being replaced',
    owner: 'Ada',
    approver: 'Grace',
    approved: '2026-01-31',
    expires: '2026-06-30',
    claims: ['tdb-a'],
    applies: [{ rule: 'enc-04', paths: ['Data/Legacy/Resource'] }],
    ...changes,
  };
}

const scope = (rule: string, ...paths: string[]): Partial<Exception> => ({ applies: [{ rule, paths }] });
const legacy = { rule: 'enc-04', constructPath: 'Data/Legacy/Resource' };

describe('a live exception', () => {
  test('excuses exactly the findings of its rule on its constructs', () => {
    const findings = [
      legacy,
      { ...legacy },
      { rule: 'enc-05', constructPath: 'Data/Legacy/Resource' },
      { rule: 'enc-04', constructPath: 'Data/Legacy' },
      { rule: 'enc-04', constructPath: 'Data/Legacy/Resource/Child' },
      { rule: 'enc-04', constructPath: 'production/Data/Legacy/Resource' },
      { rule: 'enc-04', constructPath: undefined },
    ];
    const { exceptions, excused } = matchExceptions([exception()], findings, '2026-03-01');
    expect(findings.map((finding) => excused.get(finding))).toEqual(['legacy-db', 'legacy-db', ...Array(5)]);
    expect(exceptions).toEqual([
      {
        evidence: {
          id: 'legacy-db',
          used: true,
          state: 'live',
          expires: '2026-06-30',
          reason: 'it is being replaced',
          owner: 'Ada',
          approver: 'Grace',
          claims: ['tdb-a'],
        },
        findings: findings.slice(0, 2),
        problems: [],
      },
    ]);
  });

  test.each([
    ['AwsSolutions::AwsSolutions-IAM5[Action::s3:*]'],
    ['AwsSolutions::AwsSolutions-IAM5[Resource::*]'],
    ['NIST.800.53.R5::NIST.800.53.R5-S3BucketLoggingEnabled'],
    ['CloudFormation-Validate::W3010'],
    ['HIPAA.Security::HIPAA.Security-VPCNoUnrestrictedRouteToIGW'],
  ])('excuses the qualified id %s', (rule) => {
    const finding = { rule, constructPath: 'Network/Vpc/Resource' };
    const { excused } = matchExceptions([exception(scope(rule, 'Network/Vpc/Resource'))], [finding], '2026-03-01');
    expect(excused.get(finding)).toBe('legacy-db');
  });

  test('does not excuse another finding id of the same rule', () => {
    const finding = { rule: 'AwsSolutions::AwsSolutions-IAM5[Action::kms:*]', constructPath: 'A/B' };
    const narrow = exception(scope('AwsSolutions::AwsSolutions-IAM5[Action::s3:*]', 'A/B'));
    expect(matchExceptions([narrow], [finding], '2026-03-01').excused.size).toBe(0);
  });

  test.each([
    ['2026-01-30', 'unused'],
    ['2026-01-31', 'live'],
    ['2026-06-30', 'live'],
    ['2026-07-01', 'expired'],
  ])('on %s is %s: it holds from its approval to the end of its last day', (today, state) => {
    const { exceptions, excused } = matchExceptions([exception()], [legacy], today);
    expect(exceptions[0]?.evidence).toMatchObject({ state, used: state === 'live' });
    expect(excused.has(legacy)).toBe(state === 'live');
    expect(exceptions[0]?.problems.length).toBe(state === 'live' ? 0 : 1);
  });

  test('takes no finding from another that names it first, and both are used', () => {
    const { exceptions, excused } = matchExceptions(
      [exception({ id: 'first' }), exception({ id: 'second' })],
      [legacy],
      '2026-03-01',
    );
    expect(excused.get(legacy)).toBe('first');
    expect(exceptions.map(({ evidence }) => evidence.used)).toEqual([true, true]);
  });

  test('stands in for an expired one on the same finding', () => {
    const { excused } = matchExceptions(
      [exception({ id: 'old', expires: '2026-02-01' }), exception({ id: 'renewed' })],
      [legacy],
      '2026-03-01',
    );
    expect(excused.get(legacy)).toBe('renewed');
  });
});

describe('an exception that excuses nothing says why', () => {
  const problemOf = (changes: Partial<Exception>, today: string, findings = [legacy]) =>
    matchExceptions([exception(changes)], findings, today).exceptions[0]?.problems.join('\n');

  test('expired, with what to mend', () => {
    expect(problemOf({}, '2026-07-01')).toBe(
      "exception 'legacy-db' expired on 2026-06-30 and no longer applies: renew it in policies/exceptions/legacy-db.yaml or fix Data/Legacy/Resource (enc-04)",
    );
    expect(problemOf({}, '2026-07-01', [])).toMatch(/: remove policies\/exceptions\/legacy-db.yaml$/);
  });

  test('unused', () => {
    expect(problemOf({}, '2026-03-01', [])).toBe(
      "exception 'legacy-db' excuses no finding of this run: remove policies/exceptions/legacy-db.yaml, or correct its rules and paths",
    );
  });

  test('not approved yet', () => {
    expect(problemOf({}, '2026-01-01')).toBe(
      "exception 'legacy-db' is approved from 2026-01-31 on and does not apply yet",
    );
  });

  test.each([
    ['enc-04', ''],
    ['enc-04', '*'],
    ['enc-04', 'Data'],
    ['enc-04', 'Data/'],
    ['enc-04', '/Data'],
    ['enc-04', 'Data//Resource'],
    ['enc-04', 'Data/*'],
    ['enc-04', 'Data/Leg*/Resource'],
    ['enc-04', '**/Resource'],
    ['*', 'Data/Legacy/Resource'],
    ['', 'Data/Legacy/Resource'],
    ['enc-*', 'Data/Legacy/Resource'],
    ['ENC-04', 'Data/Legacy/Resource'],
    ['AwsSolutions-S1', 'Data/Legacy/Resource'],
    ['AwsSolutions::*', 'Data/Legacy/Resource'],
    ['AwsSolutions::', 'Data/Legacy/Resource'],
    ['AwsSolutions::AwsSolutions-IAM5[*]', 'Data/Legacy/Resource'],
    ['AwsSolutions::AwsSolutions-IAM*[Action::s3:*]', 'Data/Legacy/Resource'],
  ])('too wide: %j on %j, though a finding has just these words', (rule, path) => {
    const finding = { rule, constructPath: path };
    const { exceptions, excused } = matchExceptions([exception(scope(rule, path))], [finding], '2026-03-01');
    expect(exceptions[0]?.evidence).toMatchObject({ state: 'too-wide', used: false });
    expect(exceptions[0]?.problems[0]).toMatch(/^exception 'legacy-db' applies to nothing: (rule|path) "/);
    expect(excused.size).toBe(0);
  });

  test('too wide in one place, and then nowhere live', () => {
    const mixed = scope('enc-04', 'Data/Legacy/Resource', 'Data');
    expect(matchExceptions([exception(mixed)], [legacy], '2026-03-01').excused.size).toBe(0);
  });
});
