import type { DatabaseHalf } from '../../../lib/control/database';
import { type Fact, flagIn, optionalTextIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, satisfied } from '../../../lib/control/verdict';
import { answers, type Rows, unread } from './application-tables';
import { FUNCTIONS, judgeFunctions, type ReviewedFunction } from './audit-functions';
import { GUARDED, judgeGuarded, judgeRemover, REMOVERS } from './guarded-tables';

/** What a database says of its audit chain and of what guards it. */
interface ChainFacts {
  readonly database: string;
  readonly guarded: Rows;
  readonly links: Rows;
  readonly functions: Rows;
  readonly removers: Rows;
}

const queries = {
  guarded: GUARDED,
  links: `
SELECT lane, sum(links)::text AS count, min(first)::text AS first, max(last)::text AS last, max(begun)::text AS begun, bool_or(listed) AS listed
FROM (
  SELECT lane, count(*) AS links, min(seq) AS first, max(seq) AS last, NULL::bigint AS begun, false AS listed FROM audit.link GROUP BY lane
  UNION ALL SELECT lane, 0, NULL, NULL, max(seq), false FROM audit.checkpoint GROUP BY lane
  UNION ALL SELECT id, 0, NULL, NULL, NULL, true FROM audit.lane
) AS each GROUP BY lane ORDER BY lane`,
  functions: FUNCTIONS,
  removers: REMOVERS,
};

const tables = ['audit.chain', 'audit.checkpoint', 'audit.lane', 'audit.link', 'audit.log'];
/** How many chains there are, side by side. */
const LANES = 16;

/** Functions that chain and guard entries, as they were reviewed. */
const guards: Readonly<Record<string, ReviewedFunction>> = {
  'audit.refuse_change': { body: '60a3a66bc19c653c39d9715ebe027f5fc54f72b24fc79187132ff8c4d7d106a8', definer: false },
  'audit.seal': { body: '2b68c99d5026d9d51a7ef15036f7407ccde5f4720108e122ba74a0aec6f3a373', definer: true },
  'audit.take_lane': { body: '0dd3b9006d0165713d344f4fd9cdece094cc17f34a6a2bad137296dc0d009251', definer: false },
  'audit.protect_partition': {
    body: 'a408026403b468c70d07621250f5c9cf29dc33423cc64afe28961228b5a08e44',
    definer: false,
  },
  'audit.apply_retention': { body: '03350cbd0ae3d2210bf4699ca9f779da22c31a32685b3466c54f5500531cb268', definer: true },
  'audit.drop_empty_partitions': {
    body: 'fc074bdc447e609cf7b6ecfb7fb6716925ea671db437668c25b0140aeb7f3480',
    definer: true,
  },
};

/** LOG-03 in a running database: nobody changes what is written, and what is written is chained without a gap. */
export const databaseHalf: DatabaseHalf<ChainFacts> = {
  expects: 'at-least-one',
  collect: async (database) => ({ database: database.name, ...(await answers(database, queries)) }),
  judge: ({ database, guarded, links, functions, removers }) => {
    if (guarded.ok && !tables.every((name) => guarded.value.some((row) => row.name === name))) {
      return [{ subject: database, type: 'PostgreSQL::Database', outcome: finding('missing') }];
    }
    const failed = Object.entries({ guarded, links, functions, removers }).flatMap(([what, read]) =>
      read.ok ? [] : [unread(database, what, read)],
    );
    if (!guarded.ok || !links.ok || !functions.ok || !removers.ok) {
      return failed;
    }
    return [
      ...guarded.value.flatMap(judgeGuarded),
      ...removers.value.map(judgeRemover),
      ...judgeFunctions(functions.value, guards),
      judgeLanes(links.value),
      ...judgeLinks(links.value),
    ];
  },
};

/** A lane too few has lost its links, and what is linked in one too many is verified by nobody. */
function judgeLanes(rows: readonly Fact[]): LiveOutcome {
  const isWhole = rows.length === LANES && rows.every((row, lane) => row.lane === lane && isLane(row));
  const lanes = rows.filter(isLane).map(({ lane }) => lane);
  const outcome = isWhole ? satisfied : finding('lanes', undefined, { lanes: lanes.join(', '), expected: LANES });
  return { subject: 'audit.lane', type: 'PostgreSQL::Table', outcome };
}

function isLane(row: Fact): boolean {
  return flagIn(row, 'listed') && optionalTextIn(row, 'begun') !== undefined;
}

/** Numbers are given without gaps: as many links of a lane as numbers since where it begins. */
function judgeLinks(rows: readonly Fact[]): readonly LiveOutcome[] {
  const gaps = rows.flatMap((row) => {
    const numbers = ['count', 'first', 'last', 'begun'].map((name) => Number(optionalTextIn(row, name) ?? 0));
    const [count = 0, first = 0, last = 0, begun = 0] = numbers;
    return count === 0 || (first === begun + 1 && last - first + 1 === count)
      ? []
      : [finding('gap', undefined, { lane: Number(row.lane), count, first, last, begun })];
  });
  const outcomes = gaps.length > 0 ? gaps : [satisfied];
  return outcomes.map((outcome) => ({ subject: 'audit.link', type: 'PostgreSQL::Table', outcome }));
}
