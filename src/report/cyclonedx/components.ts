import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Distribution, Package } from '../../model/package.ts';
import { distributionFacts, layerFacts, packageFacts } from '../sbom/facts.ts';
import { digestsOf, type PackageDigest } from '../sbom/hashes.ts';
import { optional, type Property } from '../sbom/property.ts';
import { cutLicense, licensesOf } from './licenses.ts';

/** Longest version that CycloneDX takes, in characters. */
const longestVersion = 1024;

/** The components of a document (CycloneDX 1.6 `component`), and which of them each finding is in. */
export interface Components {
  readonly components: readonly object[];
  /** `bom-ref`s in the order of the components. */
  readonly refs: readonly string[];
  /** `bom-ref`s of the packages, in the order of the evidence. */
  readonly packageRefs: readonly string[];
  refsOf(finding: Finding): readonly string[];
}

/** Makes the components: the distribution first, then the packages in their order. */
export function componentsOf(evidence: Evidence): Components {
  const components: object[] = [];
  const packageRefs: string[] = [];
  const byPackage = new Map<string, string[]>();
  const used = new Map<string, number>();
  const { distribution } = evidence.target;
  if (distribution) components.push(distributionComponent(distribution));
  for (const found of evidence.packages) {
    const ref = uniqueRef(found.purl, used);
    components.push(packageComponent(found, ref, evidence));
    packageRefs.push(ref);
    const key = keyOf(found.purl, found.presence, found.paths);
    const others = byPackage.get(key);
    if (others) others.push(ref);
    else byPackage.set(key, [ref]);
  }
  return {
    components,
    refs: distribution ? ['operating-system', ...packageRefs] : packageRefs,
    packageRefs,
    refsOf: ({ package: purl, presence, paths }) => byPackage.get(keyOf(purl, presence, paths)) ?? [],
  };
}

/** A purl names a component; two packages that share one (two source packages, say) are numbered. */
function uniqueRef(purl: string, used: Map<string, number>): string {
  const number = (used.get(purl) ?? 0) + 1;
  used.set(purl, number);
  return number === 1 ? purl : `${purl}|${number}`;
}

function keyOf(purl: string, presence: string, paths: readonly string[]): string {
  return [purl, presence, ...paths].join('\0');
}

function distributionComponent(distribution: Distribution): object {
  const { id, version, name } = distribution;
  return {
    type: 'operating-system',
    'bom-ref': 'operating-system',
    name: id,
    ...(version === '' ? {} : { version: versionText(version) }),
    ...(name === '' ? {} : { description: name }),
    properties: distributionFacts(distribution),
  };
}

function packageComponent(found: Package, ref: string, { target, judged }: Evidence): object {
  const { group, name } = groupAndName(found);
  const hashes = digestsOf(found.hashes);
  return {
    type: found.presence === 'application' ? 'application' : 'library',
    'bom-ref': ref,
    ...(found.vendor === undefined || found.vendor === '' ? {} : { supplier: { name: found.vendor } }),
    ...(group === undefined ? {} : { group }),
    name,
    ...(found.version === '' ? {} : { version: versionText(found.version) }),
    scope: scopeOf(found, judged),
    ...(hashes.length === 0 ? {} : { hashes: hashes.map(hashOf) }),
    ...(found.license === undefined || found.license.trim() === '' ? {} : { licenses: licensesOf(found.license) }),
    purl: found.purl,
    ...(found.paths.length === 0 ? {} : { evidence: { occurrences: found.paths.map((path) => ({ location: path })) } }),
    properties: [...packageFacts(found, layerFacts(found.layer, target)), ...whatWasCut(found)],
  };
}

const algorithms: Readonly<Record<PackageDigest['algorithm'], string>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

function hashOf({ algorithm, hex }: PackageDigest): object {
  return { alg: algorithms[algorithm], content: hex };
}

/** What the fields of CycloneDX are too short for. */
function whatWasCut({ version, license }: Package): Property[] {
  return [
    ...optional('version', version.length > longestVersion ? version : undefined),
    ...optional('license', cutLicense(license)),
  ];
}

/** `required`: it is there; `optional`: only to develop; `excluded`: no more than a lock file names it. */
function scopeOf({ presence, dev }: Package, judged: Evidence['judged']): 'required' | 'optional' | 'excluded' {
  if (dev) return 'optional';
  return presence === 'application' || judged.includes(presence) ? 'required' : 'excluded';
}

/** npm's scope and Maven's group stand in a field of their own. */
function groupAndName({ ecosystem, name }: Package): { group?: string; name: string } {
  const text = name;
  const split =
    ecosystem === 'npm' && text.startsWith('@') ? text.indexOf('/') : ecosystem === 'maven' ? text.indexOf(':') : -1;
  return split <= 0 ? { name: text } : { group: text.slice(0, split), name: text.slice(split + 1) };
}

/** A version as long as CycloneDX takes it. */
export function versionText(version: string): string {
  return version.slice(0, longestVersion);
}
