import fc from 'fast-check';
import type { ClaimStatus, SubjectEvidence } from '../../lib/control/evidence';
import type { Verdict } from '../../lib/control/verdict';
import { buildEvidence, type RunResults } from '../../lib/evidence/build-evidence';
import { serializeEvidence } from '../../lib/evidence/serialize-evidence';
import { validateEvidence } from '../../lib/evidence/validate-evidence';
import { aControl, aFinding, aRun, aSubject, aVerdictOn } from './fixtures';

const root = '/home/jane/acme';

const verdict = fc.constantFrom<Verdict>('satisfied', 'not-satisfied', 'not-applicable', 'not-assessed');
const status = fc.constantFrom<ClaimStatus>(
  'broken',
  'unproven',
  'excepted',
  'awaiting',
  'attested',
  'kept',
  'planned',
);
const id = fc.stringMatching(/^[a-z]{3}-[0-9]{2}$/);

const subject: fc.Arbitrary<SubjectEvidence> = fc
  .record({
    logicalId: fc.string(),
    verdict,
    observations: fc.array(fc.record({ property: fc.string(), value: fc.jsonValue() }), { maxLength: 3 }),
  })
  .map((changes) => aSubject(changes.logicalId, { ...changes, message: 'because' }));

const results: fc.Arbitrary<RunResults> = fc
  .record({
    claims: fc.uniqueArray(
      fc.record({ id, status, controls: fc.array(id, { maxLength: 3 }) }).map((claim) => aVerdictOn(claim.id, claim)),
      { selector: (claim) => claim.id },
    ),
    controls: fc.uniqueArray(
      fc
        .record({ id, verdict, subjects: fc.array(subject, { maxLength: 4 }) })
        .map((control) => aControl(control.id, control)),
      { selector: (control) => control.id },
    ),
  })
  .map((found) => aRun(found));

describe('building evidence', () => {
  test('counts what the records hold, whatever a run found', () => {
    fc.assert(
      fc.property(results, (found) => {
        const { summary } = buildEvidence(found);
        const subjects = found.controls.flatMap((control) => control.subjects);
        const count = (wanted: Verdict): number => subjects.filter((judged) => judged.verdict === wanted).length;
        const { total, ...byStatus } = summary.claims;
        expect(total).toBe(found.claims.length);
        expect(Object.values(byStatus).reduce((sum, number) => sum + number, 0)).toBe(total);
        for (const [name, number] of Object.entries(byStatus)) {
          expect(number).toBe(found.claims.filter((claim) => claim.status === name).length);
        }
        for (const [name, number] of Object.entries(summary.controls)) {
          expect(number).toBe(found.controls.filter((control) => control.verdict === name).length);
        }
        expect(summary.subjects).toEqual({
          judged: count('satisfied') + count('not-satisfied'),
          findings: count('not-satisfied'),
        });
      }),
    );
  });

  test('gives the same bytes whoever finished first', () => {
    const shuffled = results.chain((found) =>
      fc.record({
        found: fc.constant(found),
        claims: fc.shuffledSubarray([...found.claims], { minLength: found.claims.length }),
        controls: fc.shuffledSubarray([...found.controls], { minLength: found.controls.length }).map((controls) =>
          controls.map((control) => ({
            ...control,
            subjects: control.subjects
              .map((judged) => ({ ...judged, observations: [...judged.observations].reverse() }))
              .reverse(),
          })),
        ),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ found, claims, controls }) => {
        const text = serializeEvidence(buildEvidence(found));
        expect(serializeEvidence(buildEvidence({ ...found, claims, controls }))).toBe(text);
      }),
    );
  });

  test('meets its own schema, whatever a run found', () => {
    fc.assert(
      fc.property(results, (found) => {
        const text = serializeEvidence(buildEvidence(found));
        expect(serializeEvidence(validateEvidence(JSON.parse(text)))).toBe(text);
      }),
    );
  });

  test('counts an excused finding as a finding', () => {
    const excused = aFinding('Archive', { exception: 'legacy' });
    const { summary } = buildEvidence(aRun({ controls: [aControl('log-04', { subjects: [excused] })] }));
    expect(summary.subjects).toEqual({ judged: 1, findings: 1 });
  });

  test.each([
    ['claim', { claims: [aVerdictOn('acme-one'), aVerdictOn('acme-one')] }, "claim 'acme-one' occurs twice"],
    ['control', { controls: [aControl('log-04'), aControl('log-04')] }, "control 'log-04' occurs twice"],
  ])('fails when a %s is given twice', (_, changes, message) => {
    expect(() => buildEvidence(aRun(changes))).toThrow(message);
  });
});

