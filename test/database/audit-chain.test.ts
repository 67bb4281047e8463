import type { Client } from 'pg';
import { type Anchor, type ChainFault, type ChainOptions, verifyChain } from '../../lib/database/audit-chain';
import { act, auditedDatabase, tenant } from './audited-database';
import { startTenancy, type TenancyServer } from './tenancy-server';

// A real server, beside everything else that the machine runs
jest.setTimeout(60_000);

let server: TenancyServer;

beforeAll(async () => {
  server = await startTenancy();
  await auditedDatabase(server, 'pattern');
  const application = await server.signIn('application', 'pattern');
  for (let id = 1; id <= 6; id += 1) {
    await act(application, [
      `INSERT INTO app.client (id, tenant_id, name) VALUES (${id}, '${tenant}', 'Zoë ${id}, "q" 👋 ')`,
      `UPDATE app.client SET details = '{"b": [1, 2.50], "a": null}', notes = E'line\\nline' WHERE id = ${id}`,
    ]);
  }
  await application.end();
}, 60_000);

afterAll(() => server?.stop());

/** A database of its own for one tampering: a copy of the pattern. */
async function copy(name: string): Promise<{ root: Client; keeper: Client }> {
  const maintenance = await server.connect();
  await maintenance.query(`CREATE DATABASE ${name} TEMPLATE pattern`);
  await maintenance.end();
  const root = await server.connect(name);
  // Who has this power owns the server: the question is whether it is noticed
  await root.query(`GRANT CONNECT ON DATABASE ${name} TO audit_keeper`);
  return { root, keeper: await server.signIn('audit_keeper', name) };
}

const usual = (over: Partial<ChainOptions> = {}): ChainOptions => ({
  retentionDays: 731,
  now: new Date(),
  batch: 5,
  ...over,
});

async function anchorOf(keeper: Client, at = new Date()): Promise<Anchor> {
  const { head, chain, count } = await verifyChain(keeper, usual());
  return { version: 1, database: 'any', chain, ...head, count, at: at.toISOString() };
}

async function kinds(keeper: Client, over?: Partial<ChainOptions>): Promise<readonly ChainFault['kind'][]> {
  return (await verifyChain(keeper, usual(over))).faults.map(({ kind }) => kind);
}

/** Statements with the guards off, as an owner of the server runs them. */
async function tamper(root: Client, statement: string): Promise<void> {
  const tables = ['audit.log', 'audit.link', 'audit.checkpoint'];
  await root.query(tables.map((table) => `ALTER TABLE ${table} DISABLE TRIGGER ALL`).join(';'));
  await root.query(statement);
  await root.query(tables.map((table) => `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER append_only`).join(';'));
}

describe('a whole chain', () => {
  test('is recomputed in batches, by code that asks nothing of the database', async () => {
    const { keeper } = await copy('whole');
    const report = await verifyChain(keeper, usual());
    expect(report).toMatchObject({ faults: [], verified: 12, count: 12, head: { seq: 12 } });
  });

  test('and the part after an anchor alone', async () => {
    const { keeper, root } = await copy('since');
    const anchor = await anchorOf(keeper);
    await act(root, ["SELECT audit.record('later', 'x')"]);
    const report = await verifyChain(keeper, usual({ anchor, sinceAnchor: true }));
    expect(report).toMatchObject({ faults: [], verified: 1, head: { seq: 13 } });
  });

  test('links are in the order of commits, without gaps, whoever began first and whatever was undone', async () => {
    const { keeper, root } = await copy('orders');
    const second = await server.connect('orders');
    await root.query("BEGIN; SET LOCAL app.actor = 'a'");
    await root.query("SELECT audit.record('first', 'x')");
    await act(second, ["SELECT audit.record('second', 'x')"]);
    await expect(act(second, ["SELECT audit.record('undone', 'x')", 'SELECT 1/0'])).rejects.toThrow('division');
    await root.query('COMMIT');
    const { rows } = await root.query(
      'SELECT action FROM audit.link JOIN audit.log ON id = entry_id WHERE seq > 12 ORDER BY seq',
    );
    expect(rows.map(({ action }) => action)).toEqual(['second', 'first']);
    expect(await kinds(keeper)).toEqual([]);
  });

  test('writers hold no lock until they commit, and cross each other without a deadlock', async () => {
    const { keeper, root } = await copy('crossing');
    const second = await server.connect('crossing');
    for (const client of [root, second]) {
      await client.query("BEGIN; SET LOCAL app.actor = 'a'");
    }
    await root.query("UPDATE app.client SET notes = 'r' WHERE id = 1");
    await second.query("UPDATE app.client SET notes = 's' WHERE id = 2");
    const waiting = root.query("UPDATE app.client SET notes = 'r' WHERE id = 2");
    await second.query('COMMIT');
    await waiting;
    await root.query('COMMIT');
    expect(await kinds(keeper)).toEqual([]);
  });

  test('under REPEATABLE READ the later of two commits fails with 40001, to be tried again', async () => {
    const { keeper, root } = await copy('repeatable');
    const second = await server.connect('repeatable');
    await root.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL app.actor = 'a'");
    await root.query("SELECT audit.record('first', 'x')");
    await act(second, ["SELECT audit.record('second', 'x')"]);
    await expect(root.query('COMMIT')).rejects.toMatchObject({ code: '40001' });
    await act(root, ["SELECT audit.record('again', 'x')"]);
    expect(await kinds(keeper)).toEqual([]);
  });
});

