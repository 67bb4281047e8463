import exceptionSchema from './exception.schema.json';
import { refuse } from './input-error';
import { readShaped, refuseOtherName } from './schema';

/** Findings that a named person accepts until a date: one file of `policies/exceptions/`. */
export interface Exception {
  /** The file's name. */
  readonly id: string;
  /** Risk, compensation and why it ends. */
  readonly reason: string;
  readonly owner: string;
  /** Somebody other than the owner. */
  readonly approver: string;
  /** Date, YYYY-MM-DD; it excuses nothing before. */
  readonly approved: string;
  /** Date, YYYY-MM-DD; it holds to the end of that day, UTC, and at most 366 days after the approval. */
  readonly expires: string;
  /** Claims that it weakens; only these are excused. Empty only where every rule belongs to another checker. */
  readonly claims: readonly string[];
  readonly applies: readonly ExceptionScope[];
}

/** One rule on exactly these constructs: neither their parents nor what lies below them. */
export interface ExceptionScope {
  /** A control id (`net-03`), or another checker's qualified id (`AwsSolutions::AwsSolutions-IAM5[Action::s3:*]`). */
  readonly rule: string;
  /** Construct paths below the environment's stage (`Network/Vpc/Resource`), so that one file serves every environment. */
  readonly paths: readonly string[];
}

const longestDays = 366;
const dayMilliseconds = 86_400_000;
const controlId = /^[a-z]{3}-\d{2}$/u;
const qualifiedId = /^[\w.-]+::[\w.-]+(\[[^[\]]+\])?$/u;

/**
 * Reads one exception; `file` is named in errors.
 *
 * @throws InputError where text, shape or content is wrong
 */
export function parseException(file: string, text: string): Exception {
  const exception = readShaped<Exception>(file, text, exceptionSchema);
  refuseOtherName(file, 'id', exception.id);
  refuse(exceptionProblems(file, exception));
  return exception;
}

function exceptionProblems(file: string, exception: Exception): string[] {
  const { owner, approver, approved, expires, claims, applies } = exception;
  const problems: string[] = [];
  if (owner.trim().toLowerCase() === approver.trim().toLowerCase()) {
    problems.push(`${file}: approver is "${approver}", who is also the owner: somebody else must approve`);
  }
  const days = (Date.parse(expires) - Date.parse(approved)) / dayMilliseconds;
  if (days <= 0) {
    problems.push(`${file}: expires is "${expires}", expected a day after approved, ${approved}`);
  } else if (days > longestDays) {
    problems.push(
      `${file}: expires is "${expires}", ${days} days after approved, ${approved}: at most ${longestDays} are allowed`,
    );
  }
  if (claims.length === 0 && applies.some(({ rule }) => controlId.test(rule))) {
    problems.push(`${file}: claims is empty, but a control is excused: name the claims that it weakens`);
  }
  return problems;
}

/**
 * Refuses exceptions for claims that no register holds.
 *
 * @throws InputError naming exception and claim
 */
export function refuseUnknownClaims(exceptions: readonly Exception[], known: ReadonlySet<string>): void {
  refuse(
    exceptions.flatMap(({ id, claims }) =>
      claims
        .filter((claim) => !known.has(claim))
        .map((claim) => `exception '${id}': unknown claim '${claim}': name one of policies/claims`),
    ),
  );
}

/** Why an exception excuses more than anybody can have weighed, one reason per place; empty where it does not. */
export function widthProblems({ applies }: Exception): string[] {
  return applies.flatMap(({ rule, paths }) => {
    const ruleProblem = tooWideRule(rule);
    return [...(ruleProblem ? [ruleProblem] : []), ...paths.flatMap((path) => tooWidePath(path) ?? [])];
  });
}

function tooWideRule(rule: string): string | undefined {
  if (controlId.test(rule)) {
    return undefined;
  }
  // Brackets carry the text of one finding, where a star is part of a name; alone it would stand for every finding.
  if (!qualifiedId.test(rule) || rule.endsWith('[*]')) {
    return `rule "${rule}" is no single rule: write a control id such as net-03 or a qualified id such as AwsSolutions::AwsSolutions-S1`;
  }
  return undefined;
}

function tooWidePath(path: string): string | undefined {
  const segments = path.split('/');
  const isPlain = segments.every((segment) => segment.trim() !== '' && !/[*?]/u.test(segment));
  return isPlain && segments.length > 1
    ? undefined
    : `path "${path}" is no single construct: write its whole path below the stage such as Network/Vpc/Resource`;
}
