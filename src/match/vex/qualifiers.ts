import { type PurlTerms, purlTerms } from '../../format/vex/purl-terms.ts';
import type { Distribution } from '../../model/package.ts';
import type { Scene } from './scene.ts';
import type { KnownPackage } from './terms.ts';

/**
 * The first qualifier of a product that the package does not meet, as `key=value`; undefined when it meets all. Each one
 * that is named is a constraint (purl specification), and one that sluice knows nothing of is not met.
 */
export function unmetQualifier(
  product: PurlTerms,
  known: KnownPackage,
  scene: Scene,
  asSource: boolean,
): string | undefined {
  for (const [key, value] of Object.entries(product.qualifiers)) {
    if (value !== undefined && !meets(key, value, { product, known, scene, asSource })) return `${key}=${value}`;
  }
  return undefined;
}

interface Question {
  readonly product: PurlTerms;
  readonly known: KnownPackage;
  readonly scene: Scene;
  readonly asSource: boolean;
}

const sourceArches: ReadonlySet<string> = new Set(['source', 'src', 'nosrc']);

/** Whether a purl names a source package by its architecture. */
export function isSourceArch(arch: string | undefined): boolean {
  return arch !== undefined && sourceArches.has(arch);
}

function meets(key: string, value: string, { product, known, scene, asSource }: Question): boolean {
  const { found, terms } = known;
  const own = terms?.qualifiers[key];
  switch (key) {
    case 'arch':
      // A processor names the binary package of that name, and none of the others that are built of the same source.
      if (asSource) return isSourceArch(value);
      return sameArch(value, found.arch ?? own);
    case 'distro':
      return own === value || (scene.target.distribution !== undefined && isDistro(value, scene.target.distribution));
    case 'upstream':
      return own === value || isUpstream(value, known);
    case 'rpmmod':
    case 'modularitylabel':
      return isModule(value, found.module);
    case 'repository_id':
      return scene.target.contentSets?.includes(value) === true;
    case 'type':
      // What the type of purl means where it says nothing else.
      return own === value || value === (product.type === 'maven' ? 'jar' : product.type === 'golang' ? 'module' : '');
    case 'goos':
      return own === value || scene.target.platform?.split('/')[0] === value;
    case 'goarch':
      return own === value || scene.target.platform?.split('/')[1] === value;
    default:
      return own === value;
  }
}

const arches: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
]);

/** Whether two names stand for one processor. */
export function sameArch(a: string, b: string | undefined): boolean {
  return b !== undefined && (arches.get(a) ?? a) === (arches.get(b) ?? b);
}

/** `debian-12`, `debian-bookworm`, `bookworm`; `alpine-3.18` stands for all of its point releases. */
function isDistro(value: string, { id, version, codename }: Distribution): boolean {
  if (codename !== undefined && (value === codename || value === `${id}-${codename}`)) return true;
  const text = `${id}-${version}`;
  return value === id || value === text || text.startsWith(`${value}.`);
}

/** Syft's qualifier: the source package's name, with its version or without. */
function isUpstream(value: string, { found: { origin, name } }: KnownPackage): boolean {
  const source = origin?.name ?? name;
  return value === source || (origin !== undefined && value === `${source}@${origin.version}`);
}

/** `nodejs:18` stands for all builds of the stream `nodejs:18:8090…`. */
function isModule(value: string, label: string | undefined): boolean {
  return label !== undefined && (label === value || label.startsWith(`${value}:`));
}

/** The terms of a package's source package, which distributions' statements are mostly about. */
export function originTerms({ found, terms }: KnownPackage): PurlTerms | undefined {
  if (terms === undefined || !withSources.has(terms.type)) return undefined;
  const origin = found.origin ?? { name: found.name, version: found.version };
  const type = terms.type;
  const namespace = terms.key.slice(type.length + 1, terms.key.lastIndexOf('/'));
  const encode = encodeURIComponent;
  return purlTerms(`pkg:${type}/${encode(namespace)}/${encode(origin.name)}@${encode(origin.version)}`);
}

const withSources: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm']);
