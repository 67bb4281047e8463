import { InputError } from '../lib/control/input-error';

/** Wrong use or a fault of the tool: neither a pass nor a finding. */
export const wrongUse = 3;

/** Ends the process with an error that says what to change; the stack of a fault of ours is shown on request only. */
export function fail(error: unknown): void {
  if (error instanceof InputError) {
    process.stderr.write(`avouch: ${error.message}\n`);
  } else {
    const message = error instanceof Error ? error.message : String(error);
    const stack = process.env.AVOUCH_DEBUG !== undefined && error instanceof Error ? `\n${error.stack}` : '';
    process.stderr.write(`avouch: fault of the tool: ${message} (set AVOUCH_DEBUG=1 for more)${stack}\n`);
  }
  process.exitCode = wrongUse;
}
