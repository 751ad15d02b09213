import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { severities } from '../../../src/model/severity.ts';
import type { Verdict } from '../../../src/model/verdict.ts';
import { report } from '../../../src/report/html.ts';
import { scratchFolder } from '../../support/cli.ts';
import { readHtml } from '../html-reader.ts';
import * as samples from '../samples.ts';
import { hasBrowser, type Look, type Opened, openBrowser, openReport } from './browser.ts';

const { context, evidence, finding, pack, placedSecret, placedSetting } = samples;
const folder = scratchFolder();

/** Many findings in many packages, of all severities. */
function many(n: number): string {
  const packages = Array.from({ length: 500 }, (_, at) =>
    pack({ name: `package-${at}`, version: '1.0.0', layer: at % 2 }),
  );
  const findings = Array.from({ length: n }, (_, at) => {
    const found = packages[at % packages.length] ?? samples.pack({ name: 'x', version: '1' });
    return finding(found, {
      id: `CVE-2026-${10_000 + at}`,
      severity: severities[at % severities.length] ?? 'low',
      title: `Flaw ${at}: the parser of package-${at % 500} reads beyond the end of what it was given`,
      fixed: at % 3 === 0 ? [] : ['1.0.1'],
      aliases: [`GHSA-aaaa-bbbb-${at}`],
      cwes: ['CWE-125'],
      from: found.layer === 0 ? 'base' : 'own',
    });
  });
  return report.render(evidence({ packages, findings }), { decision: 'stop', reasons: [] }, context);
}

const mixed = evidence({
  ...samples.known,
  target: { ...samples.known.target, base: { layers: 1, by: 'history', name: 'debian:12' } },
  findings: samples.known.findings.map((one) => (one.layer === 0 ? { ...one, from: 'base' as const } : one)),
  placed: [placedSecret(), placedSetting()],
  problems: samples.shop.problems,
});

/** What the list shows, by the ids of its rows. */
const ids = (page: Page): Promise<string[]> => page.locator('.rows a.open').allTextContents();

/** The status line of the list. */
const status = async (page: Page): Promise<string> => (await page.locator('.count').textContent()) ?? '';

