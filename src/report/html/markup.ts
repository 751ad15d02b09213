import { harmless } from '../../util/harmless.ts';
import { xmlText } from '../text-xml.ts';

/** HTML that is known to be what it should: made by {@link html} alone. */
export interface Markup {
  readonly markup: string;
}

/** What can stand in a piece of HTML: text from anywhere, HTML that is made already, several of these, or nothing. */
export type Inserted = string | number | Markup | readonly Inserted[] | undefined;

/**
 * HTML with values in it, as text or as values of attributes in double quotes. Text from outside stays text: what HTML
 * would read as more is escaped, and control characters and directions of writing are visible codes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Inserted[]): Markup {
  let markup = parts[0] ?? '';
  for (const [at, value] of values.entries()) markup += inserted(value) + (parts[at + 1] ?? '');
  return { markup };
}

function inserted(value: Inserted): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return xmlText(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(inserted).join('');
}

/** Our own script or style: it is no text from outside, and must not end the element that it stands in. */
export function raw(text: string): Markup {
  if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error('the text would end its element');
  return { markup: text };
}

/**
 * A value as JSON that stands in a `script` element. No text in it can end the element or begin a comment there, for it
 * holds no `<`; control characters and directions of writing are visible codes, lone surrogates U+FFFD.
 */
export function embeddedJson(value: unknown): Markup {
  return { markup: JSON.stringify(value, harmlessTexts).replaceAll('<', '\\u003c') };
}

function harmlessTexts(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? harmless(value.toWellFormed()) : value;
}
