import { defineControl } from '../../../lib/control/control';
import type { DatabaseHalf } from '../../../lib/control/database';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import { DOMAINS, judgeType, probe, type SecureType } from '../keys/secure-types';
import {
  answers,
  type Column,
  type Rows,
  TABLES,
  type Table,
  tablesIn,
  unread,
  wordsOf,
} from '../logging/application-tables';

const nonceType: SecureType = {
  name: 'secure.chat_nonce',
  check: 'secure.is_chat_nonce',
  argument: 'bytea',
  takes: ['ab'.repeat(24), `${'00'.repeat(23)}01`],
  refuses: ['', 'ab'.repeat(12), 'ab'.repeat(23), 'ab'.repeat(25), '00'.repeat(24)],
};

const ciphertextType: SecureType = {
  name: 'secure.chat_ciphertext',
  check: 'secure.is_chat_ciphertext',
  argument: 'bytea',
  takes: ['ab'.repeat(17), 'ab'.repeat(4096)],
  refuses: ['', 'ab', 'ab'.repeat(15), 'ab'.repeat(16)],
};

interface ChatFacts {
  readonly database: string;
  readonly tables: Rows;
  readonly domains: Rows;
  readonly nonces: Rows;
  readonly ciphertexts: Rows;
}

const databaseHalf: DatabaseHalf<ChatFacts> = {
  expects: 'any-number',
  collect: async (database) => ({
    database: database.name,
    ...(await answers(database, {
      tables: TABLES,
      domains: DOMAINS,
      nonces: probe(nonceType),
      ciphertexts: probe(ciphertextType),
    })),
  }),
  judge: ({ database, tables, domains, nonces, ciphertexts }) => {
    if (!tables.ok) {
      return [unread(database, 'tables', tables)];
    }
    const chats = tablesIn(tables.value).filter(isChat);
    const hasTypes =
      domains.ok && [nonceType, ciphertextType].every((type) => domains.value.some(({ name }) => name === type.name));
    const ofTables = chats.flatMap(judgeChat);
    if (domains.ok && !hasTypes) {
      return ofTables;
    }
    const failed = Object.entries({ domains, nonces, ciphertexts }).flatMap(([what, read]) =>
      read.ok ? [] : [unread(database, what, read)],
    );
    if (!domains.ok || !nonces.ok || !ciphertexts.ok) {
      return failed;
    }
    return [
      judgeType(nonceType, domains.value, nonces.value),
      judgeType(ciphertextType, domains.value, ciphertexts.value),
      ...ofTables,
    ];
  },
};

/** A table of messages, by its name or by what it holds. */
function isChat({ name, columns }: Table): boolean {
  const table = wordsOf(name.split('.')[1] ?? '');
  return (
    /(^|_)(chats?|dms?|(chat|direct|private)_(\w+_)?messages?)$/.test(table) ||
    columns.some(({ type }) => type === ciphertextType.name)
  );
}

/** Kinds of columns in which nobody keeps a text: ids, times, numbers, truth. */
const plain = ['B', 'D', 'T', 'N', 'I', 'E'];
const chatTypes = [nonceType.name, ciphertextType.name, 'secure.chat_algorithm'];

function judgeChat({ name, columns, indexes }: Table): readonly LiveOutcome[] {
  const nonce = columns.find(({ type }) => type === nonceType.name);
  const message = columns.find(({ type }) => type === ciphertextType.name);
  const isOnce = indexes.some(
    ({ isUnique, columns: [only, ...others] }) => isUnique && only === nonce?.name && others.length === 0,
  );
  const clear = columns.filter((column) => !chatTypes.includes(column.type) && !isPlain(column));
  const against: readonly Outcome[] = [
    ...(nonce?.isRequired && message?.isRequired ? [] : [finding('noEnvelope')]),
    ...(nonce && !isOnce ? [finding('nonceAgain', undefined, { column: nonce.name })] : []),
    ...clear.map((column) => finding('clearText', undefined, { column: column.name, kind: column.type })),
  ];
  const observations = columns.map(({ name: property, type }) => ({ property, value: type }));
  return (against.length > 0 ? against : [satisfied]).map((outcome) => ({
    subject: name,
    type: 'PostgreSQL::Table',
    outcome,
    observations,
  }));
}

function isPlain({ category, stored }: Column): boolean {
  return plain.includes(category) || stored === 'uuid';
}

/** ENC-07: chat messages that only their senders and receivers can read. */
export const control = defineControl({
  id: 'enc-07',
  title: 'A table of chat messages holds the envelope of XChaCha20-Poly1305 and no place for clear text',
  family: 'encryption',
  claims: ['cly-chat-e2e-xchacha'],
  doesNotProve:
    'That the clients encrypt, with keys that the server never sees, and check each other’s: the server stores what it is given, and the vendor of the clients attests it with test vectors. The cipher is approved by no standard of NIST, so it maps to none.',
  attested: true,
  runbook: 'replace-stored-credentials',
  parameters: {},
  messages: {
    toothless: {
      violation: 'type {name} does not refuse what it should: {fault}',
      fix: 'put the type and its check back as the migration 0110-secure-domains makes them, and check what was stored meanwhile',
    },
    noEnvelope: {
      violation: 'chat table {name} has no nonce and ciphertext that every row must have',
      fix: 'give it a column of secure.chat_nonce and one of secure.chat_ciphertext, both NOT NULL',
    },
    nonceAgain: {
      violation: 'chat table {name} takes the same nonce twice: {column} alone is not unique',
      fix: 'add UNIQUE to the column',
    },
    clearText: {
      violation: 'chat table {name} has a place for clear text: {column} is {kind}',
      fix: 'remove the column, or put what it holds inside the envelope',
    },
  },
  database: databaseHalf,
});
