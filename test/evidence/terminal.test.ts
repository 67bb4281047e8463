import { stripVTControlCharacters } from 'node:util';
import { createColors } from 'picocolors';
import { buildEvidence } from '../../lib/evidence/build-evidence';
import { renderExplanation } from '../../lib/evidence/terminal/explanation';
import { renderClaims, renderControls } from '../../lib/evidence/terminal/listings';
import { renderTable } from '../../lib/evidence/terminal/render-table';
import {
  aCatalogue,
  aClaim,
  aControl,
  aFinding,
  aRegister,
  aRun,
  aVerdictOn,
  brokenExample,
  keptExample,
} from './fixtures';
import { largeExample } from './large-example';

const plain = { colour: createColors(false), width: 120 };

/** The words of an output without its wrapping and rules. */
function words(text: string): string {
  return text.replace(/[─\s]+/g, ' ');
}

describe('the table of a run', () => {
  test('begins with the findings: promise, control, resource, source line, what was got, what to change', () => {
    const { evidence, catalogue } = brokenExample();
    const lines = renderTable(evidence, catalogue, plain).split('\n');
    expect(lines[2]).toBe('BROKEN acme-log-retention (acme) Audit logs are kept for 24 months.');
    const row = lines.slice(4, 8).join('\n');
    expect(row).toMatch(/^log-04 +Archive +bucket Archive keeps/);
    expect(row).toContain('lib/constructs/log-archive.ts:42');
    expect(words(row)).toContain('set the default retention');
  });

  test('names what found nothing to judge in one line, and what judged nothing of its own in a row', () => {
    const idle = (id: string) => aControl(id, { verdict: 'not-applicable', subjects: [] });
    const unmet = aControl('enc-09', { verdict: 'satisfied', subjects: [] });
    const evidence = buildEvidence(aRun({ controls: [idle('bck-01'), aControl('log-04'), idle('net-01'), unmet] }));
    const text = renderTable(evidence, aCatalogue(), plain);
    expect(text).toContain('\n2 controls found nothing to judge: bck-01, net-01\n');
    expect(text.match(/^\w{3}-\d\d/gm)).toEqual(['enc-09', 'log-04']);
  });

  test.each([60, 80, 96, 120, 200])('stays within %i columns and loses no word', (width) => {
    const long = 'Production/Audit/'.repeat(20);
    const { evidence, catalogue } = brokenExample({
      source: `${long}end.ts:1`,
      message: `got ${'z'.repeat(300)} here`,
    });
    const text = renderTable(evidence, catalogue, { ...plain, width });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(text.match(/z/g)).toHaveLength(300);
    expect(text).not.toContain('…');
    expect(text).toContain('1 broken');
    const large = largeExample();
    const lines = renderTable(large.evidence, large.catalogue, { ...plain, width }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  test('keeps full-width letters and pairs whole, and inside the terminal', () => {
    const { evidence, catalogue } = brokenExample({ message: `${'暗号'.repeat(60)} ${'🔒'.repeat(60)}` });
    const text = renderTable(evidence, catalogue, { ...plain, width: 61 });
    expect(text.match(/暗|号/g)).toHaveLength(120);
    expect(text.match(/🔒/gu)).toHaveLength(60);
    expect(text).not.toContain('…');
  });

  test('prints a finding once, below all the promises that it breaks', () => {
    const ids = ['acme-one', 'acme-two', 'acme-three'];
    const evidence = buildEvidence(
      aRun({
        claims: [
          ...ids.map((id) => aVerdictOn(id, { status: 'broken', controls: ['log-04'] })),
          aVerdictOn('acme-both', { status: 'broken', controls: ['log-04', 'log-05'] }),
        ],
        controls: ['log-04', 'log-05'].map((id) =>
          aControl(id, { verdict: 'not-satisfied', subjects: [aFinding('Archive', { message: `found by ${id}` })] }),
        ),
      }),
    );
    const text = renderTable(evidence, aCatalogue(), plain);
    for (const id of [...ids, 'acme-both']) expect(text).toContain(`BROKEN ${id} (acme)`);
    expect(text.match(/found by log-04/g)).toHaveLength(1);
    expect(text.match(/found by log-05/g)).toHaveLength(1);
    expect(text).toMatch(/log-04 +1 finding, listed above/);
  });

  test('lists the controls with verdict and counts, then open promises by reason, then all in counts', () => {
    const { evidence, catalogue } = largeExample();
    const text = renderTable(evidence, catalogue, plain);
    expect(text).toMatch(/enc-01 +not satisfied +Only TLS 1\.3/);
    expect(text).toContain('1 not satisfied, 11 satisfied');
    expect(words(text)).toContain(
      'awaiting (61) the template half holds; the live half needs avouch verify acme-promise-006,',
    );
    expect(words(text)).toContain(
      'exception legacy-backup-plan: live, expires 2027-01-31, excuses 2 findings, owner platform team',
    );
    expect(text).toContain('CloudFormation validation: was not run');
    expect(text).toContain('cdk-nag: 1 finding, 1 excused');
    expect(text).toContain(
      '2 broken  44 unproven  20 excepted  61 awaiting  16 attested  118 kept  5 planned  266 promises in all',
    );
    expect(words(text)).toContain('Nothing in it has met a running account');
  });

  test('is short when all is well', () => {
    const { evidence, catalogue } = keptExample();
    const text = renderTable(evidence, catalogue, plain);
    expect(text).not.toContain('BROKEN');
    expect(text.split('\n').length).toBeLessThan(15);
  });

  test('says the same with colours and without', () => {
    const { evidence, catalogue } = largeExample();
    const coloured = renderTable(evidence, catalogue, { ...plain, colour: createColors(true) });
    expect(coloured).toContain('\u001b[31m');
    expect(stripVTControlCharacters(coloured)).toBe(renderTable(evidence, catalogue, plain));
  });

  test('lets no name of a resource write to the terminal', () => {
    const { evidence, catalogue } = brokenExample({
      logicalId: '\u001b[2J\u001b]0;owned\u0007',
      message: 'a\r\nb\u202e',
    });
    const text = renderTable(evidence, catalogue, plain);
    for (const character of ['\u001b', '\u0007', '\r', '\u202e']) expect(text).not.toContain(character);
    expect(words(text).replaceAll(' ', '')).toContain('\\u001b[2J\\u001b]0;owned\\u0007');
  });
});

describe('the register and the catalogue as tables', () => {
  const { evidence, catalogue } = largeExample();

  test('lists every promise with its proof, and with its status after a run', () => {
    const text = renderClaims(catalogue, plain);
    for (const { id } of evidence.claims) expect(text).toContain(id);
    expect(text).toContain('acme: Acme security whitepaper');
    expect(text).toMatch(/acme-promise-002 +enforced +Audit logs/);
    expect(renderClaims(catalogue, plain, evidence)).toMatch(/acme-promise-001 +broken +Only TLS/);
  });

  test('lists every control by family, and with its verdict after a run', () => {
    const text = renderControls(catalogue, plain);
    for (const { id } of evidence.controls) expect(text).toContain(id);
    expect(text).toContain('logging and audit');
    expect(renderControls(catalogue, plain, evidence)).toMatch(/enc-01 +not satisfied +Only TLS/);
  });
});

describe('explaining one thing in full', () => {
  const { evidence, catalogue } = brokenExample();

  test('a promise with its figures, controls, resources, values, runbook and limits', () => {
    const text = words(renderExplanation('acme-log-retention', catalogue, plain, evidence));
    for (const part of [
      'acme-log-retention broken Audit logs are kept for 24 months.',
      'document Acme security whitepaper, Audit logging, line 12',
      'because log-04 is not satisfied',
      'figure audit.retentionDays at least 731 days',
      'log-04 not satisfied Audit logs are locked',
      'figure audit.retentionDays = 731 days (higher is stricter), set by acme-log-retention',
      'finds {name} keeps logs for {value} days',
      'does not prove That every event was logged',
      'runbook runbooks/review-audit-log.md',
      'at Production/Audit/Archive/Resource, lib/constructs/log-archive.ts:42',
      'got bucket Archive keeps logs for 90 days',
      'fix set the default retention to 731 days or more',
      'read ObjectLockConfiguration.Rule.DefaultRetention.Days = 90',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('a control without a run, from the catalogue alone', () => {
    const text = words(renderExplanation('log-04', catalogue, plain));
    expect(text).toContain('keeps acme-log-retention');
    expect(text).not.toContain('satisfied');
  });

  test('says where a control was not run, or a promise has none', () => {
    const none = aCatalogue({ registers: [aRegister([aClaim('acme-alone', { controls: [] })])] });
    expect(words(renderExplanation('acme-alone', none, plain))).toContain('controls none is bound');
    const without = buildEvidence(aRun({ controls: [] }));
    expect(words(renderExplanation('log-04', catalogue, plain, without))).toContain('judged not run');
  });

  test('fails on an unknown id with the ids near it', () => {
    expect(() => renderExplanation('log-40', catalogue, plain)).toThrow(
      "no promise and no control has the id 'log-40': near it are log-04",
    );
    expect(() => renderExplanation('zzz', catalogue, plain)).toThrow(
      'avouch claims and avouch controls list all of them',
    );
  });
});