describe.skipIf(!hasBrowser)('in Chromium (skipped without it), the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** Does something with a report, after which nothing may have gone wrong. */
  async function look(text: string, does: (opened: Opened) => Promise<void>, options: Look = {}): Promise<void> {
    const opened = await openReport(browser, folder, text, options);
    try {
      await does(opened);
      expect(opened.faults).toEqual([]);
    } finally {
      await opened.page.close();
    }
  }

  const known = report.render(mixed, samples.knownVerdict, context);

  test('shows what counts, the worst first, and asks for nothing', async () => {
    await look(known, async ({ page }) => {
      expect(await ids(page)).toEqual([
        'CVE-2021-44228',
        'secret/github-token',
        'CVE-2023-0001',
        'CVE-2023-0002',
        'image/runs-as-root',
        'CVE-2023-0005',
      ]);
      expect(await status(page)).toBe('6 of 9 findings, and 3 that do not count');
      expect(await page.locator('#plain').count()).toBe(0);
      expect(await page.title()).toBe('STOP shop.tar');
    });
  });

  test('searches, filters, sorts and groups, and tells so in its address', async () => {
    await look(known, async ({ page, url }) => {
      await page.getByRole('searchbox').fill('openssl -0002');
      expect(await ids(page)).toEqual(['CVE-2023-0001', 'CVE-2023-0005']);
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByRole('button', { name: /^high/ }).click();
      expect(await ids(page)).toEqual(['secret/github-token', 'CVE-2023-0001']);
      await page.getByLabel('Whose').selectOption('base');
      await page.getByLabel('Show', { exact: true }).selectOption('all');
      expect(await ids(page)).toEqual(['CVE-2023-0001', 'CVE-2023-0003', 'CVE-2023-0003']);
      await page.getByLabel('Group').selectOption('package');
      expect(await page.locator('.rows .group button').allTextContents()).toEqual([
        '▾openssl 3.0.1-1',
        '▾libssl3 3.0.1-1',
      ]);
      expect(page.url()).toBe(`${url}#sev=high&from=base&show=all&group=package`);
      await page.getByRole('button', { name: 'finding', exact: true }).click();
      expect(await page.locator('th[aria-sort="ascending"]').textContent()).toBe('finding');
      await page.getByRole('button', { name: 'exploited (KEV)' }).click();
      expect([await ids(page), await page.locator('.empty').isVisible()]).toEqual([[], true]);
    });
  });

  test('is used by keys alone', async () => {
    await look(known, async ({ page, url }) => {
      const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
      await page.keyboard.press('/');
      await page.keyboard.type('CVE-2023');
      expect(await ids(page)).toEqual(['CVE-2023-0001', 'CVE-2023-0002', 'CVE-2023-0005']);
      await page.keyboard.press('ArrowDown');
      expect(await focused()).toBe('CVE-2023-0001');
      await page.keyboard.press('j');
      expect(await focused()).toBe('CVE-2023-0002');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      expect(await page.locator('#panel').isVisible()).toBe(true);
      expect(await focused()).toBe('A flaw');
      await page.keyboard.press('j');
      expect(await page.locator('#panel dd').first().textContent()).toContain('CVE-2023-0002');
      await page.keyboard.press('Escape');
      expect([await page.locator('#panel').isVisible(), await focused()]).toEqual([false, 'CVE-2023-0002']);
      expect(page.url()).toBe(`${url}#q=CVE-2023`);
      await page.keyboard.press('/');
      await page.keyboard.press('Escape');
      expect((await ids(page)).length).toBe(6);
      await page.keyboard.press('Escape');
      await page.keyboard.press('2');
      expect(await ids(page)).toEqual(['openssl', 'log4j-core', 'libssl3']);
      await page.keyboard.press('?');
      expect(await page.getByRole('dialog').isVisible()).toBe(true);
      await page.keyboard.press('Escape');
      expect(await page.getByRole('dialog').isVisible()).toBe(false);
      await page.keyboard.press('t');
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');
    });
  });

  test('opens a finding by its link, and goes back', async () => {
    let link = '';
    await look(known, async ({ page }) => {
      await page.getByRole('link', { name: 'CVE-2023-0001' }).click();
      link = new URL(page.url()).hash.slice(1);
      expect(link).toMatch(/^open=[0-9a-f]{14}$/);
      await page.goBack();
      expect(await page.locator('#panel').isVisible()).toBe(false);
      await page.locator('.matrix').getByRole('link', { name: '1 high: Secrets' }).click();
      expect(await ids(page)).toEqual(['secret/github-token']);
    });
    const opened = async ({ page }: Opened): Promise<void> => {
      const panel = page.locator('#panel');
      expect(await panel.getByRole('heading', { level: 2 }).textContent()).toBe('A flaw');
      expect(await panel.locator('.fix').textContent()).toBe(
        'Fix No fix is known for openssl 3.0.1-1: the distribution says that it will not fix it.',
      );
      expect(await panel.getByRole('link', { name: 'CVE-2023-0001' }).getAttribute('href')).toBe(
        'https://nvd.nist.gov/vuln/detail/CVE-2023-0001',
      );
      expect(await page.locator('.row.shown').textContent()).toContain('CVE-2023-0001');
    };
    await look(known, opened, { fragment: link });
  });

  test('shows answered findings with who answers them and why', async () => {
    await look(
      known,
      async ({ page }) => {
        await page.getByText('CVE-2023-0003').first().click();
        expect(await page.locator('.answered').textContent()).toBe(
          'Does not count: answered by VEX. Acme Security says that it is not affected',
        );
        expect(await page.locator('#panel li').allTextContents()).toHaveLength(2);
      },
      { fragment: 'show=aside' },
    );
  });

  test('takes hostile text as text', async () => {
    const hostile = report.render(samples.trapImage, samples.trapVerdict, { ...context, name: samples.hostile });
    await look(hostile, async ({ page, faults }) => {
      for (const tab of ['1', '2', '3', '4']) {
        await page.keyboard.press(tab);
        const rows = await page.locator('.rows a.open').count();
        if (rows > 0) await page.locator('.rows a.open').first().click();
      }
      const bad = 'img, script[src], iframe, a[href^="javascript"], [onerror], body style, form';
      expect(await page.locator(bad).count()).toBe(0);
      expect(await page.evaluate(() => document.querySelectorAll('script').length)).toBe(2);
      expect(await page.locator('#panel').textContent()).toContain('<img src=x onerror=alert(1)>');
      // Nothing can make markup of text, or run any, even if it tried.
      const tried = await page.evaluate(() => {
        try {
          document.body.innerHTML = '<b>x</b>';
          return 'done';
        } catch (failure) {
          return (failure as Error).name;
        }
      });
      expect(tried).toBe('TypeError');
      expect(faults.splice(0)).toEqual([expect.stringContaining("requires 'TrustedHTML' assignment")]);
    });
  });

  test('is readable without its script', async () => {
    await look(
      known,
      async ({ page }) => {
        expect(await page.locator('table.plain tbody tr').count()).toBe(9);
        expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('STOP The gate stops here.');
        expect(await page.locator('#app').textContent()).toBe('');
      },
      { script: false },
    );
  });

  test.each(['light', 'dark'] as const)('has contrast, names and sizes for everybody, %s', async (colorScheme) => {
    await look(
      known,
      async ({ page }) => {
        await page.getByRole('link', { name: 'CVE-2021-44228' }).first().click();
        expect(await page.evaluate(faintTexts)).toEqual([]);
        expect(await page.evaluate(unnamed)).toEqual([]);
      },
      { colorScheme },
    );
  });

  test('fits screens of all widths', async () => {
    await look(known, async ({ page }) => {
      for (const width of [320, 380, 720, 1024, 1920]) {
        await page.setViewportSize({ width, height: 700 });
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect([width, Math.max(0, tooWide)]).toEqual([width, 0]);
      }
      await page.setViewportSize({ width: 380, height: 700 });
      await page.locator('.rows a.open').first().click();
      expect(await page.locator('#panel .close').isVisible()).toBe(true);
    });
  });

  test('has all rows on paper, with what to do', async () => {
    await look(many(400), async ({ page }) => {
      const before = await page.locator('.rows .row').count();
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      await page.emulateMedia({ media: 'print' });
      expect([before < 100, await page.locator('.rows .row').count()]).toEqual([true, 400]);
      expect(await page.locator('.printed').first().textContent()).toContain('No fix is known for package-0 1.0.0.');
      expect(await page.locator('.toolbar').isVisible()).toBe(false);
      await page.evaluate(() => dispatchEvent(new Event('afterprint')));
      expect(await page.locator('.rows .row').count()).toBe(before);
    });
  });

  test('of 5,000 findings opens within a second, and follows typing within a tenth', async () => {
    const text = many(5000);
    await look(text, async ({ page }) => {
      const wall = await page.evaluate(readyAfter);
      const rows = await page.locator('.rows .row').count();
      // Of the thread that the page runs in: what else runs on the machine is no matter of the page's.
      const cpu = await page.context().newCDPSession(page);
      await cpu.send('Performance.enable', { timeDomain: 'threadTicks' });
      const spent = async (): Promise<number> => {
        const { metrics } = await cpu.send('Performance.getMetrics');
        return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.POSITIVE_INFINITY);
      };
      const words = ['p', 'pa', 'pac', 'package-49', 'cve 49', 'zz', 'z', ''];
      let open = Number.POSITIVE_INFINITY;
      let key = Number.POSITIVE_INFINITY;
      // The least of three: others use the machine as well.
      for (let turn = 0; turn < 3; turn++) {
        await page.reload();
        await page.evaluate(readyAfter);
        const opened = await spent();
        await page.evaluate(typeAll, words);
        open = Math.min(open, opened);
        key = Math.min(key, ((await spent()) - opened) / words.length);
      }
      console.log(
        `html: 5,000 findings in ${(text.length / 1e6).toFixed(1)} MB: ready after ${wall.toFixed(0)} ms by the clock, ${open.toFixed(0)} ms of CPU; a key takes ${key.toFixed(1)} ms`,
      );
      expect(rows).toBeLessThan(120);
      expect(open).toBeLessThan(1000);
      expect(key).toBeLessThan(100);
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await page.getByRole('link', { name: 'CVE-2026-14997' }).waitFor();
    });
  });
});

