import { type Fact, flagIn, textIn, wordsIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';

/** Functions of the schemas `audit`, `retention` and `secure`, with what decides whether they do what they say. */
export const FUNCTIONS = `
SELECT format('%s.%s', n.nspname, p.proname) AS name, encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') AS body, p.prosecdef AS definer,
  coalesce(p.proconfig, '{}') AS settings, n.nspname <> 'retention' AND p.proowner <> n.nspowner AS elsewhere,
  o.rolcanlogin OR o.rolsuper AS loose
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_roles AS o ON o.oid = p.proowner
WHERE n.nspname IN ('audit', 'retention', 'secure') ORDER BY 1, 2`;

/** A function as it was reviewed. */
export interface ReviewedFunction {
  /** SHA-256 of its body, in hexadecimal digits. */
  readonly body: string;
  /** Whether it runs with the rights of its owner. */
  readonly definer: boolean;
}

/**
 * Compares functions with what was reviewed: a function that is missing, says something else, runs with other rights, looks names up where its
 * caller says, or belongs to somebody who can sign in, is `altered`.
 */
export function judgeFunctions(
  rows: readonly Fact[],
  reviewed: Readonly<Record<string, ReviewedFunction>>,
): readonly LiveOutcome[] {
  return Object.entries(reviewed).map(([name, expected]): LiveOutcome => {
    const found = rows.filter((row) => row.name === name);
    const difference = differenceOf(found, expected);
    const outcome: Outcome = difference === undefined ? satisfied : finding('altered', undefined, { difference });
    const observations = found.map(({ body }) => ({ property: 'body', value: body }));
    return { subject: name, type: 'PostgreSQL::Function', outcome, observations };
  });
}

function differenceOf(found: readonly Fact[], expected: ReviewedFunction): string | undefined {
  const [row] = found;
  if (!row || found.length > 1) {
    return row ? 'there are several of the name' : 'it is not there';
  }
  if (textIn(row, 'body') !== expected.body) {
    return 'its body is another';
  }
  if (flagIn(row, 'definer') !== expected.definer) {
    return expected.definer ? 'it runs with the rights of its caller' : 'it runs with the rights of its owner';
  }
  if (!wordsIn(row, 'settings').includes('search_path=pg_catalog, pg_temp')) {
    return 'its search path is not pinned';
  }
  if (flagIn(row, 'elsewhere')) {
    return 'its owner is not that of its schema';
  }
  return flagIn(row, 'loose') ? 'its owner can sign in' : undefined;
}
