/** Bytes of one field's value that are kept; names and versions have a few dozen. A longer one makes the stanza malformed. */
export const fieldLimit = 4096;

/** Bytes of a field that lists other packages; a longer list is left out, and the stanza counts all the same. */
const listLimit = 256 * 1024;

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
 * nobody asked for. `wanted` holds field names in lower case; field names are compared without regard to case. `lists`
 * are fields that say nothing of what the package is: they may be long, and the first one of a name counts.
 */
export function* readStanzas(
  bytes: Buffer,
  wanted: ReadonlySet<string>,
  lists: ReadonlySet<string> = none,
): Generator<Stanza> {
  const looks = looksOf(wanted, lists);
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
      readLine(stanza, bytes, looks, start, end);
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

const none: ReadonlySet<string> = new Set();

/** A field that is read. */
interface Field {
  /** In lower case. */
  readonly name: string;
  readonly isList: boolean;
}

/** The fields that are read, by {@link lookOf} their names: most others are told apart by that alone. */
type Looks = readonly (readonly Field[] | undefined)[];

function readLine(stanza: Draft, bytes: Buffer, looks: Looks, start: number, end: number): void {
  const first = bytes[start] ?? 0;
  if (first === blank || first === tab) return;
  const nameEnd = fieldNameEnd(bytes, start, Math.min(end, start + nameLimit));
  if (nameEnd < 0) {
    stanza.malformed = true;
    return;
  }
  const field = fieldOf(looks[lookOf(first, nameEnd - start)], bytes, start);
  if (field === undefined) return;
  const { name, isList } = field;
  const isKnown = stanza.fields.has(name);
  if (isList) {
    if (isKnown || end - nameEnd > listLimit) return;
  } else if (isKnown || end - nameEnd > fieldLimit) {
    // Where a field stands twice, two readers may believe two different things: neither is to be trusted.
    stanza.malformed = true;
    return;
  }
  // Nearly always one blank stands in front, without which there is nothing to trim.
  const from = nameEnd + (bytes[nameEnd + 1] === blank ? 2 : 1);
  stanza.fields.set(name, bytes.toString('utf8', from, end).trim());
}

function looksOf(wanted: ReadonlySet<string>, lists: ReadonlySet<string>): Looks {
  const looks = new Array<Field[] | undefined>(32 * (nameLimit + 1)).fill(undefined);
  for (const name of [...lists, ...wanted]) {
    const look = lookOf(name.charCodeAt(0), name.length);
    looks[look] = [...(looks[look] ?? []), { name, isList: lists.has(name) }];
  }
  return looks;
}

/** The field whose name stands there; all that have this look are as long as it. */
function fieldOf(fields: readonly Field[] | undefined, bytes: Buffer, start: number): Field | undefined {
  if (fields === undefined) return undefined;
  for (const field of fields) if (isNamed(field.name, bytes, start)) return field;
  return undefined;
}

function isNamed(name: string, bytes: Buffer, start: number): boolean {
  for (let at = 0; at < name.length; at++) {
    // A bit makes the case of letters the same; of all that a name may hold, a hyphen is alone in having its code with it.
    if (((bytes[start + at] ?? 0) | 0x20) !== name.charCodeAt(at)) return false;
  }
  return true;
}

function lookOf(first: number, length: number): number {
  return (first & 0x1f) * (nameLimit + 1) + length;
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
