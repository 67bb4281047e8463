/** A certificate as the public logs know it. */
export interface LoggedCertificate {
  /** In the spelling of `normalSerial`. */
  readonly serial: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
}

const PATIENCE_MILLISECONDS = 30_000;

/**
 * What to ask for: the domain itself, everything below it, and the wildcard of its parent, which covers it too.
 */
export function watchedNames(domainName: string): readonly string[] {
  const parent = domainName.split('.').slice(1).join('.');
  return [domainName, `%.${domainName}`, `*.${parent}`];
}

/**
 * Asks a monitor for the certificates of a name that have not expired.
 *
 * @param monitor address of a monitor that answers like crt.sh
 * @param name a name, with `%` for anything
 * @throws if it cannot be reached, refuses, or answers in a shape that is not understood: not having looked is not having found nothing
 */
export async function certificatesOf(monitor: string, name: string): Promise<LoggedCertificate[]> {
  const address = new URL(monitor);
  address.searchParams.set('q', name);
  address.searchParams.set('output', 'json');
  address.searchParams.set('exclude', 'expired');
  const response = await fetch(address, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
  });
  if (!response.ok) {
    throw new Error(`the certificate monitor answered with status ${response.status} for '${name}', expected 200`);
  }
  const entries: unknown = await response.json();
  if (!Array.isArray(entries)) {
    throw new Error(`the certificate monitor answered with no list for '${name}', expected one`);
  }
  return entries.map((entry: unknown) => understood(entry, name));
}

/** The one spelling of a serial number: ACM writes colons, monitors leave out zeros in front or do not. */
export function normalSerial(serial: string): string {
  return serial.replaceAll(':', '').toLowerCase().replace(/^0+/, '');
}

function understood(entry: unknown, name: string): LoggedCertificate {
  const read = (key: string): string => {
    const value =
      typeof entry === 'object' && entry !== null ? Object.entries(entry).find(([each]) => each === key) : undefined;
    if (typeof value?.[1] !== 'string' || value[1] === '') {
      throw new Error(`the certificate monitor left '${key}' out of a certificate for '${name}', expected a text`);
    }
    return value[1];
  };
  return {
    serial: normalSerial(read('serial_number')),
    issuer: read('issuer_name'),
    names: read('name_value').split('\n'),
    notBefore: read('not_before'),
    notAfter: read('not_after'),
  };
}
