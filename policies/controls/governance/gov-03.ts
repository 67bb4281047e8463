import { defineControl } from '../../../lib/control/control';
import type { DatabaseHalf } from '../../../lib/control/database';
import { finding } from '../../../lib/control/verdict';
import { answers, type Rows, TABLES, tablesIn, unread } from '../logging/application-tables';
import { FUNCTIONS, judgeFunctions, type ReviewedFunction } from '../logging/audit-functions';
import { judgeMasking } from './card-masking';
import { judgeCards } from './card-tables';

interface CardFacts {
  readonly database: string;
  readonly tables: Rows;
  readonly functions: Rows;
}

/** Functions that know a card number, as they were reviewed. */
const guards: Readonly<Record<string, ReviewedFunction>> = {
  'secure.refuse_cards': { body: '118541640d18cccfc7adc2c82bfe21503f8a5f17a70882c424a847b18847c5b2', definer: false },
  'secure.holds_card_number': {
    body: 'ccfcb7a3c7780373d566da86224684d96191cd916425a3defb1d401345987aff',
    definer: false,
  },
  'secure.is_card_number': { body: '680af908d6474e95afd20c09f59ccdb6d1936d53c13d65d6feeac56716e14a96', definer: false },
  'secure.passes_luhn': { body: '2a28508b24f3f794e65286a9f2889242564e39ea65698c498fb0734e451fbf69', definer: false },
};

const databaseHalf: DatabaseHalf<CardFacts> = {
  expects: 'at-least-one',
  collect: async (database) => ({
    database: database.name,
    ...(await answers(database, { tables: TABLES, functions: FUNCTIONS })),
  }),
  judge: ({ database, tables, functions }) => {
    const failed = Object.entries({ tables, functions }).flatMap(([what, read]) =>
      read.ok ? [] : [unread(database, what, read)],
    );
    if (!tables.ok || !functions.ok) {
      return failed;
    }
    if (!functions.value.some(({ name }) => name === 'secure.refuse_cards')) {
      return [{ subject: database, type: 'PostgreSQL::Database', outcome: finding('missing') }];
    }
    return [...judgeFunctions(functions.value, guards), ...tablesIn(tables.value).flatMap(judgeCards)];
  },
};

/** GOV-03: card numbers are with the processor, and come to rest nowhere here. */
export const control = defineControl({
  id: 'gov-03',
  title: 'No table takes a card number, and the log of the application masks one',
  family: 'governance',
  claims: ['cfeu-pci-outsourced', 'cly-stripe-no-card'],
  doesNotProve:
    'That the processor complies with PCI DSS, which its yearly attestation says; that files of tenants and bodies of requests hold no card number, which nothing here searches; and a number that somebody disguises, or of a scheme that the check does not know.',
  attested: true,
  runbook: 'collect-pci-attestation',
  parameters: {},
  messages: {
    missing: {
      violation: 'nothing in the database knows a card number',
      fix: 'run the migrations: they make the function secure.refuse_cards',
    },
    altered: {
      violation: 'function {name} is not the one that was reviewed: {difference}',
      fix: 'find out who changed it, and create it again as the migration 0111-card-numbers does',
    },
    unguarded: {
      violation: 'table {name} takes card numbers in {columns}, which {roles} can write',
      fix: 'call secure.refuse_cards_in for it',
    },
    skippable: {
      violation: 'the guard of table {name} can be skipped: {trigger} is off, or does not fire in replica mode',
      fix: 'call secure.refuse_cards_in for it again: it enables its trigger always',
    },
    leftOut: {
      violation: 'table {name} takes card numbers in {column}, which its guard leaves out without a reason',
      fix: "call secure.refuse_cards_in without the column, or say in its comment 'card exempt:' and why",
    },
    cardColumn: {
      violation: 'table {name} has a column for card data: {column}',
      fix: 'remove it, and keep the token of the processor in its place',
    },
    unmasked: {
      violation:
        'log group {name} shows card numbers that the application writes: no statement of {property} masks CreditCardNumber',
      fix: 'give it a data protection policy for the identifier CreditCardNumber',
    },
  },
  template: {
    judges: ['AWS::Logs::LogGroup'],
    expects: 'any-number',
    judge: (group, { scope }) => judgeMasking(group, scope),
  },
  database: databaseHalf,
});
