import fc from 'fast-check';
import type { SubjectEvidence } from '../../lib/control/evidence';
import { buildEvidence } from '../../lib/evidence/build-evidence';
import { renderCsv } from '../../lib/evidence/render-csv';
import { renderJunit } from '../../lib/evidence/render-junit';
import { renderOscal } from '../../lib/evidence/render-oscal';
import { renderSarif } from '../../lib/evidence/render-sarif';
import { aCatalogue, aControl, aFinding, aRun, aSubject, aVerdictOn, brokenExample, keptExample } from './fixtures';
import { largeExample } from './large-example';

type Json = ReturnType<typeof JSON.parse>;

function sarifOf(subjects: readonly SubjectEvidence[], changes: Parameters<typeof aRun>[0] = {}): Json {
  const evidence = buildEvidence(
    aRun({ controls: [aControl('log-04', { verdict: 'not-satisfied', subjects })], ...changes }),
  );
  return JSON.parse(renderSarif(evidence, aCatalogue())).runs[0];
}

describe('SARIF', () => {
  test('a finding is an error at its line, below a rule that tells the promise', () => {
    const { evidence, catalogue } = brokenExample();
    const [run] = JSON.parse(renderSarif(evidence, catalogue)).runs;
    expect(run.results).toHaveLength(1);
    expect(run.results[0]).toMatchObject({
      ruleId: 'log-04',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'lib/constructs/log-archive.ts', uriBaseId: '%SRCROOT%' },
            region: { startLine: 42 },
          },
          logicalLocations: [{ fullyQualifiedName: 'Production/Audit/Archive/Resource' }],
        },
      ],
    });
    expect(run.results[0].message.text).toContain('Fix: set the default retention');
    const [rule] = run.tool.driver.rules;
    expect(rule.help.text).toContain('Audit logs are kept for 24 months.');
    expect(rule.help.text).toContain('A pass does not prove: That every event was logged');
  });

  test('what could not be looked at is a warning, what is awaited or holds is nothing', () => {
    const unread = (id: string, changes = {}) =>
      aSubject(id, { verdict: 'not-assessed', message: 'the read was denied', ...changes });
    const { results } = sarifOf([unread('A'), unread('B', { awaited: true }), aSubject('C')]);
    expect(results.map(({ level, message }: Json) => [level, message.text])).toEqual([
      ['warning', 'not assessed: A: the read was denied'],
    ]);
  });

  test('an exception suppresses, with its reason', () => {
    const exceptions = [
      {
        id: 'old',
        used: true,
        expires: '2027-01-31',
        state: 'live',
        reason: 'moved in January',
        owner: 'platform',
        approver: 'security',
        claims: [],
      },
    ] as const;
    const opinions = [
      { tool: 'cdk-nag', state: 'ran', findings: [{ rule: 'S1', description: 'no log', constructPath: 'a/b' }] },
    ] as const;
    const { results } = sarifOf([aFinding('A', { exception: 'old' })], { exceptions, opinions });
    expect(results.map(({ suppressions }: Json) => suppressions?.[0].justification)).toEqual([
      'moved in January',
      undefined,
    ]);
  });

  test('a fingerprint stays while lines move, and tells two findings on one resource apart', () => {
    const prints = (...subjects: SubjectEvidence[]) =>
      sarifOf(subjects).results.map(({ partialFingerprints }: Json) => partialFingerprints['avouch/v1']);
    const [before] = prints(aFinding('A'));
    expect(prints(aFinding('A', { source: 'lib/constructs/log-archive.ts:97' }))).toEqual([before]);
    expect(new Set(prints(aFinding('A'), aFinding('A', { message: 'another' }), aFinding('B'))).size).toBe(3);
  });

  test('every path is relative and every result has a rule, whatever a template calls its things', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const run = sarifOf([aFinding(name, { source: undefined, target: `${name}.yaml` })]);
        const rules = new Set(run.tool.driver.rules.map(({ id }: Json) => id));
        for (const { ruleId, locations } of run.results) {
          expect(rules).toContain(ruleId);
          expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^[^:?#\s]+$/);
        }
      }),
    );
  });

  test('of a running account it names no file', () => {
    const run = { ...aRun().run, kind: 'verify' as const };
    const { results } = sarifOf([aFinding('A', { source: undefined, target: 'eu-central-1' })], { run });
    expect(results[0].locations[0].physicalLocation).toBeUndefined();
  });
});

