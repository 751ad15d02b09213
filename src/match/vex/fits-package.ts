import { comparableVersion, type PurlTerms } from '../../format/vex/purl-terms.ts';
import type { VexComponent } from '../../model/vex.ts';
import { isSourceArch, originTerms, unmetQualifier } from './qualifiers.ts';
import type { Scene } from './scene.ts';
import { best, type Fit, itFits, type KnownPackage, noFit, purlsOf } from './terms.ts';

const origins = new WeakMap<KnownPackage, PurlTerms | undefined>();

/** The terms of the source package, worked out once. */
export function originOf(known: KnownPackage): PurlTerms | undefined {
  if (!origins.has(known)) origins.set(known, originTerms(known));
  return origins.get(known);
}

/**
 * Whether a component of a document is this package: by one of its purls; or by a hash, where the package has a digest of
 * what was downloaded. Two purls of one component that name different versions of one package name neither.
 */
export function fitsPackage(component: VexComponent, known: KnownPackage, scene: Scene): Fit {
  const purls = purlsOf(component);
  const none = noFit(-1, `${nameOf(component)} is another package`);
  const found = best(
    purls.filter((one) => !isVaguer(one, purls)).map((purl) => purlFits(purl, known, scene)),
    none,
  );
  if (found.fits) {
    const rival = purls.find((one) => contradicts(one, purls));
    if (rival !== undefined) return noFit(3, `${nameOf(component)} names two versions of one package`);
    const isOpen = purls.every(({ version }) => version === undefined) && component.hashes.length > 0;
    if (!isOpen || component.hashes.some((one) => known.found.hashes?.includes(one))) return found;
    return noFit(3, `no digest of the package is ${component.hashes[0]}`);
  }
  const hash = component.hashes.find((one) => known.found.hashes?.includes(one));
  if (hash !== undefined && purls.length === 0) return itFits(`the package has the digest ${hash}`);
  if (purls.length > 0) return found;
  if (component.ids.length > 0) return noFit(0, `${nameOf(component)} is no purl, and can't be told to be the package`);
  return noFit(0, `no digest of the package is ${nameOf(component)}`);
}

/** What a component is called in a message. */
export function nameOf({ ids, hashes }: VexComponent): string {
  return ids[0] ?? hashes[0] ?? 'a product without a name';
}

/** Whether another purl of the component tells the version that this one leaves open. */
function isVaguer(one: PurlTerms, all: readonly PurlTerms[]): boolean {
  return one.version === undefined && all.some(({ key, version }) => key === one.key && version !== undefined);
}

function contradicts(one: PurlTerms, all: readonly PurlTerms[]): boolean {
  return all.some(({ key, version }) => key === one.key && version !== one.version && version && one.version);
}

/**
 * Whether a purl names the package; or its source package, which one of the architecture `source` or `src` does (purl
 * specification, types `deb` and `rpm`). Any other names one package alone, of however many the source was built into.
 */
function purlFits(purl: PurlTerms, known: KnownPackage, scene: Scene): Fit {
  const { terms } = known;
  if (terms === undefined) return noFit(0, 'the package has no purl');
  const origin = originOf(known);
  if (isSourceArch(purl.qualifiers.arch)) {
    return origin ? namedFits(purl, origin, known, scene, true) : noFit(-1, 'it is a source package');
  }
  const own = namedFits(purl, terms, known, scene, false);
  if (own.fits || purl.key !== origin?.key || purl.name === terms.name) return own;
  const source = 'its source package would be named with arch=source or arch=src';
  return noFit(2, `it is ${purl.name}, and the package is ${terms.name}; ${source}`);
}

/** Whether a purl names this package, or, `asSource`, the source package that it was built from. */
function namedFits(purl: PurlTerms, own: PurlTerms, known: KnownPackage, scene: Scene, asSource: boolean): Fit {
  const word = asSource ? 'source package' : 'package';
  if (purl.type !== own.type)
    return noFit(0, `it is of the type ${purl.type}, and the ${word} of the type ${own.type}`);
  if (purl.name !== own.name) return noFit(0, `it is ${purl.name}, and the ${word} is ${own.name}`);
  if (purl.key !== own.key) {
    return noFit(2, `its namespace is ${spaceOf(purl)}, and that of the ${word} ${spaceOf(own)}`);
  }
  if (purl.version !== undefined && !versionsOf(own, known, asSource).has(purl.version)) {
    return noFit(3, `it is version ${purl.version}, and the ${word} is version ${own.version ?? 'unknown'}`);
  }
  if (purl.subpath !== undefined && purl.subpath !== own.subpath) {
    return noFit(4, `it is about ${purl.subpath} inside of the ${word} alone`);
  }
  const unmet = unmetQualifier(purl, known, scene, asSource);
  if (unmet !== undefined) return noFit(4, `its ${unmet} is not the ${word}'s`);
  const versions = purl.version === undefined ? 'in all versions' : `in version ${purl.version}`;
  return itFits(`it names the ${word} ${own.name} ${versions}`);
}

function spaceOf({ type, key, name }: PurlTerms): string {
  return key.slice(type.length + 1, key.length - name.length - 1) || 'empty';
}

/** The purl may have lost the epoch, which the package's own version then has, and the other way round. */
function versionsOf(own: PurlTerms, { found }: KnownPackage, asSource: boolean): ReadonlySet<string> {
  const versions = new Set<string>();
  if (own.version !== undefined) versions.add(own.version);
  if (!asSource) versions.add(comparableVersion(own.type, found.version));
  return versions;
}
