import { dump } from 'js-yaml';
import { parseException } from '../../lib/control/exception-file';
import { refuseSharedIds, refuseUnknownClaims, refuseUnknownNames } from '../../lib/control/policy-names';
import { parseProfile } from '../../lib/control/profile-file';
import { claim, messageOf, profile, register } from './fixtures';

describe('a profile file', () => {
  const valid = { ...profile(['tdb']), tightens: [{ parameter: 'p', value: ['a'], because: 'it is' }] };

  test('becomes a profile', () => {
    expect(parseProfile('policies/profiles/sample.yaml', dump(valid))).toEqual(valid);
  });

  test.each([
    [{ name: 'other' }, 'name is "other", expected "sample" as the file is named'],
    [{ documents: [] }, 'documents is [], expected at least 1 entry'],
    [{ tightens: [{ parameter: 'p', value: 3 }] }, 'tightens/0/because is missing: add it'],
    [{ resolutions: [{ parameter: 'p', yields: [], because: 'x', publish: 'y' }] }, 'resolutions/0/yields is []'],
    [{ resolutions: undefined }, 'resolutions is missing: add it'],
    [{ loosens: [] }, 'unknown key "loosens", allowed: name, title, documents, resolutions, tightens'],
  ])('fails on %j', (change, words) => {
    const text = JSON.stringify({ ...valid, ...change });
    expect(messageOf(() => parseProfile('policies/profiles/sample.yaml', text))).toContain(words);
  });
});

describe('an exception file', () => {
  const path = 'policies/exceptions/legacy-db.yaml';
  const valid = {
    id: 'legacy-db',
    reason: 'the old cluster is read only and goes with the migration',
    owner: 'Ada',
    approver: 'Grace',
    approved: '2026-01-31',
    expires: '2026-06-30',
    claims: ['tdb-a'],
    applies: [{ rule: 'enc-04', paths: ['Data/Legacy/Resource'] }],
  };

  test('becomes an exception, its dates as they stand without quotes', () => {
    expect(parseException(path, dump(valid).replaceAll("'", ''))).toEqual(valid);
  });

  test('may last from one leap day to the next year, 366 days', () => {
    const dates = { approved: '2028-02-28', expires: '2029-02-28' };
    expect(parseException(path, dump({ ...valid, ...dates })).expires).toBe('2029-02-28');
  });

  test.each([
    [{ expires: '2026-02-30' }, `${path}: expires is "2026-02-30", expected a date of the calendar as YYYY-MM-DD`],
    [{ approved: '2025-02-29' }, `approved is "2025-02-29", expected a date of the calendar`],
    [{ expires: '30.06.2026' }, `expires is "30.06.2026", expected a date of the calendar`],
    [{ expires: '2026-6-30' }, `expires is "2026-6-30", expected a date of the calendar`],
    [{ expires: '2026-13-01' }, `expires is "2026-13-01", expected a date of the calendar`],
    [{ expires: '2026-06-30T00:00:00Z' }, `expected a date of the calendar`],
    [{ expires: 20260630 }, `expires is 20260630, expected text: put it in quotes`],
    [{ expires: '2026-01-31' }, `expires is "2026-01-31", expected a day after approved, 2026-01-31`],
    [{ expires: '2026-01-30' }, `expected a day after approved`],
    [
      { expires: '2027-02-02' },
      `expires is "2027-02-02", 367 days after approved, 2026-01-31: at most 366 are allowed`,
    ],
    [{ approver: 'ada ' }, `approver is "ada ", who is also the owner: somebody else must approve`],
    [{ owner: '' }, `owner is "", expected some text`],
    [{ id: 'other' }, `id is "other", expected "legacy-db" as the file is named`],
    [{ claims: [] }, 'claims is empty, but a control is excused: name the claims that it weakens'],
    [{ applies: [] }, 'applies is [], expected at least 1 entry'],
    [{ applies: [{ rule: 'enc-04', paths: [] }] }, 'applies/0/paths is [], expected at least 1 entry'],
  ])('fails on %j', (change, words) => {
    const message = messageOf(() => parseException(path, dump({ ...valid, ...change })));
    expect(message).toContain(`InputError: ${path}: `);
    expect(message).toContain(words);
  });

  test('may weaken no claim where only other checkers are excused', () => {
    const applies = [{ rule: 'AwsSolutions::AwsSolutions-VPC7', paths: ['Network/Vpc/Resource'] }];
    expect(parseException(path, dump({ ...valid, claims: [], applies })).claims).toEqual([]);
  });
});

describe('names across files', () => {
  const registers = [register('tdb', [claim('tdb-a')]), register('cly', [claim('cly-a')])];

  test('are accepted where each is known', () => {
    const yields = { parameter: 'p', yields: ['cly-a'], because: 'x', publish: 'y' };
    expect(() => refuseUnknownNames([profile(['tdb', 'cly'], { resolutions: [yields] })], registers)).not.toThrow();
    expect(() => refuseSharedIds(registers)).not.toThrow();
  });

  test('fails on a claim id that two registers hold', () => {
    const shared = [...registers, register('new', [claim('cly-a', { document: 'new' })])];
    expect(messageOf(() => refuseSharedIds(shared))).toBe(
      "InputError: claim 'cly-a' stands in 'cly' and in 'new': ids are never reused, rename one",
    );
  });

  test('fails on a profile that names an unknown document', () => {
    expect(messageOf(() => refuseUnknownNames([profile(['tdb', 'xyz'])], registers))).toBe(
      "InputError: profile 'sample': unknown document 'xyz': known are cly, tdb",
    );
  });

  test.each([
    ['tdb-zzz', "unknown claim 'tdb-zzz' under yields: name one of policies/claims"],
    ['cly-a', "claim 'cly-a' under yields belongs to 'cly', which this profile does not bind: remove it"],
  ])('fails on a resolution by which %s yields', (id, words) => {
    const resolutions = [{ parameter: 'p', yields: [id], because: 'x', publish: 'y' }];
    expect(messageOf(() => refuseUnknownNames([profile(['tdb'], { resolutions })], registers))).toBe(
      `InputError: profile 'sample': resolution of 'p': ${words}`,
    );
  });

  test('fails on an exception for an unknown claim', () => {
    const exception = { id: 'x', reason: 'r', owner: 'a', approver: 'b', approved: '', expires: '', applies: [] };
    expect(messageOf(() => refuseUnknownClaims([{ ...exception, claims: ['tdb-q'] }], new Set(['tdb-a'])))).toBe(
      "InputError: exception 'x': unknown claim 'tdb-q': name one of policies/claims",
    );
  });
});
