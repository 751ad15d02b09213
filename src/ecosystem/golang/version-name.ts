/** The name under which OSV's Go advisories know the standard library. */
export const standardLibrary = 'stdlib';

/** What the go command writes in place of a version that it does not know. */
export const unversioned = '(devel)';

/**
 * The version of the standard library from that of the toolchain: `go1.20.12 X:strictfipsruntime` is `1.20.12`,
 * `devel go1.27-2b7c33d Mon …` is `1.27-2b7c33d`; undefined when it names no release.
 */
export function standardLibraryVersion(goVersion: string): string | undefined {
  const release = goVersion.startsWith('devel ') ? goVersion.slice(6) : goVersion;
  const space = release.indexOf(' ');
  const word = space < 0 ? release : release.slice(0, space);
  const version = word.startsWith('go') ? word.slice(2) : word;
  const first = version.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 ? version : undefined;
}

const release = /^(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:(rc|beta)(\d{1,9}))?/;

/**
 * A Go release as the advisories write it, which is semver: `1.21rc2` is `1.21.0-rc.2`, `1.20` is `1.20.0`. What a
 * vendor put behind (`1.21.3-fips`, `1.18.4b7`) is left out, as Go's own `go/version` compares it.
 */
export function releaseAsSemver(version: string): string {
  const parts = release.exec(version);
  if (parts === null) return version;
  const [, major, minor, patch = '0', stage, number] = parts;
  const core = `${major}.${minor}.${patch}`;
  return stage === undefined ? core : `${core}-${stage}.${number}`;
}
