import type { Claim } from '../../lib/control/claim';
import { type ClaimRun, type ControlHalves, computeClaimStatuses } from '../../lib/control/claim-status';
import type { ControlEvidence } from '../../lib/control/evidence';
import { result, subject } from './fixtures';
import {
  both,
  check,
  databaseOnly,
  liveOnly,
  open,
  promised,
  runOf,
  statusOf,
  templateOnly,
  verify,
  verifyDatabase,
} from './sample-run';

describe('a claim is kept', () => {
  test('where each of its controls exists, was judged and is satisfied', () => {
    expect(computeClaimStatuses([promised], runOf([result('net-01', 'satisfied')]))).toEqual([
      { id: 'tdb-a', document: 'tdb', status: 'kept', controls: ['net-01'], reasons: [] },
    ]);
  });

  test('by a control without subjects that says it is satisfied', () => {
    expect(statusOf(promised, runOf([result('net-01', 'satisfied', [])]))).toBe('kept');
  });

  test('by subjects that are not applicable beside one that is satisfied', () => {
    const subjects = [subject({ verdict: 'not-applicable' }), subject()];
    expect(statusOf(promised, runOf([result('net-01', 'satisfied', subjects)]))).toBe('kept');
  });

  test('by a control that looks at the registers, in every kind of run', () => {
    const halves = { 'net-01': { ...templateOnly, template: false, register: true } };
    for (const looked of [check, verify, verifyDatabase]) {
      expect(statusOf(promised, runOf([result('net-01', 'satisfied')], { looked, halves }))).toBe('kept');
    }
  });

  test('with the wording to publish said where it is not the document`s own', () => {
    const equivalent = { delivered: 'a hash of the provider', publish: 'Passwords are hashed.' };
    const resolutions = [
      { parameter: 'p', yields: ['tdb-a'], because: 'two papers disagree', publish: 'Kept for 30 days.' },
    ];
    expect(
      statusOf(
        { ...promised, equivalent },
        runOf([result('net-01', 'satisfied')], { profile: { name: 'strictest', resolutions } }),
      ),
    ).toBe(
      "kept: delivered by an equivalent: a hash of the provider; publish instead: Passwords are hashed. | yields on p in profile 'strictest': two papers disagree; publish instead: Kept for 30 days.",
    );
  });
});

describe('a claim is planned', () => {
  test('where the document says so, whatever its controls say', () => {
    const planned = { ...promised, planned: true };
    for (const evidence of [result('net-01', 'satisfied'), result('net-01', 'not-satisfied', [open])]) {
      expect(statusOf(planned, runOf([evidence]))).toBe('planned: the document itself calls this planned');
    }
  });
});

describe('a claim is broken', () => {
  test('by a subject that is not satisfied, by its construct path where there is one', () => {
    expect(statusOf(promised, runOf([result('net-01', 'not-satisfied', [subject(), open])]))).toBe(
      'broken: net-01 is not satisfied on Db: database Db is open to the world',
    );
    const placed = { ...open, constructPath: 'Data/Db/Resource', message: undefined };
    expect(statusOf(promised, runOf([result('net-01', 'not-satisfied', [placed])]))).toBe(
      'broken: net-01 is not satisfied on Data/Db/Resource',
    );
  });

  test('by such a subject under any verdict of the control', () => {
    for (const verdict of ['satisfied', 'not-assessed', 'not-applicable'] as const) {
      expect(statusOf(promised, runOf([result('net-01', verdict, [open])]))).toMatch(/^broken: /);
    }
  });

  test('by a control that is not satisfied and names no subject', () => {
    expect(statusOf(promised, runOf([result('net-01', 'not-satisfied', [])]))).toBe('broken: net-01 is not satisfied');
  });

  test('by a control that this kind of run does not judge but that brought a finding', () => {
    const halves = { 'net-01': liveOnly };
    expect(statusOf(promised, runOf([result('net-01', 'not-satisfied', [open])], { halves }))).toMatch(/^broken: /);
  });

  test('with three subjects named and the rest counted', () => {
    const many = Array.from({ length: 5 }, (_, index) => ({ ...open, logicalId: `Db${index}` }));
    const { reasons } = computeClaimStatuses([promised], runOf([result('net-01', 'not-satisfied', many)]))[0] ?? {};
    expect(reasons).toHaveLength(4);
    expect(reasons?.[3]).toBe('net-01: and 2 more subjects like these');
  });

  test('worst of all: reasons of lesser weight follow', () => {
    const halves = { 'net-01': both };
    const bound = { ...promised, controls: ['enc-08', 'net-01'] };
    expect(statusOf(bound, runOf([result('net-01', 'not-satisfied', [open])], { halves }))).toBe(
      'broken: net-01 is not satisfied on Db: database Db is open to the world | enc-08 is not in the catalog | net-01 also needs `avouch verify`',
    );
  });
});

