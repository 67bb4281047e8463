import { dump } from 'js-yaml';
import { parseException } from '../../lib/control/exception-file';
import { refuseSharedIds, refuseUnknownClaims, refuseUnknownNames } from '../../lib/control/policy-names';
import { parseProfile } from '../../lib/control/profile-file';
import { parseRegister } from '../../lib/control/register-file';
import { claim, messageOf, profile, register } from './fixtures';

const file = 'policies/claims/tdb.yaml';

/** The parsed content of a valid register file, open to one edit. */
function registerContent() {
  const claims = [
    { id: 'tdb-a', lines: [2], figures: [{ parameter: 'p', value: 30, bound: 'at_least' }] },
    { id: 'tdb-b', lines: [2, 4], figures: [] },
  ];
  const { source } = register(
    'tdb',
    claims.map(({ id, lines }) => claim(id, { lines })),
    'head\none\n\ntwo',
  );
  return {
    document: 'tdb',
    title: 'Paper',
    source: { ...source, nonClaimLines: [...source.nonClaimLines] },
    claims: claims.map(
      (entry): Record<string, unknown> => ({
        ...entry,
        section: 'Security',
        statement: 'Something is promised.',
        kind: 'data',
        enforceability: 'enforced',
        planned: false,
        controls: ['enc-04'],
      }),
    ),
  };
}

function refusal(edit: (content: ReturnType<typeof registerContent>) => unknown): string {
  const content = registerContent();
  edit(content);
  return messageOf(() => parseRegister(file, dump(content)));
}

