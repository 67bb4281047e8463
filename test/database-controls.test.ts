import { existsSync } from 'node:fs';
import { controlFiles } from '../bin/catalogue';
import type { ControlCases } from '../lib/control/cases';
import type { Control } from '../lib/control/control';
import { type SampleDatabases, startSamples } from './database/sample-databases';
import { describeDatabaseHalf } from './database-tester';

let samples: SampleDatabases;

beforeAll(async () => {
  samples = await startSamples();
}, 120_000);

afterAll(() => samples?.server.stop());

// A case that changes roles or settings puts the whole cluster back
jest.setTimeout(30_000);

const judges = controlFiles().flatMap((file) => {
  const { control } = require(file) as { control: Control };
  const beside = file.replace(/\.ts$/, '.cases.ts');
  const { cases } = (existsSync(beside) ? require(beside) : { cases: {} }) as { cases: ControlCases };
  return control.database ? [{ control, half: control.database, cases }] : [];
});

test('some control judges a running database', () => {
  expect(judges).not.toEqual([]);
});

describe.each(judges.map((each) => [each.control.id, each] as const))('%s', (_, { control, half, cases }) => {
  describeDatabaseHalf(control, half, cases, () => samples);
});
