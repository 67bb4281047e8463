import { dump } from 'js-yaml';
import { loadPolicies } from '../../bin/policies';
import type { Regime } from '../../lib/control/regime';
import { parseRegimes } from '../../lib/control/regime-file';
import { refuseUnknownRegimeProfiles } from '../../lib/control/regime-names';
import { messageOf } from './fixtures';

const file = 'policies/registers/regimes.yaml';
const measure = { section: 'Art. 1', controls: ['enc-04'], because: 'It asks for encryption at rest.' };
const regime: Regime = {
  id: 'law',
  law: 'Law No. 1 on data',
  authority: 'the authority',
  claims: ['tdb-law'],
  runbooks: ['review-law'],
  profiles: ['tdb'],
  measures: [measure],
  notMeasured: ['Notices are for a person to review.'],
};
const parsed = (...regimes: readonly object[]) => parseRegimes(file, dump({ regimes }, { noRefs: true }));
const refusal = (...regimes: readonly object[]) => messageOf(() => parsed(...regimes));

test('a regime is read as it stands', () => {
  expect(parsed(regime).regimes).toEqual([regime]);
});

test.each([
  [
    'has a mapping without a because',
    { measures: [{ ...measure, because: undefined }] },
    'measures/0/because is missing',
  ],
  ['has a because of one word', { measures: [{ ...measure, because: 'obviously.' }] }, "measure 'Art. 1': because is"],
  ['has a because without an end', { measures: [{ ...measure, because: ' it is so ' }] }, 'expected a sentence'],
  ['maps a section to nothing', { measures: [{ ...measure, controls: [] }] }, 'measures/0/controls is []'],
  ['maps a section twice', { measures: [measure, measure] }, "measure 'Art. 1' stands twice"],
  ['claims that everything is measured', { notMeasured: [] }, 'notMeasured is [], expected at least 1 entry'],
  ['says a gap in one word', { notMeasured: ['rights'] }, 'notMeasured is "rights", expected a sentence'],
  ['is reviewed by nobody', { runbooks: [] }, 'runbooks is []'],
  ['is spoken of by no claim', { claims: [] }, 'claims is []'],
  ['binds nowhere', { profiles: [] }, 'profiles is []'],
  ['says that it is met', { compliant: true }, 'unknown key "regimes/0/compliant"'],
])('fails where a regime %s', (_name, change, message) => {
  expect(refusal({ ...regime, ...change })).toContain(message);
});

test('fails where a regime stands twice, or two have one claim', () => {
  expect(refusal(regime, { ...regime, claims: ['tdb-other'] })).toContain("regime 'law' stands twice");
  expect(refusal(regime, { ...regime, id: 'other' })).toContain("claim 'tdb-law' stands twice");
});

test('fails on a profile that is not there', () => {
  const profiles = [...loadPolicies().profiles.values()];
  expect(messageOf(() => refuseUnknownRegimeProfiles([{ ...regime, profiles: ['tdbb'] }], profiles))).toContain(
    "regime 'law': unknown profile 'tdbb': known are cfeu",
  );
  expect(() => refuseUnknownRegimeProfiles([regime], profiles)).not.toThrow();
});
