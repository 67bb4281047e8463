/**
 * A mistake in what the caller handed over: a file, a flag, a name, a figure. The command line prints the message and ends
 * with exit code 3; every other error is a fault of the tool. The message is lower case without a full stop and says what is
 * wrong in the caller's words, the value got, the values allowed and what to change; several mistakes stand one per line.
 */
export class InputError extends Error {
  override readonly name = 'InputError';

  /** One error for several mistakes, so that a file is corrected in one go; past `limit` only their number is given. */
  static of(problems: readonly string[], limit = 20): InputError {
    const shown = problems.slice(0, limit);
    const rest = problems.length - shown.length;
    return new InputError([...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'));
  }
}

/** Throws one `InputError` that carries every problem; returns where there is none. */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0) {
    throw InputError.of(problems);
  }
}
