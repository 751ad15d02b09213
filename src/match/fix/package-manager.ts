import type { Package } from '../../model/package.ts';

/** Programs that update a distribution's packages, by kind of package, the best first. */
const managers: Readonly<Record<string, readonly string[]>> = {
  deb: ['apt'],
  apk: ['apk'],
  rpm: ['dnf', 'dnf5', 'microdnf', 'yum', 'tdnf', 'zypper'],
  alpm: ['pacman'],
};

/** Each is in a package of its own, which mostly has its name. */
const packagedAs = new Map([['apk', 'apk-tools']]);

/** The program in the image that updates packages of this kind; undefined when there is none. */
export function packageManager(packages: readonly Package[], ecosystem: string): string | undefined {
  const known = Object.hasOwn(managers, ecosystem) ? (managers[ecosystem] ?? []) : [];
  const here = new Set(packages.filter((found) => found.ecosystem === ecosystem).map(({ name }) => name));
  return known.find((name) => here.has(packagedAs.get(name) ?? name));
}