describe('what is noticed', () => {
  test.each<[name: string, statement: string, faults: readonly ChainFault['kind'][]]>([
    ['editedactor', "UPDATE audit.log SET actor = 'eve' WHERE id = 3", ['edited']],
    ['editedvalue', `UPDATE audit.log SET after = after || '{"name": "x"}' WHERE id = 3`, ['edited']],
    ['editedtime', "UPDATE audit.log SET at = at + interval '1 s' WHERE id = 3", ['entry-removed', 'unlinked']],
    ['removedentry', 'DELETE FROM audit.log WHERE id = 3', ['entry-removed']],
    ['removedboth', 'DELETE FROM audit.log WHERE id = 3; DELETE FROM audit.link WHERE seq = 3', ['gap']],
    ['beginning', 'DELETE FROM audit.log WHERE id < 4; DELETE FROM audit.link WHERE seq < 4', ['gap']],
    [
      'swapped',
      'UPDATE audit.link SET seq = -seq WHERE seq IN (3, 4); UPDATE audit.link SET seq = 7 + seq WHERE seq < 0',
      ['edited', 'edited', 'edited'],
    ],
    [
      'slippedin',
      "INSERT INTO audit.log (at, actor, client_address, user_agent, login, action, object) VALUES (now(), 'x', '::1', 'x', 'x', 'x', 'x')",
      ['unlinked'],
    ],
    [
      'early',
      'INSERT INTO audit.checkpoint (seq, hash, before) SELECT seq, hash, now() FROM audit.link WHERE seq = 4; DELETE FROM audit.log WHERE id <= 4; DELETE FROM audit.link WHERE seq <= 4',
      ['removed-early'],
    ],
  ])('%s', async (name, statement, faults) => {
    const { root, keeper } = await copy(name);
    await tamper(root, statement);
    expect(await kinds(keeper)).toEqual(faults);
  });

  test('a removed tail: not by the chain, which is whole, but by its anchor', async () => {
    const { root, keeper } = await copy('tail');
    const anchor = await anchorOf(keeper);
    await tamper(root, 'DELETE FROM audit.log WHERE id > 10; DELETE FROM audit.link WHERE seq > 10');
    expect(await kinds(keeper)).toEqual([]);
    expect(await kinds(keeper, { anchor })).toEqual(['tail-removed']);
    expect(await kinds(keeper, { anchor, sinceAnchor: true })).toContain('tail-removed');
  });

  test('a tail removed and written anew: the anchor saw another link', async () => {
    const { root, keeper } = await copy('rewritten');
    const anchor = await anchorOf(keeper);
    await tamper(root, 'DELETE FROM audit.log WHERE id > 10; DELETE FROM audit.link WHERE seq > 10');
    await root.query('ALTER TABLE audit.log ENABLE ALWAYS TRIGGER seal');
    await act(root, ["SELECT audit.record('a', 'x')", "SELECT audit.record('b', 'x')"]);
    expect(await kinds(keeper)).toEqual([]);
    expect(await kinds(keeper, { anchor })).toEqual(['rewritten']);
  });

  test('a chain begun anew', async () => {
    const { keeper } = await copy('anew');
    const anchor = { ...(await anchorOf(keeper)), chain: '00000000-0000-0000-0000-000000000000' };
    expect(await kinds(keeper, { anchor })).toEqual(['other-chain']);
  });

  test('a forged checkpoint that its own time makes plausible: the anchor knows how young the entries were', async () => {
    const { root, keeper } = await copy('forged');
    const anchor = { ...(await anchorOf(keeper)), seq: 2 };
    await tamper(
      root,
      `INSERT INTO audit.checkpoint (seq, hash, before, at)
       SELECT seq, hash, now() - interval '800 days', now() - interval '1 day' FROM audit.link WHERE seq = 4;
       DELETE FROM audit.log WHERE id <= 4; DELETE FROM audit.link WHERE seq <= 4`,
    );
    expect(await kinds(keeper)).toEqual([]);
    expect(await kinds(keeper, { anchor })).toEqual(['removed-early']);
  });
});