const verdictOfAll: Verdict = { decision: 'undecided', reasons: samples.shopVerdict.reasons };

test('an undecided report has an icon and a title of its own', () => {
  const text = report.render(samples.shop, verdictOfAll, context);
  const [title] = readHtml(text).filter(({ name }) => name === 'title');
  const icon = readHtml(text).find(({ attributes }) => attributes.get('rel') === 'icon');
  expect([title?.text, icon?.attributes.get('href')?.includes("fill='%236b3fa0'")]).toEqual([
    'UNDECIDED shop.tar',
    true,
  ]);
});

/** Milliseconds from the start of the navigation until rows are painted and the page can be used. In the page. */
function readyAfter(): Promise<number> {
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0));
  });
}

/** Types one text after the other into the search, each with the layout of what is drawn for it. In the page. */
async function typeAll(texts: readonly string[]): Promise<void> {
  const input = document.querySelector<HTMLInputElement>('#search');
  for (const text of texts) {
    if (input) input.value = text;
    input?.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  }
}

/** Texts with a contrast below 4.5 to 1 (WCAG 2.2, 1.4.3). In the page. */
function faintTexts(): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (colour: string): number[] => {
    if (!canvas) return [];
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = rgb(colour).map((c) =>
      c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): string => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (rgb(backgroundColor)[3] === 255) return backgroundColor;
    }
    return 'white';
  };
  const faint = new Set<string>();
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    if (!own || element.closest('script, .offscreen, title') || !element.checkVisibility()) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.add(`${element.tagName}.${element.className} ${contrast.toFixed(2)}`);
  }
  return [...faint];
}

/** Controls without a name, pictures without words, tables without heads, ids that stand there twice. In the page. */
function unnamed(): string[] {
  const found: string[] = [];
  for (const control of document.querySelectorAll('button, a, input, select, summary')) {
    const name = control.getAttribute('aria-label') ?? control.textContent ?? '';
    if (name.trim() === '') found.push(control.outerHTML.slice(0, 80));
  }
  for (const svg of document.querySelectorAll('svg:not([aria-hidden="true"])'))
    if (!svg.getAttribute('aria-label')) found.push(svg.outerHTML.slice(0, 80));
  for (const table of document.querySelectorAll('table'))
    if (!table.querySelector('th')) found.push('a table without heads');
  const all = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  found.push(...all.filter((id, at) => all.indexOf(id) !== at));
  if (document.querySelectorAll('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])').length > 0)
    found.push('an order of tabs');
  return found;
}
