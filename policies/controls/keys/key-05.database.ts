import type { DatabaseHalf } from '../../../lib/control/database';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import { type Column, type Rows, TABLES, type Table, tablesIn, unread } from '../logging/application-tables';
import { DOMAINS, judgeType, probe, type SecureType } from './secure-types';

/** What a database says of the credentials that it stores. */
interface CredentialFacts {
  readonly database: string;
  readonly tables: Rows;
  readonly domains: Rows;
  readonly passwords: Rows;
  readonly digests: Rows;
}

const body = 'abcdefghijklmnopqrstuABCDEFGHIJKLMNOPQRSTU0123456789.';
const costs = Array.from({ length: 28 }, (_, index) => index + 4);

/** Costs below each figure are asked about one by one: the figure is known only when judging. */
const passwordType: SecureType = {
  name: 'secure.bcrypt_hash',
  check: 'secure.is_bcrypt_hash',
  argument: 'text',
  takes: [],
  refuses: [
    '',
    'correct horse battery staple',
    `$2x$12$${body}`,
    `$1$12$${body}`,
    `$2b$12$${body.slice(1)}`,
    `$2b$12$${body}x`,
    '5f4dcc3b5aa765d61d8327deb882cf99',
  ],
};

const digestType: SecureType = {
  name: 'secure.token_digest',
  check: 'secure.is_token_digest',
  argument: 'bytea',
  takes: ['ab'.repeat(32)],
  refuses: ['', 'ab'.repeat(16), 'ab'.repeat(31), 'ab'.repeat(33), 'ab'.repeat(64)],
};

const hashOfCost = (cost: number) => `$2b$${String(cost).padStart(2, '0')}$${body}`;

const queries = {
  tables: TABLES,
  domains: DOMAINS,
  passwords: probe({ ...passwordType, takes: costs.map(hashOfCost) }),
  digests: probe(digestType),
};

/** KEY-05 in a running database: the types of credentials refuse what they must, and columns named for credentials have one of them. */
export const databaseHalf: DatabaseHalf<CredentialFacts> = {
  expects: 'at-least-one',
  collect: async (database) => ({
    database: database.name,
    tables: await database.query(queries.tables),
    domains: await database.query(queries.domains),
    passwords: await database.query(queries.passwords),
    digests: await database.query(queries.digests),
  }),
  judge: ({ database, tables, domains, passwords, digests }, { figures }) => {
    if (domains.ok && !domains.value.some(({ name }) => name === passwordType.name)) {
      return [{ subject: database, type: 'PostgreSQL::Database', outcome: finding('missing') }];
    }
    const failed = Object.entries({ tables, domains, passwords, digests }).flatMap(([what, read]) =>
      read.ok ? [] : [unread(database, what, read)],
    );
    if (!tables.ok || !domains.ok || !passwords.ok || !digests.ok) {
      return failed;
    }
    const floor = figures.number('auth.bcryptCost');
    return [
      judgeType({ ...passwordType, ...byCost(floor) }, domains.value, inOrder(passwords.value, floor)),
      judgeType(digestType, domains.value, digests.value),
      ...tablesIn(tables.value).flatMap(judgeTable),
    ];
  },
};

function byCost(floor: number): Pick<SecureType, 'takes' | 'refuses'> {
  return {
    takes: costs.filter((cost) => cost >= floor).map(hashOfCost),
    refuses: [...costs.filter((cost) => cost < floor).map(hashOfCost), ...passwordType.refuses],
  };
}

/** The answers as `byCost` orders the values. */
function inOrder<T>(answers: readonly T[], floor: number): readonly T[] {
  const below = costs.filter((cost) => cost < floor).length;
  return [...answers.slice(below, costs.length), ...answers.slice(0, below), ...answers.slice(costs.length)];
}

const passwordName = /(^|_)(passw(or)?ds?|passwd|pass(phrase|code)|pwd|pw|pin)(_|$)/;
/** Digits that open something, where the name says that the number is the secret and not how many there are. */
const secretNumber = /(^|_)(pin|otp|pass_?code)(_code)?$/;
const tokenName =
  /(^|_)(api_?keys?|tokens?|otp|totp|mfa|two_?factor|2fa|recovery_codes?|backup_codes?|seeds?|secrets?|bearer)(_|$)/;
/** What is said about a credential is none: when it was made, how often it failed. */
const safeCategories = ['B', 'D', 'T', 'N', 'I', 'E'];
/** Ids, prefixes and kinds of credentials name them and open nothing. */
const about = /_(id|type|kind|name|prefix|hint|status)$/;

function judgeTable({ name, columns }: Table): readonly LiveOutcome[] {
  return columns.flatMap((column): LiveOutcome[] => {
    const outcome = judgeColumn(column);
    return outcome === undefined
      ? []
      : [
          {
            subject: name,
            type: 'PostgreSQL::Table',
            outcome,
            observations: [{ property: column.name, value: column.type }],
          },
        ];
  });
}

function judgeColumn({ name, words, type, category, stored }: Column): Outcome | undefined {
  if (category === 'N' && secretNumber.test(words)) {
    return finding('clearPassword', undefined, { column: name, kind: type });
  }
  if (safeCategories.includes(category) || stored === 'uuid' || about.test(words)) {
    return undefined;
  }
  if (passwordName.test(words)) {
    return type === 'secure.bcrypt_hash'
      ? satisfied
      : finding('clearPassword', undefined, { column: name, kind: type });
  }
  if (tokenName.test(words)) {
    return ['secure.token_digest', 'secure.gcm_blob', 'secure.bcrypt_hash'].includes(type)
      ? satisfied
      : finding('clearToken', undefined, { column: name, kind: type });
  }
  return undefined;
}
