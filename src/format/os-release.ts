import type { Distribution } from '../model/package.ts';

/** Bytes of an os-release file that are read; real ones have less than 1 KiB. */
export const osReleaseLimit = 64 * 1024;

/** Characters of the name for people that are kept. */
const nameLimit = 200;
/** Characters of an identifier, and identifiers in `ID_LIKE`, that are accepted. */
const idLimit = 64;
const likeLimit = 16;

/**
 * Reads `etc/os-release` (freedesktop.org os-release). Undefined when it names no usable `ID`: what stands there goes
 * into package URLs and decides which advisories count, so that an `ID` with any other sign than the specification's
 * is none at all.
 */
export function parseOsRelease(bytes: Buffer): Distribution | undefined {
  const fields = readAssignments(bytes.subarray(0, osReleaseLimit).toString('utf8'));
  const id = identifier(fields.get('ID'));
  if (id === undefined) return undefined;
  const codename = identifier(fields.get('VERSION_CODENAME'));
  const like = (fields.get('ID_LIKE') ?? '')
    .split(' ', likeLimit)
    .map(identifier)
    .filter((name) => name !== undefined);
  return {
    id,
    version: identifier(fields.get('VERSION_ID')) ?? '',
    like,
    name: printable(fields.get('PRETTY_NAME')) || printable(fields.get('NAME')) || id,
    ...(codename === undefined ? {} : { codename }),
  };
}

/**
 * Reads `etc/alpine-release`, one line such as `3.18.9`: what still names the distribution in an image whose
 * os-release is gone.
 */
export function parseAlpineRelease(bytes: Buffer): Distribution | undefined {
  const version = identifier(bytes.subarray(0, idLimit).toString('latin1').trim());
  if (version === undefined) return undefined;
  return { id: 'alpine', version, like: [], name: `Alpine Linux ${version}` };
}

/** `KEY=value` lines; a later one wins, as in the shell. */
function readAssignments(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const assignment = line.trim();
    const equals = assignment.indexOf('=');
    if (equals <= 0 || assignment.startsWith('#')) continue;
    fields.set(assignment.slice(0, equals), unquote(assignment.slice(equals + 1)));
  }
  return fields;
}

/** Takes shell quotes off: nothing is special in single ones, a backslash is in double ones and outside. */
function unquote(value: string): string {
  const quote = value.startsWith('"') || value.startsWith("'") ? value.charAt(0) : '';
  let plain = '';
  for (let at = quote.length; at < value.length; at++) {
    const sign = value.charAt(at);
    if (sign === quote) break;
    // Outside of quotes a blank ends the word; what follows, mostly a comment, is no part of it.
    if (quote === '' && (sign === ' ' || sign === '\t')) break;
    if (sign === '\\' && isEscape(quote, value.charAt(at + 1))) at++;
    plain += value.charAt(at);
  }
  return plain;
}

function isEscape(quote: string, next: string): boolean {
  if (next === '' || quote === "'") return false;
  return quote === '' || '"$`\\'.includes(next);
}

function identifier(value: string | undefined): string | undefined {
  const lower = value?.toLowerCase() ?? '';
  return lower.length <= idLimit && /^[a-z0-9._-]+$/.test(lower) ? lower : undefined;
}

function printable(value: string | undefined): string {
  return (value ?? '')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .slice(0, nameLimit)
    .trim();
}
