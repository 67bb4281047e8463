import { type Fact, wordsIn } from '../../../lib/control/fact';

export interface Grant {
  readonly role: string;
  readonly privilege: string;
}

/** Each grant on a relation; the catalogue is asked for them as `role PRIVILEGE`. */
export function grantsOf(relation: Fact): readonly Grant[] {
  return wordsIn(relation, 'grants').map((grant) => {
    const at = grant.lastIndexOf(' ');
    return { role: grant.slice(0, at), privilege: grant.slice(at + 1) };
  });
}
