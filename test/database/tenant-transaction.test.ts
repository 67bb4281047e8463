import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inTenantTransaction, type TenantContext } from '../../bin/package';
import { auditedDatabase } from './audited-database';
import { startTenancy, type TenancyServer } from './tenancy-server';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';

let server: TenancyServer;
let client: pg.Client;
let root: pg.Client;

beforeAll(async () => {
  server = await startTenancy();
  await auditedDatabase(server, 'shared');
  const owner = await server.signIn('migrator', 'shared');
  await owner.query(`
    SET ROLE schema_owner;
    CREATE TABLE app.note (tenant_id uuid NOT NULL, id uuid DEFAULT gen_random_uuid(), body text UNIQUE, PRIMARY KEY (tenant_id, id));
    SELECT tenancy.protect('app.note');
    SELECT audit.watch('app.note')`);
  await owner.end();
  client = await server.signIn('application', 'shared');
  root = await server.connect('shared');
}, 60_000);

afterAll(() => server.stop());

const of = (tenantId: string, more: Partial<TenantContext> = {}): TenantContext => ({
  tenantId,
  actor: 'anna',
  ...more,
});
const insert = (body: string) => (session: pg.Client) =>
  session.query('INSERT INTO app.note (body) VALUES ($1)', [body]);
const read = async (tenant: string, session = client) =>
  (
    await inTenantTransaction(session, of(tenant), () => session.query('SELECT body FROM app.note ORDER BY body'))
  ).rows.map(({ body }) => body);
const written = async (body: string) =>
  (
    await root.query(
      "SELECT actor, host(client_address) AS client_address, user_agent, tenant_id, request_id FROM audit.log WHERE after ->> 'body' = $1",
      [body],
    )
  ).rows;

/** Nothing of the last transaction is left on the session: a query without a tenant is refused. */
async function expectClean(session: pg.Client): Promise<void> {
  expect(session.getTransactionStatus()).toBe('I');
  await expect(session.query('SELECT * FROM app.note')).rejects.toThrow(/app.tenant_id|uuid/);
  const { rows } = await session.query("SELECT current_setting('app.actor', true) AS actor");
  expect(rows[0].actor ?? '').toBe('');
}

test('the work is committed for its tenant and no other, with who did it, and its result is handed on', async () => {
  const context = of(A, { clientAddress: '2001:db8::7', userAgent: 'Firefox', requestId: 'r-1' });
  const { rowCount } = await inTenantTransaction(client, context, insert('first'));
  expect(rowCount).toBe(1);
  expect(await read(A)).toContain('first');
  expect(await read(B)).not.toContain('first');
  expect(await written('first')).toEqual([
    { actor: 'anna', client_address: '2001:db8::7', user_agent: 'Firefox', tenant_id: A, request_id: 'r-1' },
  ]);
  await expectClean(client);
});

test('what is left out is what the session says', async () => {
  await inTenantTransaction(client, of(A), insert('bare'));
  expect(await written('bare')).toMatchObject([{ client_address: '127.0.0.1', request_id: null }]);
});

