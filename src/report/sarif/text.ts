import { harmless } from '../../util/harmless.ts';

/** Longest text that code scanning takes for a description, in characters. */
const longestDescription = 1000;

/** Text from outside for a SARIF message: one line, bounded, and no embedded link (SARIF 2.1.0 §3.11.6) of its own. */
export function messageText(text: string): string {
  return harmless(cut(text)).replaceAll('](', '] (');
}

/** Text from outside for GitHub-flavoured Markdown: shown as it is, never as markup, HTML, a link or a table's border. */
export function markdownText(text: string): string {
  return harmless(cut(text))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replaceAll('://', ':&#8203;//')
    .replaceAll('@', '&#64;');
}

/** As a sentence: what people write has its full stop or has not. */
export function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function cut(text: string): string {
  return text.length > longestDescription
    ? `${text.slice(0, longestDescription)}…`.toWellFormed()
    : text.toWellFormed();
}
