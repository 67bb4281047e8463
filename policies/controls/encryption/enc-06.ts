import { defineControl } from '../../../lib/control/control';
import type { DatabaseHalf } from '../../../lib/control/database';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import { DOMAINS, judgeType, probe, type SecureType } from '../keys/secure-types';
import { answers, type Column, type Rows, TABLES, type Table, tablesIn, unread } from '../logging/application-tables';

/** Version 1, a key, a nonce, and a tag after whatever is between. */
const blob = (middle: string) => `01${'a1'.repeat(16)}${'b2'.repeat(12)}${middle}${'c3'.repeat(16)}`;

const gcmType: SecureType = {
  name: 'secure.gcm_blob',
  check: 'secure.is_gcm_blob',
  argument: 'bytea',
  takes: [blob(''), blob('00'), blob('d4'.repeat(500))],
  refuses: [
    '',
    blob('').slice(0, -2),
    `02${blob('').slice(2)}`,
    `00${blob('').slice(2)}`,
    Buffer.from('a seed of a second factor, stored as it is by mistake').toString('hex'),
    `01${'00'.repeat(16)}${'b2'.repeat(12)}${'c3'.repeat(16)}`,
    `01${'a1'.repeat(16)}${'00'.repeat(12)}${'c3'.repeat(16)}`,
  ],
};

interface FieldFacts {
  readonly database: string;
  readonly tables: Rows;
  readonly domains: Rows;
  readonly probed: Rows;
}

const databaseHalf: DatabaseHalf<FieldFacts> = {
  expects: 'at-least-one',
  collect: async (database) => ({
    database: database.name,
    ...(await answers(database, { tables: TABLES, domains: DOMAINS, probed: probe(gcmType) })),
  }),
  judge: ({ database, tables, domains, probed }) => {
    if (domains.ok && !domains.value.some(({ name }) => name === gcmType.name)) {
      return [{ subject: database, type: 'PostgreSQL::Database', outcome: finding('missing') }];
    }
    const failed = Object.entries({ tables, domains, probed }).flatMap(([what, read]) =>
      read.ok ? [] : [unread(database, what, read)],
    );
    if (!tables.ok || !domains.ok || !probed.ok) {
      return failed;
    }
    return [judgeType(gcmType, domains.value, probed.value), ...tablesIn(tables.value).flatMap(judgeTable)];
  },
};

/** Secrets that must be read again, so that no hash will do. */
const secretName = /(^|_)(secrets?|seeds?|totp|private_keys?|refresh_tokens?|credentials?)(_|$)/;
const about = /_(id|type|kind|name|prefix|hint|status|digest|hash)$/;
const safeCategories = ['B', 'D', 'T', 'N', 'I', 'E'];

function judgeTable({ name, columns }: Table): readonly LiveOutcome[] {
  return columns.flatMap((column): LiveOutcome[] => {
    const outcome = judgeColumn(column);
    const observations = [{ property: column.name, value: column.type }];
    return outcome ? [{ subject: name, type: 'PostgreSQL::Table', outcome, observations }] : [];
  });
}

function judgeColumn({ name, words, type, category, stored, comment }: Column): Outcome | undefined {
  const isSaidSensitive = /(^|\n)\s*sensitivity: *high\b/i.test(comment);
  const isSecret =
    secretName.test(words) && !about.test(words) && !safeCategories.includes(category) && stored !== 'uuid';
  if (!isSaidSensitive && !isSecret) {
    return undefined;
  }
  if (type === gcmType.name) {
    return satisfied;
  }
  // A digest cannot be read at all, which is stricter: key-05 judges it
  const isHashed = isSecret && !isSaidSensitive && /^secure\.(token_digest|bcrypt_hash)$/.test(type);
  return isHashed ? undefined : finding('clearField', undefined, { column: name, kind: type });
}

/** ENC-06: single fields that are more sensitive than the rest. */
export const control = defineControl({
  id: 'enc-06',
  title: 'Fields of high sensitivity and secrets that must be read again are stored under AES-256-GCM alone',
  family: 'encryption',
  claims: ['cfeu-rest-aes256gcm', 'cfeu-credentials-aesgcm', 'tdb-2fa-secrets-protected', 'clvr-app-level-aesgcm'],
  doesNotProve:
    'That a value in the envelope is really encrypted, under a key of KMS: a database sees its shape, the conformance run of the application attests the rest. Fields are sensitive where their comment says so or their name is one of a secret.',
  attested: true,
  runbook: 'replace-stored-credentials',
  parameters: {},
  messages: {
    missing: {
      violation: 'the database has no type for encrypted fields',
      fix: 'run the migrations: they make the schema secure',
    },
    toothless: {
      violation: 'type {name} does not refuse what it should: {fault}',
      fix: 'put the type and its check back as the migration 0110-secure-domains makes them, and check what was stored meanwhile',
    },
    clearField: {
      violation: 'table {name} keeps a sensitive field in {column} as {kind}',
      fix: 'change the column to secure.gcm_blob and encrypt what is there with fieldEncryption',
    },
  },
  database: databaseHalf,
});
