import type { AssuranceRecord, AssuranceRegister, SourceReview } from './assurance';
import assuranceSchema from './assurance.schema.json';
import { refuse } from './input-error';
import { readShaped } from './schema';

/**
 * Reads the register of tests and audits; `file` is named in errors.
 *
 * @throws InputError where text, shape or content is wrong
 */
export function parseAssurance(file: string, text: string): AssuranceRegister {
  const register = readShaped<AssuranceRegister>(file, text, assuranceSchema);
  refuse([...assuranceProblems(file, register.assurance), ...reviewProblems(file, register.sourceReviews)]);
  return register;
}

function assuranceProblems(file: string, records: readonly AssuranceRecord[]): string[] {
  const seen = new Set<string>();
  return [
    ...records
      .filter(({ id }) => seen.size === seen.add(id).size)
      .map(({ id }) => `${file}: record '${id}' stands twice: remove one of them`),
    ...records
      .filter(({ independence }) => !/\S\s+\S.*\.$/s.test(independence.trim()))
      .map(
        ({ id, independence }) =>
          `${file}: record '${id}': independence is "${independence}", expected a sentence with its stop`,
      ),
    ...records
      .filter(({ ended, nextDue }) => nextDue <= ended)
      .map(
        ({ id, ended, nextDue }) =>
          `${file}: record '${id}': nextDue is ${nextDue}, expected a day after ${ended}, on which this one ended`,
      ),
  ];
}

/** Two looks on one day could say two things. */
function reviewProblems(file: string, reviews: readonly SourceReview[]): string[] {
  const seen = new Set<string>();
  return reviews
    .filter(({ repository, looked }) => seen.size === seen.add(`${repository} ${looked}`).size)
    .map(
      ({ repository, looked }) =>
        `${file}: source review of '${repository}' on ${looked} stands twice: remove one of them`,
    );
}
