import { exitCode } from '../../bin/exit-code';
import { loadPromises, onlyControls } from '../../bin/promises';
import type { Evidence, OpinionEvidence } from '../../lib/control/evidence';
import type { Exception } from '../../lib/control/exception';
import { buildEvidence } from '../../lib/evidence/build-evidence';
import { validateEvidence } from '../../lib/evidence/validate-evidence';
import { type CheckInput, checkTemplates } from '../../lib/synth/check';
import { graphOf } from '../control-tester';

const promises = onlyControls(loadPromises('strictest'), ['enc-04']);

const cluster = (encrypted: unknown) =>
  graphOf({
    template: {
      Resources: {
        Key: { Type: 'AWS::KMS::Key' },
        Db: {
          Type: 'AWS::RDS::DBCluster',
          Properties: { StorageEncrypted: encrypted, KmsKeyId: { Ref: 'Key' } },
          Metadata: { 'aws:cdk:path': 'production/Data/Db/Resource' },
        },
      },
    },
  });

const exception: Exception = {
  id: 'old-database',
  reason: 'it is moved next month',
  owner: 'platform',
  approver: 'security',
  approved: '2026-11-01',
  expires: '2026-12-31',
  claims: promises.claims.map(({ id }) => id),
  applies: [{ rule: 'enc-04', paths: ['Data/Db/Resource'] }],
};

const opinion: OpinionEvidence = {
  tool: 'AwsSolutions',
  state: 'ran',
  findings: [
    {
      rule: 'AwsSolutions::AwsSolutions-RDS2',
      description: 'not encrypted',
      constructPath: 'production/Data/Db/Resource',
    },
  ],
};

function run(over: Partial<CheckInput>): { evidence: Evidence; problems: readonly string[]; code: number } {
  const result = checkTemplates({
    ...promises,
    graphs: [cluster(true)],
    registers: promises.policies.registers,
    records: promises.policies.records,
    opinions: [],
    exceptions: [],
    stages: ['production'],
    today: '2026-11-20',
    ...over,
  });
  const evidence = buildEvidence({
    ...result,
    version: '0.0.0',
    root: process.cwd(),
    run: {
      kind: 'check',
      profile: 'strictest',
      environment: 'production',
      startedAt: '2026-11-20T12:00:00.000Z',
      commit: null,
    },
  });
  return { evidence, problems: result.problems, code: exitCode(evidence, result.problems, 'unproven') };
}

const statuses = ({ evidence }: { evidence: Evidence }) => [...new Set(evidence.claims.map(({ status }) => status))];

test('a kept promise ends with 0, in evidence that its schema accepts', () => {
  const kept = run({});
  expect([kept.code, kept.problems, statuses(kept)]).toEqual([0, [], ['kept']]);
  expect(validateEvidence(JSON.parse(JSON.stringify(kept.evidence)))).toEqual(
    JSON.parse(JSON.stringify(kept.evidence)),
  );
});

test('a broken promise ends with 1', () => {
  const broken = run({ graphs: [cluster(false)] });
  expect([broken.code, statuses(broken)]).toEqual([1, ['broken']]);
});

test('a value that nobody can resolve ends with 2, and with 0 where only broken promises fail', () => {
  const unproven = run({ graphs: [cluster({ 'Fn::ImportValue': 'elsewhere' })] });
  expect([unproven.code, statuses(unproven)]).toEqual([2, ['unproven']]);
  expect(exitCode(unproven.evidence, [], 'broken')).toBe(0);
});

test('a live exception excuses its finding, and the report says so', () => {
  const excepted = run({ graphs: [cluster(false)], exceptions: [exception] });
  expect([excepted.code, excepted.problems, statuses(excepted)]).toEqual([0, [], ['excepted']]);
  expect(excepted.evidence.exceptions).toEqual([
    expect.objectContaining({ id: 'old-database', used: true, state: 'live' }),
  ]);
});

test.each([
  ['expired', { expires: '2026-11-19' }, /exception 'old-database' expired on 2026-11-19/],
  [
    'too wide',
    { applies: [{ rule: 'enc-04', paths: ['Data'] }] },
    /exception 'old-database' applies to nothing: path "Data"/,
  ],
  [
    'of a wildcard',
    { applies: [{ rule: 'enc-04', paths: ['Data/*'] }] },
    /exception 'old-database' applies to nothing/,
  ],
])('fails by name for an exception that is %s', (_, edit, words) => {
  const failed = run({ graphs: [cluster(false)], exceptions: [{ ...exception, ...edit }] });
  expect([failed.code, statuses(failed)]).toEqual([1, ['broken']]);
  expect(failed.problems.join()).toMatch(words);
});

test('fails by name for an exception that excuses nothing any more', () => {
  const unused = run({ exceptions: [exception] });
  expect([unused.code, statuses(unused)]).toEqual([1, ['kept']]);
  expect(unused.problems.join()).toMatch(/'old-database'/);
});

test('fails for another checker’s finding, until an exception names it', () => {
  expect(run({ opinions: [opinion] }).code).toBe(1);
  const applies = [{ rule: 'AwsSolutions::AwsSolutions-RDS2', paths: ['Data/Db/Resource'] }];
  expect(run({ opinions: [opinion], exceptions: [{ ...exception, applies }] }).code).toBe(0);
});

test('an opinion that was not asked is no assent', () => {
  expect(run({ opinions: [{ ...opinion, state: 'not-run', findings: [] }] }).code).toBe(2);
});
