const unsafe = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A value as JSON with two spaces of indent. Control characters that JSON lets stand raw (C1, the direction of writing)
 * are escaped: the report may be printed to a terminal. Lone surrogates, which strict readers refuse, become U+FFFD.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, wellFormed, 2);
  // None of these stands outside of a string, and an escape in a string means the same character.
  return `${text.replace(unsafe, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' && !value.isWellFormed() ? value.toWellFormed() : value;
}
