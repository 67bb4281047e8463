import type { Register } from './claim';
import type { Exception } from './exception';
import { parseException } from './exception-file';
import type { Profile } from './profile';
import { parseProfile } from './profile-file';
import { parseRegister } from './register-file';
import { type KeptRegister, parseKeptRegister } from './register-kinds';

/** What one YAML file in each folder of `policies` holds. */
export interface PolicyKinds {
  readonly claims: Register;
  readonly profiles: Profile;
  readonly exceptions: Exception;
  readonly registers: KeptRegister;
}

export type PolicyFolder = keyof PolicyKinds;

/** Reader of each folder's files. Apart from all else, so that a run that needs no reading loads no YAML and no schema code. */
export const policyParsers: { readonly [K in PolicyFolder]: (file: string, text: string) => PolicyKinds[K] } = {
  claims: parseRegister,
  profiles: parseProfile,
  exceptions: parseException,
  registers: parseKeptRegister,
};
