import type { Json } from '../../lib/template/parse';
import { brief, graphOf, inEveryWorld, valued, values } from './graph-of';

const frankfurt = { region: 'eu-central-1', account: '111122223333', stackName: 'Data' };
const key = { Resources: { Key: { Type: 'AWS::KMS::Key' } } };
const arn = { 'Fn::GetAtt': ['Key', 'Arn'] };

describe('references', () => {
  test('a Ref and an attribute stand as holes by name', () => {
    expect(values({ Ref: 'Key' }, key)).toEqual(['= ${Key}']);
    expect(values(arn, key)).toEqual(['= ${Key.Arn}']);
    expect(values({ 'Fn::GetAtt': 'Key.Arn' }, key)).toEqual(['= ${Key.Arn}']);
    expect(values({ 'Fn::GetAtt': ['Key', 'A.B'] }, key)).toEqual(['= ${Key.A.B}']);
  });

  test.each([
    [{ Ref: 'Nobody' }],
    [{ Ref: { Ref: 'Key' } }],
    [{ Ref: 3 }],
    [{ 'Fn::GetAtt': 'Key' }],
    [{ 'Fn::GetAtt': ['Key'] }],
    [{ 'Fn::GetAtt': [] }],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }],
    [{ 'Fn::GetAtt': ['Key', { Ref: 'Key' }] }],
    [{ 'Fn::GetAtt': { Key: 'Arn' } }],
    [{ Ref: 'constructor' }],
    [{ Ref: '__proto__' }],
  ])('fails to resolve %j', (value) => {
    expect(values(value, key)).toEqual([expect.stringMatching(/^\? /)]);
  });

  test('a reference names the resource itself', () => {
    const graph = graphOf(valued({ 'Fn::Sub': '${Key.Arn}' }, key));
    const [reading] = inEveryWorld(graph, (subject) => subject.reference('Value'));
    expect(reading).toMatchObject({ kind: 'known', value: { attribute: 'Arn', subject: { logicalId: 'Key' } } });
  });

  test.each([
    ['a text', 'some-key'],
    ['a text around a hole', { 'Fn::Sub': 'x-${Key}' }],
    ['a list', [arn]],
  ])('fails to take %s for a reference', (_, value) => {
    const [reading] = inEveryWorld(graphOf(valued(value, key)), (subject) => subject.reference('Value'));
    expect(reading?.kind).toBe('unresolved');
  });
});

