import { decide } from '../../lib/control/decide';
import { Figures } from '../../lib/control/parameter';
import { finding, notApplicable, satisfied } from '../../lib/control/verdict';
import { judgeCatalogue } from '../../lib/synth/judge-catalogue';
import type { Json } from '../../lib/template/parse';
import type { Scope } from '../../lib/template/scope';
import type { Subject } from '../../lib/template/subject';
import { graphOf, nestedGraph } from '../template/graph-of';
import { brief, judge, probe, switched } from './probe-control';

const verdicts = (document: Json, half?: Parameters<typeof probe>[0]) => brief(judge(probe(half), document));
const off = 'R not-satisfied: R is switched off: On is false';
const needed = { expects: 'at-least-one' } as const;

describe('a value that somebody chooses', () => {
  const parameter = (P: Json) => switched({ Ref: 'P' }, { Parameters: { P } });

  test.each<[string, Json, readonly string[]]>([
    [
      'keeps the promise where every allowed value does',
      { Type: 'String', AllowedValues: ['true', true] },
      ['R satisfied'],
    ],
    ['breaks it where the default does', { Type: 'String', Default: 'false' }, [off]],
    ['breaks it where every allowed value does', { Type: 'String', AllowedValues: ['false'] }, [off]],
    [
      'is not assessed where the deployer may break it, naming the parameter',
      { Type: 'String', AllowedValues: ['true', 'false'], Default: 'true' },
      ["R not-assessed: On: the parameter 'P' may be set to false, which would break it"],
    ],
    [
      'is not assessed where the deployer may choose anything',
      { Type: 'String', Default: 'true' },
      ["R not-assessed: On: the parameter 'P' is the deployer's to choose"],
    ],
    [
      'is not assessed where one allowed value is nonsense',
      { Type: 'String', AllowedValues: ['true', 'maybe'] },
      ['R not-assessed: On: expected true or false, got "maybe"'],
    ],
  ])('%s', (_, definition, expected) => {
    expect(verdicts(parameter(definition))).toEqual(expected);
  });

  test('breaks the promise where the template writes the breaking value, whoever leads there', () => {
    const rest = {
      Parameters: { P: { Type: 'String' } },
      Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'dev'] } },
      Mappings: { M: { dev: { On: false }, prod: { On: true } } },
    };
    expect(verdicts(switched({ 'Fn::If': ['C', false, true] }, rest))).toEqual([off]);
    const byMap = { Parameters: { P: { Type: 'String', AllowedValues: ['prod', 'dev'] } }, Mappings: rest.Mappings };
    expect(verdicts(switched({ 'Fn::FindInMap': ['M', { Ref: 'P' }, 'On'] }, byMap))).toEqual([off]);
  });

  test('says once what is wrong in several worlds, and each thing that is wrong by itself', () => {
    const rest = {
      Parameters: { P: { Type: 'String' } },
      Conditions: { A: { 'Fn::Equals': [{ Ref: 'P' }, 'a'] }, B: { 'Fn::Equals': [{ Ref: 'P' }, 'b'] } },
    };
    const value = { 'Fn::If': ['A', false, { 'Fn::If': ['B', false, { Ref: 'AWS::NoValue' }] }] };
    expect(verdicts(switched(value, rest))).toEqual([off, 'R not-satisfied: R is switched off: On is nothing']);
  });

  test('of a finding that names no property is looked for in everything that was read', () => {
    const half = {
      judge: (subject: Subject) =>
        decide(subject.bool('On'), {
          known: (on) => (on ? satisfied : finding('open', undefined, { who: 'all' })),
          absent: () => satisfied,
        }),
    };
    expect(verdicts(parameter({ Type: 'String', AllowedValues: ['true', 'false'] }), half)).toEqual([
      "R not-assessed: On: the parameter 'P' may be set to false, which would break it",
    ]);
  });
});

