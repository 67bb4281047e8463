import { deployedFigures } from '../../bin/deployed-figures';
import { loadPolicies } from '../../bin/policies';
import { loadPromises } from '../../bin/promises';
import { parseKeptRegister } from '../../lib/control/register-kinds';
import { egressDomains, isInEea, type Vendor } from '../../lib/control/vendor';
import { parseVendors } from '../../lib/control/vendor-file';
import { refuseUnknownVendorProfiles, refuseVendorsAbroad } from '../../lib/control/vendor-names';
import { messageOf } from './fixtures';

const file = 'policies/registers/vendors.yaml';

const stripe: Vendor = {
  id: 'stripe',
  name: 'Stripe, Inc.',
  country: 'US',
  purpose: 'payments',
  dataCategories: ['payment data'],
  dpa: { signed: true, date: '2026-01-01', reference: 'sign-dpa/2026-01-01/stripe.pdf' },
  domains: ['api.stripe.com'],
  profiles: ['cfus'],
  role: 'sub-processor',
  answersFor: ['its own systems'],
  auth: { kind: 'api-key', secret: 'vendors/stripe/api-key', rotationDays: 90 },
};

const oauth = { kind: 'oauth2', scopes: ['Calendars.Read'], secret: 'vendors/a/b', rotationDays: 90 };

const parsed = (...vendors: readonly object[]) => parseVendors(file, JSON.stringify({ vendors }));

describe('the vendor register', () => {
  test('is read as it stands', () => {
    expect(parsed(stripe).vendors).toEqual([stripe]);
  });

  test.each([
    ['a field is missing', { purpose: undefined }, 'vendors/0/purpose is missing: add it'],
    ['the country is no country', { country: 'USA' }, 'vendors/0/country is "USA", expected a country as two'],
    ['a domain is everything', { domains: ['*'] }, 'vendors/0/domains/0 is "*"'],
    ['a domain is a whole top level', { domains: ['.com'] }, 'vendors/0/domains/0 is ".com"'],
    ['a domain is all of AWS', { domains: ['.amazonaws.com'] }, 'domain ".amazonaws.com" lets out to strangers'],
    ['a domain is all of a Region', { domains: ['.s3.{region}.{suffix}'] }, 'lets out to strangers'],
    ['an address carries a path', { domains: ['https://api.stripe.com/v1'] }, 'vendors/0/domains/0 is'],
    ['an agreement is signed on no day', { dpa: { signed: true } }, "vendor 'stripe': dpa/date belongs to a signed"],
    [
      'a signed agreement lies nowhere',
      { dpa: { signed: true, date: '2026-01-01' } },
      "vendor 'stripe': dpa/reference belongs to a signed",
    ],
    ['an unsigned agreement has a day', { dpa: { signed: false, date: '2026-01-01' } }, 'dpa/date belongs to a signed'],
    ['it answers for nothing', { answersFor: [] }, 'vendors/0/answersFor is [], expected at least 1 entry'],
    ['a source is sent data', { role: 'source' }, `vendor 'stripe': role is "source" where public data only is sent`],
    [
      'public data makes a sub-processor',
      { dataCategories: ['public data only'] },
      'role is "source" where public data only is sent',
    ],
    [
      'a key has no name',
      { auth: { kind: 'api-key', rotationDays: 90 } },
      'auth/secret is missing: add it to "api-key"',
    ],
    ['OAuth asks for nothing named', { auth: { ...oauth, scopes: undefined } }, 'auth/scopes is missing: add it to'],
    ['OAuth asks for an empty list', { auth: { ...oauth, scopes: [] } }, 'vendors/0/auth/scopes is []'],
    ['a key has scopes', { auth: { ...oauth, kind: 'api-key' } }, 'auth/scopes does not belong to "api-key"'],
    ['a webhook is not signed', { webhook: { secret: 'vendors/a/b' } }, 'vendors/0/webhook/signature is missing'],
    ['a secret itself stands there', { auth: { ...oauth, secret: 'sk_live_1' } }, 'vendors/0/auth/secret is'],
    ['nothing is sent', { dataCategories: [] }, 'vendors/0/dataCategories is [], expected at least 1 entry'],
  ])('fails where %s', (_name, change, message) => {
    expect(messageOf(() => parsed({ ...stripe, ...change }))).toContain(message);
  });

  test('fails where a vendor stands twice, and on a register that nobody reads', () => {
    expect(messageOf(() => parsed(stripe, stripe))).toContain("vendor 'stripe' stands twice");
    expect(messageOf(() => parseKeptRegister('policies/registers/owners.yaml', 'vendors: []'))).toContain(
      'policies/registers/owners.yaml: unknown register, allowed: assurance.yaml, inheritance.yaml, processing.yaml, publications.yaml, regimes.yaml, retention.yaml, vendors.yaml',
    );
  });
});