test('it takes one round trip to begin and one to commit', async () => {
  const sent: string[] = [];
  const counting = Object.assign(Object.create(client) as pg.Client, {
    query: (sql: string) => {
      sent.push(sql);
      return client.query(sql);
    },
  });
  await inTenantTransaction(counting, of(A), (session) => session.query('SELECT 1'));
  expect(sent).toEqual([expect.stringMatching(/^BEGIN; SELECT tenancy\.enter\(/), 'SELECT 1', 'COMMIT']);
});

describe('values that somebody else chose', () => {
  test.each([
    "'",
    "''; COMMIT; --",
    "'); COMMIT; SELECT ('",
    '\\',
    "\\'; ROLLBACK; --",
    "\\\\'",
    '; COMMIT',
    'first\nsecond\r\n\tthird',
    '$$; COMMIT; $$',
    "E'\\x27'",
    '%s %I $1 :name ?',
    '/* */ -- ',
    '\u2019\u02bc\uff07 \u00df \ud83d\ude00',
    "\u0001\u001b[31m'",
  ])('are written as they are: %j', async (text) => {
    for (const standard of ['on', 'off']) {
      const body = randomUUID();
      await client.query(`SET standard_conforming_strings = ${standard}`);
      await inTenantTransaction(client, of(A, { actor: text, userAgent: text, requestId: text }), insert(body));
      expect(await written(body)).toMatchObject([{ actor: text, user_agent: text, request_id: text, tenant_id: A }]);
      await expectClean(client);
    }
  });

  test('may be long', async () => {
    const userAgent = "'\\".repeat(100_000);
    await inTenantTransaction(client, of(A, { userAgent }), insert('long'));
    expect(await written('long')).toMatchObject([{ user_agent: userAgent }]);
  });

  test.each<[string, Partial<Record<keyof TenantContext, unknown>>, string]>([
    ['no UUID', { tenantId: "x'; COMMIT; --" }, "tenant is 'x'; COMMIT; --', expected a UUID"],
    ['a UUID with more behind it', { tenantId: `${A}'` }, 'expected a UUID'],
    ['a UUID with a line end', { tenantId: `${A}\n` }, 'expected a UUID'],
    ['no tenant', { tenantId: undefined }, 'expected a UUID'],
    ['nobody', { actor: '' }, 'actor is missing'],
    ['no actor', { actor: undefined }, 'actor is missing'],
    ['a list of user agents', { userAgent: ["'", 'x'] }, 'userAgent is a object, expected a text'],
    ['an address with a port', { clientAddress: '203.0.113.7:443' }, "clientAddress is '203.0.113.7:443'"],
    ['an address with a zone', { clientAddress: 'fe80::1%eth0' }, 'without port or zone'],
    ['no address', { clientAddress: 'unknown' }, 'expected an IPv4 or IPv6 address'],
    ['an empty address', { clientAddress: '' }, 'expected an IPv4 or IPv6 address'],
    ['NUL in the actor', { actor: 'an\0na' }, 'actor holds a NUL character'],
    ['NUL in the user agent', { userAgent: 'x\0; COMMIT' }, 'userAgent holds a NUL character'],
    ['NUL in the request id', { requestId: '\0' }, 'requestId holds a NUL character'],
  ])('are refused before anything is sent: %s', async (_, change, words) => {
    const context = { ...of(A), ...change } as TenantContext;
    const silent = Object.assign(Object.create(client) as pg.Client, {
      query: () => Promise.reject(new Error('sent')),
    });
    await expect(inTenantTransaction(silent, context, async () => 1)).rejects.toThrow(words);
  });
});

describe('what goes wrong', () => {
  test('undoes the work and hands its error on', async () => {
    const fault = new Error('of the work');
    const work = async (session: pg.Client) => {
      await insert('undone')(session);
      throw fault;
    };
    await expect(inTenantTransaction(client, of(A), work)).rejects.toBe(fault);
    expect(await read(A)).not.toContain('undone');
    await expectClean(client);
  });

  test('keeps the code of PostgreSQL', async () => {
    const twice = async (session: pg.Client) => {
      await insert('twice')(session);
      await insert('twice')(session);
    };
    await expect(inTenantTransaction(client, of(A), twice)).rejects.toMatchObject({ code: '23505' });
    await expectClean(client);
  });

  test('is told where the work swallowed it, because nothing was committed', async () => {
    const swallow = async (session: pg.Client) => {
      await insert('lost')(session);
      await session.query('SELECT no_such_column').catch(() => undefined);
      return 'well';
    };
    await expect(inTenantTransaction(client, of(A), swallow)).rejects.toThrow(/its error was not passed on/);
    expect(await read(A)).not.toContain('lost');
    await expectClean(client);
  });

  test('is told where the work ends its transaction by itself', async () => {
    for (const sql of ['COMMIT', 'ROLLBACK']) {
      await expect(inTenantTransaction(client, of(A), (session) => session.query(sql))).rejects.toThrow(
        /ended its transaction by itself/,
      );
      await expectClean(client);
    }
  });

  test('is told where the commit fails', async () => {
    await root.query('CREATE TABLE IF NOT EXISTS public.late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)');
    await root.query('GRANT USAGE ON SCHEMA public TO application; GRANT INSERT ON public.late TO application');
    const late = (session: pg.Client) => session.query('INSERT INTO public.late VALUES (1), (1)');
    await expect(inTenantTransaction(client, of(A), late)).rejects.toMatchObject({ code: '23505' });
    await expectClean(client);
  });

  test('ends the begin as well: a database of another tenant', async () => {
    await server.tenantDatabase('own', B);
    const other = await server.signIn('migrator', 'own');
    await other.query('SET ROLE schema_owner');
    await expect(inTenantTransaction(other, of(A), async () => 1)).rejects.toThrow(/belongs to another tenant/);
    expect(other.getTransactionStatus()).toBe('I');
    await other.end();
  });

  test('a transaction within another is refused, and the outer one goes on', async () => {
    const nested = async (session: pg.Client) => {
      await expect(inTenantTransaction(session, of(B), insert('inner'))).rejects.toThrow(/in a transaction already/);
      await insert('outer')(session);
    };
    await inTenantTransaction(client, of(A), nested);
    expect(await read(A)).toContain('outer');
    await Promise.all([
      inTenantTransaction(client, of(A), insert('one of two')),
      expect(inTenantTransaction(client, of(B), insert('other of two'))).rejects.toThrow(/in a transaction already/),
    ]);
    expect(await read(B)).toEqual([]);
  });

  test('a transaction that somebody else began is refused, and stays as it is', async () => {
    await client.query('BEGIN');
    await expect(inTenantTransaction(client, of(A), insert('inner'))).rejects.toThrow(/in a transaction already/);
    expect(client.getTransactionStatus()).toBe('T');
    await client.query('ROLLBACK');
  });
});

describe('over a pool', () => {
  const poolOf = (over: pg.PoolConfig) => {
    const { host, port, user, database, password, ssl } = client as unknown as pg.ClientConfig;
    const pool = new pg.Pool({ host, port, user, database, password, ssl, ...over });
    // A session that the server ends while somebody has it must not end the process
    pool.on('connect', (session) => session.on('error', () => undefined));
    return pool;
  };
  async function inPool<T>(pool: pg.Pool, tenant: string, work: (session: pg.Client) => Promise<T>): Promise<T> {
    const session = await pool.connect();
    try {
      return await inTenantTransaction(session, of(tenant), work);
    } finally {
      session.release();
    }
  }

  test('hundreds of transactions of many tenants, some of which fail, meet nobody else', async () => {
    const pool = poolOf({ max: 4 });
    const tenants = Array.from({ length: 20 }, () => randomUUID());
    const one = async (index: number) => {
      const tenant = tenants[index % tenants.length] ?? A;
      return inPool(pool, tenant, async (session) => {
        await insert(`${tenant} ${index}`)(session);
        if (index % 5 === 0) {
          throw new Error('on purpose');
        }
        const { rows } = await session.query('SELECT DISTINCT tenant_id FROM app.note');
        return rows.every(({ tenant_id }) => tenant_id === tenant);
      });
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 400 }, (_, index) => one(index)));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(80);
    expect(outcomes.every((each) => each.status === 'rejected' || each.value)).toBe(true);
    const { rows } = await root.query(
      "SELECT count(*)::int AS strays FROM app.note WHERE body LIKE '% %-%' AND tenant_id::text <> split_part(body, ' ', 1)",
    );
    expect(rows).toEqual([{ strays: 0 }]);
    const kept = await root.query('SELECT count(*)::int AS kept FROM app.note WHERE tenant_id = ANY ($1)', [tenants]);
    expect(kept.rows).toEqual([{ kept: 320 }]);
    for (const session of await Promise.all(Array.from({ length: 4 }, () => pool.connect()))) {
      await expectClean(session);
      session.release();
    }
    await pool.end();
  });

  test('a session that is ended under the work is not handed on', async () => {
    const pool = poolOf({ max: 1 });
    const killed = inPool(pool, A, async (session) => {
      const { rows } = await session.query('SELECT pg_backend_pid() AS pid');
      await root.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      await session.query('SELECT pg_sleep(1)');
    });
    await expect(killed).rejects.toThrow(/terminat|not queryable/);
    expect(await inPool(pool, A, async (session) => (await session.query('SELECT 1 AS one')).rows)).toEqual([
      { one: 1 },
    ]);
    await pool.end();
  });

  test('a session that does not answer in time is not handed on in the middle of its transaction', async () => {
    const pool = poolOf({ max: 1, query_timeout: 300 });
    const slow = inPool(pool, A, async (session) => {
      await insert('too slow')(session);
      await session.query('SELECT pg_sleep(2)');
    });
    await expect(slow).rejects.toThrow(/timeout/);
    const session = await pool.connect();
    await expectClean(session);
    session.release();
    expect(await read(A)).not.toContain('too slow');
    await pool.end();
  });
});
