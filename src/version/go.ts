import type { VersionOrder } from './contract.ts';
import { digitsEnd, isDigit, isNumber } from './digits.ts';
import { comparePrecedence, isSemver, readPrecedence } from './precedence.ts';

/**
 * The order of Go module versions (https://go.dev/ref/mod#versions): semantic versions with or without `v`, where
 * `+incompatible` is build metadata and pseudo-versions are prereleases. The versions of the toolchain (`go1.21rc2`,
 * `1.21rc2`) are read as what Go's advisories call them (`1.21.0-rc.2`).
 */
export const order: VersionOrder = {
  id: 'go',
  valid(version) {
    return isSemver(normalize(version));
  },
  compare(a, b) {
    return comparePrecedence(readPrecedence(normalize(a)), readPrecedence(normalize(b)));
  },
};

function normalize(version: string): string {
  // A toolchain may name its experiments behind a blank: `go1.20.12 X:strictfipsruntime`.
  const text = firstWord(version);
  if (text.startsWith('go')) return spellPrerelease(withoutVendor(text.slice(2)));
  return spellPrerelease(text.startsWith('v') ? text.slice(1) : text);
}

function firstWord(version: string): string {
  const text = version.trim();
  const blank = text.indexOf(' ');
  return blank < 0 ? text : text.slice(0, blank);
}

/** `go1.21.3-acme` is Go 1.21.3 as somebody built it (https://go.dev/doc/toolchain#version), no prerelease of it. */
function withoutVendor(text: string): string {
  const hyphen = text.indexOf('-');
  return hyphen < 0 ? text : text.slice(0, hyphen);
}

/** `1.21rc2` becomes `1.21-rc.2`; everything else stays as it is. */
function spellPrerelease(text: string): string {
  let at = digitsEnd(text, 0);
  while (text.charAt(at) === '.' && isDigit(text.charCodeAt(at + 1))) at = digitsEnd(text, at + 1);
  if (at === 0) return text;
  for (const word of ['rc', 'beta']) {
    if (text.startsWith(word, at) && isNumber(text.slice(at + word.length))) {
      return `${text.slice(0, at)}-${word}.${text.slice(at + word.length)}`;
    }
  }
  return text;
}
