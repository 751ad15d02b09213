import { hash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = programs.find((path) => existsSync(path));

/** Whether there is a browser to look at pages with. */
export const hasBrowser = program !== undefined;

/** A headless browser that talks to nobody. */
export function openBrowser(): Promise<Browser> {
  const quiet = ['quic', 'background-networking', 'component-update', 'sync', 'gpu'].map((name) => `--disable-${name}`);
  const args = ['--no-sandbox', '--headless', '--no-first-run', ...quiet];
  return chromium.launch({ ...(program === undefined ? {} : { executablePath: program }), args });
}

/** A page from disk, and all that a reader must never meet. */
export interface Opened {
  readonly page: Page;
  readonly url: string;
  /** Messages of the console, errors of scripts, dialogs, and addresses other than the page's own. */
  readonly faults: string[];
}

/** How a report is looked at. */
export interface Look {
  readonly fragment?: string;
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly script?: boolean;
}

/** Opens a report as a reader does, from a file. */
export async function openReport(browser: Browser, folder: string, text: string, look: Look): Promise<Opened> {
  const { fragment = '', width = 1280, height = 800, colorScheme = 'light', script = true } = look;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `report-${hash('sha256', text).slice(0, 12)}.html`);
  writeFileSync(file, text);
  const url = pathToFileURL(file).href;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, javaScriptEnabled: script });
  const faults: string[] = [];
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url) faults.push(`request: ${request.url()}`);
  });
  await page.goto(fragment === '' ? url : `${url}#${fragment}`);
  return { page, url, faults };
}
