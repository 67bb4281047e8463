import { refuse } from './input-error';
import type { ProcessingRegister } from './processing';
import type { Profile } from './profile';
import type { RetentionRule } from './retention';
import { isInEea, type Vendor } from './vendor';

/**
 * Refuses records of processing that name a vendor, a retention rule or a profile which does not exist, and transfers out of the EEA to whoever
 * has its seat inside.
 *
 * @throws InputError naming record and name
 */
export function refuseUnknownProcessingNames(
  register: ProcessingRegister | undefined,
  known: {
    readonly vendors: readonly Vendor[];
    readonly retention: readonly RetentionRule[];
    readonly profiles: readonly Profile[];
  },
): void {
  const { processing = [], impersonal = [] } = register ?? {};
  const rules = known.retention.map(({ id }) => id);
  const vendors = known.vendors.map(({ id }) => id);
  const profiles = known.profiles.map(({ name }) => name);
  const inside = new Set(known.vendors.filter(isInEea).map(({ id }) => id));
  const strangers = (what: string, given: readonly string[], all: readonly string[], kind: string) =>
    given
      .filter((name) => !all.includes(name))
      .map((name) => `${what}: unknown ${kind} '${name}': known are ${all.join(', ')}`);
  refuse([
    ...processing.flatMap((record) => {
      const what = `record of processing '${record.id}'`;
      return [
        ...strangers(what, record.recipients, vendors, 'vendor'),
        ...strangers(what, record.retention, rules, 'retention rule'),
        ...strangers(what, record.profiles ?? [], profiles, 'profile'),
        ...record.transfers
          .filter(({ recipient }) => inside.has(recipient))
          .map(({ recipient }) => `${what}: vendor '${recipient}' has its seat in the EEA: remove the transfer`),
      ];
    }),
    ...strangers(
      'impersonal rules of the records of processing',
      impersonal.map(({ retention }) => retention),
      rules,
      'retention rule',
    ),
  ]);
}
