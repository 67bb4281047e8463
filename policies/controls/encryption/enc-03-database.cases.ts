import type { DatabaseCase } from '../../../lib/control/cases';

const reload = 'SELECT pg_reload_conf()';
const modes = ['rls', 'database'] as const;

/** Writes lines of pg_hba.conf, before the one that admits TLS alone or in place of it. */
const lines = (...text: readonly string[]) =>
  `DO $do$ BEGIN EXECUTE format('COPY (SELECT unnest(%L::text[])) TO %L', ARRAY[${text.map((line) => `'${line}'`).join(', ')}], current_setting('hba_file')); END $do$`;

const tlsOnly = 'hostssl all all 127.0.0.1/32 scram-sha-256';

/** A setting as a server of Amazon RDS has it: in its own catalogue, not set by a role. */
const asOnRds = (value: string) => [
  'SET allow_system_table_mods = on',
  `CREATE OR REPLACE VIEW pg_catalog.pg_settings AS SELECT * FROM pg_show_all_settings() UNION ALL
    SELECT 'rds.force_ssl', '${value}', unit, category, short_desc, extra_desc, context, vartype, source, min_val, max_val, enumvals, boot_val,
      reset_val, sourcefile, sourceline, pending_restart FROM pg_show_all_settings() WHERE name = 'ssl'`,
  'REVOKE ALL ON pg_hba_file_rules FROM auditor',
];

const broken = (message: string) => ({ verdict: 'not-satisfied', message }) as const;

export const databaseCases: readonly DatabaseCase[] = [
  ...modes.flatMap((mode): DatabaseCase[] => [
    {
      name: `the server takes TLS 1.1, ${mode}`,
      mode,
      change: ["ALTER SYSTEM SET ssl_min_protocol_version = 'TLSv1.1'", reload],
      expect: broken('oldTlsServer'),
    },
    {
      name: `trap 14: a line of pg_hba.conf lets clear text in beside TLS, ${mode}`,
      mode,
      change: [lines(tlsOnly, 'host all all 0.0.0.0/0 scram-sha-256'), reload],
      expect: broken('clearTextServer'),
    },
  ]),
  {
    name: 'the server takes TLS 1.2 where 1.3 is promised',
    mode: 'rls',
    change: [],
    figures: { 'data.minTls': '1.3' },
    expect: broken('oldTlsServer'),
  },
  {
    name: 'the server takes TLS 1.3 alone',
    mode: 'rls',
    change: ["ALTER SYSTEM SET ssl_min_protocol_version = 'TLSv1.3'", reload],
    figures: { 'data.minTls': '1.3' },
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a line admits whoever does not speak TLS',
    mode: 'rls',
    change: [lines(tlsOnly, 'hostnossl all application all scram-sha-256'), reload],
    expect: broken('clearTextServer'),
  },
  {
    name: 'a line admits without GSSAPI, so without TLS too',
    mode: 'rls',
    change: [lines(tlsOnly, 'hostnogssenc all all all scram-sha-256'), reload],
    expect: broken('clearTextServer'),
  },
  {
    name: 'clear text is refused before a line that would let it in',
    mode: 'rls',
    change: [lines(tlsOnly, 'hostnossl all all all reject', 'host all all all scram-sha-256'), reload],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'clear text is refused for all databases, which is not for replication',
    mode: 'rls',
    change: [
      lines(
        tlsOnly,
        'hostnossl all all all reject',
        'host all all all scram-sha-256',
        'host replication all all scram-sha-256',
      ),
      reload,
    ],
    expect: broken('clearTextServer'),
  },
  {
    name: 'clear text is refused for replication too before a line that lets it in',
    mode: 'rls',
    change: [
      lines(tlsOnly, 'hostnossl all,replication all all reject', 'host replication,all all all scram-sha-256'),
      reload,
    ],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'clear text is refused to one role alone before a line that lets it in',
    mode: 'rls',
    change: [lines(tlsOnly, 'hostnossl all application all reject', 'host all all all scram-sha-256'), reload],
    expect: broken('clearTextServer'),
  },
  {
    name: 'clear text stays on the machine of the server',
    mode: 'rls',
    change: [
      lines(
        tlsOnly,
        'local all all scram-sha-256',
        'host all all 127.0.0.1/32 scram-sha-256',
        'host all all ::1/128 scram-sha-256',
      ),
      reload,
    ],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a line of pg_hba.conf is not understood',
    mode: 'rls',
    change: [lines(tlsOnly, 'hostssl all all nowhere!/99 nonsense'), reload],
    expect: { verdict: 'not-assessed' },
  },
  {
    name: 'the auditor may not see settings of the server, and no version stands in for the one that is hidden',
    mode: 'rls',
    change: ['REVOKE pg_read_all_settings FROM auditor GRANTED BY platform_admin'],
    expect: { verdict: 'not-assessed' },
  },
  {
    name: 'the auditor may not see pg_hba.conf, and nothing else tells',
    mode: 'rls',
    change: ['REVOKE ALL ON pg_hba_file_rules FROM auditor'],
    expect: { verdict: 'not-assessed' },
  },
  {
    name: 'rds.force_ssl is on, where Amazon RDS keeps pg_hba.conf to itself',
    mode: 'rls',
    change: asOnRds('1'),
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'rds.force_ssl is off',
    mode: 'rls',
    change: asOnRds('0'),
    expect: broken('clearTextServer'),
  },
  {
    name: 'trap 14: a role says rds.force_ssl of itself, and the server does not know it',
    mode: 'rls',
    change: [
      'ALTER DATABASE {database} SET "rds.force_ssl" = \'1\'',
      lines(tlsOnly, 'host all all 0.0.0.0/0 scram-sha-256'),
      reload,
    ],
    expect: broken('clearTextServer'),
  },
  {
    name: 'a pooler stands before the server, and talks to it in clear text',
    mode: 'rls',
    change: [
      'SET allow_system_table_mods = on',
      'CREATE OR REPLACE VIEW pg_catalog.pg_stat_ssl AS SELECT s.pid, false AS ssl, s.sslversion AS version, s.sslcipher AS cipher, s.sslbits AS bits, s.ssl_client_dn AS client_dn, s.ssl_client_serial AS client_serial, s.ssl_issuer_dn AS issuer_dn FROM pg_stat_get_activity(NULL) AS s WHERE s.client_port IS NOT NULL',
    ],
    expect: broken('clearTextServer'),
  },
];
