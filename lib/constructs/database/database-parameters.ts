/**
 * Settings of the cluster parameter group of an Aurora PostgreSQL cluster that its security rests on. The group that Aurora gives a
 * cluster by itself cannot be changed, so none of these would hold there.
 *
 * @param minimumTls lowest TLS version that a session may use
 * @returns parameter names with their values, as a parameter group takes them
 */
export function databaseParameters(minimumTls: '1.2' | '1.3'): Record<string, string> {
  return {
    // No session without TLS, and none below the floor; the ceiling is said too, so that no default of the engine lies under the floor
    'rds.force_ssl': '1',
    ssl_min_protocol_version: `TLSv${minimumTls}`,
    ssl_max_protocol_version: 'TLSv1.3',
    password_encryption: 'scram-sha-256',

    // Who came and went
    log_connections: '1',
    log_disconnections: '1',

    // A failed CHECK prints the whole row into the log, and a failed statement prints its values: the log keeps the error alone
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_statement: 'none',
    log_min_duration_statement: '-1',

    // Nothing that reaches other databases, servers, files or services from inside a session
    'rds.allowed_extensions': [
      'btree_gin',
      'btree_gist',
      'citext',
      'pg_stat_statements',
      'pg_trgm',
      'pgaudit',
      'pgcrypto',
      'plpgsql',
      'unaccent',
    ].join(','),

    // Changes to roles, grants and tables, without the values of any row
    shared_preload_libraries: 'pg_stat_statements,pgaudit',
    'pgaudit.log': 'ddl,role',
    'pgaudit.log_parameter': '0',
  };
}
