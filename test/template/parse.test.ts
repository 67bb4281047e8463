import { InputError } from '../../lib/control/input-error';
import { parseTemplateText } from '../../lib/template/parse';
import { templateOf } from './graph-of';

const read = (text: string, path = 'one.yaml') => parseTemplateText(text, path);

/** The message of the error that reading gives: one line, for a person. */
function refusal(text: string, path?: string): string {
  try {
    templateOf(read(text, path));
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message).not.toMatch(/[\n\r]/);
    expect(message).not.toMatch(/undefined|\[object|TypeError|Cannot read/);
    return message;
  }
  throw new Error('it was read');
}

describe('YAML', () => {
  test('reads every short form, nested ones too', () => {
    const text = `
Resources:
  R:
    Type: T
    Properties:
      Ref: !Ref Key
      Att: !GetAtt Key.Arn
      Deep: !GetAtt Nested.Outputs.Key.Arn
      AttList: !GetAtt [Key, Arn]
      Sub: !Sub 'arn:\${AWS::Partition}:x'
      SubList: !Sub ['\${A}-\${B}', { A: !Ref Key, B: !Select [0, !Split [',', 'a,b']] }]
      If: !If [IsProd, !Ref Key, !Ref AWS::NoValue]
      Join: !Join ['', [a, !Ref Key]]
      Map: !FindInMap [Env, !Ref Stage, Days]
      Import: !ImportValue
        Fn::Sub: '\${Stage}-key'
      Base: !Base64
        Fn::Sub: hello
      Zones: !GetAZs ''
      Blocks: !Cidr [10.0.0.0/16, 2, 8]
      Json: !ToJsonString { A: 1 }
      Count: !Length [1, 2]
      Included: !Transform { Name: AWS::Include, Parameters: { Location: s3://x } }
      Mixed: { 'Fn::Join': [ '', [ !Ref Key ] ] }
      Block: !Sub |
        line \${AWS::Region}
Conditions:
  IsProd: !And [!Not [!Equals [!Ref Stage, dev]], !Or [!Condition A, !Condition B]]
`;
    const key = { Ref: 'Key' };
    expect(read(text)).toEqual({
      Resources: {
        R: {
          Type: 'T',
          Properties: {
            Ref: key,
            Att: { 'Fn::GetAtt': ['Key', 'Arn'] },
            Deep: { 'Fn::GetAtt': ['Nested', 'Outputs.Key.Arn'] },
            AttList: { 'Fn::GetAtt': ['Key', 'Arn'] },
            Sub: { 'Fn::Sub': 'arn:${AWS::Partition}:x' },
            SubList: {
              'Fn::Sub': ['${A}-${B}', { A: key, B: { 'Fn::Select': [0, { 'Fn::Split': [',', 'a,b'] }] } }],
            },
            If: { 'Fn::If': ['IsProd', key, { Ref: 'AWS::NoValue' }] },
            Join: { 'Fn::Join': ['', ['a', key]] },
            Map: { 'Fn::FindInMap': ['Env', { Ref: 'Stage' }, 'Days'] },
            Import: { 'Fn::ImportValue': { 'Fn::Sub': '${Stage}-key' } },
            Base: { 'Fn::Base64': { 'Fn::Sub': 'hello' } },
            Zones: { 'Fn::GetAZs': '' },
            Blocks: { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] },
            Json: { 'Fn::ToJsonString': { A: 1 } },
            Count: { 'Fn::Length': [1, 2] },
            Included: { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://x' } } },
            Mixed: { 'Fn::Join': ['', [key]] },
            Block: { 'Fn::Sub': 'line ${AWS::Region}\n' },
          },
        },
      },
      Conditions: {
        IsProd: {
          'Fn::And': [
            { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] }] },
            { 'Fn::Or': [{ Condition: 'A' }, { Condition: 'B' }] },
          ],
        },
      },
    });
  });

  test.each<[string, unknown]>([
    ['2012-10-17', '2012-10-17'],
    ['2010-09-09', '2010-09-09'],
    ['012345678901', '012345678901'],
    ['010', '010'],
    ['0o17', '0o17'],
    ['0x1f', '0x1f'],
    ['1_000', '1_000'],
    ['1e3', '1e3'],
    ['12:30', '12:30'],
    ['yes', 'yes'],
    ['OFF', 'OFF'],
    ['.inf', '.inf'],
    ['123456789012', 123456789012],
    ['99999999999999999999', '99999999999999999999'],
    ['30', 30],
    ['-1.5', -1.5],
    ['true', true],
    ['False', false],
    ['~', null],
    ['', null],
    ["'30'", '30'],
  ])('reads %s as it is meant whatever the version of YAML', (written, value) => {
    expect(read(`a: ${written}`)).toEqual({ a: value });
  });

  test('reads a byte order mark, carriage returns and letters beyond ASCII', () => {
    expect(read('\ufeffa: 1\r\nb: Größe 🔒\r\n')).toEqual({ a: 1, b: 'Größe 🔒' });
    expect(read('\ufeff{"a": 1}', 'one.json')).toEqual({ a: 1 });
  });

  test('reads anchors and aliases, and JSON under a .yaml name', () => {
    expect(read('a: &x { b: !Ref C }\nd: *x')).toEqual({ a: { b: { Ref: 'C' } }, d: { b: { Ref: 'C' } } });
    expect(read('{"a": [1, 2]}')).toEqual({ a: [1, 2] });
    expect(read('{a: 1, b: !Ref C}')).toEqual({ a: 1, b: { Ref: 'C' } });
  });

  test.each([
    ['merge keys, which CloudFormation does not read', 'a: &x {b: 1}\nc: {<<: *x}', /merge keys/],
    ['a key given twice', 'a: 1\na: 2', /duplicated mapping key/],
    ['a key given twice below a short form', 'a: !Transform {b: 1, b: 2}', /duplicated mapping key/],
    ['a number and a text that are one key', '1: a\n"1": b', /duplicated mapping key/],
    ['a key that is an object', '? {a: 1}\n: 2', /complex keys/],
    ['a tab for indentation', 'a:\n\tb: 1', /malformed YAML/],
    ['two documents', 'a: 1\n---\nb: 2', /single document/],
    ['an unknown tag', 'a: !Nonsense 1', /none of CloudFormation's/],
    ['a tag of another language', 'a: !!python/object:os.system x', /none of CloudFormation's/],
    ['an alias of nothing', 'a: *x', /malformed YAML/],
    ['an alias that holds itself', 'a: &x [*x]', /holds itself/],
    ['an open bracket', 'a: [1, 2', /malformed YAML/],
    ['an open quote', 'a: "x', /malformed YAML/],
    ['a comment alone', '# nothing', /empty/],
    ['nothing', ' \n\t ', /the file is empty/],
    ['a byte order mark alone', '\ufeff', /the file is empty/],
    ['a list', '- a', /is an object, got a list/],
    ['a text', 'hello', /is an object, got string "hello"/],
    ['null', 'null', /is an object, got nothing/],
    ['bytes that are no text', '\u0000\u0001\u0002', /no text in UTF-8/],
  ])('fails on %s', (_, text, message) => {
    expect(refusal(text)).toMatch(message);
  });

  test('fails on aliases that unfold without end, in no time', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`);
    const start = performance.now();
    expect(refusal(['a0: &a0 x', ...lines].join('\n'))).toMatch(/unfold to more than/);
    expect(performance.now() - start).toBeLessThan(8000);
  });

  test('fails on aliases that stack up beyond any depth', () => {
    const deep = (anchor: string, inner: string) =>
      `${anchor}: &${anchor} ${'['.repeat(150)}${inner}${']'.repeat(150)}`;
    expect(refusal(`${deep('a', '1')}\n${deep('b', '*a')}\nResources: {}`)).toMatch(/nested deeper than 200/);
  });
});

describe('JSON', () => {
  test.each([
    ['an open object', '{"Resources": {', /malformed JSON: expected/],
    ['a trailing comma', '{"a": 1,}', /malformed JSON/],
    ['a mistake on the third line', '{\n "a": 1,\n "b": x\n}', /malformed JSON: unexpected token/],
    ['two objects', '{}{}', /malformed JSON/],
    ['a lone list', '[]', /is an object, got a list/],
    ['a key given twice', '{"a": 1, "b": {"c": 1,\n "c": 2}}', /^one\.json:2: the key "c" is given twice/],
    ['a key given twice, once in disguise', '{"a": 1, "\\u0061": 2}', /the key "a" is given twice/],
    ['Type given twice', '{"Resources": {"R": {"Type": "A", "Properties": {}, "Type": "B"}}}', /the key "Type"/],
    ['nesting without end', `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /nested deeper than 200/],
    ['bytes of UTF-16', '\ufffd\ufffd{\u0000}\u0000', /no text in UTF-8/],
  ])('fails on %s', (_, text, message) => {
    expect(refusal(text, 'one.json')).toMatch(message);
  });

  test('reads keys that only look alike, and quotes and commas within texts', () => {
    const text = '{"a\\"": 1, "a\\\\": 2, "a": "x, \\"a\\": {", "b": ["a", "a"], "c": {"a": 1}}';
    expect(read(text, 'one.json')).toEqual({ 'a"': 1, 'a\\': 2, a: 'x, "a": {', b: ['a', 'a'], c: { a: 1 } });
  });

  test('takes __proto__ and constructor for names like any other', () => {
    const text =
      '{"Resources": {"__proto__": {"Type": "T", "Properties": {"__proto__": {"x": 1}}}, "constructor": {"Type": "U"}}}';
    const template = templateOf(read(text, 'one.json'));
    expect([...template.resources.keys()]).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(read('Resources: {__proto__: {Type: T}}')).toEqual(
      JSON.parse('{"Resources": {"__proto__": {"Type": "T"}}}'),
    );
  });

  test('reads ten megabytes, huge numbers and half characters', () => {
    const resources = Array.from({ length: 40_000 }, (_, index) => [
      `R${index}`,
      { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'x'.repeat(200), Count: 1e308 } },
    ]);
    const text = JSON.stringify({ Resources: Object.fromEntries(resources) });
    expect(text.length).toBeGreaterThan(10_000_000);
    const start = performance.now();
    expect(templateOf(read(text, 'one.json')).resources.size).toBe(40_000);
    expect(performance.now() - start).toBeLessThan(8000);
    expect(read('{"a": 1e999, "b": "\\ud800"}', 'one.json')).toEqual({ a: Number.POSITIVE_INFINITY, b: '\ud800' });
  });
});

