/** How a secret may be written so that its own words are not to be seen. */
export type Coding = 'base64' | 'hex' | 'url';

/** A word as a coding writes it: the automaton has no case, but base64 has. */
export interface CodedWord {
  readonly coding: Coding;
  /** What must stand there, in its case where that counts. */
  readonly exact: string;
  /** Of base64: how many of the four characters of a group are in front of it. */
  readonly phase: number;
}

/** Shorter words would be everywhere (bytes). */
const shortest = 4;
/** So much of a word is looked for (bytes): more would not make it rarer, and each byte is rows of the automaton. */
const longest = 4;
/** Characters of base64 that say enough. */
const shortestCoded = 4;

/** A word in all forms that a coding may give it, whatever stands in front of it. */
export function codedWords(word: string): readonly CodedWord[] {
  if (word.length < shortest) return [];
  const bytes = Buffer.from(word.slice(0, longest));
  const coded: CodedWord[] = [{ coding: 'hex', exact: bytes.toString('hex'), phase: 0 }];
  const escaped = encodeURIComponent(word);
  if (escaped !== word) coded.push({ coding: 'url', exact: escaped, phase: 0 });
  for (const before of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Bits of what stands in front and behind are in the characters at the ends.
    const first = Math.ceil((before * 8) / 6);
    const exact = text.slice(first, Math.floor(((before + bytes.length) * 8) / 6));
    if (exact.length >= shortestCoded) coded.push({ coding: 'base64', exact, phase: first });
  }
  return coded;
}

/** Shortest run of a coding that is decoded (characters), and how far it is followed to either side. */
const shortestRun = 16;
const reach = 8192;

const tables: Readonly<Record<Coding, Uint8Array>> = {
  base64: tableOf(/[A-Za-z0-9+/_-]/),
  hex: tableOf(/[0-9A-Fa-f]/),
  url: tableOf(/[A-Za-z0-9._~%+@:/?#[\]!$&()*,;=-]/),
};

function tableOf(set: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (set.test(String.fromCharCode(byte)) ? 1 : 0));
}

/** The run of a coding's characters round a place; undefined where it is too short. */
export function codedRun(
  coding: Coding,
  bytes: Buffer,
  at: number,
  filled: number,
): readonly [number, number] | undefined {
  const table = tables[coding];
  let from = at;
  let to = at;
  while (from > 0 && from > at - reach && table[bytes[from - 1]!] === 1) from--;
  while (to < filled && to < at + reach && table[bytes[to]!] === 1) to++;
  return to - from < shortestRun ? undefined : [from, to];
}

const percent = 0x25;

/** Decodes a run; `at`: where the word stands in it, which tells where its groups begin. */
export function decodeRun(text: string, at: number, { coding, phase }: CodedWord): Buffer {
  if (coding === 'hex') return Buffer.from(text.slice(at % 2), 'hex');
  if (coding === 'base64') return Buffer.from(text.slice((((at - phase) % 4) + 4) % 4), 'base64');
  return unescaped(text);
}

/** `%41` as its byte; what is none stays as it is. */
function unescaped(text: string): Buffer {
  // No byte of it is handed on that was not written here.
  const out = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const escaped = code === percent ? (hexDigit(text, at + 1) << 4) | hexDigit(text, at + 2) : -1;
    out[length++] = escaped < 0 ? code : escaped;
    if (escaped >= 0) at += 2;
  }
  return out.subarray(0, length);
}

/** -1 where there is none, which stays below zero in whatever it is worked into. */
function hexDigit(text: string, at: number): number {
  const code = at < text.length ? text.charCodeAt(at) : 0;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