describe('a claim is unproven', () => {
  const satisfied = [result('net-01', 'satisfied')];

  test.each<[string, Claim, ClaimRun]>([
    ['no control is bound to it', { ...promised, controls: [] }, runOf(satisfied)],
    ['enc-08 is not in the catalog', { ...promised, controls: ['net-01', 'enc-08'] }, runOf(satisfied)],
    ['net-01 was not judged in this run', promised, runOf([])],
    ['net-01 is not assessed', promised, runOf([result('net-01', 'not-assessed', [])])],
    [
      'net-01 could not assess Db',
      promised,
      runOf([result('net-01', 'satisfied', [subject({ verdict: 'not-assessed' })])]),
    ],
    ['net-01 found nothing to judge', promised, runOf([result('net-01', 'not-applicable', [])])],
    ['net-01 found nothing to judge', promised, runOf([result('net-01', 'not-applicable')])],
    [
      'net-01 has nothing that judges it',
      promised,
      runOf(satisfied, { halves: { 'net-01': { ...templateOnly, template: false } } }),
    ],
    [
      'its proof is a look at what runs, and no control bound to it looks there',
      { ...promised, enforceability: 'verified' },
      runOf(satisfied),
    ],
  ])('%s', (reason, bound, run) => {
    expect(statusOf(bound, run)).toBe(`unproven: ${reason}`);
  });

  test('where the evidence of an earlier run has expired', () => {
    const halves = { 'net-01': both };
    const expired = { validUntil: '2026-05-31' };
    expect(statusOf(promised, runOf(satisfied, { halves, looked: { template: {}, live: expired } }))).toBe(
      'unproven: net-01: the evidence of `avouch verify` expired on 2026-05-31',
    );
    expect(statusOf(promised, runOf(satisfied, { looked: { template: {}, live: expired } }))).toBe('kept');
    const last = { validUntil: '2026-06-01' };
    expect(statusOf(promised, runOf(satisfied, { halves, looked: { template: {}, live: last } }))).toBe('kept');
  });
});