describe('retention', () => {
  /** Makes the first entries old, with a chain over what they then are. */
  async function aged(name: string) {
    const { root, keeper } = await copy(name);
    await tamper(
      root,
      `UPDATE audit.log SET at = at - interval '800 days' WHERE id <= 5;
       UPDATE audit.link SET entry_at = entry_at - interval '800 days' WHERE seq <= 5;
       DO $$ DECLARE l record; previous bytea := (SELECT hash FROM audit.checkpoint); BEGIN
         FOR l IN SELECT seq, log FROM audit.link JOIN audit.log ON id = entry_id ORDER BY seq LOOP
           previous := sha256(previous || convert_to(audit.canonical(l.seq, l.log), 'UTF8'));
           UPDATE audit.link SET hash = previous WHERE seq = l.seq;
         END LOOP; END $$`,
    );
    await root.query('ALTER TABLE audit.log ENABLE ALWAYS TRIGGER seal');
    expect(await kinds(keeper)).toEqual([]);
    return { root, keeper };
  }

  test('removes what has outlived its period, says so, and the rest of the chain goes on', async () => {
    const { root, keeper } = await aged('retained');
    const anchor = await anchorOf(keeper);
    expect((await keeper.query('SELECT audit.apply_retention(731)')).rows).toEqual([{ apply_retention: '5' }]);
    expect(await kinds(keeper, { anchor })).toEqual([]);
    const { rows } = await root.query("SELECT login, after FROM audit.log WHERE action = 'retention'");
    expect(rows).toMatchObject([{ login: 'audit_keeper', after: { days: 731, seq: 5, removed: 5 } }]);
    expect((await root.query('SELECT min(id) FROM audit.log')).rows).toEqual([{ min: '6' }]);
    // Nothing more is old: nothing happens, and nothing is written
    expect((await keeper.query('SELECT audit.apply_retention(731)')).rows).toEqual([{ apply_retention: '0' }]);
  });

  test('a shorter period than promised is noticed', async () => {
    const { keeper } = await aged('shorter');
    await keeper.query('SELECT audit.apply_retention(100)');
    expect(await kinds(keeper, { retentionDays: 731 })).toEqual(['removed-early']);
    expect(await kinds(keeper, { retentionDays: 100 })).toEqual([]);
  });

  test('nothing is removed before 90 days, whoever asks', async () => {
    const { keeper } = await copy('floor');
    await expect(keeper.query('SELECT audit.apply_retention(89)')).rejects.toThrow('at least 90');
  });

  test('an entry written before the limit whose transaction committed after younger ones waits for them', async () => {
    const { root, keeper } = await copy('straggler');
    await tamper(root, "UPDATE audit.link SET entry_at = entry_at - interval '800 days' WHERE seq IN (1, 4)");
    await keeper.query('SELECT audit.apply_retention(731)');
    expect((await root.query('SELECT min(seq) FROM audit.link')).rows).toEqual([{ min: '2' }]);
  });

  test('empty months of long ago are dropped, the others stay', async () => {
    const { root, keeper } = await copy('dropped');
    await root.query(
      "CREATE TABLE audit.log_2001_01 PARTITION OF audit.log FOR VALUES FROM ('2001-01-01') TO ('2001-02-01'); ALTER TABLE audit.log_2001_01 OWNER TO security_owner",
    );
    const count = async () =>
      (await root.query("SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit.log'::regclass")).rows;
    const before = Number((await count())[0].count);
    expect((await keeper.query('SELECT audit.drop_empty_partitions()')).rows).toEqual([{ drop_empty_partitions: 1 }]);
    expect(Number((await count())[0].count)).toBe(before - 1);
    expect((await keeper.query('SELECT audit.prepare_partitions(14)')).rows).toEqual([{ prepare_partitions: 2 }]);
  });
});