describe('vendors and profiles', () => {
  const { registers, profiles } = loadPolicies();
  const used = (...names: readonly string[]) => [{ ...stripe, profiles: names }];

  test('fails on a profile that is not there', () => {
    expect(messageOf(() => refuseUnknownVendorProfiles(used('cfuss'), [...profiles.values()]))).toContain(
      "vendor 'stripe': unknown profile 'cfuss': known are cfeu",
    );
  });

  test.each(['clvr', 'strictest'])('fails where a vendor abroad is used under %s, which lets no data out', (name) => {
    expect(messageOf(() => refuseVendorsAbroad(used(name), [...profiles.values()], registers))).toContain(
      `vendor 'stripe' has its seat in US, but profile '${name}' binds 'clvr-no-data-leaves-eea'`,
    );
  });

  test('fails where a vendor abroad is sent public data and other data too', () => {
    const both = { ...stripe, dataCategories: ['public data only', 'name'], profiles: ['strictest'] };
    expect(messageOf(() => refuseVendorsAbroad([both], [...profiles.values()], registers))).toContain('seat in US');
  });

  test('take a vendor abroad where no such promise binds or public data only is sent, and one at home everywhere', () => {
    refuseVendorsAbroad(used('cfus'), [...profiles.values()], registers);
    refuseVendorsAbroad([{ ...stripe, country: 'IE', profiles: ['strictest'] }], [...profiles.values()], registers);
    const watched = { ...stripe, dataCategories: ['public data only'], profiles: ['strictest'] };
    refuseVendorsAbroad([watched], [...profiles.values()], registers);
    expect(['CH', 'GB', 'US', 'NO'].map((country) => isInEea({ country }))).toEqual([false, false, false, true]);
  });
});

describe('the egress allow-list', () => {
  test('holds the hosts of the vendors of a profile, each once', () => {
    const other = { ...stripe, id: 'other', domains: ['z.example.com', 'api.stripe.com'] };
    expect(egressDomains([other, stripe], 'cfus')).toEqual(['api.stripe.com', 'z.example.com']);
    expect(egressDomains([other, stripe], 'tdb')).toEqual([]);
  });

  test('reaches judge and stacks alike; abroad in the strictest profile is only who is sent public data', () => {
    const { figures, policies } = loadPromises('strictest');
    expect(deployedFigures(figures).egressDomains).toEqual(figures.set('egress.domains'));
    expect(figures.set('egress.domains')).toEqual([
      'crt.sh',
      'iam.amazonaws.com',
      'iam.eusc-de-east-1.amazonaws.eu',
      'inspector2.{region}.{suffix}',
      '{account}.s3-control.{region}.{suffix}',
    ]);
    expect(egressDomains(policies.records.vendors, 'cfus')).toContain('api.stripe.com');
    expect(
      policies.records.vendors.filter(({ profiles }) => profiles.includes('cfus')).map(({ name }) => name),
    ).toHaveLength(8);
  });
});