describe('sections', () => {
  test.each<[string, unknown, RegExp]>([
    ['no Resources', {}, /has an object of Resources, got none/],
    ['a list of Resources', { Resources: [] }, /got a list/],
    ['Resources that are null', { Resources: null }, /got none/],
    ['Resources that are a text', { Resources: 'x' }, /got a text/],
    ['a resource that is a text', { Resources: { R: 'x' } }, /resource 'R' has no Type/],
    ['a resource that is null', { Resources: { R: null } }, /resource 'R' has no Type/],
    ['a resource without a type', { Resources: { R: { Properties: {} } } }, /resource 'R' has no Type: give it one/],
    ['a type that is a function', { Resources: { R: { Type: { Ref: 'X' } } } }, /resource 'R' has no Type/],
    ['an empty type', { Resources: { R: { Type: '' } } }, /resource 'R' has no Type/],
    [
      'a condition that is none',
      { Resources: { R: { Type: 'T', Condition: { Ref: 'X' } } } },
      /expected the name of one/,
    ],
  ])('fails on %s', (_, document, message) => {
    expect(refusal(JSON.stringify(document), 'one.json')).toMatch(message);
  });

  test('fails without letting a name break the line or drive the terminal', () => {
    const message = refusal(JSON.stringify({ Resources: { 'A\u001b[31m\nB': {} } }), 'one.json');
    expect(message).toContain("resource 'A\\u{1b}[31m\\u{a}B' has no Type");
  });

  test('reads a template without any resource', () => {
    expect(templateOf(read('{"Resources": {}}', 'one.json')).resources.size).toBe(0);
  });
});
