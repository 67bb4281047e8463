import { refuse } from './input-error';
import { readShaped } from './schema';
import { isSentPublicDataOnly, type Vendor, type VendorAuth, type VendorRegister } from './vendor';
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
    ...vendors
      .filter(({ dpa }) => dpa.signed !== (dpa.reference !== undefined))
      .map(
        ({ id }) => `${file}: vendor '${id}': dpa/reference belongs to a signed agreement and to no other: correct it`,
      ),
    ...vendors
      .filter((vendor) => (vendor.role === 'source') !== isSentPublicDataOnly(vendor))
      .map(({ id }) => `${file}: vendor '${id}': role is "source" where public data only is sent, and nowhere else`),
    ...vendors.flatMap(({ id, auth }) => authProblems(auth).map((problem) => `${file}: vendor '${id}': ${problem}`)),
    ...vendors.flatMap(({ id, domains }) =>
      domains
        .filter(isWholeSuffix)
        .map((domain) => `${file}: vendor '${id}': domain "${domain}" lets out to strangers: name the hosts below it`),
    ),
  ];
}

/** Which members belong to a kind is said here: a schema would name every kind that a wrong entry is not. */
const membersOfKind: Readonly<Record<VendorAuth['kind'], readonly string[]>> = {
  none: [],
  iam: [],
  'api-key': ['rotationDays', 'secret'],
  oauth2: ['rotationDays', 'scopes', 'secret'],
};

function authProblems(auth: VendorAuth): string[] {
  const expected = membersOfKind[auth.kind];
  const given = Object.keys(auth).filter((member) => member !== 'kind');
  return [
    ...expected
      .filter((member) => !given.includes(member))
      .map((member) => `auth/${member} is missing: add it to "${auth.kind}"`),
    ...given
      .filter((member) => !expected.includes(member))
      .map((member) => `auth/${member} does not belong to "${auth.kind}": remove it`),
  ];
}

/** Below these everybody can have a host: naming them is no allow-list. */
function isWholeSuffix(domain: string): boolean {
  return (
    /^\.[^.]+$/u.test(domain) ||
    /^\.(.*\.)?(amazonaws\.(com|eu)|cloudfront\.net|azurewebsites\.net|windows\.net|\{suffix\})$/u.test(domain)
  );
}
