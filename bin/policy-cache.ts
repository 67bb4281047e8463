import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import assuranceSchema from '../lib/control/assurance.schema.json';
import exceptionSchema from '../lib/control/exception.schema.json';
import { sha256 } from '../lib/control/fingerprint';
import inheritanceSchema from '../lib/control/inheritance.schema.json';
import type { PolicyFolder, PolicyKinds } from '../lib/control/policy-parsers';
import processingSchema from '../lib/control/processing.schema.json';
import profileSchema from '../lib/control/profile.schema.json';
import publicationSchema from '../lib/control/publication.schema.json';
import regimeSchema from '../lib/control/regime.schema.json';
import registerSchema from '../lib/control/register.schema.json';
import retentionSchema from '../lib/control/retention.schema.json';
import vendorSchema from '../lib/control/vendor.schema.json';

/** Files as they were read and found valid, by name, each with the SHA-256 of the text that it came from. */
type Entries<K extends PolicyFolder> = Readonly<
  Record<string, { readonly sha256: string; readonly value: PolicyKinds[K] }>
>;

/**
 * Registers, profiles and exceptions read ahead: reading YAML and checking it costs more than the rest of a small run. It only
 * remembers: a file whose text or schema is no longer the same is read and checked anew.
 */
export interface PolicyCache {
  /** SHA-256 of the schemas that the entries were checked against. */
  readonly schemas: string;
  readonly entries: { readonly [K in PolicyFolder]: Entries<K> };
}

const schemasSha256 = sha256(
  JSON.stringify([
    registerSchema,
    profileSchema,
    exceptionSchema,
    vendorSchema,
    retentionSchema,
    processingSchema,
    regimeSchema,
    assuranceSchema,
    inheritanceSchema,
    publicationSchema,
  ]),
);

const emptyCache: PolicyCache = {
  schemas: schemasSha256,
  entries: { claims: {}, profiles: {}, exceptions: {}, registers: {} },
};

function cacheFile(root: string): string {
  return join(root, 'dist', 'policies.json');
}

/** The cache of a package; empty where it is missing, damaged or made for other schemas. */
export function readPolicyCache(root: string): PolicyCache {
  try {
    const cache: Partial<PolicyCache> | null = JSON.parse(readFileSync(cacheFile(root), 'utf8'));
    const { schemas, entries } = cache ?? {};
    return schemas === schemasSha256 && entries
      ? { schemas, entries: { ...emptyCache.entries, ...entries } }
      : emptyCache;
  } catch {
    // Nothing is lost: every file is then read anew.
    return emptyCache;
  }
}

/** Writes the cache in one step, so that a run beside it reads the old or the new one, never half of it. */
export function writePolicyCache(root: string, entries: PolicyCache['entries']): string {
  const file = cacheFile(root);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify({ schemas: schemasSha256, entries } satisfies PolicyCache));
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
