// What keeping tenants apart costs, on this machine: the same statements on a plain table and on one under tenancy.protect, of one real
// server, as ratios; then how long it takes to give tenants databases of their own. Part of `npm run bench`. The server writes to the disk
// as a real one does. Exits with 1 where a policy misses its index or reads the setting more than once in a statement.

require('./read-typescript');
const { randomUUID } = require('node:crypto');
const { cpus, loadavg } = require('node:os');
const { inTenantTransaction } = require('../../lib/database/tenant-transaction.ts');
const { provisionTenant } = require('../../lib/database/provision-tenant.ts');
const { databaseMigrations, startTenancy } = require('../database/tenancy-server.ts');

const runs = Number(process.env.BENCH_RUNS ?? 3);
const TENANTS = 100;
const ROWS = 1_000;
const tenants = Array.from(
  { length: TENANTS },
  (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
);
const median = (values) => values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];
const print = (text = '') => process.stdout.write(`${text}\n`);

/** Two tables of the same columns, rows and index. The application names the tenant in its statements, or in its transaction. */
async function fill(server) {
  const migrator = await server.signIn('migrator', 'bench');
  await migrator.query('SET ROLE schema_owner');
  for (const table of ['plain', 'kept']) {
    await migrator.query(
      `CREATE TABLE app.${table} (tenant_id uuid NOT NULL, id bigint NOT NULL, amount bigint, note text, PRIMARY KEY (tenant_id, id))`,
    );
  }
  await migrator.query(
    "GRANT SELECT, INSERT, UPDATE, DELETE ON app.plain TO application; SELECT tenancy.protect('app.kept')",
  );
  await migrator.end();
  const root = await server.connect('bench');
  for (const table of ['plain', 'kept']) {
    await root.query(
      `INSERT INTO app.${table} SELECT tenant, id, id, 'a note of some length, as people write them'
       FROM generate_series(1, ${ROWS}) AS id, unnest($1::uuid[]) AS tenant`,
      [tenants],
    );
    await root.query(`VACUUM (ANALYZE) app.${table}`);
  }
  await root.end();
}

let next = ROWS;
const anyOf = (count) => Math.floor(Math.random() * count);
/** Text and values of a statement: `plain` names the tenant, `kept` has it from the transaction. */
const statements = {
  'point read by key': {
    plain: (tenant) => ['SELECT * FROM app.plain WHERE tenant_id = $1 AND id = $2', [tenant, 1 + anyOf(ROWS)]],
    kept: () => ['SELECT * FROM app.kept WHERE id = $1', [1 + anyOf(ROWS)]],
    transactions: 300,
  },
  [`sum over the ${ROWS} rows of a tenant`]: {
    plain: (tenant) => ['SELECT count(*), sum(amount) FROM app.plain WHERE tenant_id = $1', [tenant]],
    kept: () => ['SELECT count(*), sum(amount) FROM app.kept', []],
    transactions: 300,
  },
  update: {
    plain: (tenant) => [
      'UPDATE app.plain SET amount = amount + 1 WHERE tenant_id = $1 AND id = $2',
      [tenant, 1 + anyOf(ROWS)],
    ],
    kept: () => ['UPDATE app.kept SET amount = amount + 1 WHERE id = $1', [1 + anyOf(ROWS)]],
    transactions: 200,
  },
  insert: {
    plain: (tenant) => [
      'INSERT INTO app.plain (tenant_id, id, amount, note) VALUES ($1, $2, 1, $3)',
      [tenant, ++next, 'a note'],
    ],
    kept: () => ['INSERT INTO app.kept (id, amount, note) VALUES ($1, 1, $2)', [++next, 'a note']],
    transactions: 200,
  },
};

const prepared = (client, [text, values]) => client.query({ name: text.slice(0, 60), text, values });

/** How a transaction begins: without tenants, with tenancy.enter as a round trip of its own, and with inTenantTransaction. */
const KINDS = ['plain', 'entered', 'together'];

async function transaction(client, kind, statement, times) {
  const tenant = tenants[anyOf(TENANTS)];
  const work = async () => {
    for (let time = 0; time < times; time += 1) {
      const { rowCount } = await prepared(client, statement[kind === 'plain' ? 'plain' : 'kept'](tenant));
      if (rowCount !== 1) {
        throw new Error(`expected one row, got ${rowCount}: the cases would not compare`);
      }
    }
  };
  if (kind === 'together') {
    await inTenantTransaction(client, { tenantId: tenant, actor: 'bench' }, work);
    return;
  }
  await client.query('BEGIN');
  if (kind === 'entered') {
    await prepared(client, ['SELECT tenancy.enter($1, $2)', [tenant, 'bench']]);
  }
  await work();
  await client.query('COMMIT');
}

/** Microseconds for each statement: medians of several runs, the kinds by turns so that the machine's mood meets all. */
async function compared(client, statement, transactions, times) {
  const taken = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  for (let run = 0; run <= runs; run += 1) {
    for (const kind of KINDS) {
      const start = performance.now();
      for (let each = 0; each < transactions; each += 1) {
        await transaction(client, kind, statement, times);
      }
      // The first run warms the caches
      taken[kind].push(...(run === 0 ? [] : [((performance.now() - start) * 1000) / (transactions * times)]));
    }
  }
  return Object.fromEntries(KINDS.map((kind) => [kind, median(taken[kind])]));
}

