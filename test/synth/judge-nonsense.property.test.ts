import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { controlFiles, loadCatalogue } from '../../bin/catalogue';
import type { ControlCases } from '../../lib/control/cases';
import { InputError } from '../../lib/control/input-error';
import { Figures, type ResolvedFigure } from '../../lib/control/parameter';
import { declaredParameters, judgeCatalogue } from '../../lib/synth/judge-catalogue';
import type { Graph } from '../../lib/template/graph';
import { type Json, parseTemplateText } from '../../lib/template/parse';
import { control as databases } from '../../policies/controls/encryption/enc-04';
import { graphOf } from '../template/graph-of';

const controls = loadCatalogue().filter(({ template }) => template);
const figures = new Figures(
  Object.entries(declaredParameters(controls)).map(
    ([parameter, { kind, default: value, ...rest }]): ResolvedFigure => ({
      parameter,
      value,
      claims: [],
      ...(kind === 'number'
        ? { ['stricter' in rest && rest.stricter === 'higher' ? 'floor' : 'ceiling']: Number(value) }
        : {}),
    }),
  ),
);

/** Compliant templates of every control: what is there to be spoiled. */
const compliant = controlFiles()
  .map((file) => file.replace(/\.ts$/, '.cases.ts'))
  .filter(existsSync)
  .flatMap((file) => Object.values((require(file) as { cases: ControlCases }).cases.compliant))
  .map(({ template }) => template);

const types = [
  ...new Set(
    compliant.flatMap((template) =>
      Object.values(template.Resources as Json).map((each) => String((each as Json).Type)),
    ),
  ),
];
const names = ['Key', 'Db', 'P', 'toString', 'AWS::Region', 'AWS::NoValue', 'constructor', '__proto__'];

const plain = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    '',
    'true',
    'false',
    '{{resolve:ssm:x}}',
    '${AWS::Region}',
    '*',
    '0.0.0.0/0',
    null,
    [],
    {},
    1e308,
    -1,
  ),
);
/** An object that JavaScript itself could not turn into text. */
const untextual = fc.constant<unknown>({ toString: 1, valueOf: 2, toJSON: 3, length: 4 });

const name = fc.oneof(fc.constantFrom<unknown>(...names), plain);

/** A function with arguments that may or may not suit it. */
const intrinsic = fc.letrec<{ value: unknown; call: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, plain, tie('call')),
  call: fc.oneof(
    name.map((Ref) => ({ Ref })),
    fc.tuple(name, name).map((argument) => ({ 'Fn::GetAtt': argument })),
    fc
      .tuple(
        fc.constantFrom(
          'If',
          'Join',
          'Sub',
          'Select',
          'Split',
          'FindInMap',
          'ImportValue',
          'GetStackOutput',
          'Base64',
          'Length',
          'ToJsonString',
          'Transform',
          'Equals',
          'GetAZs',
          'Cidr',
          'ForEach::X',
        ),
        fc.oneof(fc.array(tie('value'), { maxLength: 4 }), tie('value')),
      )
      .map(([each, argument]) => ({ [`Fn::${each}`]: argument })),
  ),
})).value;

function judgeAll(graph: Graph) {
  return judgeCatalogue({ controls, figures, graphs: [graph], today: '2026-11-29' });
}

/** Judges a template as a file would be; only a clean refusal is allowed beside verdicts. */
function judgeText(text: string): void {
  let graph: Graph;
  try {
    graph = graphOf(parseTemplateText(text, 'one.json'));
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^one\.(json|template\.json)[: ].+[^.\n]$/);
    return;
  }
  for (const { id, subjects } of judgeAll(graph)) {
    for (const { message } of subjects) {
      // A rule that falls over is reported and not assessed; that it does is a fault all the same.
      expect(`${id}: ${message}`).not.toMatch(/judgement failed: (?!more than)/);
    }
  }
}