describe('resources that hang on conditions', () => {
  const rest = { Parameters: { P: { Type: 'String' } }, Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] } } };
  const never = { Conditions: { C: { 'Fn::Equals': ['a', 'b'] } } };

  test('are judged where they exist, and not where they never do', () => {
    expect(verdicts(switched(false, rest, { Condition: 'C' }))).toEqual([off]);
    expect(verdicts(switched(false, never, { Condition: 'C' }))).toEqual([]);
  });

  test('keep a promise that needs them only if one always exists', () => {
    const missing = '- not-satisfied: there is no probe';
    expect(verdicts(switched(true, rest, { Condition: 'C' }), needed)).toEqual(['R satisfied', missing]);
    expect(verdicts(switched(true, rest), needed)).toEqual(['R satisfied']);
    const both = {
      ...rest,
      Conditions: { ...rest.Conditions, D: { 'Fn::Not': [{ Condition: 'C' }] } },
      Resources: {
        A: { Type: 'Test::R', Properties: { On: true }, Condition: 'C' },
        B: { Type: 'Test::R', Properties: { On: true }, Condition: 'D' },
      },
    };
    expect(verdicts(both, needed)).toEqual(['A satisfied', 'B satisfied']);
  });

  test('are missing where there are none, unless only what is present is judged', () => {
    expect(verdicts({ Resources: {} }, needed)).toEqual(['- not-satisfied: there is no probe']);
    expect(brief(judge(probe(needed), { Resources: {} }, { presentOnly: true }))).toEqual([]);
    expect(verdicts({ Resources: {} })).toEqual([]);
  });

  test('are missing where those that there are do not count', () => {
    const half = { ...needed, judge: () => notApplicable('it is a spare') };
    expect(verdicts(switched(true), half)).toEqual([
      'R not-applicable: it is a spare',
      '- not-satisfied: there is no probe',
    ]);
    const other = { Resources: { S: { Type: 'Test::S', Properties: { On: true } } } };
    expect(verdicts(other, { ...needed, judges: ['Test::R', 'Test::S'], expected: ['Test::R'] })).toEqual([
      'S satisfied',
      '- not-satisfied: there is no probe',
    ]);
  });

  test('are not assessed past the bound on combinations, in bounded time', () => {
    const many = (length: number) => {
      const names = Array.from({ length }, (_, index) => `N${index}`);
      return {
        Parameters: Object.fromEntries(names.map((name) => [name, { Type: 'String' }])),
        Conditions: Object.fromEntries(names.map((name) => [name, { 'Fn::Equals': [{ Ref: name }, 'x'] }])),
        Resources: Object.fromEntries(
          names.map((name) => [`R${name}`, { Type: 'Test::R', Condition: name, Properties: { On: true } }]),
        ),
      };
    };
    const start = performance.now();
    expect(verdicts(many(200), needed).at(-1)).toBe('- not-satisfied: there is no probe');
    expect(verdicts(many(400), needed).at(-1)).toMatch(/^- not-assessed: .*more than 256 combinations/);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  test('with fifty parameters that each decide one property are not assessed, in bounded time', () => {
    const names = Array.from({ length: 50 }, (_, index) => `P${index}`);
    const all = {
      judge: (subject: Subject) =>
        names.flatMap((_, index) =>
          decide(subject.bool(`On.${index}`), { known: () => satisfied, absent: () => finding('off') }),
        ),
    };
    const Parameters = Object.fromEntries(
      names.map((name) => [name, { Type: 'String', AllowedValues: [true, false] }]),
    );
    const start = performance.now();
    expect(
      verdicts(
        switched(
          names.map((name) => ({ Ref: name })),
          { Parameters },
        ),
        all,
      ),
    ).toEqual([
      'R not-assessed: more than 256 combinations of conditions and parameters: give the parameters their values with --parameters',
    ]);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('what cannot be read', () => {
  const body = (Type: unknown) => ({ 'R${X}': { Type, Properties: {} } });
  const loop = (Type: unknown) => ['X', ['a', 'b'], body(Type)];
  const gap = (id: string) => expect.stringMatching(new RegExp(`^${id.replace(/[$]/g, '\\$')} not-assessed: `));

  test.each<[string, Json]>([
    ['a loop over its type', { Resources: { 'Fn::ForEach::L': loop('Test::R') } }],
    [
      'a loop over a list that a parameter gives',
      { Resources: { 'Fn::ForEach::L': ['X', { Ref: 'P' }, body('Test::R')] } },
    ],
    ['a loop in a loop', { Resources: { 'Fn::ForEach::L': ['Y', ['a'], { 'Fn::ForEach::M': loop('Test::R') }] } }],
    ['a loop over types that it makes', { Resources: { 'Fn::ForEach::L': loop('Test::${X}') } }],
    ['a loop over types that it makes, by the other sign', { Resources: { 'Fn::ForEach::L': loop('Test::&{X}') } }],
    ['a loop over nested stacks', { Resources: { 'Fn::ForEach::L': loop('AWS::CloudFormation::Stack') } }],
    ['a loop of nonsense', { Resources: { 'Fn::ForEach::L': 'nonsense' } }],
    ['a loop without a type', { Resources: { 'Fn::ForEach::L': loop(undefined) } }],
    ['a macro among the resources', { Resources: { 'Fn::Transform': { Name: 'Mine' } } }],
    ['a macro in place of a resource', { Resources: { A: { 'Fn::Transform': { Name: 'Mine' } } } }],
    ['a macro beside a resource', { Resources: { A: { Type: 'Test::S', 'Fn::Transform': { Name: 'Mine' } } } }],
    ['an unknown transform', { Transform: 'Mine', Resources: {} }],
    [
      'an unknown transform beside a known one',
      { Transform: ['AWS::LanguageExtensions', { Name: 'Mine' }], Resources: {} },
    ],
    ['an included part', { Transform: { Name: 'AWS::Include', Parameters: {} }, Resources: {} }],
    ['an included part of the template', { 'Fn::Transform': { Name: 'AWS::Include' }, Resources: {} }],
    ['a transform of nonsense', { Transform: [[]], Resources: {} }],
    ['a nested stack alone', { Resources: { A: { Type: 'AWS::CloudFormation::Stack' } } }],
    ['a module', { Resources: { A: { Type: 'My::S3::Bucket::MODULE' } } }],
    [
      'a serverless application',
      { Transform: 'AWS::Serverless-2016-10-31', Resources: { A: { Type: 'AWS::Serverless::Application' } } },
    ],
  ])('concerns a control: %s', (_, document) => {
    expect(verdicts(document, needed)).toEqual([gap('.*')]);
  });

  test.each<[string, Json]>([
    ['a loop over another type', { Resources: { 'Fn::ForEach::L': loop('Test::S') } }],
    ['language extensions alone', { Transform: 'AWS::LanguageExtensions', Resources: {} }],
    [
      'a serverless function',
      { Transform: ['AWS::Serverless-2016-10-31'], Resources: { A: { Type: 'AWS::Serverless::Function' } } },
    ],
    ['hosted rotation', { Transform: 'AWS::SecretsManager-2020-07-23', Resources: {} }],
    [
      'a macro in the properties of another type',
      { Resources: { A: { Type: 'Test::S', Properties: { 'Fn::Transform': {} } } } },
    ],
  ])('does not concern a control of other types: %s', (_, document) => {
    expect(verdicts(document)).toEqual([]);
  });

  test('concerns a control that looks the type up, not only one that judges it', () => {
    const document = { Resources: { R: { Type: 'Test::R' }, 'Fn::ForEach::L': loop('Test::S') } };
    const half = {
      judge: (subject: Subject) =>
        subject.scope.referring(subject, 'Test::S', 'R').length > 0 ? finding('off') : satisfied,
    };
    expect(verdicts(document, half)).toEqual(['R satisfied', gap('Fn::ForEach::L')]);
    expect(verdicts(document, { judge: () => satisfied })).toEqual(['R satisfied']);
  });

  test('concerns a control of serverless functions by what they become', () => {
    const document = {
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: { A: { Type: 'AWS::Serverless::Function' } },
    };
    expect(verdicts(document, { judges: ['AWS::Lambda::Function'] })).toEqual([gap('A')]);
  });

  test('is a property beside a macro, never an absent one', () => {
    const half = {
      judge: (subject: Subject) => decide(subject.bool('On'), { known: () => satisfied, absent: () => satisfied }),
    };
    const document = { Resources: { R: { Type: 'Test::R', Properties: { 'Fn::Transform': {}, Other: 1 } } } };
    expect(verdicts(document, half)).toEqual([gap('R'), gap('R')]);
  });
});

describe('a judgement that fails', () => {
  test('fails to pass where the rule throws, and goes on with the next resource', () => {
    const document = { Resources: { A: { Type: 'Test::R' }, B: { Type: 'Test::R' } } };
    const half = {
      judge: ({ logicalId }: { logicalId: string }) => {
        if (logicalId === 'A') {
          throw new TypeError('boom');
        }
        return satisfied;
      },
    };
    expect(verdicts(document, half)).toEqual(['A not-assessed: the judgement failed: boom', 'B satisfied']);
    const whole = {
      judgeWhole: () => {
        throw new Error('boom');
      },
    };
    expect(verdicts({ Resources: {} }, whole)).toEqual(['- not-assessed: the judgement failed: boom']);
  });

  test('fails to pass where the rule says nothing', () => {
    expect(verdicts(switched(true), { judge: () => [] })).toEqual(['R not-assessed: the judgement came to no outcome']);
  });

  test('fails to pass where the rule looks at something else each time', () => {
    let turn = 0;
    const half = {
      judge: (subject: Subject) =>
        decide(subject.bool(turn++ === 0 ? 'On' : 'Else'), { known: () => satisfied, absent: () => satisfied }),
    };
    const Parameters = {
      P: { Type: 'String', AllowedValues: [true, false] },
      Q: { Type: 'String', AllowedValues: [true, false] },
    };
    const document = switched({ Ref: 'P' }, { Parameters }, { Properties: { On: { Ref: 'P' }, Else: { Ref: 'Q' } } });
    expect(verdicts(document, half)).toEqual([
      expect.stringMatching(/^R not-assessed: the judgement failed: .*before/),
    ]);
  });
});

describe('a judgement of the whole', () => {
  const whole = {
    judge: () => satisfied,
    judgeWhole: function* ({ scope }: { scope: Scope }) {
      for (const subject of scope.resources('Test::R')) {
        for (const outcome of decide(subject.bool('On'), {
          known: (on) => (on ? satisfied : finding('off')),
          absent: () => finding('off'),
        })) {
          yield { target: 'one', subject: subject.logicalId, type: 'Whole', outcome };
        }
      }
    },
  };
  const rest = {
    Parameters: { P: { Type: 'String', Default: 'x' } },
    Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] } },
  };

  test('is made in every world, and the worst stands', () => {
    const found = (value: unknown, more: Json = rest) => brief(judge(probe(whole), switched(value, more))).slice(1);
    expect(found({ 'Fn::If': ['C', true, false] })).toEqual(['R not-satisfied: R is switched off: On is nothing']);
    expect(found({ 'Fn::If': ['C', true, 'true'] })).toEqual(['R satisfied']);
    const P = { Type: 'String', AllowedValues: ['true', 'false'] };
    expect(found({ Ref: 'P' }, { Parameters: { P } })).toEqual([
      "R not-assessed: On: the parameter 'P' may be set to false, which would break it",
    ]);
    expect(found({ Ref: 'P' }, { Parameters: { P: { ...P, Default: 'false' } } })).toEqual([
      'R not-satisfied: R is switched off: On is nothing',
    ]);
  });
});

describe('the record', () => {
  test('holds every property that was read, with its values over all worlds, and no secret', () => {
    const half = {
      judge: (subject: Subject) => {
        subject.text('Db.MasterUserPassword');
        const other = subject.reference('Other');
        if (other.kind === 'known') {
          other.value.subject.number('Days');
        }
        return decide(subject.bool('On'), { known: () => satisfied, absent: () => satisfied });
      },
    };
    const document = {
      Parameters: { P: { Type: 'String', AllowedValues: [true, false] } },
      Resources: {
        R: {
          Type: 'Test::R',
          Properties: { On: { Ref: 'P' }, Other: { Ref: 'S' }, Db: { MasterUserPassword: 'hunter2' } },
        },
        S: { Type: 'Test::S', Properties: { Days: 30 } },
      },
    };
    const [evidence] = judge(probe(half), document);
    expect(evidence?.observations).toEqual([
      { property: 'Db.MasterUserPassword', value: '(not shown)' },
      { property: 'Other', value: '${S.Ref}' },
      { property: 'S.Days', value: 30 },
      { property: 'On', value: true },
      { property: 'On', value: false },
    ]);
    expect(JSON.stringify(judge(probe(half), document))).not.toContain('hunter2');
  });

  test('writes down no secret that stands in the middle of another text', () => {
    const sets = { Resources: { R: { Type: 'Test::R', Properties: { UserData: "echo 'root:hunter2' | chpasswd" } } } };
    const id = ['AKIA', 'IOSFODNN7EXAMAAA'].join('');
    const half = {
      judges: ['Test::R'],
      judge: (r: Subject) => decide(r.text('UserData'), { known: () => satisfied, absent: () => satisfied }),
    };
    const document = {
      Resources: { R: { Type: 'Test::R', Properties: { UserData: `#!/bin/sh\nexport ID=${id}\n` } } },
    };
    for (const each of [document, sets]) {
      expect(judge(probe(half), each)[0]?.observations).toEqual([{ property: 'UserData', value: '(not shown)' }]);
    }
  });

  test('names the resource that holds the property of a finding, and never calls an object nothing', () => {
    const document = {
      Resources: {
        R: { Type: 'Test::R', Properties: { Other: { Ref: 'S' }, Who: { AWS: '*' } } },
        S: { Type: 'Test::S', Properties: { Kind: 'open' } },
      },
    };
    const half = {
      judge: (subject: Subject) => {
        const other = subject.reference('Other');
        subject.text('Who.AWS');
        const kind = other.kind === 'known' ? other.value.subject.text('Kind') : undefined;
        return kind?.kind === 'known' ? [finding('off', 'Kind'), finding('off', 'Who')] : [];
      },
    };
    expect(verdicts(document, half)).toEqual([
      'R not-satisfied: R is switched off: S.Kind is open',
      'R not-satisfied: R is switched off: Who is (object)',
    ]);
  });

  test('says where a resource of a nested stack stands', () => {
    const above = {
      Resources: { N: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { P: 'false' } } } },
    };
    const graph = nestedGraph(above, 'N', switched({ Ref: 'P' }, { Parameters: { P: { Type: 'String' } } }));
    expect(judge(probe(), graph)).toMatchObject([
      { target: 'nested.template.json', logicalId: 'R', verdict: 'not-satisfied' },
    ]);
  });
});

