/** Words in a row that are compared at once. */
const run = 5;

/** Most words of a text that are looked at: ten times those of the longest licence. */
const mostWords = 120_000;

/** What one file's shingles are kept in, so that a layer with thousands of licence files needs no memory for each. */
let buffer = new Uint32Array(4096);

/** Hashes of words that say nothing: parts of addresses. */
const silent = new Set(['http', 'https', 'www'].map(hashOf));
const [licence, license, copyright] = ['licence', 'license', 'copyright'].map(hashOf) as [number, number, number];
const [licences, licenses] = ['licences', 'licenses'].map(hashOf) as [number, number];

/**
 * The hash of each run of five words, in order: case, signs, numbers, single letters and lines that only say whose the
 * copyright is count for nothing, so that a text is the same however it is set. What is returned is only valid until the
 * next call.
 */
export function shinglesOf(text: Buffer): Uint32Array {
  const reader = { at: 0, line: true };
  let count = 0;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let words = 0; words < mostWords; ) {
    const word = nextWord(text, reader);
    if (word === 0) break;
    words++;
    if (words >= run) {
      if (count === buffer.length) buffer = grown(buffer);
      buffer[count++] = mixed(a, b, c, d, word);
    }
    [a, b, c, d] = [b, c, d, word];
  }
  return buffer.subarray(0, count);
}

interface Reader {
  at: number;
  /** Whether no word of the line has been read. */
  line: boolean;
}

/** The hash of the next word that counts; 0 at the end. */
function nextWord(text: Buffer, reader: Reader): number {
  while (toWord(text, reader)) {
    const hash = readWord(text, reader);
    if (hash === 0) continue;
    if (hash === copyright && reader.line && isNotice(text, reader.at)) {
      const end = text.indexOf(0x0a, reader.at);
      reader.at = end < 0 ? text.length : end;
      continue;
    }
    reader.line = false;
    if (silent.has(hash)) continue;
    if (hash === licence) return license;
    return hash === licences ? licenses : hash;
  }
  return 0;
}

/** Goes to where a word begins; false at the end. */
function toWord(text: Buffer, reader: Reader): boolean {
  const { length } = text;
  let { at } = reader;
  while (at < length) {
    const code = text[at] as number;
    if (isWordByte(code)) break;
    if (code === 0x0a) reader.line = true;
    at++;
  }
  reader.at = at;
  return at < length;
}

/** The hash of the word that begins here, in lower case; 0 for numbers and single letters. */
function readWord(text: Buffer, reader: Reader): number {
  const from = reader.at;
  let at = from;
  let hash = 0x811c9dc5;
  let hasLetters = false;
  for (let byte = text[at] as number; isWordByte(byte); byte = text[++at] as number) {
    const lower = byte > 0x40 && byte < 0x5b ? byte | 0x20 : byte;
    hasLetters ||= lower > 0x39;
    hash = Math.imul(hash ^ lower, 0x01000193);
  }
  reader.at = at;
  return hasLetters && at - from > 1 ? hash >>> 0 || 1 : 0;
}

function isWordByte(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
}

/** Whether a year, a sign or a placeholder follows, as behind the word in `Copyright (c) 2020 Jane Doe`. */
function isNotice(text: Buffer, from: number): boolean {
  let at = from;
  while (text[at] === 0x20 || text[at] === 0x09 || text[at] === 0x3a) at++;
  const code = text[at] ?? 0;
  return (
    code === 0x28 || code === 0x3c || code === 0x5b || code === 0x7b || code === 0xc2 || (code > 0x2f && code < 0x3a)
  );
}

function mixed(a: number, b: number, c: number, d: number, e: number): number {
  let hash = a;
  for (const word of [b, c, d, e]) {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = (hash ^ word) + 0x9e3779b9;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function grown(full: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(full.length * 4);
  larger.set(full);
  return larger;
}
