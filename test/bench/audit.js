// What the audit log costs, on this machine: the same statements on a plain and on a watched table of one real server, as ratios. Part of
// `npm run bench` (after `npm run build`). The server writes to the disk as a real one does.

require('./read-typescript');
const { startTenancy } = require('../database/tenancy-server.ts');
const { verifyChain } = require('../../lib/database/audit-chain.ts');

const runs = Number(process.env.BENCH_RUNS ?? 3);
const median = (values) => values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];
const print = (text) => process.stdout.write(`${text}\n`);
const tables = { plain: 'app.plain', watched: 'app.watched' };

async function open(server) {
  const client = await server.signIn('application', 'bench');
  await client.query("SET app.actor = 'bench'; SET app.client_address = '203.0.113.7'; SET app.user_agent = 'bench'");
  return client;
}

async function milliseconds(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Median of several runs for each table, the tables by turns so that the machine's mood meets both. */
async function compared(name, count, work) {
  const times = { plain: [], watched: [] };
  for (let run = 0; run <= runs; run += 1) {
    for (const [kind, table] of Object.entries(tables)) {
      const time = await milliseconds(() => work(table, run));
      // The first run warms the caches
      times[kind].push(...(run === 0 ? [] : [time]));
    }
  }
  const [plain, watched] = [median(times.plain), median(times.watched)];
  print(
    `${name.padEnd(52)} ${(watched / plain).toFixed(1).padStart(5)} times  (${((plain * 1000) / count).toFixed(0)} against ${((watched * 1000) / count).toFixed(0)} µs each)`,
  );
}

async function bench() {
  const server = await startTenancy({ settings: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } });
  try {
    await server.sharedDatabase('bench');
    const root = await server.connect('bench');
    for (const table of Object.values(tables)) {
      await root.query(
        `CREATE TABLE ${table} (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, amount numeric, note text)`,
      );
      await root.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO application`);
    }
    await root.query("SELECT audit.watch('app.watched')");
    const clients = await Promise.all(Array.from({ length: 8 }, () => open(server)));
    const [client] = clients;
    const insert = (table) =>
      `INSERT INTO ${table} (name, amount, note) VALUES ('Ada', 12.5, 'a note of some length, as people write them')`;

    await compared('one row in each transaction', 300, async (table) => {
      for (let row = 0; row < 300; row += 1) {
        await client.query(insert(table));
      }
    });
    await compared('5000 rows in one statement', 5000, (table) =>
      client.query(
        `${insert(table)
          .replace('VALUES', 'SELECT')
          .replace(/\((?='Ada)/, '')
          .replace(/\)$/, '')} FROM generate_series(1, 5000)`,
      ),
    );
    await compared('5000 rows changed in one statement', 5000, (table) =>
      client.query(`UPDATE ${table} SET amount = amount + 1 WHERE id IN (SELECT id FROM ${table} LIMIT 5000)`),
    );
    await compared('5000 statements of one row in one transaction', 5000, async (table) => {
      await client.query('BEGIN');
      for (let row = 0; row < 5000; row += 1) {
        await client.query(insert(table));
      }
      await client.query('COMMIT');
    });
    await compared('one row in each transaction, 8 at the same time', 1600, (table) =>
      Promise.all(
        clients.map(async (each) => {
          for (let row = 0; row < 200; row += 1) {
            await each.query(insert(table));
          }
        }),
      ),
    );
    await server.letSignIn('audit_keeper');
    const keeper = await server.signIn('audit_keeper', 'bench');
    const start = performance.now();
    const { entries, verified, faults } = await verifyChain(keeper, { retentionDays: 731, now: new Date() });
    const seconds = (performance.now() - start) / 1000;
    print(
      `verifying the chains: ${Math.round(entries / seconds)} entries a second, ${faults.length} faults in ${entries} in ${verified} links`,
    );
  } finally {
    await server.stop();
  }
}

bench().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