describe('a catalogue', () => {
  const run = (documents: readonly Json[], half = {}, presentOnly = false) =>
    judgeCatalogue({
      controls: [probe(half)],
      figures: new Figures([]),
      graphs: documents.map((each) => graphOf(each)),
      today: '2026-11-29',
      presentOnly,
    });

  test('gives a control the worst verdict over all templates', () => {
    expect(run([switched(true), switched(false)])).toMatchObject([{ id: 'probe-01', verdict: 'not-satisfied' }]);
    expect(run([switched(true), switched({ Ref: 'Nobody' })])).toMatchObject([{ verdict: 'not-assessed' }]);
    expect(run([switched(true), { Resources: {} }])).toMatchObject([{ verdict: 'satisfied' }]);
  });

  test('finds nothing wrong with nothing only where nothing is needed', () => {
    expect(run([{ Resources: {} }])).toMatchObject([{ verdict: 'satisfied', subjects: [] }]);
    expect(run([{ Resources: {} }], {}, true)).toMatchObject([{ verdict: 'not-applicable' }]);
    expect(run([{ Resources: {} }], needed)).toMatchObject([{ verdict: 'not-satisfied' }]);
    expect(run([{ Resources: {}, Transform: 'Mine' }], needed, true)).toMatchObject([{ verdict: 'not-assessed' }]);
  });
});
