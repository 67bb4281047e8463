import type { WAFV2 } from '@aws-sdk/client-wafv2';

/** The calls that keep an IP set; tests hand over their own. */
export type IPSets = Pick<WAFV2, 'getIPSet' | 'updateIPSet'>;

/** An IP set of this Region, by name and id. */
export interface IPSetName {
  readonly name: string;
  readonly id: string;
}

/** More addresses than this AWS WAF keeps in no set. */
const MOST_ADDRESSES = 10_000;

const ATTEMPTS = 6;

/**
 * Reads the name of a set from what CloudFormation calls it: name, id and scope with bars between.
 *
 * @throws if the text is something else
 */
export function ipSetName(reference: string | undefined): IPSetName {
  const [name, id, scope] = (reference ?? '').split('|');
  if (!name || !id || scope !== 'REGIONAL') {
    throw new Error(`an IP set is named '${reference}', expected its name, id and REGIONAL with bars between`);
  }
  return { name, id };
}

/**
 * Changes the addresses of a set. Whoever changes it in between does not lose what he wrote: the change is made again on what is there
 * then. Where the set is full the newest addresses stay.
 *
 * @param change gets the addresses that are there, and returns those that shall be
 * @returns the addresses that were there before
 * @throws if AWS refuses, or if somebody else was faster six times in a row
 */
export async function changeAddresses(
  sets: IPSets,
  set: IPSetName,
  change: (present: readonly string[]) => readonly string[],
  pause: (milliseconds: number) => Promise<void>,
): Promise<readonly string[]> {
  const which = { Name: set.name, Id: set.id, Scope: 'REGIONAL' as const };
  for (let attempt = 1; ; attempt += 1) {
    const { IPSet: found, LockToken: lock } = await sets.getIPSet(which);
    const present = found?.Addresses;
    if (!present || !lock) {
      throw new Error(`IP set '${set.name}' was read without addresses or lock, expected both`);
    }
    const wanted = [...new Set(change(present))].slice(-MOST_ADDRESSES);
    if (wanted.length === present.length && wanted.every((address) => present.includes(address))) {
      return present;
    }
    try {
      await sets.updateIPSet({ ...which, Addresses: wanted, LockToken: lock });
      return present;
    } catch (error) {
      if (!isOvertaken(error) || attempt === ATTEMPTS) {
        throw error;
      }
      await pause(50 * 2 ** attempt);
    }
  }
}

function isOvertaken(error: unknown): boolean {
  return error instanceof Error && error.name === 'WAFOptimisticLockException';
}
