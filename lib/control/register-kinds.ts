import type { AssuranceRegister } from './assurance';
import { parseAssurance } from './assurance-file';
import type { InheritanceRegister } from './inheritance';
import { parseInheritance } from './inheritance-file';
import { InputError } from './input-error';
import type { ProcessingRegister } from './processing';
import { parseProcessing } from './processing-file';
import type { PublicationRegister } from './publication';
import { parsePublications } from './publication-file';
import type { RegimeRegister } from './regime';
import { parseRegimes } from './regime-file';
import type { RetentionSchedule } from './retention';
import { parseRetention } from './retention-file';
import type { VendorRegister } from './vendor';
import { parseVendors } from './vendor-file';

/** What a file of `policies/registers` holds. */
export type KeptRegister =
  | AssuranceRegister
  | InheritanceRegister
  | ProcessingRegister
  | PublicationRegister
  | RegimeRegister
  | RetentionSchedule
  | VendorRegister;

const parsers: Readonly<Record<string, (file: string, text: string) => KeptRegister>> = {
  'assurance.yaml': parseAssurance,
  'inheritance.yaml': parseInheritance,
  'processing.yaml': parseProcessing,
  'publications.yaml': parsePublications,
  'regimes.yaml': parseRegimes,
  'retention.yaml': parseRetention,
  'vendors.yaml': parseVendors,
};

/**
 * Reads a file of `policies/registers`, whose name says what it holds.
 *
 * @throws InputError where name, text, shape or content is wrong
 */
export function parseKeptRegister(file: string, text: string): KeptRegister {
  const parse = parsers[file.split('/').at(-1) ?? ''];
  if (!parse) {
    throw new InputError(`${file}: unknown register, allowed: ${Object.keys(parsers).join(', ')}`);
  }
  return parse(file, text);
}
