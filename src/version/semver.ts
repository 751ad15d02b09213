import type { VersionOrder } from './contract.ts';
import { comparePrecedence, isSemver, readPrecedence } from './precedence.ts';

/** The order of semantic versions (SemVer 2.0.0), with or without a leading `v` or `=`, as npm writes them too. */
export const order: VersionOrder = {
  id: 'semver',
  valid(version) {
    return isSemver(withoutPrefix(version));
  },
  compare(a, b) {
    return comparePrecedence(readPrecedence(withoutPrefix(a)), readPrecedence(withoutPrefix(b)));
  },
};

function withoutPrefix(version: string): string {
  let text = version.trim();
  if (text.startsWith('=')) text = text.slice(1).trimStart();
  return text.startsWith('v') || text.startsWith('V') ? text.slice(1).trimStart() : text;
}
