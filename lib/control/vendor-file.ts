import { refuse } from './input-error';
import { readShaped } from './schema';
import type { Vendor, VendorRegister } from './vendor';
import vendorSchema from './vendor.schema.json';

/**
 * Reads the vendor register; `file` is named in errors.
 *
 * @throws InputError where text, shape or content is wrong
 */
export function parseVendors(file: string, text: string): VendorRegister {
  const register = readShaped<VendorRegister>(file, text, vendorSchema);
  refuse(vendorProblems(file, register.vendors));
  return register;
}

function vendorProblems(file: string, vendors: readonly Vendor[]): string[] {
  const seen = new Set<string>();
  const twice = vendors.filter(({ id }) => seen.size === seen.add(id).size);
  return [
    ...twice.map(({ id }) => `${file}: vendor '${id}' stands twice: remove one of them`),
    ...vendors
      .filter(({ dpa }) => dpa.signed !== (dpa.date !== undefined))
      .map(({ id }) => `${file}: vendor '${id}': dpa/date belongs to a signed agreement and to no other: correct it`),
    ...vendors.flatMap(({ id, domains }) =>
      domains
        .filter(isWholeSuffix)
        .map((domain) => `${file}: vendor '${id}': domain "${domain}" lets out to strangers: name the hosts below it`),
    ),
  ];
}

/** Below these everybody can have a host: naming them is no allow-list. */
function isWholeSuffix(domain: string): boolean {
  return (
    /^\.[^.]+$/u.test(domain) ||
    /^\.(.*\.)?(amazonaws\.(com|eu)|cloudfront\.net|azurewebsites\.net|windows\.net|\{suffix\})$/u.test(domain)
  );
}
