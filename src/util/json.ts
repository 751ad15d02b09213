import { messageOf, SluiceError } from './error.ts';

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** How deep JSON from outside may nest unless the caller says otherwise. No format that we read needs a tenth of it. */
const jsonDepthLimit = 200;

/**
 * Reads JSON (RFC 8259) that comes from outside; a UTF-8 byte order mark is skipped. The depth is checked over the
 * bytes before anything is built, so that a body of brackets can't exhaust the stack here or in who walks the value.
 * @throws SluiceError `json/too-deep` when arrays and objects nest deeper than `maxDepth`, `json/malformed` when it isn't JSON.
 */
export function parseJson(bytes: Buffer, maxDepth = jsonDepthLimit): unknown {
  const body = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  checkDepth(body, maxDepth);
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (thrown) {
    throw new SluiceError('json/malformed', `not JSON: ${oneLine(messageOf(thrown))}`);
  }
}

/** The value as an object with named members; undefined when it is anything else. Read only keys that `Object.prototype` has not. */
export function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** The value as a text; undefined when it is anything else. */
export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value as a list; undefined when it is anything else. */
export function asArray(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as readonly unknown[]) : undefined;
}

/** One linear pass that counts brackets outside of strings. UTF-8 continuation bytes are all above 0x7f: none is a bracket. */
function checkDepth(body: Buffer, maxDepth: number): void {
  let depth = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (byte === quote) {
      i = endOfString(body, i + 1);
    } else if (byte === openBrace || byte === openBracket) {
      depth++;
      if (depth > maxDepth) throw new SluiceError('json/too-deep', `JSON nested deeper than ${maxDepth} levels`);
    } else if (byte === closeBrace || byte === closeBracket) {
      depth--;
    }
  }
}

/** The index of the quote that closes the string whose first character is at `start`; the length when none does. */
function endOfString(body: Buffer, start: number): number {
  for (let i = start; i < body.length; i++) {
    const byte = body[i];
    if (byte === backslash) i++;
    else if (byte === quote) return i;
  }
  return body.length;
}

/** The engine's message quotes the input: control characters and length are bounded so that it stays one harmless line. */
function oneLine(message: string): string {
  return message.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').slice(0, 200);
}
