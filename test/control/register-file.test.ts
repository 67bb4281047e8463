import { dump } from 'js-yaml';
import { parseRegister } from '../../lib/control/register-file';
import { claim, messageOf, register } from './fixtures';

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
