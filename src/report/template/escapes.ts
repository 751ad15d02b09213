import { harmless } from '../../util/harmless.ts';
import { csvCell } from '../csv/cell.ts';
import { prose } from '../markdown/escape.ts';
import { jsonText } from '../text-json.ts';
import { xmlText } from '../text-xml.ts';

/** Ways to write a value so that it stays a value. */
export const escapes = {
  text: (value: unknown) => harmless(textOf(value)),
  html: (value: unknown) => xmlText(textOf(value)).replaceAll('&apos;', '&#39;'),
  xml: (value: unknown) => xmlText(textOf(value)),
  csv: (value: unknown) => csvCell(textOf(value)),
  markdown: (value: unknown) => prose(textOf(value), Number.POSITIVE_INFINITY),
  json: (value: unknown) => jsonText(value ?? null).trimEnd(),
  shell: (value: unknown) => `'${harmless(textOf(value)).replaceAll("'", `'\\''`)}'`,
} as const;

/** One of {@link escapes}. */
export type Escape = keyof typeof escapes;

const byEnding = new Map<string, Escape>([
  ['html', 'html'],
  ['htm', 'html'],
  ['xml', 'xml'],
  ['svg', 'xml'],
  ['csv', 'csv'],
  ['md', 'markdown'],
  ['markdown', 'markdown'],
  ['json', 'json'],
  ['sh', 'shell'],
]);

/** How values are written where a template does not say: by the ending of its name, `report.html.liquid` or `report.html`. */
export function escapeFor(name: string): Escape {
  const bare = name.toLowerCase().replace(/\.(?:liquid|tmpl|tpl)$/, '');
  return byEnding.get(bare.slice(bare.lastIndexOf('.') + 1)) ?? 'text';
}

/** A value as text: lists parted by commas, nothing for nothing, objects as JSON. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (typeof value === 'object') return jsonText(value).trimEnd();
  return String(value).toWellFormed();
}
