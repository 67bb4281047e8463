import { defineControl } from '../../../lib/control/control';
import { databaseHalf } from './key-05.database';
import { judgeServerLog } from './server-log';

/** KEY-05: what a database stores of passwords, tokens and second factors, and what its log repeats of them. */
export const control = defineControl({
  id: 'key-05',
  title:
    'Stored passwords are bcrypt hashes, stored tokens are digests or encrypted, and the log of the server repeats none',
  family: 'keys',
  claims: ['cfeu-bcrypt-12', 'cfeu-credentials-aesgcm', 'tdb-2fa-secrets-protected', 'tdb-api-tokens-hashed'],
  doesNotProve:
    'How Cognito hashes the passwords that it holds, which AWS does not publish; a credential in a column whose name does not say so, or inside JSON; and that the application hashes what it means to, which its conformance run attests.',
  attested: true,
  runbook: 'replace-stored-credentials',
  parameters: {
    'auth.bcryptCost': {
      kind: 'number',
      stricter: 'higher',
      default: 12,
      unit: 'rounds, as a power of two',
      description: 'lowest cost of a stored bcrypt hash',
    },
  },
  messages: {
    missing: {
      violation: 'the database has no types for credentials',
      fix: 'run the migrations: they make the schema secure',
    },
    toothless: {
      violation: 'type {name} does not refuse what it should: {fault}',
      fix: 'put the type and its check back as the migration 0110-secure-domains makes them, and check what was stored meanwhile',
    },
    clearPassword: {
      violation: 'table {name} keeps a password in {column} as {kind}',
      fix: 'change the column to secure.bcrypt_hash, and let everybody whose password was there choose another',
    },
    clearToken: {
      violation: 'table {name} keeps a token or secret in {column} as {kind}',
      fix: 'change the column to secure.token_digest, or to secure.gcm_blob where it must be read again, and replace what was there',
    },
    rowsInLog: {
      violation: 'the log of database {name} can repeat refused rows or statements with their values: {settings}',
      fix: 'set log_error_verbosity to terse, log_min_error_statement to panic and log_statement to none in the parameter group',
    },
  },
  template: {
    judges: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    expects: 'any-number',
    judge: judgeServerLog,
  },
  database: databaseHalf,
});
