import type { CST, ErrorCode } from 'yaml';

/** What is wrong with a piece of a file, and the correction. */
export interface Refusal {
  readonly message: string;
  readonly hint?: string;
}

/**
 * Why a token is not read. A condition often begins with `!`, and a pattern with `*`, which YAML reads as marks. What is
 * opened and not closed is told where it is opened: the library tells the end of the file.
 */
export function refusalOf(token: CST.Token): Refusal | undefined {
  const hint = (mark: string): string => `write it out; a text that begins with ${mark} goes in quotes`;
  switch (token.type) {
    case 'alias':
      return { message: 'aliases (*name) are not read here', hint: hint('*') };
    case 'anchor':
      return { message: 'anchors (&name) are not read here', hint: hint('&') };
    case 'tag':
      return { message: 'tags (!name) are not read here', hint: hint('!') };
    case 'directive':
      return { message: 'directives such as %YAML are not read here', hint: 'leave it out' };
    case 'single-quoted-scalar':
    case 'double-quoted-scalar':
      return isClosed(token.source) ? undefined : { message: 'this quote is not closed', hint: quotesHint };
    case 'flow-collection': {
      const closed = token.end.some(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
      return closed ? undefined : { message: `this ${token.start.source} is not closed` };
    }
    default:
      return undefined;
  }
}

const quotesHint = "within single quotes, '' is one; within double quotes, a quote has a backslash";

/** Whether a quoted text ends with the quote that it begins with. */
function isClosed(source: string): boolean {
  const inner = source.slice(1);
  if (source.startsWith("'")) return inner.replaceAll("''", '').endsWith("'");
  let backslashes = 0;
  while (inner.at(-2 - backslashes) === '\\') backslashes++;
  return inner.endsWith('"') && backslashes % 2 === 0;
}

const quoted = "a text with ': ', with ' #' or with a mark at its beginning goes in quotes";

/** What ends mistakes of form that people make, by the library's code. */
export const yamlHints: { readonly [Code in ErrorCode]?: string } = {
  NON_STRING_KEY: 'a key is one word, without brackets',
  TAB_AS_INDENT: 'indent with spaces',
  BLOCK_AS_IMPLICIT_KEY: quoted,
  BAD_SCALAR_START: quoted,
  UNEXPECTED_TOKEN: 'a text with quotes in it goes in quotes of the other kind: \'…"…"…\'',
  BAD_INDENT: 'what belongs together begins in the same column',
  MISSING_CHAR: 'what belongs together begins in the same column; a key ends with : and a space',
  MULTILINE_IMPLICIT_KEY: 'a key ends with : and a space',
};

/** The first line of the library's message, without its end. */
export function inOneLine(message: string): string {
  const [first = ''] = message.split('\n');
  return `this is no YAML: ${first.slice(0, 200).replace(/:$/, '')}`;
}
