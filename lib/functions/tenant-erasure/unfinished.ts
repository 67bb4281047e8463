/** There was no time for all of it: whoever called calls again. The process knows it by its name. */
export class Unfinished extends Error {
  override readonly name = 'Unfinished';
}
