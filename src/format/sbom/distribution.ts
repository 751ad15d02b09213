import type { Distribution } from '../../model/package.ts';
import { parsePurl } from '../../model/parse-purl.ts';
import type { PurlParts } from '../../model/purl.ts';
import type { SbomPackage, SbomProperty } from './document.ts';

/** purl types of the packages of distributions. */
export const distributionTypes: ReadonlySet<string> = new Set(['alpm', 'apk', 'deb', 'rpm']);

/** How tools call distributions (Trivy and the purl specification's examples), and their `ID` in os-release. */
const ids = new Map([
  ['alma', 'almalinux'],
  ['amazon', 'amzn'],
  ['cbl-mariner', 'mariner'],
  ['opensuse.leap', 'opensuse-leap'],
  ['opensuse.tumbleweed', 'opensuse-tumbleweed'],
  ['oracle', 'ol'],
  ['oraclelinux', 'ol'],
  ['redhat', 'rhel'],
  ['rockylinux', 'rocky'],
  ['suse linux enterprise server', 'sles'],
]);

/** Products of openSUSE and SUSE whose names end in what might be a release. */
const suseProducts: ReadonlySet<string> = new Set([
  'opensuse-leap',
  'opensuse-leap-micro',
  'opensuse-microos',
  'sl-micro',
  'sle-micro',
  'suse-microos',
]);

const idText = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** Most names that a distribution says it is like. */
const likeLimit = 16;

/** What names the distribution: a component, or fields of Syft's own format as if they were one. */
export interface SystemComponent {
  readonly name: string;
  readonly version: string;
  readonly description?: string | undefined;
  readonly properties: readonly SbomProperty[];
}

/** The distribution that an operating-system component names; undefined when its name is no `ID`. */
export function distributionOf({ name, version, properties, description }: SystemComponent): Distribution | undefined {
  const values = new Map(properties);
  const id = idOf(values.get('sluice:distribution:id') ?? values.get('syft:distro:id') ?? name);
  if (id === undefined) return undefined;
  const codename = word(values.get('sluice:distribution:codename') ?? values.get('syft:distro:versionCodename'));
  const stated = values.get('sluice:distribution:name') ?? values.get('syft:distro:prettyName') ?? description;
  return {
    id,
    version: releaseText(values.get('sluice:distribution:version') ?? values.get('syft:distro:versionID') ?? version),
    like: likeOf(properties),
    name: stated || (version === '' ? name : `${name} ${version}`),
    ...(codename === undefined ? {} : { codename }),
  };
}

function likeOf(properties: readonly SbomProperty[]): string[] {
  return properties
    .filter(([name]) => name === 'sluice:distribution:like' || name.startsWith('syft:distro:idLike:'))
    .map(([, value]) => value)
    .filter((name) => idText.test(name))
    .slice(0, likeLimit);
}

/** `2023 (Amazon Linux)` is release 2023. */
function releaseText(version: string): string {
  return word(version.trim().split(' ', 1)[0]) ?? '';
}

function word(text: string | undefined): string | undefined {
  const lower = text?.toLowerCase() ?? '';
  return idText.test(lower) ? lower : undefined;
}

function idOf(name: string): string | undefined {
  const lower = name.trim().toLowerCase();
  return word(ids.get(lower) ?? lower);
}

/** The distribution that a purl of its packages names: in the namespace, and the `distro` qualifier in any of its spellings. */
export function distributionOfPurl({ type, namespace, qualifiers }: PurlParts): Distribution | undefined {
  if (!distributionTypes.has(type)) return undefined;
  const distro = (qualifiers?.distro ?? '').toLowerCase();
  const named = namespace?.toLowerCase() ?? '';
  const family = named === 'opensuse' || named === 'suse' ? suseOf(named, distro) : named;
  const id = idOf(family === '' ? withoutRelease(distro) : family);
  if (id === undefined) return undefined;
  const release = releaseIn(distro, [family, named, id]);
  // Debian's releases have numbers; what is none is a codename.
  const isCodename = release !== '' && (id === 'debian' || id === 'ubuntu') && !/^\d/.test(release);
  const version = isCodename ? '' : release;
  return {
    id,
    version,
    like: [],
    name: release === '' ? id : `${id} ${release}`,
    ...(isCodename ? { codename: release } : {}),
  };
}

/**
 * The products of openSUSE and of SUSE share a namespace: which one it is stands in the qualifier, with or without a
 * release behind it. Where that is a release alone, it is the product that most have.
 */
function suseOf(namespace: string, distro: string): string {
  if (suseProducts.has(distro)) return distro;
  if (distro.includes('tumbleweed')) return 'opensuse-tumbleweed';
  const id = withoutRelease(distro);
  if (id !== '' && id !== namespace && !/^\d/.test(id)) return id;
  return namespace === 'suse' ? 'sles' : 'opensuse-leap';
}

/** `opensuse-leap` of `opensuse-leap-15.5`. */
function withoutRelease(distro: string): string {
  const dash = distro.lastIndexOf('-');
  return dash < 0 ? distro : distro.slice(0, dash);
}

/** `12` of `debian-12` and of `12`; `15.5` of `opensuse-leap-15.5`, whatever the namespace is called. */
function releaseIn(distro: string, names: readonly string[]): string {
  for (const name of names) {
    if (name !== '' && distro.startsWith(`${name}-`)) return word(distro.slice(name.length + 1)) ?? '';
    if (distro === name) return '';
  }
  const rest = /^\d/.test(distro) ? distro : distro.slice(distro.lastIndexOf('-') + 1);
  return word(rest) ?? '';
}

/** What a document's packages say of their distributions. */
export interface DistributionVotes {
  /** The distribution of most packages. */
  readonly most?: Distribution;
  /** How many packages are of each, by `id version`. */
  readonly counts: ReadonlyMap<string, { readonly distribution: Distribution; readonly packages: number }>;
}

/** Counts the distributions that the purls of packages name. */
export function countDistributions(packages: readonly SbomPackage[]): DistributionVotes {
  const counts = new Map<string, { distribution: Distribution; packages: number }>();
  for (const { purl } of packages) {
    const parts = purl === undefined ? undefined : parsePurl(purl);
    const distribution = parts && distributionOfPurl(parts);
    if (!distribution) continue;
    const key = `${distribution.id} ${distribution.version || (distribution.codename ?? '')}`;
    const known = counts.get(key);
    if (known) known.packages++;
    else counts.set(key, { distribution, packages: 1 });
  }
  let most: { distribution: Distribution; packages: number } | undefined;
  for (const item of counts.values()) if (!most || item.packages > most.packages) most = item;
  return { ...(most ? { most: most.distribution } : {}), counts };
}
