import type { Certificate, InheritanceRegister } from './inheritance';
import inheritanceSchema from './inheritance.schema.json';
import { refuse } from './input-error';
import { readShaped } from './schema';

/**
 * Reads the register of the provider's certificates; `file` is named in errors.
 *
 * @throws InputError where text, shape or content is wrong
 */
export function parseInheritance(file: string, text: string): InheritanceRegister {
  const register = readShaped<InheritanceRegister>(file, text, inheritanceSchema);
  const { certificates, services } = register;
  const names = services.map(({ name }) => name);
  refuse([
    ...twice(certificates.map(({ id }) => id)).map((id) => `${file}: certificate '${id}' stands twice: remove one`),
    ...twice(names).map((name) => `${file}: service '${name}' stands twice: put its types into one`),
    ...twice(services.flatMap(({ types }) => types)).map(
      (type) => `${file}: types '${type}' stand twice: let one service have them`,
    ),
    ...certificates.flatMap((certificate) =>
      certificateProblems(certificate, names).map((problem) => `${file}: certificate '${certificate.id}': ${problem}`),
    ),
  ]);
  return register;
}

function certificateProblems(certificate: Certificate, names: readonly string[]): string[] {
  const { covers, excludes, neededFor, scopeRead, document } = certificate;
  const needed = neededFor.flatMap(({ services }) => (services === 'every' ? [] : services));
  const unknown = [...new Set([...covers, ...excludes, ...needed])].filter((name) => !names.includes(name));
  return [
    ...unknown.map((name) => `unknown service '${name}': add it to services, or spell it as there`),
    ...covers
      .filter((name) => excludes.includes(name))
      .map((name) => `service '${name}' is in covers and in excludes: keep one of the two`),
    ...(scopeRead === undefined && covers.length + excludes.length > 0
      ? ['scopeRead is missing: say on which day the scope was read that covers and excludes repeat']
      : []),
    ...(document && document.until < document.from
      ? [`document/until is ${document.until}, expected a day from ${document.from} on`]
      : []),
  ];
}

const twice = (names: readonly string[]) => [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
