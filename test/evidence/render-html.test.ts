import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { buildEvidence } from '../../lib/evidence/build-evidence';
import { html } from '../../lib/evidence/html/html';
import { renderHtml } from '../../lib/evidence/render-html';
import {
  aCatalogue,
  aClaim,
  aControl,
  anEntry,
  aRegister,
  aRun,
  aSubject,
  aVerdictOn,
  brokenExample,
  keptExample,
} from './fixtures';
import { largeExample } from './large-example';

const large = largeExample();
const page = renderHtml(large.evidence, large.catalogue);

function textOf(markup: string): string {
  return markup
    .replace(/<(script|style)>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('the template tag', () => {
  test('escapes whatever text it is given, in content and in attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const rendered = html`<p title="${text}">${[text]}</p>`.text;
        const [, attribute = '', content = ''] = /^<p title="(.*)">(.*)<\/p>$/s.exec(rendered) ?? [];
        for (const part of [attribute, content]) {
          expect(part).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
        }
      }),
    );
  });

  test('spells out what would turn or hide text', () => {
    expect(html`${'a\u202eb\u0000c\ufeff'}`.text).toBe('a\\u202eb\\u0000c\\ufeff');
  });
});

describe('the HTML report', () => {
  test('is one file of a size that a mail takes', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
    expect(page).not.toMatch(/<(link|img|iframe|object|embed|video|audio)\b/i);
    expect(page).not.toMatch(/\b(src|srcset|action)=/i);
    expect(page).not.toMatch(/url\(|@import/i);
  });

  test('its content policy allows exactly its own style and script', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'");
    const hashOf = (tag: string): string => {
      const [, content = ''] = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(page) ?? [];
      return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    };
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src ${hashOf('style')};`);
    expect(policy).toContain(`script-src ${hashOf('script')};`);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/ (style|on[a-z]+)="/);
  });

  test('names every promise and every control of the run, with its status', () => {
    for (const { id, status } of large.evidence.claims) {
      expect(page).toContain(`id="claim-${id}"`);
      expect(page).toMatch(
        new RegExp(
          `<span class="mark ${status}">${status}</span><span class="sentence">[^<]*</span><span class="id">${id}<`,
        ),
      );
    }
    for (const { id } of large.evidence.controls) {
      expect(page.split(`id="control-${id}"`)).toHaveLength(2);
    }
  });

  test('says what is not proven before what is', () => {
    const order = ['id="broken"', 'id="unproven"', 'id="awaiting"', 'id="promises"', 'id="controls"', 'id="words"'];
    const places = order.map((part) => page.indexOf(part));
    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(places).not.toContain(-1);
  });

  test('states the outcome in counts, and no score', () => {
    const text = textOf(page);
    expect(text).toContain(
      'Of 266 promises, 2 are broken, 44 are unproven and 61 await evidence that this run cannot see',
    );
    expect(text).not.toMatch(/\d\s?%/);
  });

  test('says that a check has met no running account, and does not say it of verify', () => {
    expect(textOf(page)).toContain('Nothing in it has met a running account');
    const { evidence, catalogue } = keptExample();
    const live = renderHtml({ ...evidence, run: { ...evidence.run, kind: 'verify' } }, catalogue);
    expect(textOf(live)).not.toContain('Nothing in it has met a running account');
    expect(textOf(live)).toContain('This run read a running account at the time given');
  });

  test('carries figures, equivalents, contradictions, exceptions, opinions and limits', () => {
    const text = textOf(page);
    for (const part of [
      'figure.days1 at least 26 days (this profile asks 31 days)',
      'Passwords are stored as salted hashes by our identity provider.',
      'Another document allows TLS 1.2; this one is stricter.',
      'runbooks/restore-database.md',
      'A shorter ceiling in one document would delete what another must keep.',
      'Backups are kept for 33 days.',
      'The restore test needs four more days.',
      'expires 2027-01-31',
      'expired 2026-03-31',
      'NIST.800.53.R5::RDSInBackupPlan',
      'Was not run.',
      'That every event was logged, or that anybody reads the logs.',
      'no promise; the default of the control',
      'ISO 27001:2022 A.8.15',
      '0'.repeat(64),
    ]) {
      expect(text).toContain(part);
    }
  });

  test('shows a finding with place, message, fix and the value read', () => {
    const { evidence, catalogue } = brokenExample();
    const text = textOf(renderHtml(evidence, catalogue));
    expect(text).toContain('Archive lib/constructs/log-archive.ts:42');
    expect(text).toContain('bucket Archive keeps logs for 90 days, less than the 731 promised');
    expect(text).toContain('set the default retention to 731 days or more');
    expect(text).toMatch(/DefaultRetention\.Days +90/);
  });

  test('cuts a value of 10 kB visibly, and tells text from a flag and absent from both', () => {
    const observations = [
      { property: 'Long', value: 'x'.repeat(10_000) },
      { property: 'Text', value: 'false' },
      { property: 'Flag', value: false },
      { property: 'Missing', value: null },
    ];
    const evidence = buildEvidence(
      aRun({ controls: [aControl('log-04', { subjects: [aSubject('Archive', { observations })] })] }),
    );
    const text = textOf(renderHtml(evidence, aCatalogue()));
    expect(text).toContain('[cut: 400 of 10,002 characters shown]');
    expect(text).toMatch(/Text +&quot;false&quot;/);
    expect(text).toMatch(/Flag +false/);
    expect(text).toMatch(/Missing +absent/);
  });

  test('a hostile word in any field of evidence and catalogue stays text', () => {
    const evil = `"'><script>alert(1)</script>`;
    const hostile = (value: unknown, key = ''): unknown => {
      if (typeof value === 'string') {
        return /^(id|status|verdict|kind|bound|state|stricter|document|name|profile|enforceability|parameter|family)$/.test(
          key,
        ) || key === ''
          ? value
          : `${value} ${evil}`;
      }
      if (Array.isArray(value)) return value.map((item) => hostile(item, typeof item === 'string' ? '' : key));
      if (typeof value === 'object' && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hostile(item, name)]));
      }
      return value;
    };
    const evidence = hostile(large.evidence) as typeof large.evidence;
    const catalogue = hostile(large.catalogue) as typeof large.catalogue;
    const rendered = renderHtml(evidence, catalogue);
    expect(rendered).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(rendered.match(/<script/g)).toHaveLength(1);
    expect(rendered).not.toContain(`"'>`);
  });

  test('still shows a promise and a control that the catalogue does not know', () => {
    const evidence = buildEvidence(
      aRun({
        claims: [
          aVerdictOn('acme-log-retention'),
          aVerdictOn('acme-gone', { status: 'unproven', controls: ['old-01', 'not-02'] }),
        ],
        controls: [aControl('log-04'), aControl('old-01', { title: 'An old control' })],
      }),
    );
    const text = textOf(renderHtml(evidence, aCatalogue()));
    expect(text).toContain('acme-gone (its sentence is not in this catalogue)');
    expect(text).toContain('An old control');
    expect(text).toContain('not-02 not run');
  });

  test('shows planned, unlimited and empty things as what they are', () => {
    const evidence = buildEvidence(
      aRun({
        claims: [aVerdictOn('acme-log-retention', { status: 'planned', controls: [] })],
        controls: [aControl('log-04', { verdict: 'not-applicable', subjects: [], parameters: {} })],
        opinions: [],
        targets: [],
      }),
    );
    const catalogue = aCatalogue({
      registers: [aRegister([aClaim('acme-log-retention', { figures: [], controls: [], lines: [3, 4] })])],
      controls: [anEntry('log-04', { parameters: {}, frameworks: undefined, runbook: undefined })],
    });
    const text = textOf(renderHtml(evidence, catalogue));
    expect(text).toContain('Of 1 promise, none is broken, unproven or awaiting evidence; 1 is only planned.');
    expect(text).toContain('no resource of its kind is in what was examined');
    expect(text).toContain('No other checker was asked.');
    expect(text).toContain('There are no exceptions.');
    expect(text).toContain('lines 3, 4');
  });

  test('fails on a catalogue of another profile', () => {
    const { evidence } = keptExample();
    const catalogue = aCatalogue({ profile: { ...aCatalogue().profile, name: 'strictest' } });
    expect(() => renderHtml(evidence, catalogue)).toThrow(
      "the evidence was judged with profile 'acme', but the figures given are of 'strictest': pass --profile acme",
    );
  });
});
