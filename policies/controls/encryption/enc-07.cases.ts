import type { ControlCases, DatabaseCase } from '../../../lib/control/cases';

const broken = (message: string, subject?: string) => ({ verdict: 'not-satisfied', message, subject }) as const;
const envelope = 'nonce secure.chat_nonce NOT NULL UNIQUE, ciphertext secure.chat_ciphertext NOT NULL';
const chat = (columns: string, name = 'app.chat_message') => [
  `CREATE TABLE ${name} (id uuid PRIMARY KEY, room uuid, sent_at timestamptz, ${columns})`,
];

const database: readonly DatabaseCase[] = [
  {
    name: 'messages in their envelope',
    mode: 'rls',
    change: chat(`${envelope}, algorithm secure.chat_algorithm NOT NULL, edited boolean`),
    expect: { verdict: 'satisfied' },
  },
  ...['body text', 'preview varchar(80)', 'attachment bytea', 'meta jsonb', 'tags text[]'].map(
    (column): DatabaseCase => ({
      name: `a place for clear text beside the envelope: ${column}`,
      mode: 'rls',
      change: chat(`${envelope}, ${column}`),
      expect: broken('clearText', 'app.chat_message'),
    }),
  ),
  ...['app."chatMessage"', 'app.chat_room_messages', 'app.dm'].map(
    (name): DatabaseCase => ({
      name: `a chat under another name: ${name}`,
      mode: 'rls',
      change: chat('body text', name),
      expect: broken('noEnvelope', name.replaceAll('"', '')),
    }),
  ),
  {
    name: 'a chat without an envelope',
    mode: 'database',
    change: chat('body text'),
    expect: broken('noEnvelope', 'app.chat_message'),
  },
  {
    name: 'an envelope that a row may leave out',
    mode: 'rls',
    change: chat('nonce secure.chat_nonce UNIQUE, ciphertext secure.chat_ciphertext'),
    expect: broken('noEnvelope', 'app.chat_message'),
  },
  {
    name: 'a nonce that may come again',
    mode: 'rls',
    change: chat('nonce secure.chat_nonce NOT NULL, ciphertext secure.chat_ciphertext NOT NULL'),
    expect: broken('nonceAgain', 'app.chat_message'),
  },
  {
    name: 'a nonce that may come again in another room',
    mode: 'rls',
    change: chat('nonce secure.chat_nonce NOT NULL, ciphertext secure.chat_ciphertext NOT NULL, UNIQUE (room, nonce)'),
    expect: broken('nonceAgain', 'app.chat_message'),
  },
  {
    name: 'a nonce that may come again in some rows',
    mode: 'database',
    change: [
      ...chat('nonce secure.chat_nonce NOT NULL, ciphertext secure.chat_ciphertext NOT NULL'),
      'CREATE UNIQUE INDEX ON app.chat_message (nonce) WHERE room IS NULL',
    ],
    expect: broken('nonceAgain', 'app.chat_message'),
  },
  {
    name: 'another name hides no chat that holds ciphertext',
    mode: 'rls',
    change: chat(`${envelope}, title text`, 'app.post'),
    expect: broken('clearText', 'app.post'),
  },
  {
    name: 'the type of nonces takes the short ones of another cipher',
    mode: 'rls',
    change: [
      'CREATE OR REPLACE FUNCTION secure.is_chat_nonce(nonce bytea) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT octet_length(nonce) IN (12, 24) $f$',
    ],
    expect: broken('toothless', 'secure.chat_nonce'),
  },
  {
    name: 'a chat where the types are gone',
    mode: 'rls',
    change: ['DROP DOMAIN secure.chat_nonce CASCADE', ...chat('body text')],
    expect: broken('noEnvelope', 'app.chat_message'),
  },
];

export const cases: ControlCases = { compliant: {}, mutations: [], database };
