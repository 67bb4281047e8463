import type { ControlCases, RegisterCase } from '../../../lib/control/cases';
import type { Claim, Register } from '../../../lib/control/claim';
import { type Control, defineControl } from '../../../lib/control/control';
import type { Regime } from '../../../lib/control/regime';

const claim: Claim = {
  id: 'doc-law',
  document: 'doc',
  section: 'Compliance',
  lines: [1],
  statement: 'The law is complied with.',
  kind: 'legal',
  enforceability: 'procedure',
  planned: false,
  figures: [],
  controls: ['gov-02', 'enc-99'],
  runbook: 'review-law',
};

const keeper: Control = defineControl({
  id: 'enc-99',
  title: 'Stored data is encrypted',
  family: 'encryption',
  claims: ['doc-law'],
  doesNotProve: 'Anything: it exists for these cases.',
  parameters: {},
  messages: {},
});

const regime: Regime = {
  id: 'law',
  law: 'Law No. 1 on data',
  authority: 'the authority of the law',
  claims: ['doc-law'],
  runbooks: ['review-law'],
  profiles: ['strictest'],
  measures: [{ section: 'Art. 1', controls: ['enc-99'], because: 'It asks for encryption at rest.' }],
  notMeasured: ['Notices to people are for a person to review.'],
};

function registerOf(document: string, ...claims: Claim[]): Register {
  return {
    document,
    title: `The document ${document}`,
    source: { file: `${document}.txt`, sha256: '0'.repeat(64), fingerprints: {}, nonClaimLines: [] },
    claims,
  };
}

/** One regime with one claim, each changed as a case needs it. */
function given(
  changes: { readonly claim?: Partial<Claim>; readonly regime?: Partial<Regime> },
  expect: RegisterCase['expect'],
): Omit<RegisterCase, 'name'> {
  return {
    registers: [registerOf('doc', { ...claim, ...changes.claim })],
    catalogue: [keeper],
    records: { regimes: [{ ...regime, ...changes.regime }] },
    expect,
  };
}

const words = { delivered: 'A part of it.', publish: 'The law is supported in part.' };
const second: Regime = { ...regime, id: 'second', claims: ['other-law'], profiles: ['cly'] };
const others = registerOf('other', { ...claim, id: 'other-law', document: 'other' });

export const cases: ControlCases = {
  compliant: {},
  mutations: [],
  registers: [
    {
      name: 'a claim, its regime and the controls fit together, and a person signs',
      ...given({}, { 'doc-law': 'satisfied', law: 'satisfied' }),
    },
    {
      name: 'words to publish stand in for a runbook',
      ...given({ claim: { runbook: undefined, equivalent: words } }, { 'doc-law': 'satisfied', law: 'satisfied' }),
    },
    {
      name: 'a regime of another profile is none here, nor is a claim of a document that does not bind',
      ...given({}, {}),
      registers: [registerOf('doc', claim), others],
      documents: ['doc'],
      records: { regimes: [regime, second] },
      expect: { law: 'satisfied', second: 'not-applicable' },
    },
    {
      name: 'a regime may map a control that another profile binds, beside one that this profile binds',
      ...given(
        { regime: { measures: [{ section: 'Art. 1', controls: ['enc-99', 'enc-98'], because: 'It asks for both.' }] } },
        { law: 'satisfied' },
      ),
      catalogue: [keeper, { ...keeper, id: 'enc-98' }],
    },
    {
      name: 'fails when no regime has the claim',
      ...given({ claim: { id: 'doc-stray' } }, { 'doc-stray': { message: 'homeless' } }),
    },
    {
      name: 'fails when the regime does not bind in the profile that binds its claim',
      ...given({ regime: { profiles: ['cly'] } }, { 'doc-law': { message: 'unbound' } }),
    },
    {
      name: 'fails when the claim is signed by a runbook that does not review the regime',
      ...given({ claim: { runbook: 'review-other' } }, { 'doc-law': { message: 'otherRunbook' } }),
    },
    {
      name: 'fails when a claim says compliant, and neither a person signs nor other words are published',
      ...given({ claim: { runbook: undefined } }, { 'doc-law': { message: 'unsigned' }, law: 'satisfied' }),
    },
    {
      name: 'fails when the regime lists a claim that no register holds',
      ...given({ regime: { claims: ['doc-law', 'doc-gone'] } }, { law: { message: 'stranger' } }),
    },
    {
      name: 'fails when the regime lists a claim that does not rest on this control',
      ...given({}, {}),
      registers: [registerOf('doc', claim, { ...claim, id: 'doc-loose', controls: ['enc-99'] })],
      records: { regimes: [{ ...regime, claims: ['doc-law', 'doc-loose'] }] },
      expect: { law: { message: 'stranger' } },
    },
    {
      name: 'fails when a measure names a control that is not built',
      ...given({}, { law: { message: 'unknownControl' } }),
      catalogue: [],
    },
    {
      name: 'fails when a regime binds where no claim speaks of it',
      ...given({}, {}),
      registers: [registerOf('doc', claim), others],
      documents: ['doc'],
      records: { regimes: [regime, { ...second, profiles: ['strictest'] }] },
      expect: { law: 'satisfied', second: { message: 'silent' } },
    },
    {
      name: 'a planned claim does not speak of it yet',
      ...given({ claim: { planned: true } }, {}),
      registers: [registerOf('doc', { ...claim, planned: true }, { ...claim, id: 'doc-other', controls: ['enc-99'] })],
      expect: { law: { message: 'silent' } },
    },
    {
      name: 'fails when a section is mapped to controls that the profile does not judge',
      ...given({ claim: { controls: ['gov-02'] } }, { 'doc-law': 'satisfied', law: { message: 'unmeasured' } }),
    },
  ],
};
