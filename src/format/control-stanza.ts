/** Bytes of one field's value that are kept; names and versions have a few dozen. A longer one makes the stanza malformed. */
export const fieldLimit = 4096;

/** One stanza of a Debian control file: the wanted fields and whether all of it could be read. */
export interface Stanza {
  /** Values of the wanted fields by their name in lower case, without the lines that continue them. */
  readonly fields: ReadonlyMap<string, string>;
  /** The number of its first line, from 1. */
  readonly line: number;
  /** A line that is no field, a wanted field that stands twice, or one that is too long. */
  readonly malformed: boolean;
}

const newline = 0x0a;
const blank = 0x20;
const tab = 0x09;
const carriageReturn = 0x0d;
const colon = 0x3a;

/** Longest field name that is looked at (bytes). */
const nameLimit = 64;

/**
 * Reads the stanzas of a Debian control file (deb822(5)) one after another, in linear time and without copying what
 * nobody asked for. `wanted` holds field names in lower case; field names are compared without regard to case.
 */
export function* readStanzas(bytes: Buffer, wanted: ReadonlySet<string>): Generator<Stanza> {
  let stanza: Draft | undefined;
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    line++;
    if (isBlankLine(bytes, start, end)) {
      if (stanza !== undefined) yield stanza;
      stanza = undefined;
    } else {
      stanza ??= { fields: new Map(), line, malformed: false };
      readLine(stanza, bytes, start, end, wanted);
    }
    start = end + 1;
  }
  if (stanza !== undefined) yield stanza;
}

interface Draft {
  readonly fields: Map<string, string>;
  readonly line: number;
  malformed: boolean;
}

function readLine(stanza: Draft, bytes: Buffer, start: number, end: number, wanted: ReadonlySet<string>): void {
  const first = bytes[start];
  if (first === blank || first === tab) return;
  const nameEnd = fieldNameEnd(bytes, start, Math.min(end, start + nameLimit));
  if (nameEnd < 0) {
    stanza.malformed = true;
    return;
  }
  const name = bytes.toString('latin1', start, nameEnd).toLowerCase();
  if (!wanted.has(name)) return;
  // Where a field stands twice, two readers may believe two different things: neither is to be trusted.
  if (stanza.fields.has(name) || end - nameEnd > fieldLimit) {
    stanza.malformed = true;
    return;
  }
  stanza.fields.set(name, bytes.toString('utf8', nameEnd + 1, end).trim());
}

/** Where the colon behind a field name stands; -1 when the line is no field. */
function fieldNameEnd(bytes: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === colon) return at === start ? -1 : at;
    if (byte <= blank || byte >= 0x7f) return -1;
  }
  return -1;
}

function isBlankLine(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte !== blank && byte !== tab && byte !== carriageReturn) return false;
  }
  return true;
}
