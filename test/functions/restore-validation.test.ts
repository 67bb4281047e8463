import type pg from 'pg';
import { ENTRY } from '../../lib/database/audit-link';
import { type DrillEvent, restoreDrill, type Surroundings } from '../../lib/functions/restore-validation/drill';
import { judgeCluster, type Query } from '../../lib/functions/restore-validation/integrity';
import { inDatabase, openAs } from '../../lib/functions/restore-validation/session';
import type { TenantStatus } from '../../lib/functions/tenant-provisioner/tenant-catalogue';
import { certificateAuthority } from '../database/certificates';
import { type PostgresServer, startPostgres } from '../database/postgres-server';

const job = 'D59196C8-8951-4C80-E71E-8F41E6D364E5';
const cluster = 'awsbackup-restore-test-6f8d';
const instance = `restore-check-${job.toLowerCase()}`;
const madeAt = new Date('2026-11-19T06:00:00Z');
const planArn = 'arn:aws:backup:eu-central-1:333333333333:restore-testing-plan:production_restore_drill-1';

/** As AWS Backup sends it, with the fields that its documentation shows. */
function restored(over: Partial<Extract<DrillEvent, { source: 'aws.backup' }>['detail']> = {}): DrillEvent {
  return Object.assign(
    { version: '0', 'detail-type': 'Restore Job State Change', account: '333333333333', region: 'eu-central-1' },
    {
      source: 'aws.backup' as const,
      detail: {
        restoreJobId: job,
        backupSizeInBytes: '8589934592',
        creationDate: '2026-11-01T04:30:00.000Z',
        percentDone: 0,
        resourceType: 'Aurora',
        status: 'COMPLETED',
        createdResourceArn: `arn:aws:rds:eu-central-1:333333333333:cluster:${cluster}`,
        ...over,
      },
    },
  );
}

/** As RDS sends it. */
const created: DrillEvent = Object.assign(
  { version: '0', 'detail-type': 'RDS DB Instance Event', account: '333333333333', region: 'eu-central-1' },
  {
    source: 'aws.rds' as const,
    detail: {
      EventCategories: ['creation'],
      SourceType: 'DB_INSTANCE',
      SourceArn: `arn:aws:rds:eu-central-1:333333333333:db:${instance}`,
      Message: 'DB instance created',
      SourceIdentifier: instance,
      EventID: 'RDS-EVENT-0005',
    },
  },
);

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
}, 30_000);

afterAll(() => server.stop());

/** Makes a database for one test, with something in it. */
async function database(name: string, ...statements: string[]): Promise<void> {
  await run('postgres', `CREATE DATABASE ${name}`);
  await run(name, 'CREATE TABLE invoice (id int PRIMARY KEY, amount int)', ...statements);
}

async function run(name: string, ...statements: string[]): Promise<void> {
  const client: pg.Client = await server.connect(name);
  for (const statement of statements) {
    await client.query(statement);
  }
  await client.end();
}

const access = () => ({ host: server.host, port: server.port, ...server.superuser, ca: server.ca });
const open = <T>(name: string, work: (query: Query) => Promise<T>) => inDatabase(access(), name, work);

/** What was found in one database, without what passed. */
async function wrongIn(name: string): Promise<readonly string[]> {
  const results = await judgeCluster(open);
  return results
    .filter((result) => result.store === name && result.outcome === 'failed')
    .map(({ check, found }) => `${check}: ${found}`);
}

