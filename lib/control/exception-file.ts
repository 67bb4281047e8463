import { type Exception, isControlId } from './exception';
import exceptionSchema from './exception.schema.json';
import { refuse } from './input-error';
import { readShaped, refuseOtherName } from './schema';

const longestDays = 366;
const dayMilliseconds = 86_400_000;

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
  if (claims.length === 0 && applies.some(({ rule }) => isControlId(rule))) {
    problems.push(`${file}: claims is empty, but a control is excused: name the claims that it weakens`);
  }
  return problems;
}
