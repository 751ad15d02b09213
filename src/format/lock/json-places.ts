import type { Splice } from './splices.ts';

/** Where a member of an object stands in a JSON text. */
export interface MemberPlace {
  readonly key: string;
  /** Where the key's quote stands. */
  readonly keyStart: number;
  readonly start: number;
  /** Behind the last character of the value. */
  readonly end: number;
}

/**
 * The members of the object that begins at `at`, in the order of the text (RFC 8259). Only for text that a JSON reader has
 * taken already: of anything else it says little, and ends all the same.
 */
export function membersAt(text: string, at: number): MemberPlace[] {
  const members: MemberPlace[] = [];
  let place = skipBlank(text, at);
  if (text[place] !== '{') return members;
  place = skipBlank(text, place + 1);
  while (text[place] === '"') {
    const keyStart = place;
    const keyEnd = stringEnd(text, place);
    const start = skipBlank(text, skipBlank(text, keyEnd) + 1);
    const end = valueEnd(text, start);
    members.push({ key: decoded(text.slice(keyStart, keyEnd)), keyStart, start, end });
    place = skipBlank(text, end);
    if (text[place] !== ',') break;
    place = skipBlank(text, place + 1);
  }
  return members;
}

/** The value of the member that is reached by these keys; of a key that stands twice the last one, as readers take it. */
export function memberAt(text: string, keys: readonly string[]): MemberPlace | undefined {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let found: MemberPlace | undefined;
  for (const key of keys) {
    found = membersAt(text, at).findLast((member) => member.key === key);
    if (!found) return undefined;
    at = found.start;
  }
  return found;
}

/** Puts a string in the place of a member's value. */
export function withValue({ start, end }: MemberPlace, value: string): Splice {
  return { start, end, text: JSON.stringify(value) };
}

/** Takes a member out of its object, with the comma that goes with it; the object keeps its other members' lines. */
export function without(members: readonly MemberPlace[], member: MemberPlace): Splice {
  const at = members.indexOf(member);
  const before = members[at - 1];
  const behind = members[at + 1];
  if (before) return { start: before.end, end: member.end, text: '' };
  return { start: member.keyStart, end: behind ? behind.keyStart : member.end, text: '' };
}

function decoded(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}

function skipBlank(text: string, at: number): number {
  let place = at;
  while (place < text.length && ' \t\r\n'.includes(text[place]!)) place++;
  return place;
}

/** Behind the quote that closes the string whose opening quote is at `at`. */
function stringEnd(text: string, at: number): number {
  for (let place = at + 1; place < text.length; place++) {
    if (text[place] === '\\') place++;
    else if (text[place] === '"') return place + 1;
  }
  return text.length;
}

/** Brackets are counted, not followed: how deep they nest does not matter. */
function valueEnd(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return stringEnd(text, at);
  let depth = 0;
  for (let place = at; place < text.length; place++) {
    const sign = text[place]!;
    if (sign === '"') place = stringEnd(text, place) - 1;
    else if (sign === '{' || sign === '[') depth++;
    else if (sign === '}' || sign === ']') {
      if (depth === 0) return place;
      if (--depth === 0) return place + 1;
    } else if (depth === 0 && (sign === ',' || ' \t\r\n'.includes(sign))) return place;
  }
  return text.length;
}