describe('the text of evidence', () => {
  test('tells nobody where it was made', () => {
    const run = aRun({
      targets: [
        { path: `${root}/cdk.out/Audit.template.json`, sha256: 'cd'.repeat(32) },
        { path: '/tmp/downloads/one/template.yaml', sha256: 'ef'.repeat(32) },
        { path: '/tmp/downloads/two/template.yaml', sha256: 'ef'.repeat(32) },
      ],
      controls: [
        aControl('log-04', {
          verdict: 'not-assessed',
          subjects: [
            aSubject('Archive', {
              target: `${root}/cdk.out/Audit.template.json`,
              source: `${root}/lib/constructs/log-archive.ts:42`,
              verdict: 'not-assessed',
              message: `cannot read ${root}/cdk.out/asset.abc (see file://${root}/lib/x.ts)`,
              observations: [{ property: 'Metadata.aws:asset:path', value: { [`${root}/a`]: `${root}/asset.abc` } }],
            }),
            aSubject('Other', {
              target: '/tmp/downloads/two/template.yaml',
              source: '/tmp/downloads/two/template.yaml:7',
            }),
          ],
        }),
      ],
    });
    const text = serializeEvidence(buildEvidence(run));
    expect(text).not.toMatch(/jane|\/tmp|downloads/);
    const evidence = validateEvidence(JSON.parse(text));
    expect(evidence.targets.map(({ path }) => path)).toEqual([
      'cdk.out/Audit.template.json',
      'outside/one/template.yaml',
      'outside/two/template.yaml',
    ]);
    const [other, archive] = evidence.controls[0]?.subjects ?? [];
    expect(other).toMatchObject({
      target: 'cdk.out/Audit.template.json',
      message: 'cannot read cdk.out/asset.abc (see lib/x.ts)',
    });
    expect(archive).toMatchObject({ target: 'outside/two/template.yaml', source: 'outside/two/template.yaml:7' });
  });

  test('takes out paths as Windows spells them', () => {
    const run = aRun({
      root: 'C:\\jane\\acme',
      targets: [{ path: 'C:\\jane\\acme\\cdk.out\\x.json', sha256: 'cd'.repeat(32) }],
    });
    const text = serializeEvidence(buildEvidence(run));
    expect(JSON.parse(text).targets[0].path).toBe('cdk.out/x.json');
  });

  test('leaves what only looks like the path: an ARN, a longer name, a short root', () => {
    const values = ['arn:aws:s3:::bucket/app/x', '/application', 'app'];
    const observations = values.map((value, index) => ({ property: String(index), value }));
    const controls = [aControl('log-04', { subjects: [aSubject('Archive', { observations })] })];
    for (const base of ['/app', '/']) {
      const { controls: built } = buildEvidence(aRun({ root: base, controls }));
      expect(built[0]?.subjects[0]?.observations.map(({ value }) => value)).toEqual(values);
    }
  });

  test('tells paths from the root of the file system, too', () => {
    const targets = [{ path: '/app/cdk.out/x.json', sha256: 'cd'.repeat(32) }];
    expect(buildEvidence(aRun({ root: '/', targets })).targets[0]?.path).toBe('app/cdk.out/x.json');
  });

  test('keeps paths apart that share no directory', () => {
    const paths = ['/tmp/one/x.json', '/srv/one/x.json'];
    const { targets, controls } = buildEvidence(
      aRun({
        targets: paths.map((path) => ({ path, sha256: 'cd'.repeat(32) })),
        controls: [aControl('log-04', { subjects: [aSubject('A', { message: 'see /srv/one/x.json' })] })],
      }),
    );
    expect(targets.map(({ path }) => path)).toEqual(['outside/srv/one/x.json', 'outside/tmp/one/x.json']);
    expect(controls[0]?.subjects[0]?.message).toBe('see outside/srv/one/x.json');
  });

  test('writes a number that JSON has no word for by its name, never as absent', () => {
    const observations = [{ property: 'Days', value: Number.POSITIVE_INFINITY }];
    const run = aRun({ controls: [aControl('log-04', { subjects: [aSubject('Archive', { observations })] })] });
    expect(serializeEvidence(buildEvidence(run))).toContain('"value": "Infinity"');
  });
});
