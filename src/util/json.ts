import { messageOf, SluiceError } from './error.ts';

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const comma = 0x2c;
const colon = 0x3a;

/** How deep JSON from outside may nest unless the caller says otherwise. No format that we read needs a tenth of it. */
const jsonDepthLimit = 200;

/** How many values JSON from outside may hold: three bytes of it can become sixty of memory. The largest lock files have a tenth. */
const jsonValueLimit = 2_000_000;

/**
 * Reads JSON (RFC 8259) that comes from outside; a UTF-8 byte order mark is skipped. Depth and number of values are
 * checked over the bytes before anything is built, so that a body of brackets can't exhaust the stack, here or in who
 * walks the value, nor the memory.
 * @throws SluiceError `json/too-deep` when arrays and objects nest deeper than `maxDepth`, `json/too-many` when there
 * are too many values, `json/malformed` when it isn't JSON.
 */
export function parseJson(bytes: Buffer, maxDepth = jsonDepthLimit): unknown {
  const body = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  checkShape(body, maxDepth);
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

/**
 * Whether an object in the JSON text names a member twice. Readers differ in what they make of it: the last counts
 * here, while Go's encoding/json lays one object over the other. `value` is what {@link parseJson} read of the bytes.
 */
export function repeatsMembers(bytes: Buffer, value: unknown): boolean {
  let written = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === quote) i = endOfString(bytes, i + 1);
    else if (bytes[i] === colon) written++;
  }
  return written !== membersIn(value);
}

/** Recursion is bounded: the value was read by {@link parseJson}. */
function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let sum = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const inner of Object.values(value)) sum += membersIn(inner);
  return sum;
}

/**
 * One linear pass that counts brackets and commas outside of strings. UTF-8 continuation bytes are all above 0x7f: none
 * of them is one.
 */
function checkShape(body: Buffer, maxDepth: number): void {
  let depth = 0;
  let values = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (byte === quote) i = endOfString(body, i + 1);
    else if (byte === comma) values++;
    else if (byte === openBrace || byte === openBracket) {
      values++;
      depth++;
      if (depth > maxDepth) throw new SluiceError('json/too-deep', `JSON nested deeper than ${maxDepth} levels`);
    } else if (byte === closeBrace || byte === closeBracket) {
      depth--;
    }
  }
  if (values > jsonValueLimit) throw new SluiceError('json/too-many', `JSON with more than ${jsonValueLimit} values`);
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
