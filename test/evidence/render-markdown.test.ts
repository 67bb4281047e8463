import fc from 'fast-check';
import { buildEvidence } from '../../lib/evidence/build-evidence';
import { codeSpan, plain } from '../../lib/evidence/markdown/escape';
import { renderMarkdown } from '../../lib/evidence/render-markdown';
import { aCatalogue, aControl, aFinding, aRun, aVerdictOn, brokenExample, keptExample } from './fixtures';
import { largeExample } from './large-example';

describe('the Markdown summary', () => {
  test('is short when all is well', () => {
    const { evidence, catalogue } = keptExample();
    const text = renderMarkdown(evidence, catalogue);
    expect(text).toContain('## Security promises: none broken');
    expect(text).toContain('Of 1 promise, none is broken, unproven or awaiting evidence; 1 is kept.');
    expect(text).not.toContain('###');
    expect(text.split('\n').length).toBeLessThan(15);
  });

  test('names a broken promise with resource, line, what was got and what to change', () => {
    const { evidence, catalogue } = brokenExample();
    const text = renderMarkdown(evidence, catalogue);
    expect(text).toContain('## Security promises: 1 broken');
    expect(text).toContain('**Audit logs are kept for 24 months.** (`acme-log-retention`)');
    expect(text).toContain(
      '- `log-04` `Archive` at `lib/constructs/log-archive.ts:42`: bucket Archive keeps logs for 90 days, less than the 731 promised\n  Fix: set the default retention to 731 days or more',
    );
  });

  test('groups the open promises by reason, and dates the exceptions', () => {
    const { evidence, catalogue } = largeExample();
    const text = renderMarkdown(evidence, catalogue);
    expect(text).toContain('<summary>Awaiting the account or a person (61)</summary>');
    expect(text).toContain('- the template half holds; the live half needs avouch verify: `acme-promise-006`');
    expect(text).toContain('and 49 more');
    expect(text).toContain('`legacy-backup-plan` expires 2027-01-31, owner platform team');
    expect(text).toContain('`old-load-balancer` expired 2026-03-31');
    expect(text).toContain('- CloudFormation validation was not run');
    expect(text).toContain('- cdk-nag `NIST.800.53.R5::RDSInBackupPlan` at `lib/constructs/tenant-database.ts:88`');
    expect(text).toContain('Nothing in it has met a running account');
  });

  test('tells a finding once, below all the promises that it breaks', () => {
    const evidence = buildEvidence(
      aRun({
        claims: [
          aVerdictOn('acme-one', { status: 'broken', controls: ['log-04'] }),
          aVerdictOn('acme-two', { status: 'broken', controls: ['log-04'] }),
          aVerdictOn('acme-three', { status: 'broken', controls: ['log-04', 'log-05'] }),
          aVerdictOn('acme-bare', { status: 'broken', controls: ['log-06'], reasons: ['the record is lost'] }),
        ],
        controls: ['log-04', 'log-05'].map((id) =>
          aControl(id, { verdict: 'not-satisfied', subjects: [aFinding('Archive', { message: `found by ${id}` })] }),
        ),
      }),
    );
    const text = renderMarkdown(evidence, aCatalogue());
    for (const id of ['acme-one', 'acme-two', 'acme-three', 'acme-bare']) expect(text).toContain(`(\`${id}\`)`);
    expect(text.match(/found by log-04/g)).toHaveLength(1);
    expect(text.match(/found by log-05/g)).toHaveLength(1);
    expect(text).toContain('- `log-04`: 1 finding, listed above');
    expect(text).toContain('- the record is lost');
  });

  test('fits into a comment, and counts what it leaves out', () => {
    const long = 'y'.repeat(10_000);
    const ids = Array.from({ length: 500 }, (_, index) => String(index).padStart(3, '0'));
    const evidence = buildEvidence(
      aRun({
        claims: ids.map((id) => aVerdictOn(`acme-${id}`, { status: 'broken', controls: ['log-04'], reasons: [long] })),
        controls: [
          aControl('log-04', {
            verdict: 'not-satisfied',
            subjects: ids.map((id) => aFinding(`R${id}`, { message: 'broken' })),
          }),
        ],
      }),
    );
    const text = renderMarkdown(evidence, aCatalogue());
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('and 495 more of `log-04`, see the report');
    expect(text).toContain('and 488 more promises that the same findings break');
  });
});

describe('escaping Markdown', () => {
  test.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert\\(1\\)&lt;/script&gt;'],
    ['[click](http://evil.example)', '\\[click\\]\\(http<!-- -->://evil.example\\)'],
    ['**bold** _em_ `code` | cell', '\\*\\*bold\\*\\* \\_em\\_ \\`code\\` \\| cell'],
    ['@acme/owners see #12', '@<!-- -->acme/owners see #<!-- -->12'],
    ['one\n# two', 'one # two'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['\u202eabc\u001b[31m', '\\\\u202eabc\\\\u001b\\[31m'],
  ])('shows %j and obeys nothing in it', (text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  test('no text closes its own code span or table cell', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', '|', 'a', ' ', '\n', '\\') }), (text) => {
        const span = codeSpan(text);
        const [fence = ''] = /^`+/.exec(span) ?? [];
        expect(fence.length).toBeGreaterThan(0);
        expect(span.endsWith(fence)).toBe(true);
        const runs = span.slice(fence.length, -fence.length).match(/`+/g) ?? [];
        expect(runs).not.toContain(fence);
        expect(span).not.toMatch(/(^|[^\\])\||\n/);
      }),
    );
  });

  test('cuts a long value visibly', () => {
    expect(plain('x'.repeat(10_000))).toContain('… \\[cut: 300 of 10,000 characters shown\\]');
  });
});
