import { type Control, defineControl } from '../../lib/control/control';
import type { DatabaseHalf, DatabaseReader } from '../../lib/control/database';
import { couldNotLook } from '../../lib/control/live';
import { finding, satisfied } from '../../lib/control/verdict';
import { openDatabase } from '../../lib/verify/open-database';
import { digestOf } from '../../lib/verify/plain-data';
import type { PostgresReader } from '../../lib/verify/postgres-reader';
import { verifyDatabase } from '../../lib/verify/verify-database';
import { figuresOf } from '../control-tester';
import { type PostgresServer, startPostgres } from '../database/postgres-server';

const now = new Date('2026-03-02T12:00:00Z');
let server: PostgresServer;
let database: PostgresReader;

beforeAll(async () => {
  server = await startPostgres();
  const client = await server.connect();
  await client.query('CREATE ROLE auditor LOGIN PASSWORD $$only-for-this-test$$');
  await client.query('CREATE TABLE public.secret (word text)');
  await client.query('GRANT INSERT ON public.secret TO auditor');
  await client.end();
}, 60_000);

afterAll(() => server.stop());

beforeEach(async () => {
  database = await openDatabase({
    url: server.url('postgres', 'auditor', 'only-for-this-test'),
    now,
    timeout: 1_000,
  });
});

afterEach(() => database.close());

