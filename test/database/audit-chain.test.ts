import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { verifyChain } from '../../lib/database/audit-chain';
import { ENTRY, LINKS } from '../../lib/database/audit-link';
import type { Anchor, ChainFault, ChainOptions } from '../../lib/database/audit-report';
import { act, auditedDatabase, tenant } from './audited-database';
import { startTenancy, type TenancyServer } from './tenancy-server';

const LANES = 16;

// Which lane a session writes in is an accident of its process id: cases that need one without entries name it so
const EMPTY_LANE = '(SELECT (max(lane) + 1) % 16 FROM audit.link)';

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

let sessions: Client[] = [];

/** A session of the superuser, until the test ends. */
async function connect(database: string): Promise<Client> {
  const client = await server.connect(database);
  sessions.push(client);
  return client;
}

afterEach(async () => {
  await Promise.all(sessions.map((session) => session.end()));
  sessions = [];
});

/** A database of its own for one tampering: a copy of the pattern. */
async function copy(name: string): Promise<{ root: Client; keeper: Client }> {
  const maintenance = await server.connect();
  await maintenance.query(`CREATE DATABASE ${name} TEMPLATE pattern`);
  await maintenance.end();
  const root = await connect(name);
  // Who has this power owns the server: the question is whether it is noticed
  await root.query(`GRANT CONNECT ON DATABASE ${name} TO audit_keeper`);
  const keeper = await server.signIn('audit_keeper', name);
  sessions.push(keeper);
  return { root, keeper };
}

const usual = (over: Partial<ChainOptions> = {}): ChainOptions => ({
  retentionDays: 731,
  now: new Date(),
  batch: 5,
  ...over,
});

async function anchorOf(keeper: Client, at = new Date()): Promise<Anchor> {
  const { heads, chain, count } = await verifyChain(keeper, usual());
  return { version: 3, database: 'any', chain, heads, count, at: at.toISOString() };
}

async function kinds(keeper: Client, over?: Partial<ChainOptions>): Promise<readonly ChainFault['kind'][]> {
  return (await verifyChain(keeper, usual(over))).faults.map(({ kind }) => kind);
}

/** How far the lane is that the pattern's entries are in: one session wrote them. */
async function reached(keeper: Client): Promise<{ lane: number; seq: number }> {
  const { heads } = await verifyChain(keeper, usual());
  const lane = heads.findIndex(({ seq }) => seq >= 12);
  return { lane, seq: heads[lane]?.seq ?? 0 };
}

/** Keeps every lane but the named ones from everybody else, until the session ends its transaction. */
async function holdLanes(client: Client, except: readonly number[]): Promise<void> {
  await client.query('BEGIN');
  await client.query('SELECT FROM audit.lane WHERE id <> ALL ($1) FOR UPDATE', [except]);
}

/** Statements with the guards off, as an owner of the server runs them. */
async function tamper(root: Client, statement: string): Promise<void> {
  const tables = ['audit.log', 'audit.link', 'audit.checkpoint', 'audit.lane'];
  await root.query(tables.map((table) => `ALTER TABLE ${table} DISABLE TRIGGER ALL`).join(';'));
  await root.query(statement);
  await root.query(tables.map((table) => `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER append_only`).join(';'));
}

