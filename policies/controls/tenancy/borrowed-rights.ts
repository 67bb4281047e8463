import { type Fact, flagIn, optionalTextIn, textIn, wordsIn } from '../../../lib/control/fact';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import { grantsOf } from './granted-rights';
import { nameOf, notOfExtension, notOfSystem } from './tenancy-facts';

/** Functions that run with the rights of their owner, or are called with rows before the policies are asked. */
export const DEFINERS = `
    SELECT n.nspname AS schema, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
      pg_get_userbyid(p.proowner) AS owner, o.rolsuper OR o.rolbypassrls AS passes_over, p.prosecdef AS definer, p.proleakproof AS leakproof,
      (SELECT split_part(c, '=', 2) FROM unnest(p.proconfig) AS c WHERE c LIKE 'search_path=%') AS path,
      has_function_privilege('public', p.oid, 'EXECUTE') AND p.prorettype <> 'trigger'::regtype AS by_everybody,
      ARRAY(
        SELECT r.rolname::text FROM pg_roles AS r
        WHERE NOT r.rolsuper AND r.oid <> p.proowner AND p.prorettype <> 'trigger'::regtype AND has_function_privilege(r.oid, p.oid, 'EXECUTE')
        ORDER BY 1
      ) AS callers
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_roles AS o ON o.oid = p.proowner
    WHERE (p.prosecdef OR p.proleakproof) AND ${notOfSystem} AND ${notOfExtension('p.oid')} ORDER BY 1, 2`;

/**
 * Owners whose rights the application borrows, and through what: a function that runs as its owner, or a rule, which does what it says with the
 * rights of the table's owner. What such an owner may read is within reach, granted or not.
 */
export function lentRights(
  relations: readonly Fact[],
  functions: readonly Fact[],
  hands: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const isMine = (role: string) => hands.has(role) || role === 'PUBLIC';
  const called = functions
    .filter((each) => flagIn(each, 'definer') && wordsIn(each, 'callers').some(isMine))
    .map((each) => [textIn(each, 'owner'), `function ${nameOf(each)}`] as const);
  const ruled = relations
    .filter((each) => grantsOf(each).some(({ role }) => isMine(role)))
    .flatMap((each) =>
      wordsIn(each, 'rules').map((rule) => [textIn(each, 'owner'), `rule ${rule} of ${nameOf(each)}`] as const),
    );
  return new Map([...called, ...ruled]);
}

/** A name without a schema is looked up along the path: whoever can put something there runs code with the owner's rights. */
export function judgeFunction(each: Fact): Outcome {
  if (flagIn(each, 'leakproof')) {
    return finding('leakproof');
  }
  const fault = flagIn(each, 'passes_over')
    ? 'is owned by a role that passes over row-level security'
    : (pathFault(optionalTextIn(each, 'path')) ??
      (flagIn(each, 'by_everybody') ? 'everybody may execute it' : undefined));
  return fault === undefined ? satisfied : finding('definer', undefined, { owner: textIn(each, 'owner'), fault });
}

/**
 * Tables that a session made for itself are found first, unless the path says otherwise at its end.
 *
 * Source: https://www.postgresql.org/docs/17/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
 */
function pathFault(path: string | undefined): string | undefined {
  if (path === undefined) {
    return 'looks names up where its caller says';
  }
  const places = path.split(',').map((place) => place.trim().replaceAll('"', ''));
  if (places.some((place) => place === 'public' || place === '$user')) {
    return `looks names up in ${path}`;
  }
  const isOfSystem = places.every((place) => ['', 'pg_catalog', 'information_schema'].includes(place));
  return isOfSystem || places.at(-1) === 'pg_temp' ? undefined : 'takes temporary tables of its caller for its own';
}
