import { compareText } from '../../util/compare-text.ts';
import { asArray, asRecord, asString } from '../../util/json.ts';

/** Longest name, version or licence (characters) that is kept; what the registry hosts stays far below. */
const fieldLimit = 1000;

/** Most packages that one file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;

const slash = 0x2f;
/** Signs of a SHA-1 in hexadecimal. */
const sha1Signs = 40;

/**
 * The name as Composer compares it, in lower case: `vendor/name`. Undefined for what is no package: `php`, `ext-json` and
 * other parts of the platform have no vendor.
 */
export function packageName(value: unknown): string | undefined {
  const text = asString(value);
  if (text === undefined || text.length > fieldLimit) return undefined;
  const cut = text.indexOf('/');
  if (cut < 1 || cut === text.length - 1 || text.indexOf('/', cut + 1) !== -1) return undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const letter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
    const digit = code >= 0x30 && code <= 0x39;
    if (!letter && !digit && code !== 0x2d && code !== 0x2e && code !== 0x5f && code !== slash) return undefined;
  }
  return text.toLowerCase();
}

/** A version that can be reported: a text of one line, of 1 to {@link fieldLimit} characters. */
export function packageVersion(value: unknown): string | undefined {
  const text = asString(value)?.trim();
  if (text === undefined || text === '' || text.length > fieldLimit) return undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return undefined;
  }
  return text;
}

/** `license` is an SPDX expression or a list, which offers a choice (getcomposer.org, "The composer.json schema"). */
export function licenseOf(value: unknown): string | undefined {
  const names: string[] = [];
  for (const item of asArray(value) ?? [value]) {
    const name = asString(item)?.trim();
    if (name !== undefined && name !== '') names.push(name);
  }
  const joined = names.length > 1 ? `(${names.join(' OR ')})` : names[0];
  return joined !== undefined && joined.length <= fieldLimit ? joined : undefined;
}

/** The packages that `require` names, in order; undefined when there are none. */
export function needsOf(value: unknown): readonly string[] | undefined {
  const names = new Set<string>();
  for (const key of Object.keys(asRecord(value) ?? {})) {
    const name = packageName(key);
    if (name !== undefined) names.add(name);
  }
  return names.size > 0 ? [...names].sort(compareText) : undefined;
}

/** `dist.shasum` is the SHA-1 of the archive, where the repository says it. */
export function hashesOf(dist: unknown): readonly string[] | undefined {
  const text = asString(asRecord(dist)?.shasum)?.toLowerCase();
  if (text === undefined || text.length !== sha1Signs) return undefined;
  for (let at = 0; at < text.length; at++) if (!'0123456789abcdef'.includes(text.charAt(at))) return undefined;
  return [`sha1:${text}`];
}
