import type { Claim } from '../lib/control/claim';
import type { Control } from '../lib/control/control';
import { type Exception, exceptionsOf } from '../lib/control/exception';
import { scopeLines } from '../lib/control/inheritance';
import { InputError } from '../lib/control/input-error';
import { Figures } from '../lib/control/parameter';
import { processingLines } from '../lib/control/processing';
import type { Profile } from '../lib/control/profile';
import { boundClaims, resolveFigures } from '../lib/control/profile-figures';
import { privacyAddresses, statusHosts } from '../lib/control/publication';
import { retentionLines, rowLines } from '../lib/control/retention';
import { egressDomains, vendorSecrets } from '../lib/control/vendor';
import { declaredParameters } from '../lib/synth/judge-catalogue';
import { loadCatalogue } from './catalogue';
import { loadPolicies, type Policies, profileNamed } from './policies';

/** A profile with everything that binds under it. */
export interface Promises {
  readonly policies: Policies;
  readonly profile: Profile;
  readonly claims: readonly Claim[];
  readonly catalogue: readonly Control[];
  /** The controls that a bound claim names. */
  readonly controls: readonly Control[];
  readonly figures: Figures;
  /** The exceptions that apply under the profile. */
  readonly exceptions: readonly Exception[];
}

/** Introduces the policies to the machinery: the registers, the catalogue, and the figures that a profile makes of them. */
export function loadPromises(profileName: string): Promises {
  const policies = loadPolicies();
  const profile = profileNamed(policies, profileName);
  const catalogue = loadCatalogue();
  const claims = boundClaims(profile, policies.registers);
  const named = new Set(claims.filter(({ planned }) => !planned).flatMap(({ controls }) => controls));
  return {
    policies,
    profile,
    claims,
    catalogue,
    controls: catalogue.filter(({ id }) => named.has(id)),
    exceptions: exceptionsOf(policies.exceptions, profile.name),
    figures: withRecords(resolveFigures(profile, policies.registers, declaredParameters(catalogue)), policies, profile),
  };
}

/**
 * What registers say comes from no sentence and is a figure all the same: hosts and secrets of vendors, the hosts of status pages, the addresses for requests, the scope of the
 * provider's certificates, how long each store and each table keeps what it holds, whose rules name figures in turn, and what is processed there.
 */
function withRecords(figures: Figures, { records }: Policies, { name }: Profile): Figures {
  const { vendors, certificates, providerServices: services, retention, processing } = records;
  return new Figures([
    ...figures.all.values(),
    { parameter: 'egress.domains', value: egressDomains(vendors, name), claims: [] },
    { parameter: 'vendors.secrets', value: vendorSecrets(vendors, name), claims: [] },
    { parameter: 'inheritance.scope', value: scopeLines({ certificates, services }, name), claims: [] },
    { parameter: 'status.hosts', value: statusHosts(records.statusPages), claims: [] },
    { parameter: 'dsr.contacts', value: privacyAddresses(records.privacyContacts), claims: [] },
    { parameter: 'retention.schedule', value: retentionLines(retention, name, figures), claims: [] },
    { parameter: 'processing.records', value: processingLines(processing, retention, name), claims: [] },
    { parameter: 'retention.rows', value: rowLines(retention, name, figures), claims: [] },
  ]);
}

/**
 * Narrows a run to some controls: what is judged, and the claims that name them, which then depend on nothing else.
 * @throws InputError where a control is unknown
 */
export function onlyControls(promises: Promises, ids: readonly string[]): Promises {
  const wanted = ids.map((id) => id.toLowerCase());
  const known = new Map(promises.catalogue.map((control) => [control.id, control]));
  const unknown = wanted.find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new InputError(`unknown control '${unknown}': known are ${[...known.keys()].join(', ')}`);
  }
  return {
    ...promises,
    controls: promises.catalogue.filter(({ id }) => wanted.includes(id)),
    claims: promises.claims
      .map((claim) => ({ ...claim, controls: claim.controls.filter((id) => wanted.includes(id)) }))
      .filter(({ controls }) => controls.length > 0),
  };
}