describe('a register file', () => {
  test('becomes a register whose claims know their document', () => {
    const { document, claims, source } = parseRegister(file, dump(registerContent()));
    expect(document).toBe('tdb');
    expect(claims.map(({ id, document: owner }) => [id, owner])).toEqual([
      ['tdb-a', 'tdb'],
      ['tdb-b', 'tdb'],
    ]);
    expect(Object.keys(source.fingerprints)).toEqual(['1', '2', '4']);
  });

  test.each([
    ['', 'not readable as YAML: expected a document, but the input is empty'],
    ['# nothing\n', 'not readable as YAML: expected a document, but the input is empty'],
    ['a: [', 'not readable as YAML at line 1, column 5'],
    ['title: a\ntitle: b', 'not readable as YAML at line 2, column 1: this key stands twice: remove one of them'],
    ['a: &x [1]\nb: *x', 'an alias (*name) is not allowed: write the value out'],
    ['a: !!js/function "x"', 'unknown scalar tag'],
    ['a: 1\n---\nb: 2', 'expected a single document'],
    ['null', 'the document is null, expected a mapping'],
    ['- a', 'the document is ["a"], expected a mapping'],
    ['just text', 'the document is "just text", expected a mapping'],
  ])('fails on %j', (text, words) => {
    const message = messageOf(() => parseRegister(file, text));
    expect(message).toContain(`InputError: ${file}: `);
    expect(message).toContain(words);
  });

  test.each<[string, (content: ReturnType<typeof registerContent>) => unknown, string]>([
    [
      'a bound that is none',
      ({ claims }) => Object.assign(claims[0] ?? {}, { figures: [{ parameter: 'p', value: 1, bound: 'atleast' }] }),
      `${file}: claim 'tdb-a': figures/0/bound is "atleast", allowed: at_least, at_most, exact`,
    ],
    [
      'a misspelt key',
      ({ claims }) => Object.assign(claims[1] ?? {}, { runbok: 'restore-database' }),
      `${file}: claim 'tdb-b': unknown key "runbok", allowed: id, section, lines, statement`,
    ],
    [
      'a missing key',
      ({ claims }) => Reflect.deleteProperty(claims[0] ?? {}, 'statement'),
      `${file}: claim 'tdb-a': statement is missing: add it`,
    ],
    [
      'a claim without an id',
      ({ claims }) => Reflect.deleteProperty(claims[1] ?? {}, 'id'),
      `${file}: claims/1/id is missing: add it`,
    ],
    [
      'text for a list of lines',
      ({ claims }) => Object.assign(claims[0] ?? {}, { lines: '2-4' }),
      `${file}: claim 'tdb-a': lines is "2-4", expected a list`,
    ],
    [
      'a list of lines that is empty',
      ({ claims }) => Object.assign(claims[0] ?? {}, { lines: [] }),
      `${file}: claim 'tdb-a': lines is [], expected at least 1 entry`,
    ],
    [
      'a line number below 1',
      ({ claims }) => Object.assign(claims[0] ?? {}, { lines: [0] }),
      `${file}: claim 'tdb-a': lines/0 is 0, expected 1 or more`,
    ],
    [
      'a control bound twice',
      ({ claims }) => Object.assign(claims[0] ?? {}, { controls: ['enc-05', 'enc-05'] }),
      'expected each entry once, but 0 and 1 are the same',
    ],
    [
      'a control id in capitals',
      ({ claims }) => Object.assign(claims[0] ?? {}, { controls: ['ENC-04'] }),
      `controls/0 is "ENC-04", expected a control id in lower case such as log-04`,
    ],
    [
      'planned as a word',
      ({ claims }) => Object.assign(claims[0] ?? {}, { planned: 'no' }),
      `planned is "no", expected true or false`,
    ],
    [
      'a figure that is a mapping',
      ({ claims }) => Object.assign(claims[0] ?? {}, { figures: [{ parameter: 'p', value: {}, bound: 'exact' }] }),
      'figures/0/value is {}, expected a number or true or false or text or a list',
    ],
    [
      'a fingerprint that YAML reads as a number',
      ({ source }) => Object.assign(source.fingerprints, { 1: 1234567890123456 }),
      'source/fingerprints/1 is 1234567890123456, expected text: put it in quotes',
    ],
    [
      'a fingerprint for no line',
      ({ source }) => Object.assign(source.fingerprints, { one: '0123456789abcdef' }),
      'unknown key "source/fingerprints/one", allowed: line numbers counted from 1',
    ],
    [
      'an id of another document',
      ({ claims }) => Object.assign(claims[0] ?? {}, { id: 'cly-a' }),
      `claim 'cly-a': id must begin with "tdb-", the code of its document`,
    ],
    [
      'an id that stands twice',
      ({ claims }) => Object.assign(claims[1] ?? {}, { id: 'tdb-a' }),
      `claim 'tdb-a' stands twice: ids are never reused, rename one`,
    ],
    [
      'a line in no claim',
      ({ source }) => source.nonClaimLines.splice(0),
      'line 1 is in no claim: add it to one, or to source/nonClaimLines',
    ],
    [
      'a line on both sides',
      ({ source }) => source.nonClaimLines.push(4),
      `line 4 is in nonClaimLines and in claim 'tdb-b': keep one of the two`,
    ],
    [
      'a claim on a blank line',
      ({ claims }) => Object.assign(claims[1] ?? {}, { lines: [2, 3, 4] }),
      `claim 'tdb-b': line 3 has no fingerprint: blank lines are not registered`,
    ],
    [
      'a claim beyond the end',
      ({ claims }) => Object.assign(claims[1] ?? {}, { lines: [2, 4, 99] }),
      `claim 'tdb-b': line 99 is beyond the last line with a fingerprint, 4`,
    ],
    [
      'furniture beyond the end',
      ({ source }) => source.nonClaimLines.push(50),
      'source/nonClaimLines: line 50 is beyond the last line with a fingerprint, 4',
    ],
    [
      'a code that is not the name of the file',
      (content) => Object.assign(content, { document: 'cly' }),
      `document is "cly", expected "tdb" as the file is named: rename one of them`,
    ],
  ])('fails on %s', (_, edit, words) => {
    const message = refusal(edit);
    expect(message).toContain('InputError: ');
    expect(message).toContain(words);
  });

  test('fails with every mistake at once, and a number where there are too many', () => {
    const two = refusal(({ claims }) => {
      Object.assign(claims[0] ?? {}, { kind: 'magic', planned: 1 });
    });
    expect(two.split('\n')).toHaveLength(2);
    const many = refusal(({ claims }) => {
      Object.assign(claims[0] ?? {}, { lines: Array.from({ length: 30 }, (_, index) => -index) });
    });
    expect(many.split('\n')).toHaveLength(21);
    expect(many).toMatch(/and 10 more$/);
  });
});

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
