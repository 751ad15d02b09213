import type { Finding } from '../model/finding.ts';

/**
 * What makes a finding the same one in the next scan: the flaw, the package without its version, and the place. The
 * version is left out also of the path, or each update that fixes nothing would close an alert and open another; the
 * target's name and digest are no part of it.
 */
export function lastingParts({ kind, id, package: purl, presence, version }: Finding, path: string): readonly string[] {
  const arch = /[?&]arch=([^&#]*)/.exec(purl)?.[1] ?? '';
  const place = version === '' ? path : path.replaceAll(version, '');
  return [kind, id, withoutVersion(purl), arch, presence, place];
}

/** A purl without its version and what stands behind that. */
export function withoutVersion(purl: string): string {
  const at = purl.indexOf('@');
  return at < 0 ? purl : purl.slice(0, at);
}
