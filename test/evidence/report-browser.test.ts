import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium as driver, type Page } from 'playwright-core';
import { renderHtml } from '../../lib/evidence/render-html';
import { chromium, chromiumFlags } from './browser';
import { brokenExample } from './fixtures';
import { largeExample } from './large-example';

if (chromium === undefined) {
  console.warn('skipped: no Chromium found; set CHROMIUM_PATH to run the report in a browser');
}

const schemes = ['light', 'dark'] as const;
const views = [
  ['desktop', { width: 1280, height: 900 }],
  ['phone', { width: 390, height: 844 }],
] as const;

(chromium === undefined ? describe.skip : describe)('the report in a browser', () => {
  const directory = mkdtempSync(join(tmpdir(), 'avouch-report-'));
  const file = join(directory, 'report.html');
  let browser: Browser;

  beforeAll(async () => {
    const { evidence, catalogue } = largeExample();
    writeFileSync(file, renderHtml(evidence, catalogue));
    browser = await driver.launch({ executablePath: chromium, args: [...chromiumFlags] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
  });

  async function open(options: BrowserContextOptions = {}, path = file): Promise<Page> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href);
    return page;
  }

  test('asks nobody for anything and breaks no rule of its own content policy', async () => {
    const page = await (await browser.newContext()).newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(file).href);
    await page.getByRole('searchbox').fill('tls');
    expect(requests).toEqual([pathToFileURL(file).href]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('its content policy stops what it does not contain', async () => {
    const page = await open();
    const ran = await page.evaluate<boolean>(`(() => {
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.body.append(script);
      return 'intruder' in window;
    })()`);
    expect(ran).toBe(false);
    await page.context().close();
  });

  test.each(schemes)(
    'axe finds nothing in the %s scheme, with everything opened',
    async (colorScheme) => {
      // the small report: axe walks every node, and the large one only repeats these
      const small = join(directory, `small-${colorScheme}.html`);
      const { evidence, catalogue } = largeExample();
      const slim = {
        ...evidence,
        controls: evidence.controls.map((control) => ({ ...control, subjects: control.subjects.slice(3, 7) })),
      };
      writeFileSync(small, renderHtml(slim, catalogue));
      const page = await open({ bypassCSP: true, colorScheme }, small);
      await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
      const { violations } = await page.evaluate<AxeResults>(`(async () => {
      for (const part of document.querySelectorAll('details')) part.open = true;
      return await axe.run({ resultTypes: ['violations'] });
    })()`);
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)).toEqual([]);
      await page.context().close();
    },
    120_000,
  );

  test('is complete without JavaScript: nothing but the search is missing', async () => {
    const page = await open({ javaScriptEnabled: false });
    await expect(page.getByRole('searchbox').isVisible()).resolves.toBe(false);
    const control = page.locator('details.control', { hasText: 'enc-01' }).first();
    await expect(control.locator('.observations').first().isVisible()).resolves.toBe(false);
    await control.locator('summary').first().click();
    await expect(control.locator('.observations').first().isVisible()).resolves.toBe(true);
    await page.context().close();
  });

  test('a link to a promise or a control opens it where it stands', async () => {
    const page = await open();
    const link = page.locator('.breach a[href="#control-enc-01"]').first();
    await link.click();
    await expect(page.locator('#control-enc-01').isVisible()).resolves.toBe(true);
    await page.context().close();
  });

  test('every link of the page leads to a place on it', async () => {
    const page = await open();
    const dangling = await page.evaluate<string[]>(`
      [...document.querySelectorAll('a')]
        .map((link) => link.getAttribute('href') ?? '')
        .filter((href) => !href.startsWith('#') || document.getElementById(href.slice(1)) === null)`);
    expect(dangling).toEqual([]);
    await page.context().close();
  });

  test('the search shows what matches every word, and all again when it is emptied', async () => {
    const page = await open();
    const visible = (): Promise<number> => page.locator('[data-find]:visible').count();
    const all = await visible();
    await page.getByRole('searchbox').fill('acme-promise-007');
    // the promise, and the control that keeps it
    await expect(visible()).resolves.toBe(2);
    await expect(page.getByRole('status').textContent()).resolves.toBe(`2 of ${all} promises and controls match`);
    await page.getByRole('searchbox').fill('no such words');
    await expect(visible()).resolves.toBe(0);
    await page.getByRole('searchbox').fill('');
    await expect(visible()).resolves.toBe(all);
    await page.context().close();
  });

  test('hostile text is shown and not run', async () => {
    const hostile = join(directory, 'hostile.html');
    const { evidence, catalogue } = brokenExample({
      logicalId: '<script>window.intruder = true</script>',
      message: '"><img src=x onerror="window.intruder = true">',
      observations: [{ property: "'; alert(1) //", value: '\u202egnp.exe' }],
    });
    writeFileSync(hostile, renderHtml(evidence, catalogue));
    const page = await open({ bypassCSP: true }, hostile);
    await expect(page.evaluate(`'intruder' in window`)).resolves.toBe(false);
    await expect(page.locator('img').count()).resolves.toBe(0);
    await expect(page.locator('.breach').textContent()).resolves.toContain('<script>window.intruder = true</script>');
    await expect(page.locator('.observations').first().textContent()).resolves.toContain('\\u202egnp.exe');
    await page.context().close();
  });

  test('prints with everything opened', async () => {
    const small = join(directory, 'print.html');
    const { evidence, catalogue } = brokenExample();
    writeFileSync(small, renderHtml(evidence, catalogue));
    const page = await open({ javaScriptEnabled: false }, small);
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('details.promise .facts').first().isVisible()).resolves.toBe(true);
    await expect(page.locator('.observations').last().isVisible()).resolves.toBe(true);
    const pdf = await page.pdf({ format: 'A4', path: join(directory, 'report.pdf') });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.context().close();
  });

  test.each(views.flatMap(([name, viewport]) => schemes.map((scheme) => [name, scheme, viewport] as const)))(
    'fits a %s in the %s scheme',
    async (name, colorScheme, viewport) => {
      const page = await open({ viewport, colorScheme });
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect(overflow).toBeLessThanOrEqual(0);
      const picture = join(directory, `${name}-${colorScheme}.png`);
      await page.screenshot({ path: picture });
      expect(statSync(picture).size).toBeGreaterThan(10_000);
      await page.context().close();
    },
  );
});
