import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readParameterFile } from '../../lib/template/parameter-file';
import type { Json } from '../../lib/template/parse';
import { Scope } from '../../lib/template/scope';
import { TooManyWorlds } from '../../lib/template/world';
import { brief, graphOf, inEveryWorld, nestedGraph, valued, values } from './graph-of';

const free = "? the parameter 'P' is the deployer's to choose";

/** What `{Ref: P}` comes to over all worlds, for a definition of P. */
const of = (P: unknown) => values({ Ref: 'P' }, { Parameters: { P } });

describe('an open parameter', () => {
  test.each<[string, Json, readonly string[]]>([
    ['without a default may be anything', { Type: 'String' }, [free]],
    ['with a default may be anything else', { Type: 'String', Default: 'a' }, ['= a', free]],
    ['that hides its value may be anything else', { Type: 'String', Default: 'a', NoEcho: true }, ['= a', free]],
    ['with allowed values is one of them', { Type: 'String', AllowedValues: ['a', 'b'], Default: 'b' }, ['= b', '= a']],
    ['with allowed numbers is one of them', { Type: 'Number', AllowedValues: [1, 30], Default: 30 }, ['= 30', '= 1']],
    [
      'within a range is judged at its ends and between',
      { Type: 'Number', MinValue: 1, MaxValue: 9 },
      ['= 1', '= 9', '= 5'],
    ],
    ['within a narrow range is judged at its ends', { Type: 'Number', MinValue: 1, MaxValue: '2' }, ['= 1', '= 2']],
    [
      'without an upper end may be huge',
      { Type: 'Number', MinValue: 7, Default: 7 },
      ['= 7', '= 9007199254740991', '= 4503599627370499'],
    ],
    ['without a lower end may be anything', { Type: 'Number', MaxValue: 7 }, [free]],
    [
      'from Parameter Store is not known by its default',
      { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' },
      [free],
    ],
    ['whose default is an object has none', { Type: 'String', Default: { a: 1 } }, [free]],
    ['whose allowed values are nonsense may be anything', { Type: 'String', AllowedValues: [{ a: 1 }] }, [free]],
    ['whose allowed values are none may be anything', { Type: 'String', AllowedValues: [] }, [free]],
    ['of no type may be anything', {}, [free]],
  ])('%s', (_, definition, expected) => {
    expect(of(definition)).toEqual(expected);
  });

  test.each([['text'], [null], [[]]])('fails to be one when it is declared as %j', (definition) => {
    expect(of(definition)).toEqual(["? 'P' is no parameter or resource of the template"]);
  });

  test('of a list type is a list, alone and all together', () => {
    const P = { Type: 'CommaDelimitedList', AllowedValues: ['a', 'b'], Default: 'a, b' };
    const graph = graphOf(valued({ Ref: 'P' }, { Parameters: { P } }));
    const lists = inEveryWorld(graph, (subject) => {
      const items = subject.items('Value');
      return items.kind === 'known'
        ? items.value.map((item) => item.text()).map((each) => 'value' in each && each.value)
        : [];
    });
    expect(lists).toEqual([['a', 'b'], ['a'], ['b'], ['a', 'b']]);
    expect(values({ 'Fn::Join': ['+', { Ref: 'P' }] }, { Parameters: { P } })).toEqual(['= a+b', '= a', '= b']);
    expect(values({ 'Fn::Select': [1, { Ref: 'P' }] }, { Parameters: { P } })).toContain('= b');
  });

  test('says for which values the deployer chose, and for which the template did', () => {
    const rest = {
      Parameters: { P: { Type: 'CommaDelimitedList', AllowedValues: ['a'], Default: 'b' } },
      Mappings: { M: { a: { x: 1 }, b: { x: 2 } } },
      Conditions: { IsA: { 'Fn::Equals': [{ 'Fn::Select': [0, { Ref: 'P' }] }, 'a'] } },
    };
    const choices = (value: unknown) =>
      inEveryWorld(graphOf(valued(value, rest)), (subject) => {
        subject.text('Value');
        return subject.scope.reads.map((read) => `${String(read.value)} ${read.choice ?? 'template'}`).join();
      });
    expect(choices({ 'Fn::Select': [0, { Ref: 'P' }] })).toEqual(['b template', 'a P']);
    expect(choices({ 'Fn::Join': ['', ['x', { 'Fn::Select': [0, { Ref: 'P' }] }]] })).toEqual(['xb template', 'xa P']);
    expect(choices({ 'Fn::Select': [0, { 'Fn::Split': ['-', { 'Fn::Join': ['', { Ref: 'P' }] }] }] })).toEqual([
      'b template',
      'a P',
    ]);
    expect(choices({ 'Fn::FindInMap': ['M', { 'Fn::Select': [0, { Ref: 'P' }] }, 'x'] })).toEqual([
      '2 template',
      '1 template',
    ]);
    expect(choices({ 'Fn::If': ['IsA', 'on', 'off'] })).toEqual(['off template', 'on template']);
  });
});

describe('conditions', () => {
  const equals = (name: string, word: unknown) => ({ 'Fn::Equals': [{ Ref: name }, word] });

  test('hold for a whole world: properties and resources that hang on one agree', () => {
    const branch = (whenTrue: string, whenFalse: string) => ({ 'Fn::If': ['C', whenTrue, whenFalse] });
    const graph = graphOf({
      Parameters: { P: { Type: 'String' } },
      Conditions: { C: equals('P', 'x'), D: { 'Fn::Not': [{ Condition: 'C' }] } },
      Resources: {
        R: { Type: 'T', Properties: { A: branch('1', '2'), B: branch('3', '4'), C: { 'Fn::If': ['D', '5', '6'] } } },
        Only: { Type: 'U', Condition: 'D' },
      },
    });
    const worlds = inEveryWorld(graph, (subject) =>
      [...['A', 'B', 'C'].map((path) => brief(subject, path)), subject.scope.resources('U').length].join(' '),
    );
    expect(worlds).toEqual(['= 1 = 3 = 6 0', '= 2 = 4 = 5 1']);
  });

  test('decide the parameter that they compare, also where it is read beside them', () => {
    const graph = graphOf({
      Parameters: { P: { Type: 'String', Default: 'dev' } },
      Conditions: { C: equals('P', 'prod') },
      Resources: { R: { Type: 'T', Properties: { A: { 'Fn::If': ['C', 'on', 'off'] }, B: { Ref: 'P' } } } },
    });
    expect(inEveryWorld(graph, (subject) => `${brief(subject, 'A')} ${brief(subject, 'B')}`)).toEqual([
      '= off = dev',
      '= on = prod',
      `= off ${free}`,
    ]);
  });

  test('on a range of numbers are judged on both sides of every word', () => {
    const rest = {
      Parameters: { P: { Type: 'Number', MinValue: 1, MaxValue: 9 } },
      Conditions: { C: { 'Fn::Or': [equals('P', '1'), equals('P', '9'), equals('P', 5)] } },
    };
    expect(values({ 'Fn::If': ['C', 'on', 'off'] }, rest).sort()).toEqual(['= off', '= on']);
  });

  test('on words that a parameter may not be are false', () => {
    const rest = { Parameters: { P: { Type: 'String', MinLength: 1 } }, Conditions: { C: equals('P', '') } };
    expect(values({ 'Fn::If': ['C', 'on', 'off'] }, rest)).toEqual(['= off']);
  });

  test('on the region are judged in each region that they name and in another', () => {
    const rest = { Conditions: { C: equals('AWS::Region', 'eu-west-2') } };
    expect(values({ 'Fn::If': ['C', { Ref: 'AWS::Region' }, 'off'] }, rest)).toEqual(['= eu-west-2', '= off']);
    expect(values({ 'Fn::If': ['C', 'on', 'off'] }, rest, { region: 'eu-central-1' })).toEqual(['= off']);
  });

  test.each<[string, unknown]>([
    ['compares two parameters', { 'Fn::Equals': [{ Ref: 'P' }, { Ref: 'Q' }] }],
    ['compares what is put together', { 'Fn::Equals': [{ 'Fn::Sub': '${P}-x' }, 'y-x'] }],
    ['compares what Parameter Store holds', equals('S', 'x')],
    ['compares a reference', { 'Fn::Equals': [{ Ref: 'R' }, 'x'] }],
    ['compares lists', { 'Fn::Equals': [['a'], ['a']] }],
    ['compares one side', { 'Fn::Equals': ['a'] }],
    ['is a function of rules', { 'Fn::EachMemberIn': [['a'], ['b']] }],
    ['is missing', undefined],
    ['is a text', 'true'],
    ['is null', null],
    ['is two functions', { 'Fn::Equals': ['a', 'a'], 'Fn::Not': [] }],
    ['is an empty conjunction', { 'Fn::And': [] }],
    ['is an empty alternative', { 'Fn::Or': [] }],
    ['is a conjunction of nonsense', { 'Fn::And': 'x' }],
    ['is a negation of two', { 'Fn::Not': [equals('P', 'x'), equals('P', 'y')] }],
    ['is itself', { Condition: 'C' }],
    ['is its own opposite', { 'Fn::Not': [{ Condition: 'C' }] }],
    ['is a condition of no name', { Condition: { Ref: 'P' } }],
  ])('are open where one %s: both of its branches are judged', (_, C) => {
    const Parameters = {
      P: { Type: 'String' },
      Q: { Type: 'String' },
      S: { Type: 'AWS::SSM::Parameter::Value<String>' },
    };
    const found = values({ 'Fn::If': ['C', 'on', 'off'] }, { Parameters, Conditions: { C } });
    expect(found.sort()).toEqual(['= off', '= on']);
  });

  test('written in place are open, each by itself', () => {
    const branch = (word: string) => ({ 'Fn::If': [equals('P', word), 1, 0] });
    const graph = graphOf(valued({ A: branch('x'), B: branch('y') }, { Parameters: { P: { Type: 'String' } } }));
    const found = inEveryWorld(graph, (subject) => `${brief(subject, 'Value.A')} ${brief(subject, 'Value.B')}`);
    expect(found.sort()).toEqual(['= 0 = 0', '= 0 = 1', '= 1 = 0', '= 1 = 1']);
  });

  test.each([['two values'], [['C', 1]], [['C', 1, 2, 3]], [{ C: 1 }]])(
    'fails to choose with Fn::If of %j',
    (argument) => {
      expect(values({ 'Fn::If': argument })).toEqual(['? Fn::If needs a condition and two values']);
    },
  );

  test('chain five hundred deep, and a hundred thousand deep, without falling over', () => {
    const chained = (length: number) => {
      const Conditions: Json = { C0: equals('P', 'x') };
      for (let index = 1; index < length; index++) {
        const before = { Condition: `C${index - 1}` };
        Conditions[`C${index}`] =
          index % 2 === 0 ? { 'Fn::Not': [before] } : { 'Fn::And': [before, { 'Fn::Or': [before, before] }] };
      }
      return { Parameters: { P: { Type: 'String' } }, Conditions };
    };
    const start = performance.now();
    expect(values({ 'Fn::If': ['C499', 'on', 'off'] }, chained(500)).sort()).toEqual(['= off', '= on']);
    expect(values({ 'Fn::If': ['C99999', 'on', 'off'] }, chained(100_000)).sort()).toEqual(['= off', '= on']);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  test('fails to look at more combinations than can be looked at, in no time', () => {
    const names = Array.from({ length: 50 }, (_, index) => `P${index}`);
    const Parameters = Object.fromEntries(names.map((name) => [name, { Type: 'String', AllowedValues: ['a', 'b'] }]));
    const graph = graphOf(
      valued(
        names.map((name) => ({ Ref: name })),
        { Parameters },
      ),
    );
    const start = performance.now();
    expect(() => inEveryWorld(graph, (subject) => names.map((_, index) => brief(subject, `Value.${index}`)))).toThrow(
      TooManyWorlds,
    );
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('nested stacks', () => {
  const above = (Parameters: unknown, rest: Json = {}): Json => ({
    ...rest,
    Resources: {
      Key: { Type: 'AWS::KMS::Key' },
      Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters } },
      ...(rest.Resources as Json | undefined),
    },
  });
  const nested = (type: Json, value: unknown, rest: Json = {}) => valued(value, { Parameters: { P: type }, ...rest });
  const text = { Type: 'String', Default: 'default' };
  const read = (graph: ReturnType<typeof nestedGraph>) => [
    ...new Set(inEveryWorld(graph, (subject) => brief(subject))),
  ];

  test('take their parameters from the stack above', () => {
    expect(read(nestedGraph(above({ P: 'given' }), 'Nested', nested(text, { Ref: 'P' })))).toEqual(['= given']);
    expect(read(nestedGraph(above({ P: { Ref: 'Key' } }), 'Nested', nested(text, { Ref: 'P' })))).toEqual(['= ${Key}']);
    expect(read(nestedGraph(above({ P: { Ref: 'AWS::NoValue' } }), 'Nested', nested(text, { Ref: 'P' })))[0]).toBe(
      '= default',
    );
    expect(read(nestedGraph(above(undefined), 'Nested', nested(text, { Ref: 'P' })))[0]).toBe('= default');
  });

  test.each<[string, unknown]>([
    ['parameters that a function makes', { 'Fn::Transform': {} }],
    ['parameters that are a text', 'x'],
    ['a parameter that is null', { P: null }],
  ])('fail to know %s', (_, parameters) => {
    expect(read(nestedGraph(above(parameters), 'Nested', nested(text, { Ref: 'P' })))).toEqual([
      expect.stringMatching(/^\? /),
    ]);
  });

  test('make lists of the texts that are handed down', () => {
    const list = { Type: 'CommaDelimitedList' };
    const second = { 'Fn::Select': [1, { Ref: 'P' }] };
    expect(read(nestedGraph(above({ P: 'a,b' }), 'Nested', nested(list, second)))).toEqual(['= b']);
    const joined = { 'Fn::Join': [',', ['a', { Ref: 'Key' }]] };
    expect(read(nestedGraph(above({ P: joined }), 'Nested', nested(list, second)))).toEqual(['= ${Key}']);
    const sub = { 'Fn::Sub': 'a,${Key}' };
    expect(read(nestedGraph(above({ P: sub }), 'Nested', nested(list, second)))).toEqual([
      expect.stringMatching(/^\? /),
    ]);
  });

  test('share what the stack above leaves open, so that conditions of both agree', () => {
    const Parameters = { Stage: { Type: 'String' } };
    const upper = above(
      { P: { Ref: 'Stage' }, Q: { 'Fn::If': ['Up', 'up', 'down'] } },
      { Parameters, Conditions: { Up: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } } },
    );
    const lower = valued(
      { A: { 'Fn::If': ['Down', 'on', 'off'] }, B: { Ref: 'Q' } },
      { Parameters: { P: text, Q: text }, Conditions: { Down: { 'Fn::Equals': ['test', { Ref: 'P' }] } } },
    );
    const found = inEveryWorld(nestedGraph(upper, 'Nested', lower), (subject) =>
      [brief(subject, 'Value.A'), brief(subject, 'Value.B')].join(' '),
    );
    expect([...new Set(found)].sort()).toEqual(['= off = down', '= off = up', '= on = down']);
  });

  test('leave open what a condition asks of a value that was put together above', () => {
    const upper = above({ P: { 'Fn::Sub': '${Stage}-eu' } }, { Parameters: { Stage: { Type: 'String' } } });
    const lower = nested(
      text,
      { 'Fn::If': ['C', 'on', 'off'] },
      { Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'prod-eu'] } } },
    );
    expect(read(nestedGraph(upper, 'Nested', lower)).sort()).toEqual(['= off', '= on']);
  });

  test('exist only where the stack above has them', () => {
    const upper = above({}, { Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Condition: 'C' } } });
    expect(read(nestedGraph(upper, 'Nested', nested(text, 'x')))).toEqual(['= x']);
    const graph = nestedGraph(
      { ...upper, Conditions: { C: { 'Fn::Equals': ['a', 'b'] } } },
      'Nested',
      nested(text, 'x'),
    );
    expect(read(graph)).toEqual([]);
  });

  test('give outputs to the stack above', () => {
    const value = { 'Fn::GetAtt': ['Nested', 'Outputs.Out'] };
    const lower = (output: unknown): Json => ({
      Resources: { Key: { Type: 'AWS::KMS::Key' } },
      Outputs: { Out: output },
    });
    const upper = above({}, { Resources: { R: { Type: 'T', Properties: { Value: value } } } });
    expect(read(nestedGraph(upper, 'Nested', lower({ Value: { 'Fn::GetAtt': ['Key', 'Arn'] } })))).toEqual([
      '= ${Key.Arn}',
    ]);
    expect(read(nestedGraph(upper, 'Nested', lower({})))).toEqual([expect.stringMatching(/^\? nobody has seen/)]);
    expect(read(nestedGraph(upper, 'Nested', lower('x')))).toEqual([expect.stringMatching(/^\? nobody has seen/)]);
    expect(read(graphOf(upper))).toEqual([expect.stringMatching(/^\? nobody has seen/)]);
  });
});

