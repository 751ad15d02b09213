import { createHash } from 'node:crypto';
import { isDebianCopyright } from './claims.ts';
import { joined, readDebianCopyright } from './debian-copyright.ts';
import { noAssertion } from './expression.ts';
import { findNotices } from './notices.ts';
import { type FoundText, findTexts } from './similar.ts';

/** What a file says of licences. */
export interface LicenceWords {
  /** An SPDX expression; `NOASSERTION` for a text that is none of the list's. */
  readonly expression: string;
  /** How much of the list's text it is, the least of several: 0 to 1; 0 where it names licences without their texts. */
  readonly likeness: number;
}

/** Most files whose answer is kept: the same few texts stand in thousands of packages. */
const mostKept = 2000;
const kept = new Map<string, LicenceWords | undefined>();

/** Licences whose texts name those of GNU. */
const namesGnu = /^(?:[AL]?GPL|GFDL|MPL-2|EPL-2|EUPL|CECILL|OSL|SSPL|Artistic-2|Sleepycat|CDDL|LicenseRef)/;

/** Licences that differ by one clause, which is worded in many ways: `has` makes it the other one. */
const clauses: readonly { readonly id: string; readonly has: RegExp; readonly is: string }[] = [
  { id: 'BSD-2-Clause', has: /endorse\s+or\s+promote/i, is: 'BSD-3-Clause' },
  { id: 'BSD-3-Clause', has: /advertising\s+materials\s+mentioning/i, is: 'BSD-4-Clause' },
  { id: '0BSD', has: /provided\s+that\s+the\s+above\s+copyright/i, is: 'ISC' },
];

/**
 * What a file that {@link claims} has claimed says of licences: by Debian's fields, by the texts of the SPDX list, else by
 * the names of licences in it. Undefined where it says nothing of any: programs, and notices that only name people. In
 * linear time; never throws.
 */
export function identify(path: string, bytes: Buffer): LicenceWords | undefined {
  const text = plainText(bytes);
  if (text === undefined) return undefined;
  const kind = isDebianCopyright(path) ? 'debian' : isNotice(path) ? 'notice' : 'licence';
  const key = `${kind} ${createHash('sha256').update(text).digest('base64')}`;
  if (kept.has(key)) return kept.get(key);
  const found = read(text, kind);
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, found);
  return found;
}

function read(bytes: Buffer, kind: 'debian' | 'notice' | 'licence'): LicenceWords | undefined {
  if (kind === 'debian') {
    const stated = readDebianCopyright(bytes.toString('utf8'));
    if (stated !== undefined && stated !== noAssertion) return { expression: stated, likeness: 0 };
  }
  const found = findTexts(bytes);
  const texts = found.length === 1 ? found.map((one) => byClause(one, bytes)) : found;
  const isFree = kind === 'debian';
  const notices =
    texts.length > 0 && !isFree ? [] : findNotices(bytes.toString('utf8'), !texts.some(({ id }) => namesGnu.test(id)));
  if (texts.length === 0 && notices.length === 0) {
    return kind === 'notice' ? undefined : { expression: noAssertion, likeness: 0 };
  }
  const expression = joined([...texts.map(({ id }) => id), ...notices]);
  return { expression, likeness: texts.length === 0 ? 0 : Math.min(...texts.map(({ likeness }) => likeness)) };
}

/** The licence with the clause, where the one text has it in other words than the list. */
function byClause(found: FoundText, bytes: Buffer): FoundText {
  const text = clauses.some(({ id }) => id === found.id) ? bytes.toString('latin1') : '';
  const { is = found.id } = clauses.find(({ id, has }) => id === found.id && has.test(text)) ?? {};
  return { ...found, id: is };
}

/** Whether the file need not name licences at all. */
function isNotice(path: string): boolean {
  return /^(?:notice|third-?party)/i.test(path.slice(path.lastIndexOf('/') + 1));
}

/** The text as bytes of which ASCII can be read; undefined for what is none. */
function plainText(bytes: Buffer): Buffer | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return Buffer.from(bytes.toString('utf16le'), 'utf8');
  return bytes.subarray(0, 8000).includes(0) ? undefined : bytes;
}