describe('Fn::Join, Fn::Sub, Fn::Split and Fn::Select', () => {
  test.each<[string, unknown, string]>([
    ['join', { 'Fn::Join': ['-', ['a', 1, true]] }, '= a-1-true'],
    ['join of nothing', { 'Fn::Join': ['-', []] }, '= '],
    ['join around a hole', { 'Fn::Join': ['', [arn, '/*']] }, '= ${Key.Arn}/*'],
    ['join without what comes to nothing', { 'Fn::Join': [',', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, '= a,b'],
    ['join of a split', { 'Fn::Join': ['+', { 'Fn::Split': ['/', 'a/b'] }] }, '= a+b'],
    ['sub of text', { 'Fn::Sub': 'plain' }, '= plain'],
    ['sub of a resource', { 'Fn::Sub': 'k/${Key}' }, '= k/${Key}'],
    ['sub of an attribute', { 'Fn::Sub': '${Key.Arn}:x' }, '= ${Key.Arn}:x'],
    ['sub with a value', { 'Fn::Sub': ['${A}-${B}', { A: 'x', B: { 'Fn::Join': ['', ['y', 'z']] } }] }, '= x-yz'],
    ['sub with a value that hides a resource', { 'Fn::Sub': ['${Key}', { Key: 'mine' }] }, '= mine'],
    ['sub with a name written out', { 'Fn::Sub': '${!Literal}' }, '= ${Literal}'],
    ['sub of a pseudo parameter', { 'Fn::Sub': '${AWS::Region}' }, '= eu-central-1'],
    ['select', { 'Fn::Select': [1, ['a', 'b']] }, '= b'],
    ['select by text', { 'Fn::Select': ['0', ['a', 'b']] }, '= a'],
    ['select of a split', { 'Fn::Select': [2, { 'Fn::Split': [':', 'a:b:c'] }] }, '= c'],
    ['select of a select', { 'Fn::Select': [0, { 'Fn::Select': [1, [['a'], ['b']]] }] }, '= b'],
    ['length', { 'Fn::Length': ['a', { Ref: 'AWS::NoValue' }, 'b'] }, '= 2'],
    ['json', { 'Fn::ToJsonString': { a: [1, 'x'] } }, '= {"a":[1,"x"]}'],
    ['base64 as it is read', { 'Fn::Base64': { 'Fn::Sub': 'x' } }, '= x'],
    ['zones told apart', { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }, '= ${AWS::AvailabilityZones.eu-central-1.1}'],
  ])('%s', (_, value, expected) => {
    expect(values(value, key, frankfurt)).toEqual([expected]);
  });

  test.each<[string, unknown]>([
    ['a join without a list', { 'Fn::Join': ['-', 'a'] }],
    ['a join of one part', { 'Fn::Join': ['-'] }],
    ['a join of objects', { 'Fn::Join': ['-', [{ a: 1 }]] }],
    ['a join of lists', { 'Fn::Join': ['-', [['a']]] }],
    ['a join with an open separator', { 'Fn::Join': [{ Ref: 'Key' }, ['a', 'b']] }],
    ['a sub of nobody', { 'Fn::Sub': 'x${Nobody}' }],
    ['a sub of an empty name', { 'Fn::Sub': 'x${}' }],
    ['a sub in a list of one', { 'Fn::Sub': ['x'] }],
    ['a sub with a list for values', { 'Fn::Sub': ['x', []] }],
    ['a sub of an object', { 'Fn::Sub': { a: 1 } }],
    ['a sub of nothing', { 'Fn::Sub': ['${A}', { A: { Ref: 'AWS::NoValue' } }] }],
    ['a select beyond the end', { 'Fn::Select': [2, ['a']] }],
    ['a select before the start', { 'Fn::Select': [-1, ['a']] }],
    ['a select by no number', { 'Fn::Select': ['', ['a']] }],
    ['a select by a truth', { 'Fn::Select': [true, ['a', 'b']] }],
    ['a select past what comes to nothing', { 'Fn::Select': [1, [{ Ref: 'AWS::NoValue' }, 'a', 'b']] }],
    ['a select of text', { 'Fn::Select': [0, 'a'] }],
    ['a split of a hole', { 'Fn::Select': [0, { 'Fn::Split': [':', arn] }] }],
    ['zones', { 'Fn::Select': [0, { 'Fn::Split': [',', { 'Fn::GetAZs': '' }] }] }],
    ['json with a function inside', { 'Fn::ToJsonString': { a: arn } }],
    ['json with a loop inside', { 'Fn::ToJsonString': { 'Fn::ForEach::X': [] } }],
    ['json with a secret inside', { 'Fn::ToJsonString': { a: '{{resolve:ssm-secure:x}}' } }],
    ['an unknown function', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }],
    ['a made-up function', { 'Fn::Nonsense': 'true' }],
    ['a function beside another key', { 'Fn::Join': ['', ['a']], Other: 1 }],
    ['a transform', { 'Fn::Transform': { Name: 'AWS::Include' } }],
    ['null', null],
    ['a dynamic reference', '{{resolve:ssm:/x}}'],
    ['a dynamic reference put together', { 'Fn::Sub': '{{resolve:ssm:/${AWS::Region}}}' }],
  ])('fails to resolve %s', (_, value) => {
    expect(values(value, key, frankfurt)).toEqual([expect.stringMatching(/^\? /)]);
  });

  test('names the parameter that stands in the way, and keeps what can be read', () => {
    const graph = graphOf(
      valued({ 'Fn::Join': ['', ['arn:aws:kms:', { Ref: 'Where' }]] }, { Parameters: { Where: { Type: 'String' } } }),
    );
    const [reading] = inEveryWorld(graph, (subject) => subject.text('Value'));
    expect(reading).toMatchObject({
      kind: 'unresolved',
      text: 'arn:aws:kms:${Where}',
      reason: "the parameter 'Where' is the deployer's to choose",
      parameter: { name: 'Where' },
    });
  });
});

describe('Fn::FindInMap', () => {
  const rest: Json = {
    Mappings: { Env: { prod: { Enc: true, Days: 30, List: ['a', 'b'] }, dev: { Enc: false, Days: 1, List: [] } } },
    Parameters: {
      Stage: { Type: 'String', AllowedValues: ['prod', 'dev'], Default: 'prod' },
      Free: { Type: 'String' },
    },
  };

  test.each<[string, unknown, readonly string[]]>([
    ['a row', { 'Fn::FindInMap': ['Env', 'prod', 'Days'] }, ['= 30']],
    ['every row that a parameter can reach', { 'Fn::FindInMap': ['Env', { Ref: 'Stage' }, 'Days'] }, ['= 30', '= 1']],
    ['its default', { 'Fn::FindInMap': ['Env', 'test', 'Days', { DefaultValue: 7 }] }, ['= 7']],
    ['a row by a joined name', { 'Fn::FindInMap': ['Env', { 'Fn::Join': ['', ['pr', 'od']] }, 'Enc'] }, ['= true']],
  ])('finds %s', (_, value, expected) => {
    expect(values(value, rest)).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['a missing row', ['Env', 'test', 'Days']],
    ['a word of JavaScript', ['Env', 'constructor', 'name']],
    ['the prototype', ['__proto__', 'a', 'b']],
    ['two keys', ['Env', 'prod']],
    ['no list', 'Env'],
    ['a free parameter', ['Env', { Ref: 'Free' }, 'Days']],
  ])('fails at %s', (_, keys) => {
    expect(values({ 'Fn::FindInMap': keys }, rest)).toEqual([expect.stringMatching(/^\? /)]);
  });
});

describe('pseudo parameters', () => {
  test.each([
    ['eu-central-1', 'aws', 'amazonaws.com'],
    ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
  ])('are those of the partition of %s', (region, partition, suffix) => {
    expect(values({ 'Fn::Sub': '${AWS::Partition} ${AWS::URLSuffix} ${AWS::Region}' }, {}, { region })).toEqual([
      `= ${partition} ${suffix} ${region}`,
    ]);
  });

  test('stand as holes where nobody says where the template is deployed', () => {
    expect(values({ 'Fn::Sub': 'arn:${AWS::Partition}:s3:::x-${AWS::AccountId}' })).toEqual([
      '= arn:${AWS::Partition}:s3:::x-${AWS::AccountId}',
    ]);
  });

  test('come to nothing for AWS::NoValue, alone, in a list and in an object', () => {
    const nothing = { Ref: 'AWS::NoValue' };
    expect(values(nothing)).toEqual(['absent']);
    const graph = graphOf(valued({ Map: { A: nothing, B: 1 }, List: [nothing, 'x'] }));
    const [seen] = inEveryWorld(graph, (subject) => {
      const items = subject.items('Value.List');
      const entries = subject.at('Value.Map').entries();
      return [
        items.kind === 'known' ? items.value.map((item) => item.text()) : items,
        entries.kind === 'known' ? entries.value.map(([name]) => name) : entries,
      ];
    });
    expect(seen).toMatchObject([[{ kind: 'known', value: 'x', property: 'Value.List.1' }], ['B']]);
  });
});

describe('reading a property', () => {
  const read = (value: unknown, as: 'bool' | 'number' | 'text', path = 'Value') =>
    inEveryWorld(graphOf(valued(value)), (subject) => brief(subject, path, as))[0];

  test.each<[unknown, string]>([
    [true, '= true'],
    ['true', '= true'],
    ['False', '= false'],
    ['yes', '? expected true or false, got "yes"'],
    [1, '? expected true or false, got 1'],
    [[true], '? expected true or false, got a list'],
    [{ a: true }, '? expected true or false, got an object'],
  ])('%j as a truth', (value, expected) => {
    expect(read(value, 'bool')).toBe(expected);
  });

  test.each<[unknown, string]>([
    [30, '= 30'],
    ['30', '= 30'],
    ['-1.5', '= -1.5'],
    [1e21, '= 1e+21'],
    [Number.POSITIVE_INFINITY, '? expected a number, got null'],
    ['0x1e', '? expected a number, got "0x1e"'],
    ['010', '? expected a number, got "010"'],
    ['', '? expected a number, got ""'],
    [' 30', '? expected a number, got " 30"'],
    [true, '? expected a number, got true'],
  ])('%j as a number', (value, expected) => {
    expect(read(value, 'number')).toBe(expected);
  });

  test('a name that is missing is absent, also below one that is missing', () => {
    expect(read({ A: 1 }, 'text', 'Value.B')).toBe('absent');
    expect(read({ A: 1 }, 'text', 'Value.B.C.0')).toBe('absent');
    expect(read({ A: 1 }, 'text', 'Value.constructor')).toBe('absent');
    expect(read(['a'], 'text', 'Value.1')).toBe('absent');
  });

  test.each<[string, unknown, string]>([
    ['a name in a list', ['a'], 'Value.B'],
    ['a name in a text', 'a', 'Value.B'],
    ['a name in properties that are a text', undefined, ''],
    ['a name beside a transform', { 'Fn::Transform': {}, A: 1 }, 'Value.B'],
    ['a name beside a loop', { 'Fn::ForEach::X': [], A: 1 }, 'Value.B'],
    ['a name below null', null, 'Value.B'],
  ])('fails to call %s absent', (_, value, path) => {
    const graph = graphOf(path === '' ? { Resources: { R: { Type: 'T', Properties: 'nonsense' } } } : valued(value));
    expect(inEveryWorld(graph, (subject) => brief(subject, path === '' ? 'Value' : path))).toEqual([
      expect.stringMatching(/^\? /),
    ]);
  });

  test('never says a secret aloud', () => {
    const graph = graphOf({ Resources: { R: { Type: 'T', Properties: { MasterUserPassword: 'hunter2' } } } });
    expect(inEveryWorld(graph, (subject) => subject.reference('MasterUserPassword'))).toEqual([
      expect.objectContaining({ reason: 'expected a reference to a resource, got (not shown)' }),
    ]);
  });
});

describe('values that would not end', () => {
  test('fails to follow references that go round in a circle', () => {
    const output = (name: string) => ({ Value: { 'Fn::ImportValue': name } });
    const rest = {
      Outputs: { A: { ...output('b'), Export: { Name: 'a' } }, B: { ...output('a'), Export: { Name: 'b' } } },
    };
    expect(values({ 'Fn::ImportValue': 'a' }, rest)).toEqual(['? references go round in a circle']);
  });

  test('fails to follow references that double at every step, in no time', () => {
    const Outputs = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => {
        const next = { 'Fn::ImportValue': `e${index + 1}` };
        const Value = index === 59 ? 'end' : { 'Fn::Join': ['', [next, next]] };
        return [`O${index}`, { Value, Export: { Name: `e${index}` } }];
      }),
    );
    const start = performance.now();
    expect(values({ 'Fn::ImportValue': 'e0' }, { Outputs })).toEqual([
      expect.stringMatching(/^\? .*beyond what can be followed/),
    ]);
    expect(performance.now() - start).toBeLessThan(8000);
  });
});