describe('JUnit', () => {
  const { evidence, catalogue } = largeExample();
  const text = renderJunit(evidence, catalogue);

  test('counts what it holds, and what the evidence counted', () => {
    const { total, broken, unproven, awaiting, planned } = evidence.summary.claims;
    expect(text).toContain(
      `tests="${total}" failures="${broken}" errors="${unproven}" skipped="${awaiting + planned}">`,
    );
    expect(text.match(/<testcase /g)).toHaveLength(total);
    expect(text.match(/<failure /g)).toHaveLength(broken);
    expect(text.match(/<error /g)).toHaveLength(unproven);
  });

  test('nothing in a template closes a tag or an attribute', () => {
    const hostile = '"/></failure><x a="]]>\u0000\u001b[2J\ufffe&';
    const example = brokenExample({ message: hostile, source: hostile });
    const written = renderJunit(example.evidence, example.catalogue);
    expect(written).not.toMatch(/<x|(?!\n)\p{Cc}|\ufffe/u);
    expect(written.match(/<\/failure>/g)).toHaveLength(1);
  });
});

describe('CSV', () => {
  test('one row for each promise, and no cell that a spreadsheet would calculate', () => {
    const claims = [
      aVerdictOn('acme-log-retention', { reasons: ['=HYPERLINK("http://evil")', 'a, b'] }),
      aVerdictOn('acme-other'),
    ];
    const [head, first, second, end] = renderCsv(buildEvidence(aRun({ claims })), aCatalogue()).split('\r\n');
    expect(head).toMatch(/^document,section,lines,claim,promise,status,/);
    expect(first).toContain(`,kept,"'=HYPERLINK(""http://evil""); a, b",log-04,`);
    expect(second).toContain('acme-other (its sentence is not in this catalogue)');
    expect(end).toBe('');
  });
});

describe('OSCAL', () => {
  const { evidence, catalogue } = largeExample();
  const text = renderOscal(evidence, catalogue);
  const { results, 'back-matter': back, 'import-ap': plan } = JSON.parse(text)['assessment-results'];
  const [result] = results;

  test('the same evidence gives the same bytes', () => {
    expect(renderOscal(evidence, catalogue)).toBe(text);
  });

  test('a finding for each promise that is not only planned; kept and attested alone are satisfied', () => {
    const status = new Map(evidence.claims.map((claim) => [claim.id, claim.status]));
    const judged = evidence.claims.filter((claim) => claim.status !== 'planned').map(({ id }) => id);
    expect(result.findings.map(({ title }: Json) => title)).toEqual(judged);
    for (const { title, target } of result.findings) {
      const holds = ['kept', 'attested'].includes(status.get(title) ?? '');
      expect([title, target.status.state]).toEqual([title, holds ? 'satisfied' : 'not-satisfied']);
    }
  });

  test('whatever is referred to is there, once', () => {
    const once = (items: readonly Json[]) => {
      const ids = items.map(({ uuid }) => uuid);
      expect(new Set(ids).size).toBe(ids.length);
      return new Set(ids);
    };
    const observations = once(result.observations);
    const items = once(result['local-definitions']['inventory-items']);
    expect(once(back.resources)).toContain(plan.href.slice(1));
    for (const { 'related-observations': related = [] } of result.findings) {
      expect(related.filter((each: Json) => !observations.has(each['observation-uuid']))).toEqual([]);
    }
    for (const { subjects } of result.observations) {
      expect(subjects.filter((each: Json) => !items.has(each['subject-uuid']))).toEqual([]);
    }
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
    expect([...observations, ...items].filter((id) => !uuid.test(id))).toEqual([]);
  });

  test('files are pinned by their digests, and values that were read stand in the observations', () => {
    const { evidence: kept, catalogue: small } = keptExample();
    const document = JSON.parse(renderOscal(kept, small))['assessment-results'];
    expect(JSON.stringify(document['back-matter'])).toContain('cd'.repeat(32));
    expect(document.results[0].observations[0]['relevant-evidence']).toContainEqual({
      description: 'ObjectLockConfiguration.Rule.DefaultRetention.Mode = "COMPLIANCE"',
    });
  });
});