const ratio = (value, plain) => `${(value / plain).toFixed(2).padStart(5)} times`;
const line = (name, { plain, entered, together }) =>
  `${name.padEnd(34)} ${ratio(entered, plain)}, ${ratio(together, plain)}  (${plain.toFixed(0)}, ${entered.toFixed(0)} and ${together.toFixed(0)} µs each)`;

async function policies(server) {
  const client = await server.signIn('application', 'bench');
  print(
    `${TENANTS * ROWS} rows of ${TENANTS} tenants, policy against plain table, prepared statements over TLS on this machine`,
  );
  print(
    'first with tenancy.enter as a statement of its own, then with inTenantTransaction, which sends it together with BEGIN',
  );
  print(
    'each statement in a transaction of its own; BEGIN, entering under the policy, statement and COMMIT are counted:',
  );
  for (const [name, statement] of Object.entries(statements)) {
    print(`  ${line(name, await compared(client, statement, statement.transactions, 1))}`);
  }
  print('100 statements in a transaction, so that BEGIN, entering and COMMIT are counted once in 100:');
  for (const [name, statement] of Object.entries(statements)) {
    print(`  ${line(name, await compared(client, statement, 8, 100))}`);
  }
  await client.end();
}

/** Plans of the application: by the index that starts with the tenant, and the setting read once however many rows there are. */
async function plans(server) {
  const client = await server.signIn('application', 'bench');
  const own = /Index Cond: \(\(?tenant_id = (\(InitPlan \d\)\.col1|\$\d)\)/;
  const questions = [
    ['SELECT * FROM app.kept WHERE id = 7', own],
    ['SELECT * FROM app.kept WHERE id BETWEEN 10 AND 500', own],
    ['SELECT count(*), sum(amount) FROM app.kept', own],
    ['UPDATE app.kept SET amount = amount + 1 WHERE id = 7', own],
    ['DELETE FROM app.kept WHERE id = 7', own],
    ['INSERT INTO app.kept (id) SELECT -n FROM generate_series(1, 1000) AS n', /Insert on kept/],
  ];
  print('\nplans under the policy (EXPLAIN ANALYZE as application):');
  for (const [sql, expected] of questions) {
    await client.query('BEGIN');
    await client.query('SELECT tenancy.enter($1, $2)', [tenants[7], 'bench']);
    const { rows } = await client.query(`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ${sql}`);
    await client.query('ROLLBACK');
    const plan = rows.map((row) => row['QUERY PLAN']);
    print(`  ${sql}\n${plan.map((each) => `      ${each}`).join('\n')}`);
    const reads = plan.flatMap((each, index) => (/^\s*InitPlan/.test(each) ? [plan[index + 1]] : []));
    const faults = [
      ...(plan.some((each) => expected.test(each)) ? [] : ['does not use the index']),
      ...(reads.length > 0 && reads.every((each) => /Result \(actual .*loops=1\)/.test(each))
        ? []
        : ['does not read the setting once']),
      ...(plan.some((each) => /Seq Scan|current_setting/.test(each)) ? ['goes through the table row by row'] : []),
    ];
    if (faults.length > 0) {
      throw new Error(`${sql}: ${faults.join(', ')}`);
    }
  }
  await client.end();
}

/** The real steps of the provisioner, one tenant after another: sign-ins over TLS, role, database, every migration. */
async function provisioning(server) {
  const options = {
    connect: (role, database) => server.signIn(role, database),
    migrations: databaseMigrations,
    tenantKey: 'tenant_id',
  };
  const ids = Array.from({ length: TENANTS }, () => randomUUID());
  const timed = async (id) => {
    const start = performance.now();
    await provisionTenant(id, options);
    return performance.now() - start;
  };
  const times = [];
  for (const id of ids) {
    times.push(await timed(id));
  }
  const again = await timed(ids[0]);
  const total = times.reduce((sum, each) => sum + each, 0);
  print(
    `\n${TENANTS} tenants with a database and a role each, ${databaseMigrations.length} migrations, one after another:`,
  );
  print(
    `  ${(total / 1000).toFixed(1)} s; ${median(times).toFixed(0)} ms each (the first ten ${median(times.slice(0, 10)).toFixed(0)}, the last ten ${median(times.slice(-10)).toFixed(0)}, the slowest ${Math.max(...times).toFixed(0)}); ${again.toFixed(0)} ms where everything is there`,
  );
}

async function bench() {
  const server = await startTenancy({ settings: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } });
  try {
    const root = await server.connect();
    const { rows } = await root.query('SHOW server_version');
    print(
      `\nPostgreSQL ${rows[0].server_version}, node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(1)}, medians of ${runs}\n`,
    );
    await server.sharedDatabase('bench');
    await fill(server);
    await policies(server);
    await plans(server);
    // A cluster holds either one database that all tenants share or one for each
    await root.query('DROP DATABASE bench');
    await root.end();
    await provisioning(server);
  } finally {
    await server.stop();
  }
}

bench().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
