import { refuse } from './input-error';
import type { PublicationRegister } from './publication';
import publicationSchema from './publication.schema.json';
import { readShaped } from './schema';

/**
 * Reads the register of what is published and signed; `file` is named in errors.
 *
 * @throws InputError where text, shape or content is wrong
 */
export function parsePublications(file: string, text: string): PublicationRegister {
  const register = readShaped<PublicationRegister>(file, text, publicationSchema);
  refuse([
    ...register.agreements
      .filter(({ kind, annex }) => (kind === 'dpa') !== (annex !== undefined))
      .map(
        ({ kind, version }) =>
          `${file}: agreement '${kind}' ${version}: annex belongs to a dpa and to no other: correct it`,
      ),
    ...twice(register.agreements.map(({ kind, version }) => `agreement '${kind}' ${version}`)).map(
      (what) => `${file}: ${what} stands twice: remove one of them`,
    ),
    ...twice(register.statusPages.map(({ url }) => `status page '${url}'`)).map(
      (what) => `${file}: ${what} stands twice: remove one of them`,
    ),
    ...twice(register.privacyNotices.map(({ url, version }) => `privacy notice '${url}' ${version}`)).map(
      (what) => `${file}: ${what} stands twice: remove one of them`,
    ),
    ...twice(register.privacyContacts.map(({ office, address }) => `privacy contact '${office}' ${address}`)).map(
      (what) => `${file}: ${what} stands twice: remove one of them`,
    ),
  ]);
  return register;
}

function twice(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
