import { oncePerText } from '../template/remember';
import type { Control } from './control';
import { findSecrets } from './secret-patterns';
import type { Outcome } from './verdict';

/** Properties whose values never leave the machine. */
const secret =
  /(password|passphrase|passwd|secretstring|auth_?token|private_?key|client_?secret|api_?key|access_?key|secret_?key|_token|_secret|userdata)$/i;

function isSecret(property: string): boolean {
  return secret.test(property);
}

/** Texts as long as a policy or a definition come by once for every subject that hangs on them. */
const longText = 500;
const holdsSecret = (text: string) => findSecrets(text).length > 0;
const longHoldsSecret = oncePerText(holdsSecret);

/** What may be written down of a value: not what the property keeps to itself, nor a text with a secret somewhere in it. */
export function shown(property: string, value: unknown): unknown {
  if (typeof value !== 'string') {
    return value;
  }
  const holds = value.length < longText ? holdsSecret : longHoldsSecret;
  return isSecret(property) || holds(value) ? '(not shown)' : value;
}

/**
 * The words of an outcome: a finding's message and fix with their placeholders filled, or the reason of another verdict.
 * @param place what `{name}` and `{type}` stand for, and the value at the outcome's property
 * @throws Error where the outcome names a message that the control does not have
 */
export function wordsOf(
  control: Control,
  outcome: Outcome,
  place: { readonly name: string; readonly type: string; readonly value?: unknown },
): { readonly message?: string; readonly fix?: string } {
  switch (outcome.verdict) {
    case 'satisfied':
      return {};
    case 'not-applicable':
      return { message: outcome.reason };
    case 'not-assessed':
      return { message: outcome.property ? `${outcome.property}: ${outcome.reason}` : outcome.reason };
    case 'not-satisfied': {
      const words = control.messages[outcome.message];
      if (!words) {
        throw new Error(`control ${control.id} has no message '${outcome.message}'`);
      }
      const { property } = outcome;
      const value = property === undefined ? place.value : shown(property, place.value);
      const values = { ...place, property, value, ...outcome.values };
      return { message: fill(words.violation, values), fix: fill(words.fix, values) };
    }
  }
}

function fill(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? display(values[name]) : placeholder,
  );
}

function display(value: unknown): string {
  return value === null || value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
}
