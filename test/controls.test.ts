import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { controlFiles } from '../bin/catalogue';
import type { ControlCases } from '../lib/control/cases';
import type { Control } from '../lib/control/control';
import { noRecords } from '../lib/control/records';
import { figuresOf, judgeCase, messageOf, mutate, variants, verdictOn } from './control-tester';
import { describeLiveHalf } from './live-tester';

const catalogue = controlFiles().map((file) => ({
  file,
  control: (require(file) as { control: Control }).control,
  cases: casesBeside(file),
}));

/** A control without cases fails its own tests, not everybody's. */
function casesBeside(file: string): ControlCases | undefined {
  const beside = file.replace(/\.ts$/, '.cases.ts');
  return existsSync(beside) ? (require(beside) as { cases: ControlCases }).cases : undefined;
}

let mutationsCaught = 0;
let variantsRefused = 0;

afterAll(() => {
  process.stdout.write(
    `${mutationsCaught} mutations of case templates caught, ${variantsRefused} generated variants refused\n`,
  );
});

describe.each(catalogue.map((entry) => [entry.control.id, entry] as const))(
  '%s',
  (_, { file, control, cases: given }) => {
    const cases = given ?? { compliant: {}, mutations: [] };
    const compliant = Object.entries(cases.compliant);

    test('is declared whole: id, family and file agree, it keeps claims and says what it does not prove', () => {
      expect(control.id).toBe(basename(file, '.ts'));
      expect(control.family).toBe(basename(dirname(file)));
      expect(control.title).not.toMatch(/^(ensure|make sure)/i);
      expect(control.claims.length).toBeGreaterThan(0);
      expect(new Set(control.claims).size).toBe(control.claims.length);
      expect(control.doesNotProve).toMatch(/\w.*\.$/);
      expect(control.template ?? control.live ?? control.database ?? control.register).toBeDefined();
      for (const message of Object.values(control.messages)) {
        expect(message.violation).toMatch(/^(?![A-Z][a-z]).*[^.]$/);
        expect(message.fix).toMatch(/^(?![A-Z][a-z]).*[^.]$/);
      }
      expect(control.template?.expects !== 'at-least-one' || Object.hasOwn(control.messages, 'missing')).toBe(true);
    });

    test('has cases beside it', () => {
      expect(given).toBeDefined();
    });

    test('cases are told apart by their names', () => {
      const names = [
        ...compliant.map(([name]) => name),
        ...cases.mutations.map(({ name }) => name),
        ...(cases.others ?? []).map(({ name }) => name),
      ];
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    });

    test('law 3: every message is produced by a case, and no case expects an unknown one', () => {
      const produced = new Set([
        ...cases.mutations.map(({ expect: { message } }) => message),
        ...(cases.others ?? []).flatMap(({ expect }) =>
          Object.values(expect).flatMap((each) => (typeof each === 'string' ? [] : [each.message])),
        ),
        ...(cases.registers ?? []).flatMap(({ expect }) =>
          Object.values(expect).flatMap((each) => (typeof each === 'string' ? [] : [each.message])),
        ),
        ...[...(cases.live ?? []), ...(cases.database ?? [])].flatMap(({ expect: { message } }) =>
          message === undefined ? [] : [message],
        ),
      ]);
      expect([...produced].filter((message) => message !== 'not-assessed').sort()).toEqual(
        Object.keys(control.messages).sort(),
      );
    });

    if (control.register) {
      test.each((cases.registers ?? []).map((each) => [each.name, each] as const))('%s', (_name, each) => {
        const { registers = [], catalogue = [], records = {}, profile = 'strictest', today = '2026-12-01' } = each;
        const figures = figuresOf(control, each.figures, each.exact);
        const documents = each.documents ?? registers.map(({ document }) => document);
        const context = {
          records: { ...noRecords, ...records },
          figures,
          profile,
          documents,
          today,
        };
        const outcomes = [...(control.register?.judge(registers, catalogue, context) ?? [])];
        expect(Object.keys(each.expect)).not.toEqual([]);
        for (const [subject, expected] of Object.entries(each.expect)) {
          const found = outcomes.filter((whole) => whole.subject === subject).map(({ outcome }) => outcome);
          expect(found).toEqual([
            typeof expected === 'string'
              ? expect.objectContaining({ verdict: expected })
              : expect.objectContaining({ verdict: 'not-satisfied', message: expected.message }),
          ]);
        }
      });
    }

    if (control.live) {
      describeLiveHalf(control, control.live, cases);
    }

    if (control.template) {
      test.each(compliant)('law 1: %s judges a subject and finds nothing', (_name, given) => {
        const evidence = judgeCase(control, given);
        expect(evidence.filter(({ verdict }) => verdict === 'not-satisfied' || verdict === 'not-assessed')).toEqual([]);
        expect(evidence.filter(({ verdict }) => verdict === 'satisfied')).not.toEqual([]);
      });

      test.each(cases.mutations.map((mutation) => [mutation.name, mutation] as const))(
        'law 2: fails when %s',
        (_name, mutation) => {
          const given = cases.compliant[mutation.of];
          if (!given) {
            throw new Error(`mutation '${mutation.name}' is of an unknown case '${mutation.of}'`);
          }
          const { template, target } = mutate(given, mutation);
          const evidence = judgeCase(control, { ...given, template });
          const at = mutation.expect.at ?? target;
          const found = evidence.filter(({ verdict }) => verdict === 'not-satisfied' || verdict === 'not-assessed');
          expect(found.map((subject) => `${messageOf(control, subject)} at ${subject.logicalId}`)).toEqual([
            `${mutation.expect.message} at ${at}`,
          ]);
          mutationsCaught++;
        },
      );

      test.each(compliant)('law 4: %s: absent, unresolved and nonsense values never satisfy', (_name, given) => {
        const satisfied: string[] = [];
        for (const variant of variants(control, cases, given)) {
          const evidence = judgeCase(control, { ...given, template: variant.template });
          if (!evidence.some(({ verdict }) => verdict === 'not-satisfied' || verdict === 'not-assessed')) {
            satisfied.push(`${variant.logicalId} ${variant.type}: ${variant.property} ${variant.name}`);
          }
          variantsRefused++;
        }
        expect(satisfied).toEqual([]);
      });

      test.each((cases.others ?? []).map((other) => [other.name, other] as const))('%s', (_name, other) => {
        const evidence = judgeCase(control, other, other.presentOnly);
        for (const [logicalId, expected] of Object.entries(other.expect)) {
          if (typeof expected === 'string') {
            expect([
              logicalId,
              verdictOn(evidence, logicalId),
              evidence.find((subject) => subject.logicalId === logicalId)?.message,
            ]).toEqual([logicalId, expected, expected === 'satisfied' ? undefined : expect.any(String)]);
          } else {
            const messages = evidence
              .filter((subject) => subject.logicalId === logicalId)
              .map((subject) => messageOf(control, subject));
            expect([logicalId, messages]).toEqual([logicalId, expect.arrayContaining([expected.message])]);
          }
        }
        if (Object.keys(other.expect).length === 0) {
          expect(evidence.filter(({ verdict }) => verdict !== 'not-applicable')).toEqual([]);
        }
      });
    }
  },
);