describe('parameter files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'avouch-parameters-'));
  const file = (content: unknown) => {
    const path = join(folder, 'parameters.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };

  test.each<[string, unknown]>([
    ['a list of keys and values', [{ ParameterKey: 'P', ParameterValue: 'x' }]],
    ['an object under Parameters', { Parameters: { P: 'x' }, Tags: {} }],
    ['an object', { P: 'x' }],
    ['a list of assignments', ['P=x']],
  ])('are read as %s', (_, content) => {
    expect([...readParameterFile(file(content))]).toEqual([['P', 'x']]);
  });

  test.each<[string, unknown, RegExp]>([
    ['an open list', '[', /malformed JSON/],
    ['a text', '"x"', /expected an object or a list/],
    ['null', 'null', /expected an object or a list/],
    ['a list of numbers', [1], /expected \{"ParameterKey"/],
    ['a key without a value', [{ ParameterKey: 'P' }], /expected \{"ParameterKey"/],
    ['an object for a value', { P: {} }, /parameter 'P' is \{\}/],
  ])('fail on %s', (_, content, message) => {
    expect(() => readParameterFile(file(content))).toThrow(message);
  });

  test('decide a parameter, in its type; a place in Parameter Store stays closed', () => {
    const parameterValues = new Map([['P', 'b,c']]);
    const given = (definition: Json, value: unknown = { Ref: 'P' }) =>
      values(value, { Parameters: { P: definition } }, { parameterValues });
    expect(given({ Type: 'String', AllowedValues: ['a'] })).toEqual(['= b,c']);
    expect(given({ Type: 'CommaDelimitedList' }, { 'Fn::Select': [1, { Ref: 'P' }] })).toEqual(['= c']);
    expect(given({ Type: 'AWS::SSM::Parameter::Value<String>' })).toEqual([expect.stringMatching(/Parameter Store/)]);
    const graph = graphOf(valued({ Ref: 'P' }, { Parameters: { P: { Type: 'String' } } }), { parameterValues });
    const scope = new Scope(graph);
    scope.resources('Test::R')[0]?.text('Value');
    expect(scope.reads.map(({ choice }) => choice)).toEqual([undefined]);
  });
});
