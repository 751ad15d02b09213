import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Distribution, Package } from '../../model/package.ts';
import { licensesOf } from './licenses.ts';
import { type Property, property } from './property.ts';

/** Longest version that CycloneDX takes, in characters. */
const longestVersion = 1024;

/** The components of a document (CycloneDX 1.6 `component`), and which of them each finding is in. */
export interface Components {
  readonly components: readonly object[];
  /** `bom-ref`s in the order of the components. */
  readonly refs: readonly string[];
  refsOf(finding: Finding): readonly string[];
}

/** Makes the components: the distribution first, then the packages in their order. */
export function componentsOf(evidence: Evidence): Components {
  const components: object[] = [];
  const refs: string[] = [];
  const byPackage = new Map<string, string[]>();
  const used = new Map<string, number>();
  const { distribution } = evidence.target;
  if (distribution) {
    components.push(distributionComponent(distribution));
    refs.push('operating-system');
  }
  for (const found of evidence.packages) {
    const ref = uniqueRef(found.purl, used);
    components.push(packageComponent(found, ref, evidence));
    refs.push(ref);
    const key = keyOf(found.purl, found.presence, found.paths);
    const others = byPackage.get(key);
    if (others) others.push(ref);
    else byPackage.set(key, [ref]);
  }
  return {
    components,
    refs,
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

function distributionComponent({ id, version, name }: Distribution): object {
  return {
    type: 'operating-system',
    'bom-ref': 'operating-system',
    name: id,
    ...(version === '' ? {} : { version: versionText(version) }),
    ...(name === '' ? {} : { description: name }),
  };
}

function packageComponent(found: Package, ref: string, { target, judged }: Evidence): object {
  const { group, name } = groupAndName(found);
  return {
    type: found.presence === 'application' ? 'application' : 'library',
    'bom-ref': ref,
    ...(found.vendor === undefined || found.vendor === '' ? {} : { supplier: { name: found.vendor } }),
    ...(group === undefined ? {} : { group }),
    name,
    ...(found.version === '' ? {} : { version: versionText(found.version) }),
    scope: scopeOf(found, judged),
    ...(found.license === undefined || found.license.trim() === '' ? {} : { licenses: licensesOf(found.license) }),
    purl: found.purl,
    ...(found.paths.length === 0 ? {} : { evidence: { occurrences: found.paths.map((path) => ({ location: path })) } }),
    properties: packageProperties(found, target.layers[found.layer]?.diffId),
  };
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

function packageProperties(found: Package, diffId: string | undefined): Property[] {
  const { ecosystem, presence, layer, origin, arch, module } = found;
  return [
    property('ecosystem', ecosystem),
    property('presence', presence),
    property('layer', String(layer)),
    ...(diffId === undefined ? [] : [property('layer:diffID', diffId)]),
    ...(arch === undefined ? [] : [property('arch', arch)]),
    ...(module === undefined ? [] : [property('module', module)]),
    ...(origin === undefined ? [] : [property('origin:name', origin.name), property('origin:version', origin.version)]),
    ...found.paths.map((path) => property('path', path)),
  ];
}

/** A version as long as CycloneDX takes it. */
export function versionText(version: string): string {
  return version.slice(0, longestVersion);
}
