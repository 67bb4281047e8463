import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '../../lib/database/create-database';
import { migrate } from '../../lib/database/migrator';
import { only, synthesize } from '../stacks/data-and-identity';
import { type PostgresServer, startPostgres } from './postgres-server';
import { databaseMigrations } from './tenancy-server';

jest.setTimeout(60_000);

/** The file that pg_available_extensions looks for: whether to skip must be known before a server runs. */
function hasPgaudit(bin: string | undefined): boolean {
  const config = bin === undefined ? '' : join(bin, 'pg_config');
  return (
    existsSync(config) &&
    existsSync(join(execFileSync(config, ['--sharedir'], { encoding: 'utf8' }).trim(), 'extension', 'pgaudit.control'))
  );
}

const available = hasPgaudit(process.env.PG_BIN);
if (!available) {
  console.warn(
    'skipped: set PG_BIN to the programs of a PostgreSQL that has pgaudit (Debian: postgresql-15-pgaudit, /usr/lib/postgresql/15/bin)',
  );
}

const password = 'only-for-this-test';
const tenant = '00000000-0000-4000-8000-00000000000a';
type Role = 'application' | 'postgres';
/** Text, or text and the values bound to it. */
type Statement = string | [string, unknown[]];

/** None of these may occur in the log: a card number, hashes of passwords, what somebody wrote. */
const canaries = /4111|canary/i;
const card = '4111 1111 1111 1111';
const hash = `$2b$12$${'canaryHash'.repeat(6).slice(0, 53)}`;
const columns = 'INSERT INTO app.client (id, email, notes, password_hash, referrer)';

/** What an application does with values, right and wrong, in the text of a statement and bound to it; and how PostgreSQL answers. */
const writes: readonly [string, string, Statement][] = [
  ['a row in the text', 'done', `${columns} VALUES (1, 'canary1', 'canary', '${hash}', NULL)`],
  ['a row of bound values', 'done', [`${columns} VALUES ($1, $2, $3, $4, NULL)`, [2, 'canary2', 'canary', hash]]],
  ['a change', 'done', ['UPDATE app.client SET notes = $1 WHERE id = 9', ['canary again']]],
  ['a read', 'done', "SELECT * FROM app.client WHERE email = 'canary9'"],
  ['a card number', '23514', [`${columns} VALUES ($1, NULL, $2, NULL, NULL)`, [3, `pay ${card}`]]],
  ['a card number in the text', '23514', `${columns} VALUES (3, NULL, 'pay ${card}', NULL, NULL)`],
  ['a password in the clear', '23514', [`${columns} VALUES ($1, NULL, NULL, $2, NULL)`, [3, 'canary-password']]],
  ['a row that fails a CHECK', '23514', [`${columns} VALUES ($1, NULL, $2, $3, NULL)`, [3, 'canary'.repeat(12), hash]]],
  ['a row that lacks a value', '23502', [`${columns} VALUES (NULL, $1, $2, $3, NULL)`, ['canary3', 'canary', hash]]],
  ['a value that is there', '23505', [`${columns} VALUES ($1, $2, 'canary', NULL, NULL)`, [3, 'canary9']]],
  ['a reference to nobody', '23503', [`${columns} VALUES ($1, $2, 'canary', NULL, $3)`, [3, 'canary3', 41114111]]],
  ['a statement that is none', '42601', `INSERT INTO app.client VALUE ('canary', '${card}', '${hash}')`],
];

/** Everything as the parameter group has it: PostgreSQL takes what it does not know as settings of an extension. */
const deployed = (): Record<string, string> =>
  only(synthesize().data, 'AWS::RDS::DBClusterParameterGroup').Parameters as Record<string, string>;