describe('a query', () => {
  test.each([
    ["'x'::text", 'x'],
    ['NULL::text', null],
    ['true', true],
    ['7::int4', 7],
    ['9007199254740993::int8', '9007199254740993'],
    ['1.50::numeric', '1.50'],
    ['0.5::float8', 0.5],
    ["'NaN'::float8", 'NaN'],
    ["'\\xdeadbeef'::bytea", 'deadbeef'],
    ["timestamptz '2026-03-02 13:00:00.25+01'", '2026-03-02T12:00:00.25Z'],
    ["timestamptz 'infinity'", 'infinity'],
    ["date '2026-03-02'", '2026-03-02'],
    ["interval '90 minutes'", 'PT1H30M'],
    ['\'{"a": [1, null]}\'::jsonb', { a: [1, null] }],
    ["ARRAY['a', NULL, 'b,c']::text[]", ['a', null, 'b,c']],
    ["ARRAY['pg_class']::name[]", ['pg_class']],
    [
      'ARRAY[[1, 2], [3, 4]]::int4[]',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['ARRAY[true, false]', [true, false]],
    ["'11111111-1111-1111-1111-111111111111'::uuid", '11111111-1111-1111-1111-111111111111'],
  ])('gives %s as plain data', async (expression, value) => {
    expect(await database.query(`SELECT ${expression} AS value`)).toEqual({ ok: true, value: [{ value }] });
  });

  test('takes values apart from the statement', async () => {
    expect(await database.query('SELECT $1::text AS word', ["'; DROP TABLE secret; --"])).toEqual({
      ok: true,
      value: [{ word: "'; DROP TABLE secret; --" }],
    });
  });

  test.each([
    ['writes', "INSERT INTO public.secret VALUES ('x')", 'failed', /cannot execute INSERT in a read-only transaction/],
    ['is two', 'SELECT 1; SELECT 2', 'failed', /cannot insert multiple commands/],
    ['ends its transaction', 'COMMIT; SELECT 1', 'failed', /cannot insert multiple commands/],
    ['is not allowed', 'SELECT * FROM public.secret', 'denied', /permission denied for table secret \(42501\)/],
    ['names what is not there', 'SELECT * FROM app.nothing', 'failed', /does not exist \(42P01\)/],
    ['asks for what the server cannot do', 'SELECT no_such_function()', 'not-implemented', /does not exist \(42883\)/],
    ['takes too long', 'SELECT pg_sleep(10)', 'failed', /statement timeout/],
  ] as const)('that %s is a read that failed, and the next one runs', async (_, sql, failure, words) => {
    expect(await database.query(sql)).toEqual({ ok: false, failure, message: expect.stringMatching(words) });
    expect(await database.query('SELECT 1 AS one')).toEqual({ ok: true, value: [{ one: 1 }] });
  });

  test('does not put rows into its failure', async () => {
    const answer = await database.query("SELECT ('first line' || chr(10) || 'second line')::int AS number");
    expect(answer).toMatchObject({ ok: false, message: expect.not.stringContaining('second line') });
  });

  test('runs once in a run, in turn, and finds names in the catalogue alone', async () => {
    const sql = 'SELECT clock_timestamp() AS at, pg_backend_pid() AS pid, current_setting($1) AS path';
    const [first, second] = await Promise.all([
      database.query(sql, ['search_path']),
      database.query(sql, ['search_path']),
    ]);
    expect(first).toEqual(second);
    expect(first).toMatchObject({ value: [{ path: 'pg_catalog' }] });
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => database.query(`SELECT ${n} AS n`)));
    expect(all.map((answer) => answer.ok && answer.value[0]?.n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test('after the session has ended failed', async () => {
    const client = await server.connect();
    await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'auditor'");
    await client.end();
    expect(await database.query('SELECT 1')).toMatchObject({ ok: false, failure: 'failed' });
    expect(await database.query('SELECT 2')).toMatchObject({ ok: false, failure: 'failed' });
  });
});

describe('a control', () => {
  const base = { family: 'tenancy', claims: ['x'], doesNotProve: 'Anything.', parameters: {} };
  const messages = {
    missing: { violation: 'nothing in {name}', fix: 'add something' },
    wrong: { violation: '{name} is {value}', fix: 'mend it' },
  };
  const withHalf = (half: Partial<DatabaseHalf>): Control =>
    defineControl({
      ...base,
      id: 'ten-99',
      title: 'Something holds',
      messages,
      database: { expects: 'any-number', collect: async () => ({}), judge: () => [], ...half },
    });
  const verify = (...controls: Control[]) =>
    verifyDatabase({ controls, figures: figuresOf(withHalf({})), database, target: database.target });

  test('is judged by what it collected, and the facts are pinned', async () => {
    const half: DatabaseHalf = {
      expects: 'at-least-one',
      collect: async (reader: DatabaseReader) => reader.query('SELECT rolname AS role FROM pg_roles WHERE rolsuper'),
      judge: () => [
        {
          subject: 'role postgres',
          type: 'PostgreSQL::Role',
          outcome: finding('wrong', 'rolsuper'),
          observations: [{ property: 'rolsuper', value: true }],
        },
      ],
    };
    const { controls, targets, facts } = await verify(withHalf(half));
    expect(facts).toEqual({ 'ten-99': { ok: true, value: [{ role: 'postgres' }] } });
    expect(targets).toEqual([{ path: `database/localhost:${server.port}/postgres`, sha256: digestOf(facts) }]);
    expect(controls).toMatchObject([
      {
        id: 'ten-99',
        verdict: 'not-satisfied',
        subjects: [
          {
            target: database.target,
            logicalId: 'role postgres',
            type: 'PostgreSQL::Role',
            message: 'role postgres is true',
            fix: 'mend it',
          },
        ],
      },
    ]);
  });

  test('without a database half is left out', async () => {
    expect((await verify(defineControl({ ...base, id: 'ten-98', title: 'It is written', messages }))).controls).toEqual(
      [],
    );
  });

  test('that may be empty is satisfied by nothing, one that may not is not', async () => {
    expect((await verify(withHalf({}))).controls).toMatchObject([{ verdict: 'satisfied', subjects: [] }]);
    expect((await verify(withHalf({ expects: 'at-least-one' }))).controls).toMatchObject([
      {
        verdict: 'not-satisfied',
        subjects: [{ logicalId: 'postgres', type: 'PostgreSQL::Database', message: 'nothing in postgres' }],
      },
    ]);
  });

  test.each<readonly [string, Partial<DatabaseHalf>, string]>([
    [
      'a read is denied',
      {
        collect: (reader) => reader.query('SELECT * FROM public.secret'),
        judge: (facts) => [
          {
            subject: 'x',
            type: 'X',
            outcome: couldNotLook('the table', facts as { ok: false; failure: 'denied'; message: string }),
          },
        ],
      },
      'the table was denied: permission denied for table secret (42501)',
    ],
    [
      'collect throws',
      { collect: () => Promise.reject(new Error('no such member')) },
      'the facts could not be collected: no such member',
    ],
    [
      'judge changes the facts',
      {
        collect: async () => ({ seen: [] }),
        judge: (facts) => {
          (facts as { seen: unknown[] }).seen.push('more');
          return [{ subject: 'x', type: 'X', outcome: satisfied }];
        },
      },
      'the judgement failed: Cannot add property',
    ],
  ])('is not assessed when %s, and the others go on', async (_, half, message) => {
    const other = { ...withHalf({}), id: 'ten-98' };
    const { controls } = await verify(withHalf(half), other);
    expect(controls).toMatchObject([
      { verdict: 'not-assessed', subjects: [{ message: expect.stringContaining(message) }] },
      { id: 'ten-98', verdict: 'satisfied' },
    ]);
  });
});
