import { endOfNumbers, isDigit, readVersion } from './version-text.ts';

/** Bytes of the longest mark, whatever its kind. */
export const markLength = 64;
/** Bytes from the beginning of a mark on in which its version must stand. */
export const markWindow = 160;

/** A version that a program says, and the name of the program: a fork says another. */
export interface Statement {
  readonly name: string;
  readonly version: string;
}

/** A fixed text in a program by which it is known, and where its version stands beside it. */
export interface Mark {
  /** Where it stands next in the bytes, from a place on; -1 when nowhere. */
  find(bytes: Buffer, from: number): number;
  /** Whether the window begins with it. */
  begins(window: Buffer): boolean;
  /** What the window that begins with it says; undefined when no version stands there. */
  read(window: Buffer): Statement | undefined;
}

/** Whether the bytes behind a version are those that this program has there. */
export type Follows = (window: Buffer, end: number) => boolean;

const anything: Follows = () => true;
const asItIs = (version: string): string => version;
/** The version is a whole string of C. */
export const ends: Follows = (window, end) => window[end] === 0;

/** The bytes behind the version are one of these texts. */
export function before(...texts: readonly string[]): Follows {
  const wanted = texts.map((text) => Buffer.from(text, 'latin1'));
  return (window, end) => wanted.some((text) => standsAt(window, end, text));
}

/**
 * `text`, then the version: `nginx version: nginx/` and `1.25.3`. A text may begin with a NUL, where a string begins.
 * `spell` leaves out what is no part of the version's name.
 */
export function ahead(text: string, name: string, follows = anything, spell = asItIs): Mark {
  const needle = needleOf(text);
  const versionAt = text.length;
  return {
    ...needle,
    read(window) {
      const found = readVersion(window, versionAt);
      return found && follows(window, found.end) ? { name, version: spell(found.version) } : undefined;
    },
  };
}

/** `text`, and somewhere behind it in the same string `then`, and the version: glibc names its packager between the two. */
export function aheadWithin(text: string, then: string, name: string): Mark {
  const needle = needleOf(text);
  return {
    ...needle,
    read(window) {
      const nul = window.indexOf(0);
      const at = window.indexOf(then, 0, 'latin1');
      if (at < 0 || (nul >= 0 && nul < at)) return undefined;
      const found = readVersion(window, at + then.length);
      return found && { name, version: found.version };
    },
  };
}

/** Three numbers or more: shorter strings are too frequent to mean anything. */
const threeNumbers = (version: string): boolean => version.split('.').length > 2;

/**
 * A string of C that is the version and nothing else, known by how it begins: `3.` is `3.45.1` for SQLite. A linker may
 * let it be the end of a longer string, such as a folder's name: then another byte than NUL leads it in.
 */
export function bare(prefix: string, name: string, fits = threeNumbers, lead = '\0'): Mark {
  const versionAt = prefix.startsWith('v') ? 2 : 1;
  return {
    ...needleOf(lead + prefix),
    read(window) {
      const found = readVersion(window, versionAt);
      return found && ends(window, found.end) && fits(found.version) ? { name, version: found.version } : undefined;
    },
  };
}

/** A string of C that is a version with `text` right behind it: `10.11.6-MariaDB`. */
export function behind(text: string, name: string): Mark {
  const end = Buffer.from(text, 'latin1');
  const start = (bytes: Buffer, at: number): number => {
    let from = at;
    while (
      from > 0 &&
      at - from < markLength - 1 - end.length &&
      (isDigit(bytes[from - 1]) || bytes[from - 1] === 0x2e)
    )
      from--;
    return from > 0 && from < at && bytes[from - 1] === 0 ? from - 1 : -1;
  };
  const read = (window: Buffer): Statement | undefined => {
    const stop = window[0] === 0 ? endOfNumbers(window, 1, 5) : undefined;
    return stop !== undefined && standsAt(window, stop, end)
      ? { name, version: window.toString('latin1', 1, stop) }
      : undefined;
  };
  return {
    find(bytes, from) {
      for (let at = bytes.indexOf(end, from); at >= 0; at = bytes.indexOf(end, at + 1)) {
        const found = start(bytes, at);
        if (found >= from) return found;
      }
      return -1;
    },
    begins: (window) => read(window) !== undefined,
    read,
  };
}

/** A text that only shows which program it is. */
export function proof(text: string): Mark {
  return { ...needleOf(text), read: () => undefined };
}

/** Bytes that are rarer in programs than others. */
const rareBytes = Buffer.from('jzqxkJZQXKVWYUGHDBPF(@$', 'latin1');
/** Node finds up to seven bytes twice as fast as more, and of three or more there are few in vain. */
const mostPivot = 7;
const leastPivot = 3;

/** Looks for a text by its rarest part: a NUL at its beginning is as frequent as half of all other bytes. */
function needleOf(text: string): Pick<Mark, 'find' | 'begins'> {
  const whole = Buffer.from(text, 'latin1');
  const before = pivotOf(whole);
  const pivot = whole.subarray(before, before + mostPivot);
  return {
    find(bytes, from) {
      for (let at = bytes.indexOf(pivot, from + before); at >= 0; at = bytes.indexOf(pivot, at + 1)) {
        if (standsAt(bytes, at - before, whole)) return at - before;
      }
      return -1;
    },
    begins: (window) => standsAt(window, 0, whole),
  };
}

function pivotOf(whole: Buffer): number {
  const rare = whole.findIndex((byte, at) => whole.length - at >= leastPivot && rareBytes.includes(byte));
  return rare >= 0 ? rare : whole[0] === 0 ? 1 : 0;
}

function standsAt(bytes: Buffer, at: number, text: Buffer): boolean {
  return at + text.length <= bytes.length && text.compare(bytes, at, at + text.length) === 0;
}