describe('a claim is awaiting', () => {
  test.each<[string, ClaimRun['looked'], ControlHalves, string]>([
    ['the live half in a check', check, both, 'awaiting: net-01 also needs `avouch verify`'],
    ['the template half in a verify', verify, both, 'awaiting: net-01 also needs `avouch check`'],
    [
      'the database half in a check',
      check,
      { ...templateOnly, database: true },
      'awaiting: net-01 also needs `avouch verify --database`',
    ],
    [
      'the database half in a verify of the account',
      verify,
      { ...liveOnly, database: true },
      'awaiting: net-01 also needs `avouch verify --database`',
    ],
    [
      'the other halves in a verify of a database',
      verifyDatabase,
      { ...both, database: true },
      'awaiting: net-01 also needs `avouch check` | net-01 also needs `avouch verify`',
    ],
    [
      'an attestation',
      check,
      { ...templateOnly, attested: true },
      "awaiting: net-01 also needs a person's attestation",
    ],
  ])('%s', (_, looked, halves, words) => {
    const run = runOf([result('net-01', 'satisfied')], { looked, halves: { 'net-01': halves } });
    expect(statusOf(promised, run)).toBe(words);
  });

  test.each([
    ['a check', check, liveOnly, 'avouch verify'],
    ['a check', check, databaseOnly, 'avouch verify --database'],
    ['a verify', verify, templateOnly, 'avouch check'],
    ['a verify', verify, databaseOnly, 'avouch verify --database'],
    ['a verify of a database', verifyDatabase, liveOnly, 'avouch verify'],
  ])('what %s cannot see at all, judged or reported as not assessed', (_, looked, halves, command) => {
    for (const results of [[], [result('net-01', 'not-assessed', [])], [result('net-01', 'not-applicable', [])]]) {
      const run = runOf(results, { looked, halves: { 'net-01': halves } });
      expect(statusOf(promised, run)).toBe(`awaiting: net-01 also needs \`${command}\``);
    }
  });

  test('no other run where all ways of looking are merged', () => {
    const looked = { template: { validUntil: '2026-06-01' }, live: {}, database: {} };
    const halves = { 'net-01': { ...both, database: true } };
    expect(statusOf(promised, runOf([result('net-01', 'satisfied')], { looked, halves }))).toBe('kept');
    expect(statusOf(promised, runOf([], { looked, halves }))).toBe('unproven: net-01 was not judged in this run');
  });

  test.each<[Partial<Claim>, string]>([
    [{ enforceability: 'procedure' }, 'a person must attest it'],
    [
      { enforceability: 'procedure', runbook: 'restore-database' },
      "a person must attest it by runbook 'restore-database'",
    ],
    [{ runbook: 'restore-database' }, "a person must attest it by runbook 'restore-database'"],
    [{ enforceability: 'application-attested' }, 'who builds the application must attest it'],
  ])('a person for %j', (changes, words) => {
    expect(statusOf({ ...promised, ...changes }, runOf([result('net-01', 'satisfied')]))).toBe(`awaiting: ${words}`);
  });

  test('verification of what only a look at what runs proves', () => {
    const bound: Claim = { ...promised, enforceability: 'verified' };
    const halves = { 'net-01': liveOnly };
    expect(statusOf(bound, runOf([], { halves }))).toBe('awaiting: net-01 also needs `avouch verify`');
    expect(statusOf(bound, runOf([result('net-01', 'satisfied')], { looked: verify, halves }))).toBe('kept');
    const inDatabase = { looked: verifyDatabase, halves: { 'net-01': databaseOnly } };
    expect(statusOf(bound, runOf([result('net-01', 'satisfied')], inDatabase))).toBe('kept');
  });
});

describe('where only what is present is judged', () => {
  const presentOnly = (results: readonly ControlEvidence[]) => runOf(results, { presentOnly: true });

  test.each<[string, Claim, ClaimRun]>([
    ['net-01 found nothing to judge', promised, presentOnly([result('net-01', 'not-applicable', [])])],
    ['net-01 was not judged in this run', promised, presentOnly([])],
    ['enc-08 is not in the catalog', { ...promised, controls: ['enc-08'] }, presentOnly([])],
    ['no control is bound to it', { ...promised, controls: [] }, presentOnly([])],
  ])('a claim awaits a run over the whole app: %s', (reason, bound, run) => {
    expect(statusOf(bound, run)).toBe(`awaiting: ${reason}: only what is present was judged`);
  });

  test('what is present still breaks a claim or leaves it unproven', () => {
    expect(statusOf(promised, presentOnly([result('net-01', 'not-satisfied', [open])]))).toMatch(/^broken: /);
    const unseen = [subject({ verdict: 'not-assessed' })];
    expect(statusOf(promised, presentOnly([result('net-01', 'not-assessed', unseen)]))).toMatch(/^unproven: /);
    expect(statusOf(promised, presentOnly([result('net-01', 'not-assessed', [])]))).toMatch(/^unproven: /);
  });
});