(available ? describe : describe.skip)('the log of a server with pgaudit, under the settings that are deployed', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres({ settings: deployed() });
    await makeHouse(server);
  });
  afterAll(() => server?.stop());

  /** One session from beginning to end: how each statement ended, and everything that was logged meanwhile. */
  async function session(role: Role, statements: readonly Statement[]) {
    const before = server.log().length;
    const over = role === 'postgres' ? {} : { user: role, password };
    const client = await server.connect('house', over);
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    const codes: string[] = [];
    for (const statement of statements) {
      const [text, values] = typeof statement === 'string' ? [statement, undefined] : statement;
      codes.push(
        await client.query(text, values).then(
          () => 'done',
          (error: { code: string }) => error.code,
        ),
      );
    }
    await client.end();
    // The last line of a session
    await until(() => new RegExp(`\\[${rows[0].pid}\\] LOG: .*disconnection`).test(server.log().slice(before)));
    return { codes, log: server.log().slice(before) };
  }

  /** A transaction for a tenant; how the statement in it ended. */
  async function write(role: Role, statement: Statement, end: 'COMMIT' | 'ROLLBACK' = 'ROLLBACK') {
    const enter = `SELECT tenancy.enter('${tenant}', 'anna', '203.0.113.7')`;
    const { codes, log } = await session(role, ['BEGIN', enter, statement, end]);
    return { code: codes[2], log };
  }

  const audited = (log: string) => log.split('\n').flatMap((line) => /LOG: +AUDIT: (.*)/.exec(line)?.[1] ?? []);

  test('runs pgaudit, and every setting of the parameter group', async () => {
    const root = await server.connect('house');
    expect((await root.query("SELECT FROM pg_available_extensions WHERE name = 'pgaudit'")).rowCount).toBe(1);
    for (const [name, value] of Object.entries(deployed())) {
      const { rows } = await root.query('SELECT current_setting($1) AS got', [name]);
      // PostgreSQL says on and off of what it knows to be a switch
      expect([value, { 1: 'on', 0: 'off' }[value]]).toContain(rows[0].got);
    }
    await root.end();
  });

  test('says who came, who went and who was refused', async () => {
    const { log } = await session('application', []);
    expect(log).toMatch(/LOG: +connection received: host=127\.0\.0\.1/);
    expect(log).toMatch(/LOG: +connection authorized: user=application database=house SSL enabled \(protocol=TLSv1\.3/);
    expect(log).toMatch(/LOG: +disconnection: session time: .* user=application database=house/);
    const before = server.log().length;
    await expect(server.connect('house', { user: 'application', password: 'canary' })).rejects.toMatchObject({
      code: '28P01',
    });
    await until(() => server.log().slice(before).includes('password authentication failed for user "application"'));
    expect(server.log().slice(before)).not.toContain('canary');
  });

  test.each([
    ['a table', 'CREATE TABLE app.made (id int)', 'DDL,CREATE TABLE'],
    ['the end of row-level security', 'ALTER TABLE app.client NO FORCE ROW LEVEL SECURITY', 'DDL,ALTER TABLE'],
    ['a trigger that is switched off', 'ALTER TABLE app.client DISABLE TRIGGER USER', 'DDL,ALTER TABLE'],
    ['a policy', 'CREATE POLICY all_rows ON app.client USING (true)', 'DDL,CREATE POLICY'],
    ['a new role', 'CREATE ROLE another', 'ROLE,CREATE ROLE'],
    ['a role that may more', 'ALTER ROLE visitor BYPASSRLS', 'ROLE,ALTER ROLE'],
    ['a membership', 'GRANT schema_owner TO visitor', 'ROLE,GRANT ROLE'],
    ['a right', 'GRANT SELECT ON app.client TO visitor', 'ROLE,GRANT'],
    ['a right that is taken', 'REVOKE SELECT ON app.client FROM visitor', 'ROLE,REVOKE'],
  ])('writes down a change: %s', async (_, sql, kind) => {
    const { codes, log } = await session('postgres', ['BEGIN', sql, 'ROLLBACK']);
    expect(codes).toEqual(['done', 'done', 'done']);
    // No object is named without the extension itself, which nothing needs
    expect(audited(log)).toEqual([`SESSION,1,1,${kind},,,${sql},<not logged>`]);
  });

  test.each([
    ['CREATE TABLE app.mine (id int)'],
    ['ALTER TABLE app.client DISABLE ROW LEVEL SECURITY'],
    ['GRANT schema_owner TO application'],
  ])('writes down what application attempts and may not: %s', async (sql) => {
    const { codes, log } = await session('application', [sql]);
    expect(codes).toEqual(['42501']);
    expect(log).toMatch(/ERROR: +(permission denied|must be|must have)/);
  });

  test('a password that somebody sets is left out', async () => {
    const { log } = await session('postgres', [`ALTER ROLE application PASSWORD '${password}'`]);
    expect(audited(log)).toEqual([expect.stringMatching(/ROLE,ALTER ROLE.*<REDACTED>/)]);
    expect(log).not.toContain(password);
  });

  // An administrator passes over row-level security, under which PostgreSQL itself leaves the row out of an error
  const roles: readonly Role[] = ['application', 'postgres'];
  test.each(writes)('holds no value of a row: %s', async (_, expected, statement) => {
    for (const role of roles) {
      const { code, log } = await write(role, statement);
      expect([role, code]).toEqual([role, expected]);
      expect(/ERROR: /.test(log)).toBe(expected !== 'done');
      expect(log).not.toMatch(canaries);
    }
  });

  test('leaves what application writes to the activity log of the database, which keeps it', async () => {
    const { code, log } = await write(
      'application',
      "INSERT INTO app.client (id, notes) VALUES (7, 'canary')",
      'COMMIT',
    );
    expect(code).toBe('done');
    expect(audited(log)).toEqual([]);
    const root = await server.connect('house');
    const { rows } = await root.query(
      `SELECT actor, login, action, after->>'notes' AS notes FROM audit.log WHERE object = 'app.client' ORDER BY id DESC LIMIT 1`,
    );
    expect(rows).toEqual([{ actor: 'anna', login: 'application', action: 'insert', notes: 'canary' }]);
    await root.end();
  });

  test('does not keep out what is no value of its type: the error itself quotes it, however terse', async () => {
    const { code, log } = await write('application', ['SELECT FROM app.client WHERE id = $1', ['canary']]);
    expect(code).toBe('22P02');
    expect(log.match(/.*canary.*/g)).toEqual([
      expect.stringMatching(/ERROR: +invalid input syntax for type integer: "canary"$/),
    ]);
  });

  // Each setting is needed: with any other value the same statements put values into the log
  test.each<[string, string, Role]>([
    ['log_error_verbosity', 'default', 'postgres'],
    ['log_min_error_statement', 'error', 'application'],
    ['log_statement', 'mod', 'application'],
    ['log_min_duration_statement', '0', 'application'],
    ['pgaudit.log', 'ddl,role,write', 'application'],
  ])('would hold values if %s were %s', async (name, value, role) => {
    const root = await server.connect('house');
    await root.query(`ALTER ROLE ${role} SET ${name} = '${value}'`);
    const logs: string[] = [];
    for (const [, , statement] of writes) {
      logs.push((await write(role, statement)).log);
    }
    await root.query(`ALTER ROLE ${role} RESET ${name}`);
    await root.end();
    expect(logs.filter((log) => canaries.test(log))).not.toEqual([]);
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !holds(); ) {
    if (Date.now() > deadline) {
      throw new Error('the server did not log within ten seconds');
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Our schema on a server of any version: the roles by hand, for the migrations of the cluster need 16. */
async function makeHouse(server: PostgresServer): Promise<void> {
  const root = await server.connect();
  await root.query(`
    CREATE ROLE schema_owner; CREATE ROLE security_owner; CREATE ROLE auditor; CREATE ROLE migrator; CREATE ROLE audit_keeper; CREATE ROLE row_keeper; CREATE ROLE tenant_eraser;
    CREATE ROLE application_migrator;
    CREATE ROLE visitor;
    CREATE ROLE application LOGIN PASSWORD '${password}'`);
  await createDatabase(root, 'house', ['application']);
  await root.end();
  const owner = await server.connect('house');
  await migrate(owner, {
    migrations: databaseMigrations,
    role: 'schema_owner',
    settings: { 'tenancy.mode': 'rls', 'tenancy.tenant_key': 'tenant_id', 'tenancy.tenant_id': '' },
  });
  await owner.query('SET ROLE schema_owner');
  await owner.query(`
    CREATE TABLE app.client (
      tenant_id uuid NOT NULL,
      id int,
      email text UNIQUE,
      notes text CHECK (length(notes) < 60),
      password_hash secure.bcrypt_hash,
      referrer int,
      PRIMARY KEY (tenant_id, id),
      FOREIGN KEY (tenant_id, referrer) REFERENCES app.client
    );
    SELECT tenancy.protect('app.client'), audit.watch('app.client'), secure.refuse_cards_in('app.client');
    BEGIN;
    SELECT tenancy.enter('${tenant}', 'anna');
    INSERT INTO app.client (id, email) VALUES (9, 'canary9');
    COMMIT`);
  await owner.end();
}
