import { hash } from 'node:crypto';
import type { Decision } from '../../model/verdict.ts';
import { html, type Markup, raw } from './markup.ts';
import { pageScript, pageStyle } from './page.gen.ts';

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  readonly decision: Decision;
  readonly version: string;
  /** The sections before the list, and those behind it. */
  readonly before: readonly (Markup | undefined)[];
  readonly after: readonly (Markup | undefined)[];
  /** What stands in place of the list where the script does not run. */
  readonly plain: Markup;
  readonly data: Markup;
}

/** Colours of the icon by which a tab of the browser tells the verdict. */
const icons: Record<Decision, string> = { stop: 'b00020', undecided: '6b3fa0', warn: '9a6700', pass: '1a7f37' };

/**
 * One file without anything from outside. Its policy (CSP 3) lets run the one script and use the one style that it was
 * made with, by their digests, and nothing else; text can't become markup while it runs either (Trusted Types).
 */
export function page({ title, decision, version, before, after, plain, data }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src ${sourceOf(pageScript)}`,
    `style-src ${sourceOf(pageStyle)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const icon = `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%23${icons[decision]}'/%3E%3C/svg%3E`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="sluice ${version}">
<title>${decision.toUpperCase()} ${title}</title>
<link rel="icon" href="${icon}">
<style>${raw(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#list">Skip to the findings</a>
<header class="top"><span class="brand">sluice</span>
<nav aria-label="Sections"><a href="#verdict">Verdict</a> <a href="#layers">Layers</a> <a href="#list">Findings</a> <a href="#judged">Judged by</a></nav>
<div id="tools"></div></header>
<main>
${before}
<section class="card list" id="list" aria-label="Findings, packages, licences and problems" tabindex="-1"><h2>Everything that was found</h2>
<div id="app"></div>
${plain}
</section>
${after}
</main>
<footer>Made by sluice ${version}.</footer>
<script type="application/json" id="data">${data}</script>
<script>${raw(pageScript)}</script>
</body>
</html>
`.markup;
}

/** How a policy names a text by its digest. */
function sourceOf(text: string): string {
  return `'sha256-${hash('sha256', text, 'base64')}'`;
}
