import { createHash } from 'node:crypto';
import type { LoggedCertificate } from './public-log';
import { certificatesOf, watchedNames } from './public-log';

export interface Surroundings {
  readonly domainName: string;
  /** Address of a monitor that answers like crt.sh. */
  readonly monitor: string;
  /** Serial numbers of the certificates that we use. */
  readonly ownSerials: () => Promise<ReadonlySet<string>>;
  /** What the last look wrote down. */
  readonly recall: () => Promise<string>;
  readonly remember: (text: string) => Promise<void>;
  readonly report: (subject: string, message: string) => Promise<void>;
  readonly now: () => Date;
}

/** Short fingerprint of a serial number, and the day on which its certificate ends and can be forgotten. */
type Known = readonly [fingerprint: string, ends: string];

/** A message of more is read by nobody; the rest is counted. */
const MOST_IN_A_MESSAGE = 20;

/** A parameter of Systems Manager holds no more. */
const MOST_CHARACTERS = 8192;

/**
 * Looks once: reports what is neither ours nor known, then remembers it. In this order, so that a report that fails is made again.
 *
 * @returns how many certificates were reported
 * @throws if anything could not be read, sent or remembered
 */
export async function watchCertificates(around: Surroundings): Promise<number> {
  const known = parse(await around.recall());
  const own = await around.ownSerials();
  const logged = await everythingLogged(around);
  const fresh = logged.filter(({ serial }) => !known.has(fingerprint(serial)));
  const foreign = fresh.filter(({ serial }) => !own.has(serial));
  if (foreign.length > 0) {
    await around.report(`Certificate for ${around.domainName} that is not ours`, described(foreign));
  }
  if (fresh.length > 0) {
    await around.remember(written(known, fresh, around.now()));
  }
  return foreign.length;
}

/** Each certificate once: the logs hold it twice, as promised and as issued, under the same number. */
async function everythingLogged({ monitor, domainName }: Surroundings): Promise<LoggedCertificate[]> {
  const found = new Map<string, LoggedCertificate>();
  for (const name of watchedNames(domainName)) {
    for (const certificate of await certificatesOf(monitor, name)) {
      found.set(certificate.serial, certificate);
    }
  }
  return [...found.values()];
}

function described(foreign: readonly LoggedCertificate[]): string {
  const lines = foreign
    .slice(0, MOST_IN_A_MESSAGE)
    .map(({ names, issuer, serial, notBefore, notAfter }) =>
      [
        `Names: ${names.join(', ').slice(0, 500)}`,
        `Issuer: ${issuer}`,
        `Serial number: ${serial}`,
        `Valid from ${notBefore} to ${notAfter}`,
      ].join('\n'),
    );
  const more = foreign.length - lines.length;
  return [
    'The public logs hold certificates for our names that are not the ones we use.',
    'If nobody of us ordered them, have the issuer revoke them and find out who could answer for the domain.',
    ...lines,
    ...(more > 0 ? [`And ${more} more.`] : []),
  ].join('\n\n');
}

function parse(text: string): Map<string, string> {
  const entries: readonly Known[] = JSON.parse(text);
  return new Map(entries);
}

/** Without what has ended: the monitor does not name it any more either. */
function written(known: ReadonlyMap<string, string>, fresh: readonly LoggedCertificate[], now: Date): string {
  const today = now.toISOString().slice(0, 10);
  const entries = new Map([
    ...known,
    ...fresh.map(({ serial, notAfter }): Known => [fingerprint(serial), notAfter.slice(0, 10)]),
  ]);
  const text = JSON.stringify([...entries].filter(([, ends]) => ends >= today));
  if (text.length > MOST_CHARACTERS) {
    throw new Error(
      `the certificates of the domain take ${text.length} characters to remember, expected at most ${MOST_CHARACTERS}: watch fewer names`,
    );
  }
  return text;
}

function fingerprint(serial: string): string {
  return createHash('sha256').update(serial).digest('hex').slice(0, 16);
}
