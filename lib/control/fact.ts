/** One answer, or one item of a listing, as a judgement reads it. */
export type Fact = Readonly<Record<string, unknown>>;

/** An answer that is not shaped as the service documents it: nothing can be concluded from it. */
export class UnknownShape extends Error {
  override readonly name = 'UnknownShape';
}

/** Whether a flag is on. The service always sends these; one that is missing is no `false`. */
export function flagIn(fact: Fact, member: string): boolean {
  return required(fact, member, (value) => typeof value === 'boolean', 'true or false');
}

/** Text that the service always sends. */
export function textIn(fact: Fact, member: string): string {
  return required(fact, member, (value): value is string => typeof value === 'string' && value !== '', 'text');
}

/** Text that may be missing; empty counts as missing. */
export function optionalTextIn(fact: Fact, member: string): string | undefined {
  const value = fact[member];
  return value === undefined || value === null || value === '' ? undefined : textIn(fact, member);
}

/** A time that may be missing. */
export function optionalTimeIn(fact: Fact, member: string): Date | undefined {
  const text = optionalTextIn(fact, member);
  if (text === undefined) {
    return undefined;
  }
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) {
    throw unknownShape(fact, member, 'a time');
  }
  return time;
}

/** An object that may be missing. */
export function optionalFactIn(fact: Fact, member: string): Fact | undefined {
  const value = fact[member];
  return value === undefined || value === null ? undefined : required(fact, member, isFact, 'an object');
}

/** The objects of a list; a missing one is empty. */
export function factsIn(fact: Fact, member: string): readonly Fact[] {
  return factsOf(listIn(fact, member), member);
}

/** The words of a list; a missing one is empty. */
export function wordsIn(fact: Fact, member: string): readonly string[] {
  return listIn(fact, member).map((_, index, list) => textIn({ [member]: list[index] }, member));
}

/** The items of a listing, which must all be objects. */
export function factsOf(items: readonly unknown[], name: string): readonly Fact[] {
  return items.map((item) => required({ [name]: item }, name, isFact, 'an object'));
}

function listIn(fact: Fact, member: string): readonly unknown[] {
  const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
  const value = fact[member];
  return value === undefined || value === null ? [] : required(fact, member, isList, 'a list');
}

function isFact(value: unknown): value is Fact {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function required<T>(fact: Fact, member: string, is: (value: unknown) => value is T, expected: string): T {
  const value = fact[member];
  if (!is(value)) {
    throw unknownShape(fact, member, expected);
  }
  return value;
}

function unknownShape(fact: Fact, member: string, expected: string): UnknownShape {
  return new UnknownShape(
    `${member} is ${JSON.stringify(fact[member]) ?? 'missing'} in the answer, expected ${expected}`,
  );
}