describe('a whole chain', () => {
  test('is recomputed in batches, by code that asks nothing of the database', async () => {
    const { keeper } = await copy('whole');
    const report = await verifyChain(keeper, usual());
    expect(report).toMatchObject({ faults: [], verified: 12, entries: 12, count: 12 });
    expect(report.heads).toHaveLength(LANES);
  });

  test('and the part after an anchor alone', async () => {
    const { keeper, root } = await copy('since');
    const anchor = await anchorOf(keeper);
    await act(root, ["SELECT audit.record('later', 'x')"]);
    const report = await verifyChain(keeper, usual({ anchor, sinceAnchor: true }));
    expect(report).toMatchObject({ faults: [], verified: 1, count: 13 });
  });

  test('links are in the order of commits, without gaps, whoever began first and whatever was undone', async () => {
    const { keeper, root } = await copy('orders');
    const second = await connect('orders');
    await holdLanes(await connect('orders'), [(await reached(keeper)).lane]);
    await root.query("BEGIN; SET LOCAL app.actor = 'a'");
    await root.query("SELECT audit.record('first', 'x')");
    await act(second, ["SELECT audit.record('second', 'x')"]);
    await expect(act(second, ["SELECT audit.record('undone', 'x')", 'SELECT 1/0'])).rejects.toThrow('division');
    await root.query('COMMIT');
    const { rows } = await root.query(
      'SELECT action FROM audit.link JOIN audit.log USING (batch) WHERE seq > 12 ORDER BY seq',
    );
    expect(rows.map(({ action }) => action)).toEqual(['second', 'first']);
    expect(await kinds(keeper)).toEqual([]);
  });

  test('writers hold no lock until they commit, and cross each other without a deadlock', async () => {
    const { keeper, root } = await copy('crossing');
    const second = await connect('crossing');
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

  test('under REPEATABLE READ the later of two commits in one lane fails with 40001, to be tried again', async () => {
    const { keeper, root } = await copy('repeatable');
    const second = await connect('repeatable');
    const holder = await connect('repeatable');
    await holdLanes(holder, [3]);
    await root.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL app.actor = 'a'");
    await root.query("SELECT audit.record('first', 'x')");
    await act(second, ["SELECT audit.record('second', 'x')"]);
    await expect(root.query('COMMIT')).rejects.toMatchObject({ code: '40001' });
    await act(root, ["SELECT audit.record('again', 'x')"]);
    expect(await kinds(keeper)).toEqual([]);
  });

  test('transactions that commit at the same time take a lane each; where all are held one waits', async () => {
    const { keeper, root } = await copy('lanes');
    const second = await connect('lanes');
    const third = await connect('lanes');
    const holder = await connect('lanes');
    await holdLanes(holder, [3, 4]);
    // SET CONSTRAINTS takes the lane at once, and keeps it until the transaction ends
    const begin = async (client: Client) => {
      await client.query("BEGIN; SET LOCAL app.actor = 'a'");
      await client.query("SELECT audit.record('act', 'x')");
    };
    await begin(root);
    await root.query('SET CONSTRAINTS ALL IMMEDIATE');
    await begin(second);
    await second.query('SET CONSTRAINTS ALL IMMEDIATE');
    await begin(third);
    let isThrough = false;
    const waiting = third.query('COMMIT').then(() => {
      isThrough = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isThrough).toBe(false);
    // One commits while the other holds its lane
    await second.query('COMMIT');
    await holder.query('COMMIT');
    await root.query('COMMIT');
    await waiting;
    const { rows } = await root.query('SELECT count(DISTINCT lane) AS lanes FROM audit.link WHERE batch > 12');
    expect(Number(rows[0].lanes)).toBeGreaterThanOrEqual(2);
    expect(await kinds(keeper)).toEqual([]);
  });

  test('many sessions at once extend it without a gap, and without waiting for one another for ever', async () => {
    const { keeper } = await copy('crowd');
    const clients = await Promise.all(Array.from({ length: 24 }, () => connect('crowd')));
    await Promise.all(
      clients.map(async (client, index) => {
        for (let turn = 0; turn < 5; turn += 1) {
          await act(client, [
            `SELECT audit.record('turn', '${turn}')`,
            `INSERT INTO app.client (id, tenant_id) SELECT id, '${tenant}' FROM generate_series(${1000 + index * 50 + turn * 10}, ${1009 + index * 50 + turn * 10}) AS id`,
          ]);
        }
      }),
    );
    const report = await verifyChain(keeper, usual());
    expect(report).toMatchObject({ faults: [], verified: 12 + 24 * 5 * 2, entries: 12 + 24 * 5 * 11 });
    expect(report.heads.filter(({ seq }) => seq > 0).length).toBeGreaterThan(1);
  });

  test('what people write is hashed alike on both sides, alone and with others', async () => {
    const { keeper, root } = await copy('letters');
    const odd = String.raw`E'"quoted" \\ / \b\f\n\r\t\x01\x1f\x7f \u2028\u2029 <é👋> (a, b) '''`;
    await act(root, [
      `SELECT set_config('app.user_agent', ${odd}, true), set_config('app.request_id', ${odd}, true)`,
      // How a session writes its own times and numbers is no matter
      "SET LOCAL datestyle = 'SQL, DMY'; SET LOCAL timezone = 'Asia/Kolkata'; SET LOCAL extra_float_digits = 0",
      `INSERT INTO app.client (id, tenant_id, name, details) VALUES (70, '${tenant}', ${odd}, '{"n": 1.50, "e": ""}'), (71, '${tenant}', '', NULL)`,
      `INSERT INTO app.client (id, tenant_id, name) VALUES (72, '${tenant}', ${odd})`,
      `UPDATE app.client SET name = '', notes = 'a, "b"' WHERE id = 72`,
      'UPDATE app.client SET name = NULL WHERE id >= 70',
    ]);
    expect(await verifyChain(keeper, usual())).toMatchObject({ faults: [], entries: 12 + 2 + 1 + 1 + 3 });
    // The form that is documented, written without the database
    const { rows } = await root.query(
      `SELECT batch, ARRAY[id::text, batch::text, CASE WHEN alone THEN 't' ELSE 'f' END, (extract(epoch FROM at))::text, actor,
         host(client_address), user_agent, tenant_id::text, request_id, login, action, object, object_key::text, to_jsonb(changed)::text,
         before::text, after::text
       ] AS values, ${ENTRY} AS entry FROM audit.log AS entry WHERE batch >= 13 ORDER BY id`,
    );
    expect(rows.map(({ entry }) => entry)).toEqual(rows.map(({ values }) => asRow(values)));
    const { rows: links } = await root.query(
      `SELECT lane, seq, batch, entries::int, encode(hash, 'hex') AS hash,
         encode(coalesce((SELECT hash FROM audit.link AS former WHERE former.lane = link.lane AND former.seq = link.seq - 1),
           (SELECT hash FROM audit.checkpoint WHERE checkpoint.lane = link.lane AND checkpoint.seq = link.seq - 1)), 'hex') AS before
       FROM audit.link WHERE batch >= 13 ORDER BY batch`,
    );
    expect(links.map(({ entries }) => entries)).toEqual([2, 1, 1, 3]);
    for (const { lane, seq, batch, before, hash, entries } of links) {
      const expected = createHash('sha256').update(before, 'hex').update(`[${lane},${seq},${batch},${entries}]`);
      for (const { values } of rows.filter((row) => row.batch === batch)) {
        expected.update(createHash('sha256').update(asRow(values)).digest());
      }
      expect(hash).toBe(expected.digest('hex'));
    }
  });
});

/** A row as PostgreSQL writes it: nothing for null, quotes where something in it would be read as part of the row. */
function asRow(values: readonly (string | null)[]): string {
  const needsQuotes = (value: string) => value === '' || /["\\(), \t\n\r\v\f]/.test(value);
  const written = values.map((value) =>
    value === null ? '' : needsQuotes(value) ? `"${value.replaceAll(/["\\]/g, '$&$&')}"` : value,
  );
  return `(${written.join(',')})`;
}

/** An entry that somebody writes past the functions. */
const slip = (id: string, batch: string, at = 'now()') =>
  `INSERT INTO audit.log (id, batch, alone, at, actor, client_address, user_agent, login, action, object)
   OVERRIDING SYSTEM VALUE VALUES (${id}, ${batch}, ${id} = ${batch}, ${at}, 'x', '::1', 'x', 'x', 'x', 'x')`;

describe('what is noticed', () => {
  test.each<[name: string, statement: string, faults: readonly ChainFault['kind'][]]>([
    ['editedactor', "UPDATE audit.log SET actor = 'eve' WHERE id = 3", ['edited']],
    ['editedvalue', `UPDATE audit.log SET after = after || '{"name": "x"}' WHERE id = 3`, ['edited']],
    ['editedalone', 'UPDATE audit.log SET alone = false WHERE id = 3', ['edited']],
    ['editedtime', "UPDATE audit.log SET at = at + interval '1 s' WHERE id = 3", ['entry-removed', 'unlinked']],
    ['removedentry', 'DELETE FROM audit.log WHERE id = 3', ['entry-removed']],
    ['removedboth', 'DELETE FROM audit.log WHERE id = 3; DELETE FROM audit.link WHERE seq = 3', ['gap']],
    ['beginning', 'DELETE FROM audit.log WHERE id < 4; DELETE FROM audit.link WHERE seq < 4', ['gap']],
    [
      'swapped',
      'UPDATE audit.link SET seq = -seq WHERE seq IN (3, 4); UPDATE audit.link SET seq = 7 + seq WHERE seq < 0',
      ['edited', 'edited', 'edited'],
    ],
    ['slippedin', slip('900', '900'), ['unlinked']],
    [
      'early',
      'INSERT INTO audit.checkpoint (lane, seq, hash, before) SELECT lane, seq, hash, now() FROM audit.link WHERE seq = 4; DELETE FROM audit.log WHERE id <= 4; DELETE FROM audit.link WHERE seq <= 4',
      ['removed-early'],
    ],
    [
      'belowbeginning',
      `${slip('900', '900')}; INSERT INTO audit.link SELECT lane, -1, 900, (SELECT at FROM audit.log WHERE id = 900), 1, hash FROM audit.link WHERE seq = 1`,
      ['unlinked'],
    ],
    [
      'anotherlane',
      `${slip('900', '900')}; INSERT INTO audit.link SELECT 16, 1, 900, (SELECT at FROM audit.log WHERE id = 900), 1, hash FROM audit.link WHERE seq = 1`,
      ['unlinked'],
    ],
    ['removedlane', `DELETE FROM audit.lane WHERE id = ${EMPTY_LANE}`, ['beginning']],
    ['addedlane', 'INSERT INTO audit.lane VALUES (16)', ['beginning']],
    ['lanebegunelsewhere', `DELETE FROM audit.checkpoint WHERE lane = ${EMPTY_LANE}`, ['beginning']],
  ])('%s', async (name, statement, faults) => {
    const { root, keeper } = await copy(name);
    await tamper(root, statement);
    expect(await kinds(keeper)).toEqual(faults);
  });

  describe('of a batch of several entries', () => {
    test.each<[name: string, statement: string, faults: readonly ChainFault['kind'][]]>([
      ['batchshorter', 'DELETE FROM audit.log WHERE id = 15', ['entry-removed']],
      ['batchwithoutfirst', 'DELETE FROM audit.log WHERE id = 13', ['entry-removed']],
      ['batchgone', 'DELETE FROM audit.log WHERE batch = 13', ['entry-removed']],
      ['batchedited', "UPDATE audit.log SET object_key = '{}' WHERE id = 15", ['edited']],
      ['batchlonger', slip('900', '13', '(SELECT at FROM audit.log WHERE id = 13)'), ['edited']],
      ['batchlongerlater', slip('900', '13'), ['unlinked']],
      [
        'batchordered',
        'UPDATE audit.log SET id = -id WHERE id IN (14, 15); UPDATE audit.log SET id = 29 + id WHERE id < 0',
        ['edited'],
      ],
      [
        'batchmoved',
        'UPDATE audit.log SET batch = 13, at = (SELECT at FROM audit.log WHERE id = 13) WHERE id = 20',
        ['edited', 'entry-removed'],
      ],
      ['batchmovedalone', 'UPDATE audit.log SET batch = 13 WHERE id = 20', ['entry-removed', 'unlinked']],
      [
        'batchcounted',
        'DELETE FROM audit.log WHERE id = 17; UPDATE audit.link SET entries = 4 WHERE batch = 13',
        ['edited'],
      ],
    ])('%s', async (name, statement, faults) => {
      const { root, keeper } = await copy(name);
      const insert = (from: number) =>
        `INSERT INTO app.client (id, tenant_id) SELECT id, '${tenant}' FROM generate_series(${from}, ${from + 4}) AS id`;
      await act(root, [insert(20), insert(30)]);
      expect(await verifyChain(keeper, usual())).toMatchObject({ faults: [], verified: 14, entries: 22 });
      await root.query('ALTER TABLE audit.log ALTER id DROP IDENTITY');
      await tamper(root, statement);
      expect(await kinds(keeper)).toEqual(faults);
    });

    test('a batch is read in pieces smaller than itself', async () => {
      const { root, keeper } = await copy('pieces');
      await act(root, [
        `INSERT INTO app.client (id, tenant_id) SELECT id, '${tenant}' FROM generate_series(20, 56) AS id`,
        "SELECT audit.record('after', 'x')",
      ]);
      for (const batch of [1, 7, 37, 1000]) {
        const report = await verifyChain(keeper, usual({ batch }));
        expect(report).toMatchObject({ faults: [], verified: 14, entries: 50 });
      }
    });
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
    await holdLanes(await connect('rewritten'), [
      (await verifyChain(keeper, usual())).heads.findIndex(({ seq }) => seq === 10),
    ]);
    await act(root, ["SELECT audit.record('a', 'x')", "SELECT audit.record('b', 'x')"]);
    expect(await kinds(keeper)).toEqual([]);
    expect(await kinds(keeper, { anchor })).toEqual(['rewritten']);
  });

  test('all of a lane', async () => {
    const { root, keeper } = await copy('wholelane');
    const anchor = await anchorOf(keeper);
    await tamper(root, 'DELETE FROM audit.log; DELETE FROM audit.link');
    expect(await kinds(keeper)).toEqual([]);
    expect(await kinds(keeper, { anchor })).toEqual(['tail-removed']);
  });

  test('the tail of one lane, however far the others went since', async () => {
    const { root, keeper } = await copy('onelane');
    const { lane } = await reached(keeper);
    await holdLanes(await connect('onelane'), [(lane + 1) % LANES]);
    await act(root, ["SELECT audit.record('a', 'x')"]);
    const anchor = await anchorOf(keeper);
    await act(
      root,
      Array.from({ length: 20 }, () => "SELECT audit.record('b', 'x')"),
    );
    expect(await kinds(keeper, { anchor, sinceAnchor: true })).toEqual([]);
    await tamper(root, 'DELETE FROM audit.log WHERE id = 12; DELETE FROM audit.link WHERE seq = 12 AND batch = 12');
    expect(await verifyChain(keeper, usual({ anchor, sinceAnchor: true }))).toMatchObject({
      faults: [{ kind: 'tail-removed', lane }],
    });
  });

  test('a chain begun anew', async () => {
    const { keeper } = await copy('anew');
    const anchor = { ...(await anchorOf(keeper)), chain: '00000000-0000-0000-0000-000000000000' };
    expect(await kinds(keeper, { anchor })).toEqual(['other-chain']);
  });

  test('a forged checkpoint that its own time makes plausible: the anchor knows how young the entries were', async () => {
    const { root, keeper } = await copy('forged');
    const seen = await anchorOf(keeper);
    const anchor = { ...seen, heads: seen.heads.map((head) => (head.seq === 12 ? { ...head, seq: 2 } : head)) };
    await tamper(
      root,
      `INSERT INTO audit.checkpoint (lane, seq, hash, before, at)
       SELECT lane, seq, hash, now() - interval '800 days', now() - interval '1 day' FROM audit.link WHERE seq = 4;
       DELETE FROM audit.log WHERE id <= 4; DELETE FROM audit.link WHERE seq <= 4`,
    );
    expect(await kinds(keeper)).toEqual([]);
    expect(await kinds(keeper, { anchor })).toEqual(['removed-early']);
  });
});

/** Links what is there, as the one who computes hashes without the database does. */
async function linkAnew(root: Client, keeper: Client): Promise<void> {
  const { lane } = await reached(keeper);
  const { rows } = await root.query(`${LINKS}`, [lane, 0]);
  let previous = String(
    (await root.query("SELECT encode(hash, 'hex') AS hash FROM audit.checkpoint WHERE lane = $1", [lane])).rows[0].hash,
  );
  await root.query('ALTER TABLE audit.link DISABLE TRIGGER append_only');
  for (const { seq, batch, entries, entry } of rows) {
    const digest = createHash('sha256').update(entry).digest();
    const hash = createHash('sha256')
      .update(previous, 'hex')
      .update(`[${lane},${seq},${batch},${entries}]`)
      .update(digest);
    previous = hash.digest('hex');
    await root.query("UPDATE audit.link SET hash = decode($1, 'hex') WHERE lane = $2 AND seq = $3", [
      previous,
      lane,
      seq,
    ]);
  }
  await root.query('ALTER TABLE audit.link ENABLE ALWAYS TRIGGER append_only');
}

describe('retention', () => {
  /** Makes the first entries old, with a chain over what they then are. */
  async function aged(name: string) {
    const { root, keeper } = await copy(name);
    await tamper(
      root,
      `UPDATE audit.log SET at = at - interval '800 days' WHERE id <= 5;
       UPDATE audit.link SET at = at - interval '800 days' WHERE seq <= 5`,
    );
    await linkAnew(root, keeper);
    await root.query('ALTER TABLE audit.log ENABLE ALWAYS TRIGGER seal');
    expect(await kinds(keeper)).toEqual([]);
    return { root, keeper };
  }

  test('removes what has outlived its period, says so, and the rest of the chain goes on', async () => {
    const { root, keeper } = await aged('retained');
    const anchor = await anchorOf(keeper);
    const { lane } = await reached(keeper);
    expect((await keeper.query('SELECT audit.apply_retention(731)')).rows).toEqual([{ apply_retention: '5' }]);
    expect(await kinds(keeper, { anchor })).toEqual([]);
    const { rows } = await root.query("SELECT login, after FROM audit.log WHERE action = 'retention'");
    expect(rows).toMatchObject([
      { login: 'audit_keeper', after: { days: 731, lanes: { [String(lane)]: 5 }, removed: 5 } },
    ]);
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
    await tamper(root, "UPDATE audit.link SET at = at - interval '800 days' WHERE seq IN (1, 4)");
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
