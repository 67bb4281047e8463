import { refuse } from './input-error';
import type { ProcessingRegister } from './processing';
import processingSchema from './processing.schema.json';
import { readShaped } from './schema';

/**
 * Reads the records of processing; `file` is named in errors.
 *
 * @throws InputError where text, shape or content is wrong
 */
export function parseProcessing(file: string, text: string): ProcessingRegister {
  const register = readShaped<ProcessingRegister>(file, text, processingSchema);
  refuse(processingProblems(file, register));
  return register;
}

function processingProblems(file: string, { processing, impersonal }: ProcessingRegister): string[] {
  const twice = (names: readonly string[]) => [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
  return [
    ...twice(processing.map(({ id }) => id)).map((id) => `${file}: record '${id}' stands twice: remove one of them`),
    ...twice(impersonal.map(({ retention }) => retention)).map(
      (rule) => `${file}: impersonal rule '${rule}' stands twice: remove one of them`,
    ),
    ...processing.flatMap(({ id, retention }) =>
      impersonal
        .filter((each) => retention.includes(each.retention))
        .map(
          (each) =>
            `${file}: record '${id}' names rule '${each.retention}', which is impersonal as well: remove it from one of the two`,
        ),
    ),
    ...processing.flatMap(({ id, recipients, transfers }) =>
      transfers
        .filter(({ recipient }) => !recipients.includes(recipient))
        .map(
          ({ recipient }) =>
            `${file}: record '${id}' has a transfer to '${recipient}', which is none of its recipients: ${recipients.join(', ') || 'none'}`,
        ),
    ),
    ...processing.flatMap(({ id, transfers }) =>
      twice(transfers.map(({ recipient }) => recipient)).map(
        (recipient) => `${file}: record '${id}' has two transfers to '${recipient}': remove one of them`,
      ),
    ),
    ...impersonal
      .filter(({ because }) => !/\S\s+\S.*\.$/s.test(because.trim()))
      .map(
        ({ retention, because }) =>
          `${file}: impersonal rule '${retention}': because is "${because}", expected a sentence with its stop`,
      ),
  ];
}