/** Every place in a value, as a path of keys. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...parts.flatMap(([key, part]) => places(part, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) {
    return by;
  }
  const copy: Json = Array.isArray(value) ? (value.slice() as unknown as Json) : { ...(value as Json) };
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

test('any JSON is refused in one line or judged', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string(),
        intrinsic.map((value) => JSON.stringify(value)),
      ),
      (text) => judgeText(text),
    ),
    { numRuns: 250 },
  );
});

test('resources, parameters, conditions and outputs of nonsense are refused in one line or judged', () => {
  const section = fc.oneof(
    fc.dictionary(fc.oneof(fc.constantFrom('P', 'C', 'Key', '__proto__'), fc.string()), intrinsic, { maxKeys: 4 }),
    plain,
  );
  const resource = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record(
        { Type: fc.constantFrom(...types), Properties: intrinsic, Condition: fc.constantFrom('C', 'D') },
        { requiredKeys: ['Type'] },
      ),
    },
    { weight: 1, arbitrary: plain },
  );
  const template = fc.record(
    {
      Resources: fc.dictionary(
        fc.constantFrom('Key', 'Db', 'A', 'B', 'Fn::ForEach::L', 'Fn::Transform', 'constructor'),
        resource,
      ),
      Parameters: section,
      Conditions: section,
      Mappings: section,
      Outputs: section,
      Transform: plain,
    },
    { requiredKeys: ['Resources'] },
  );
  fc.assert(
    fc.property(template, (each) => judgeText(JSON.stringify(each))),
    { numRuns: 250 },
  );
});

test('compliant templates with any part replaced by nonsense are refused in one line or judged', () => {
  const spoiled = fc
    .constantFrom(...compliant)
    .chain((template) => fc.tuple(fc.constant(template), fc.constantFrom(...places(template)), intrinsic));
  fc.assert(
    fc.property(spoiled, ([template, path, by]) => judgeText(JSON.stringify(replaced(template, path, by)) ?? 'null')),
    { numRuns: 600 },
  );
});

describe('nonsense never keeps the promise of encrypted databases', () => {
  const database = (properties: Json): Json => ({
    Parameters: { P: { Type: 'String' } },
    Resources: {
      Key: { Type: 'AWS::KMS::Key' },
      Db: {
        Type: 'AWS::RDS::DBCluster',
        Properties: { StorageEncrypted: true, KmsKeyId: { Ref: 'Key' }, ...properties },
      },
    },
  });
  const verdict = (properties: Json) =>
    judgeCatalogue({
      controls: [databases],
      figures,
      graphs: [graphOf(JSON.parse(JSON.stringify(database(properties))))],
      today: '2026-11-29',
    })[0]?.verdict;
  const isTrue = (value: unknown): boolean => typeof value !== 'object' && String(value).toLowerCase() === 'true';

  test('the intact template does', () => {
    expect(verdict({})).toBe('satisfied');
  });

  test('also where it could not be turned into text', () => {
    const spots = [
      'Ref',
      'Fn::GetAtt',
      'Fn::Sub',
      'Fn::Join',
      'Fn::Select',
      'Fn::FindInMap',
      'Fn::ImportValue',
      'Fn::If',
    ];
    const odd = fc.oneof(
      untextual,
      fc.tuple(untextual),
      fc.tuple(untextual, untextual),
      fc.tuple(untextual, untextual, untextual),
    );
    fc.assert(
      fc.property(fc.constantFrom(...spots), odd, (spot, argument) => {
        expect(verdict({ StorageEncrypted: { [spot]: argument } })).toBe('not-assessed');
      }),
    );
  });

  test('whether it is encrypted', () => {
    fc.assert(
      fc.property(
        fc
          .oneof(
            plain,
            name.map((Ref) => ({ Ref })),
            fc.dictionary(fc.string(), fc.oneof(intrinsic, untextual)),
            fc.array(intrinsic),
          )
          .filter((value) => !isTrue(value)),
        (StorageEncrypted) => {
          expect(verdict({ StorageEncrypted })).not.toBe('satisfied');
        },
      ),
      { numRuns: 250 },
    );
  });

  test('with which key', () => {
    const isNoText = (value: unknown) =>
      typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean';
    fc.assert(
      fc.property(
        fc
          .oneof(plain, fc.dictionary(fc.string(), fc.oneof(intrinsic, untextual)), fc.array(intrinsic))
          .filter(isNoText),
        (KmsKeyId) => {
          expect(verdict({ KmsKeyId })).not.toBe('satisfied');
        },
      ),
      { numRuns: 250 },
    );
  });
});
