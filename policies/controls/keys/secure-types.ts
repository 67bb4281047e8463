import { type Fact, flagIn, optionalTextIn, textIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';

/** A domain and values that its check must take and refuse: judged by what it does, not by what it is called. */
export interface SecureType {
  /** `schema.domain`. */
  readonly name: string;
  /** Function that its one check calls. */
  readonly check: string;
  /** What the function takes: text, or bytes in hexadecimal digits. */
  readonly argument: 'text' | 'bytea';
  readonly takes: readonly string[];
  readonly refuses: readonly string[];
}

/** Domains of the schema `secure` and their checks. */
export const DOMAINS = `
SELECT format('%s.%s', n.nspname, t.typname) AS name,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('text', pg_get_constraintdef(c.oid), 'valid', c.convalidated)), '[]')
    FROM pg_constraint AS c WHERE c.contypid = t.oid AND c.contype = 'c') AS checks
FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
WHERE n.nspname = 'secure' AND t.typtype = 'd' ORDER BY 1`;

/** Asks the check of a type about each of its values. Its function only reads its argument. */
export function probe({ check, argument, takes, refuses }: SecureType): string {
  const values = [...takes, ...refuses].map((value) => literal(value, argument));
  return `SELECT ${check}(given) AS taken FROM (VALUES ${values.map((value, index) => `(${index}, ${value})`).join(', ')}) AS probes (place, given) ORDER BY place`;
}

function literal(value: string, argument: SecureType['argument']): string {
  return argument === 'text' ? `'${value.replaceAll("'", "''")}'::text` : `decode('${value}', 'hex')`;
}

/** Whether a domain exists, calls its check in full, and the check takes and refuses what it must. */
export function judgeType(type: SecureType, domains: readonly Fact[], probed: readonly Fact[]): LiveOutcome {
  const domain = domains.find((each) => each.name === type.name);
  const fault = domain ? (checkFault(domain, type) ?? probeFault(probed, type)) : 'it is not there';
  const outcome: Outcome = fault === undefined ? satisfied : finding('toothless', undefined, { fault });
  return { subject: type.name, type: 'PostgreSQL::Domain', outcome };
}

function checkFault(domain: Fact, { check }: SecureType): string | undefined {
  const checks = Array.isArray(domain.checks) ? domain.checks.map((each) => each as Fact) : [];
  const calls = new RegExp(`^CHECK \\(${check.replace('.', '\\.')}\\(\\(?VALUE\\)?(::\\w+)?\\)\\)$`);
  const found = checks.find((each) => calls.test(textIn(each, 'text')));
  if (!found) {
    return `it has no check by ${check}: ${checks.map((each) => optionalTextIn(each, 'text')).join(', ') || 'none at all'}`;
  }
  return flagIn(found, 'valid') ? undefined : 'its check was never made on what is stored already';
}

/** Numbers of the values, and nothing of them: some look like secrets. */
function probeFault(probed: readonly Fact[], { takes, refuses }: SecureType): string | undefined {
  const wrong = [...takes, ...refuses].findIndex((_, index) => probed[index]?.taken !== index < takes.length);
  return wrong < 0
    ? undefined
    : wrong < takes.length
      ? `its check refuses sound value ${wrong + 1}`
      : `its check takes unsound value ${wrong - takes.length + 1}`;
}
