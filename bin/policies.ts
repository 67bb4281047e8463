import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Register } from '../lib/control/claim';
import type { Exception } from '../lib/control/exception';
import { sha256 } from '../lib/control/fingerprint';
import { refuseUnknownCertificateProfiles } from '../lib/control/inheritance-names';
import { InputError } from '../lib/control/input-error';
import {
  refuseSharedIds,
  refuseUnknownClaims,
  refuseUnknownNames,
  refuseUnknownProfiles,
} from '../lib/control/policy-names';
import type { PolicyFolder, PolicyKinds } from '../lib/control/policy-parsers';
import { refuseUnknownProcessingNames } from '../lib/control/processing-names';
import type { Profile } from '../lib/control/profile';
import type { Records } from '../lib/control/records';
import { refuseUnknownRegimeProfiles } from '../lib/control/regime-names';
import { refuseUnknownRetentionProfiles } from '../lib/control/retention-names';
import { refuseUnknownVendorProfiles, refuseVendorsAbroad } from '../lib/control/vendor-names';
import { type PolicyCache, readPolicyCache } from './policy-cache';

/** Everything that the `policies` folder of a package promises and settles, checked as a whole. */
export interface Policies {
  /** By document code, in alphabetical order. */
  readonly registers: readonly Register[];
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly exceptions: readonly Exception[];
  /** What the other registers hold; nothing where there are none. */
  readonly records: Records;
}

/** Folder of the package that `from` belongs to: the nearest one upwards with a `package.json`, from sources and from `dist`. */
export function packageRoot(from: string = __dirname): string {
  if (existsSync(join(from, 'package.json'))) {
    return from;
  }
  const parent = dirname(from);
  if (parent === from) {
    throw new InputError('no package.json above the program: run it from an installed package or a checkout');
  }
  return packageRoot(parent);
}

/**
 * Reads the registers, profiles, exceptions and vendors of a package.
 *
 * @param root folder that holds `policies`
 * @throws InputError where a file is wrong, or names what another does not hold
 */
export function loadPolicies(root: string = packageRoot(), cache: PolicyCache = readPolicyCache(root)): Policies {
  const registers = readFolder(root, 'claims', cache);
  if (registers.length === 0) {
    throw new InputError(`no registers in ${join(root, 'policies', 'claims')}: expected one YAML file per document`);
  }
  const profiles = readFolder(root, 'profiles', cache);
  const exceptions = readFolder(root, 'exceptions', cache);
  refuseSharedIds(registers);
  refuseUnknownNames(profiles, registers);
  refuseUnknownClaims(exceptions, new Set(registers.flatMap(({ claims }) => claims.map(({ id }) => id))));
  refuseUnknownProfiles(exceptions, profiles);
  const kept = readFolder(root, 'registers', cache);
  const vendors = kept.flatMap((register) => ('vendors' in register ? register.vendors : []));
  const retention = kept.flatMap((register) => ('retention' in register ? register.retention : []));
  const [retentionReviewed] = kept.flatMap((register) => ('retention' in register ? [register.reviewed] : []));
  const [processing] = kept.flatMap((register) => ('processing' in register ? [register] : []));
  const regimes = kept.flatMap((register) => ('regimes' in register ? register.regimes : []));
  const assurance = kept.flatMap((register) => ('assurance' in register ? register.assurance : []));
  const sourceReviews = kept.flatMap((register) => ('sourceReviews' in register ? register.sourceReviews : []));
  const certificates = kept.flatMap((register) => ('certificates' in register ? register.certificates : []));
  const providerServices = kept.flatMap((register) => ('services' in register ? register.services : []));
  const statusPages = kept.flatMap((register) => ('statusPages' in register ? register.statusPages : []));
  const privacyNotices = kept.flatMap((register) => ('privacyNotices' in register ? register.privacyNotices : []));
  const agreements = kept.flatMap((register) => ('agreements' in register ? register.agreements : []));
  const privacyContacts = kept.flatMap((register) => ('privacyContacts' in register ? register.privacyContacts : []));
  refuseUnknownVendorProfiles(vendors, profiles);
  refuseVendorsAbroad(vendors, profiles, registers);
  refuseUnknownRetentionProfiles(retention, profiles);
  refuseUnknownProcessingNames(processing, { vendors, retention, profiles });
  refuseUnknownRegimeProfiles(regimes, profiles);
  refuseUnknownCertificateProfiles(certificates, profiles);
  return {
    registers,
    profiles: new Map(profiles.map((profile) => [profile.name, profile])),
    exceptions,
    records: {
      vendors,
      retention,
      retentionReviewed,
      processing,
      regimes,
      assurance,
      sourceReviews,
      certificates,
      providerServices,
      statusPages,
      privacyNotices,
      agreements,
      privacyContacts,
    },
  };
}

/** @throws InputError where the policies hold no such profile */
export function profileNamed({ profiles }: Pick<Policies, 'profiles'>, name: string): Profile {
  const profile = profiles.get(name);
  if (!profile) {
    throw new InputError(`unknown profile '${name}': known are ${[...profiles.keys()].join(', ') || 'none'}`);
  }
  return profile;
}

/** One YAML file of `policies`, not yet read as what it says. */
export interface PolicyText {
  /** File name, with its ending. */
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

/** The YAML files of one folder by name; none where the folder is missing. */
export function policyTexts(root: string, folder: PolicyFolder): PolicyText[] {
  const path = join(root, 'policies', folder);
  const names = existsSync(path) ? readdirSync(path).sort() : [];
  const misnamed = names.find((name) => name.endsWith('.yml'));
  if (misnamed !== undefined) {
    throw new InputError(`policies/${folder}/${misnamed} would not be read: rename it to end in .yaml`);
  }
  return names
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => {
      const text = readFileSync(join(path, name), 'utf8');
      return { name, text, sha256: sha256(text) };
    });
}

/** The files of the registers, of claims and of everything else, each pinned by its SHA-256. */
export function registerFiles(
  root: string = packageRoot(),
): readonly { readonly path: string; readonly sha256: string }[] {
  return (['claims', 'registers'] as const).flatMap((folder) =>
    policyTexts(root, folder).map(({ name, sha256: digest }) => ({
      path: `policies/${folder}/${name}`,
      sha256: digest,
    })),
  );
}

/** Reads and checks one file, without any cache. */
export function parsePolicy<K extends PolicyFolder>(folder: K, { name, text }: PolicyText): PolicyKinds[K] {
  // Loaded here only: the YAML and schema readers would cost every run that finds its files in the cache.
  const { policyParsers }: typeof import('../lib/control/policy-parsers') = require('../lib/control/policy-parsers');
  return policyParsers[folder](`policies/${folder}/${name}`, text);
}

function readFolder<K extends PolicyFolder>(root: string, folder: K, cache: PolicyCache): PolicyKinds[K][] {
  const entries: PolicyCache['entries'][K] = cache.entries[folder];
  return policyTexts(root, folder).map((file) => {
    const entry = entries[file.name];
    return entry?.sha256 === file.sha256 ? entry.value : parsePolicy(folder, file);
  });
}