describe('a claim that a person attests', () => {
  const halves = { 'net-01': { ...templateOnly, template: false, register: true } };
  const signed = { ...promised, enforceability: 'procedure' as const, runbook: 'commission-pentest' };
  const on = (...subjects: readonly ReturnType<typeof subject>[]) =>
    statusOf(signed, runOf([result('net-01', 'satisfied', subjects)], { halves }));

  test('is attested while the word that a register holds of it counts, the last day included', () => {
    expect(on(subject({ attestedUntil: '2026-06-01' }))).toBe(
      "attested: a person attested it by runbook 'commission-pentest', which net-01 found in time until 2026-06-01",
    );
  });

  test('awaits it the day after, and where no register holds any', () => {
    const awaiting = "awaiting: a person must attest it by runbook 'commission-pentest'";
    expect(on(subject({ attestedUntil: '2026-05-31' }))).toBe(awaiting);
    expect(on(subject())).toBe(awaiting);
  });

  test('is attested only until the first of several words is over', () => {
    expect(on(subject({ attestedUntil: '2027-01-01' }), subject({ attestedUntil: '2026-05-31' }))).toMatch(/^awaiting/);
  });

  test('is not attested by a word about what who builds the application must say', () => {
    const own = { ...signed, enforceability: 'application-attested' as const };
    const evidence = result('net-01', 'satisfied', [subject({ attestedUntil: '2027-01-01' })]);
    expect(statusOf(own, runOf([evidence], { halves }))).toMatch(/^awaiting: who builds the application/);
  });

  test('is attested where the look at what runs is there too, and awaits it otherwise', () => {
    const verified = { ...signed, enforceability: 'verified' as const };
    const withLive = { 'net-01': { ...liveOnly, register: true } };
    const evidence = result('net-01', 'satisfied', [subject({ attestedUntil: '2027-01-01' })]);
    const run = (looked: ClaimRun['looked']) => statusOf(verified, runOf([evidence], { halves: withLive, looked }));
    expect(run(verify)).toMatch(/^attested: /);
    expect(run(check)).toMatch(/^awaiting: net-01 also needs `avouch verify` \| a person attested it/);
  });

  test('awaits what nobody has done yet, in its own words, and a failure to look is still worse', () => {
    const nobody = subject({
      logicalId: 'pentest',
      verdict: 'not-assessed',
      awaited: true,
      message: 'none is on record',
    });
    const unseen = subject({ verdict: 'not-assessed', message: 'it is hidden' });
    const evidence = (...subjects: (typeof nobody)[]) =>
      runOf([result('net-01', 'not-assessed', subjects)], { halves });
    expect(statusOf(promised, evidence(nobody))).toBe('awaiting: net-01 awaits pentest: none is on record');
    expect(statusOf(promised, evidence(nobody, unseen))).toBe(
      'unproven: net-01 could not assess Db: it is hidden | net-01 awaits pentest: none is on record',
    );
  });

  test('is not touched by what is said of another claim alone', () => {
    const other = subject({ logicalId: 'audit', verdict: 'not-satisfied', message: 'it is old', claims: ['tdb-b'] });
    const own = subject({ attestedUntil: '2027-01-01', claims: ['tdb-a'] });
    const evidence = result('net-01', 'not-satisfied', [own, other]);
    expect(statusOf(signed, runOf([evidence], { halves }))).toMatch(/^attested: /);
    expect(statusOf({ ...signed, id: 'tdb-b' }, runOf([evidence], { halves }))).toMatch(/^broken: .*it is old/);
    expect(statusOf({ ...signed, id: 'tdb-c' }, runOf([evidence], { halves }))).toBe(
      "unproven: net-01 found nothing to judge | a person must attest it by runbook 'commission-pentest'",
    );
  });
});