describe('what is asked of a restored cluster', () => {
  afterEach(async () => {
    const client = await server.connect();
    const { rows } = await client.query<{ name: string }>(
      "SELECT datname AS name FROM pg_database WHERE datname <> 'postgres' AND NOT datistemplate",
    );
    for (const { name } of rows) {
      await client.query(`DROP DATABASE ${name}`);
    }
    await client.end();
  });

  test('every database of it answers, and a whole one has nothing wrong', async () => {
    await database('tenant_one');
    await database('tenant_two', 'INSERT INTO invoice SELECT n, n FROM generate_series(1, 1000) AS n');
    const results = await judgeCluster(open);
    expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect([...new Set(results.map((result) => result.store))]).toEqual(['postgres', 'tenant_one', 'tenant_two', '*']);
    expect(results).toContainEqual({
      store: 'tenant_two',
      check: 'indexes are in order',
      outcome: 'passed',
      found: '0',
    });
    expect(results).toContainEqual({
      store: 'tenant_two',
      check: 'the audit chain is unbroken',
      outcome: 'absent',
      found: 'nothing to check',
    });
  });

  test('fails without a single table: nothing restored is not nothing wrong', async () => {
    expect(await judgeCluster(open)).toContainEqual({
      store: '*',
      check: 'there are tables',
      outcome: 'failed',
      found: '0',
    });
  });

  test.each([
    [
      'a constraint that was never checked',
      'ALTER TABLE invoice ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID',
      'every constraint is validated: 1',
    ],
    [
      'an index that broke off',
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'invoice_pkey'::regclass",
      'every index is valid: 1',
    ],
    [
      'a trigger that was switched off',
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE TRIGGER guard BEFORE DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION refuse();
       ALTER TABLE invoice DISABLE TRIGGER guard`,
      'every trigger that guards is on: 1',
    ],
  ])('fails for %s', async (_, statement, words) => {
    await database('spoiled', statement);
    expect(await wrongIn('spoiled')).toEqual([words]);
  });

  test('fails for an index whose order is not that of its values', async () => {
    // The comparison changes below the index, as with another version of the sorting rules of a language
    await database(
      'sorted',
      `CREATE FUNCTION upward(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp(a, b)'`,
      `CREATE OPERATOR CLASS own_order FOR TYPE int USING btree AS
         OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 upward(int, int)`,
      'INSERT INTO invoice SELECT n, n FROM generate_series(1, 1000) AS n',
      'CREATE INDEX by_amount ON invoice (amount own_order)',
      `CREATE OR REPLACE FUNCTION upward(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp(b, a)'`,
    );
    expect(await wrongIn('sorted')).toEqual([expect.stringMatching(/^indexes are in order: .*"by_amount"/)]);
  });

  describe('the chain of the audit log', () => {
    const chain = [
      'CREATE SCHEMA audit',
      `CREATE TABLE audit.log (id bigint, batch bigint, alone boolean, at timestamptz, actor text, client_address inet, user_agent text, tenant_id uuid,
         request_id text, login text, action text, object text, object_key jsonb, changed text[], before jsonb, after jsonb)`,
      'CREATE TABLE audit.link (lane smallint, seq bigint, batch bigint, at timestamptz, entries bigint, hash bytea, PRIMARY KEY (lane, seq))',
      'CREATE TABLE audit.checkpoint (lane smallint, seq bigint, hash bytea, PRIMARY KEY (lane, seq))',
      `INSERT INTO audit.checkpoint SELECT lane, 0, sha256('begin') FROM generate_series(0, 1) AS lane`,
      // Batches of two entries, by turns in two lanes
      `INSERT INTO audit.log (id, batch, at, actor) SELECT n, n - 1 + n % 2, '2026-11-20', 'actor ' || n FROM generate_series(1, 12) AS n`,
      `DO $$
       DECLARE
         each record;
         written bytea;
       BEGIN
         FOR each IN
           SELECT batch, ((batch - 1) / 2 % 2)::smallint AS lane, (batch - 1) / 4 + 1 AS seq, count(*) AS entries,
             string_agg(sha256(convert_to(${ENTRY}, 'UTF8')), '' ORDER BY id) AS digests
           FROM audit.log AS entry GROUP BY batch ORDER BY batch
         LOOP
           SELECT hash INTO written FROM (
             SELECT seq, hash FROM audit.link WHERE lane = each.lane UNION ALL SELECT seq, hash FROM audit.checkpoint WHERE lane = each.lane
           ) AS heads ORDER BY seq DESC LIMIT 1;
           INSERT INTO audit.link VALUES (each.lane, each.seq, each.batch, '2026-11-20', each.entries, sha256(
             written || convert_to(array_to_json(ARRAY[each.lane, each.seq, each.batch, each.entries])::text, 'UTF8') || each.digests));
         END LOOP;
       END $$`,
      'GRANT USAGE ON SCHEMA audit TO security_owner',
      'GRANT SELECT ON ALL TABLES IN SCHEMA audit TO security_owner',
    ];

    beforeAll(() => run('postgres', 'CREATE ROLE security_owner NOLOGIN'));

    test('is asked for where there is one', async () => {
      await database('audited', ...chain);
      expect(await judgeCluster(open)).toContainEqual({
        store: 'audited',
        check: 'the audit chain is unbroken',
        outcome: 'passed',
        found: '0',
      });
    });

    test.each([
      ['an entry that was changed', `UPDATE audit.log SET actor = 'somebody else' WHERE id = 3`, '1'],
      ['an entry that was removed', 'DELETE FROM audit.log WHERE id = 3', '1'],
      ['the last entry of a batch that was removed', 'DELETE FROM audit.log WHERE id = 4', '1'],
      ['a batch that was removed', 'DELETE FROM audit.log WHERE batch = 3', '1'],
      ['a link that was removed', 'DELETE FROM audit.link WHERE lane = 1 AND seq = 2', '1'],
      ['a beginning that was moved', `UPDATE audit.checkpoint SET hash = sha256('other') WHERE lane = 1`, '1'],
    ])('fails for %s', async (_, statement, found) => {
      await database('audited', ...chain, statement);
      expect(await wrongIn('audited')).toEqual([`the audit chain is unbroken: ${found}`]);
    });
  });

  test('leaves nothing behind', async () => {
    await database('looked_at');
    await judgeCluster(open);
    await open('looked_at', async (query) => {
      expect(await query("SELECT nspname FROM pg_namespace WHERE nspname = 'restore_validation'")).toEqual([]);
      expect(await query("SELECT extname FROM pg_extension WHERE extname = 'amcheck'")).toEqual([]);
    });
  });
});

describe('a session', () => {
  test.each([
    ['of another authority', { ca: certificateAuthority('somebody else').certificate }, /self-signed|unable to/],
    ['for another host', { host: '127.0.0.1' }, /not in the cert's list|Hostname\/IP does not match/],
    ['with another password', { password: 'wrong' }, /password authentication failed/],
  ])('fails for a server %s', async (_, over, words) => {
    await expect(inDatabase({ ...access(), ...over }, 'postgres', async () => 'reached')).rejects.toThrow(words);
  });
});

/** AWS as the drill sees it; the password of the restored cluster is really changed, after a while. */
function aws(over: Partial<Surroundings> = {}) {
  const calls: [string, Record<string, unknown>][] = [];
  const reports: [string, string][] = [];
  const evidence: Record<string, unknown>[] = [];
  let clock = Date.parse('2026-11-20T05:00:00Z');
  let waiting: string | undefined;
  const note =
    (name: string, answer: object = {}) =>
    async (input: object) => {
      calls.push([name, { ...input }]);
      return answer;
    };
  const surroundings = {
    backup: {
      describeRestoreJob: note('describeRestoreJob', {
        RestoreJobId: job,
        CreatedBy: { RestoreTestingPlanArn: planArn },
        ResourceType: 'Aurora',
        SourceResourceArn: 'arn:aws:rds:eu-central-1:333333333333:cluster:main',
        CreationDate: new Date('2026-11-20T04:30:00Z'),
        CompletionDate: new Date('2026-11-20T04:50:00Z'),
        RecoveryPointCreationDate: madeAt,
      }),
      putRestoreValidationResult: note('putRestoreValidationResult'),
    } as Surroundings['backup'],
    rds: {
      createDBInstance: note('createDBInstance'),
      deleteDBInstance: note('deleteDBInstance'),
      describeDBInstances: note('describeDBInstances', {
        DBInstances: [{ DBClusterIdentifier: cluster, TagList: [{ Key: 'restore-job', Value: job }] }],
      }),
      describeDBClusters: note('describeDBClusters', {
        DBClusters: [{ Endpoint: server.host, Port: server.port, MasterUsername: 'administrator' }],
      }),
      modifyDBCluster: async (input: { MasterUserPassword: string }) => {
        calls.push(['modifyDBCluster', { ...input }]);
        waiting = input.MasterUserPassword;
      },
    } as Surroundings['rds'],
    filesAs: () => Promise.reject(new Error('no bucket was restored')),
    below: () => 0,
    dynamoDb: {} as Surroundings['dynamoDb'],
    catalogueOf: () => ({ every: async () => [] }),
    catalogue: 'catalogue',
    tableKey: 'arn:aws:kms:eu-central-1:333333333333:key/database',
    filesKey: 'arn:aws:kms:eu-central-1:333333333333:key/files',
    planArn,
    instanceClass: 'db.t4g.medium',
    ca: server.ca,
    inDatabase,
    openAs,
    erased: async () => [],
    hasTime: () => true,
    report: async (subject, message) => {
      reports.push([subject, message]);
    },
    write: (line) => evidence.push(JSON.parse(line)),
    now: () => new Date(clock),
    pause: async (milliseconds) => {
      clock += milliseconds;
      if (waiting !== undefined) {
        await run('postgres', `ALTER ROLE administrator PASSWORD '${waiting}'`);
        waiting = undefined;
      }
    },
    ...over,
  } satisfies Surroundings;
  return {
    drill: restoreDrill(surroundings),
    calls,
    reports,
    evidence,
    named: (name: string) => calls.filter(([each]) => each === name).map(([, input]) => input),
  };
}

describe('a drill', () => {
  beforeAll(async () => {
    await run('postgres', 'CREATE ROLE administrator SUPERUSER LOGIN');
    await database('main');
  });

  test('a cluster without the database of a tenant fails the drill, one that is newer than the backup is not missed', async () => {
    const record = (status: TenantStatus, since: string, name: string) =>
      ({ tenant: name, status, since, readySince: since, database: name }) as const;
    const { drill, named } = aws({
      catalogueOf: () => ({
        every: async () => [
          record('ready', '2026-10-01T00:00:00Z', 'main'),
          record('ready', '2026-10-01T00:00:00Z', 'tenant_lost'),
          record('ready', '2026-11-19T00:00:00Z', 'tenant_new'),
          record('removed', '2026-10-01T00:00:00Z', 'tenant_gone'),
        ],
      }),
    });
    await drill(created);
    expect(named('putRestoreValidationResult')).toEqual([
      {
        RestoreJobId: job,
        ValidationStatus: 'FAILED',
        ValidationStatusMessage: '*: not true that every tenant has its database: tenant_lost missing',
      },
    ]);
  });

  test('fails without a verdict when the catalogue cannot be read', async () => {
    const { drill, calls } = aws({ catalogueOf: () => ({ every: () => Promise.reject(new Error('denied')) }) });
    await expect(drill(created)).rejects.toThrow('denied');
    expect(calls.map(([name]) => name)).toEqual(['describeDBInstances', 'describeRestoreJob']);
  });

  test('a restored cluster gets an instance that remembers the job', async () => {
    const { drill, named } = aws();
    await drill(restored());
    expect(named('createDBInstance')).toEqual([
      {
        DBInstanceIdentifier: instance,
        DBClusterIdentifier: cluster,
        DBInstanceClass: 'db.t4g.medium',
        Engine: 'aurora-postgresql',
        PubliclyAccessible: false,
        CACertificateIdentifier: 'rds-ca-rsa2048-g1',
        Tags: [{ Key: 'restore-job', Value: job }],
      },
    ]);
  });

  test('an event that comes twice makes one instance', async () => {
    const exists = Object.assign(new Error('it exists'), { name: 'DBInstanceAlreadyExistsFault' });
    const { rds } = { rds: { createDBInstance: () => Promise.reject(exists) } as unknown as Surroundings['rds'] };
    await expect(aws({ rds }).drill(restored())).resolves.toBeUndefined();
  });

  test.each([
    ['a restore that somebody makes in earnest', {}],
    ['a restore for another plan', { CreatedBy: { RestoreTestingPlanArn: `${planArn}-other` } }],
  ])('%s is left alone', async (_, answer) => {
    const backup = { describeRestoreJob: async () => answer } as unknown as Surroundings['backup'];
    const { drill, calls } = aws({ backup });
    await drill(restored());
    expect(calls).toEqual([]);
  });

  test('fails for a cluster with another name than AWS Backup gives: nothing is added to what is live', async () => {
    const { drill, named } = aws();
    const createdResourceArn = 'arn:aws:rds:eu-central-1:333333333333:cluster:production';
    await expect(drill(restored({ createdResourceArn }))).rejects.toThrow('begins with awsbackup-restore-test-');
    expect(named('createDBInstance')).toEqual([]);
  });

  test('a whole cluster is asked under a new password, judged, written down, and its instance removed first', async () => {
    const { drill, calls, named, evidence, reports } = aws();
    await drill(created);
    expect(calls.map(([name]) => name)).toEqual([
      'describeDBInstances',
      'describeRestoreJob',
      'describeDBClusters',
      'modifyDBCluster',
      'deleteDBInstance',
      'putRestoreValidationResult',
    ]);
    expect(named('modifyDBCluster')).toEqual([
      {
        DBClusterIdentifier: cluster,
        ManageMasterUserPassword: false,
        MasterUserPassword: expect.stringMatching(/^[\w-]{32}$/),
        ApplyImmediately: true,
      },
    ]);
    expect(named('putRestoreValidationResult')).toEqual([
      {
        RestoreJobId: job,
        ValidationStatus: 'SUCCESSFUL',
        ValidationStatusMessage: expect.stringMatching(/^\d+ checks passed$/),
      },
    ]);
    expect(evidence).toEqual([
      {
        evidence: 'restore-drill',
        at: '2026-11-20T05:00:15.000Z',
        job,
        kind: 'Aurora',
        source: 'arn:aws:rds:eu-central-1:333333333333:cluster:main',
        recoveryPointAt: madeAt.toISOString(),
        restored: cluster,
        seconds: 1200,
        status: 'SUCCESSFUL',
        results: expect.arrayContaining([expect.objectContaining({ store: 'main', outcome: 'passed' })]),
      },
    ]);
    expect(JSON.stringify(evidence)).not.toContain(String(named('modifyDBCluster')[0]?.MasterUserPassword));
    expect(reports).toEqual([]);
  });

  test('a cluster with something wrong fails the drill, and people hear what', async () => {
    await run('main', 'ALTER TABLE invoice ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID');
    const { drill, named, reports } = aws();
    await drill(created);
    await run('main', 'ALTER TABLE invoice DROP CONSTRAINT positive');
    const words = 'main: not true that every constraint is validated: 1';
    expect(named('putRestoreValidationResult')).toEqual([
      { RestoreJobId: job, ValidationStatus: 'FAILED', ValidationStatusMessage: words },
    ]);
    expect(reports).toEqual([['Restore drill failed', expect.stringContaining(words)]]);
    expect(named('deleteDBInstance')).toHaveLength(1);
  });

  test('a cluster that lets nobody in for eight minutes fails the drill', async () => {
    const { drill, named, evidence } = aws({ ca: certificateAuthority('somebody else').certificate });
    await drill(created);
    expect(named('putRestoreValidationResult')).toEqual([
      expect.objectContaining({
        ValidationStatus: 'FAILED',
        ValidationStatusMessage: expect.stringContaining('*: not true that the cluster can be asked'),
      }),
    ]);
    expect(evidence).toEqual([expect.objectContaining({ at: '2026-11-20T05:08:00.000Z', status: 'FAILED' })]);
  });

  test('fails for an instance of another cluster, and removes nothing', async () => {
    const rds = {
      describeDBInstances: async () => ({ DBInstances: [{ DBClusterIdentifier: 'production', TagList: [] }] }),
    } as unknown as Surroundings['rds'];
    const { drill, calls } = aws({ rds });
    await expect(drill(created)).rejects.toThrow("belongs to 'production'");
    expect(calls).toEqual([]);
  });

  test('fails when AWS does not take the verdict, so that the event comes again', async () => {
    const { drill, reports } = aws({
      backup: {
        describeRestoreJob: async () => ({ RestoreJobId: job, RecoveryPointCreationDate: madeAt }),
        putRestoreValidationResult: () => Promise.reject(new Error('throttled')),
      } as unknown as Surroundings['backup'],
    });
    await expect(drill(created)).rejects.toThrow('throttled');
    expect(reports).toEqual([]);
  });
});
