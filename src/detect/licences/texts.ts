import { endianness } from 'node:os';
import { entries, filled, setMembers, setStarts, textIds, textParts, textSizes } from './texts.gen.ts';

/** The texts of the SPDX licence list as hashes of runs of words. All tables are used as they are written, none is built. */
export interface TextIndex {
  /** SPDX ids by number of the text; a licence may have several. */
  readonly ids: readonly string[];
  /** How many hashes are kept of each text. */
  readonly sizes: Uint16Array;
  /** By number: every which hash of the text is kept. */
  readonly parts: Uint16Array;
  /** Where the texts that hold a hash begin in {@link TextIndex.members}, by number of the set. */
  readonly starts: Uint16Array;
  readonly members: Uint16Array;
}

/** Bits of a hash that tell its bucket, and bits that are kept beside them (scripts/licences.mjs has the same). */
const bucketBits = 14;
const restBits = 10;
/** Bits for the set of texts. */
const setBits = 14;

let known: (TextIndex & { readonly buckets: Uint32Array; readonly entries: Buffer }) | undefined;

/** The index, opened when it is first asked for. */
export function textIndex(): TextIndex {
  return open();
}

/** The place of a hash in the index; -1 when no text has it. */
export function placeOf(hash: number): number {
  const { buckets, entries: bytes } = known ?? open();
  const bucket = (hash >>> restBits) & ((1 << bucketBits) - 1);
  const rest = hash & ((1 << restBits) - 1);
  const end = buckets[bucket + 1] ?? 0;
  for (let place = buckets[bucket] ?? 0; place < end; place++) {
    const at = place * 3;
    if ((((bytes[at] ?? 0) << 2) | ((bytes[at + 1] ?? 0) >>> 6)) === rest) return place;
  }
  return -1;
}

/** The set of texts that hold the hash at a place. */
export function setAt(place: number): number {
  const { entries: bytes } = known ?? open();
  const at = place * 3;
  return (((bytes[at + 1] ?? 0) & 0x3f) << (setBits - 6)) | (bytes[at + 2] ?? 0);
}

/** How many places there are. */
export function placeCount(): number {
  return open().entries.length / 3;
}

/** Whether a text is of a set. */
export function holds(set: number, text: number): boolean {
  const { starts, members } = known ?? open();
  const end = starts[set + 1] ?? 0;
  for (let i = starts[set] ?? 0; i < end; i++) if (members[i] === text) return true;
  return false;
}

function open(): NonNullable<typeof known> {
  if (known) return known;
  const counts = Buffer.from(filled, 'base64');
  const buckets = new Uint32Array((1 << bucketBits) + 1);
  for (let i = 0; i < 1 << bucketBits; i++) buckets[i + 1] = (buckets[i] ?? 0) + (counts[i] ?? 0);
  known = {
    ids: textIds.split(' '),
    sizes: numbers(textSizes),
    parts: Uint16Array.from(textParts, (power) => 1 << Number(power)),
    starts: numbers(setStarts),
    members: numbers(setMembers),
    buckets,
    entries: Buffer.from(entries, 'base64'),
  };
  return known;
}

/** Numbers of 16 bits, the low byte first. */
function numbers(text: string): Uint16Array {
  const bytes = Buffer.from(text, 'base64');
  if (endianness() === 'BE') bytes.swap16();
  return new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
