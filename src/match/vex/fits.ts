import { purlTerms } from '../../format/vex/purl-terms.ts';
import type { Digest } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import type { VexComponent, VexProduct, VexStatement } from '../../model/vex.ts';
import { fitsImage } from './fits-image.ts';
import { fitsPackage, nameOf } from './fits-package.ts';
import { isPinned } from './pinned.ts';
import { type Scene, sceneOf } from './scene.ts';
import { best, type Fit, type ImageFit, itFits, type KnownPackage, noFit } from './terms.ts';

/** Ecosystems whose packages are a distribution's own. */
const distributions: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm']);

/** How much nearer than any other misfit it is that the part is right and only the whole is another. */
const partIsRight = 10;

/**
 * Whether a statement says what it says of a product about a finding: as {@link fits}; and where it says `fixed`, in the
 * version that is there. That something is fixed without a word on the version is true of the next one, too.
 */
export function applies({ status }: VexStatement, product: VexProduct, finding: Finding, scene: Scene): Fit {
  const fit = fits(product, finding, scene);
  if (!fit.fits || status !== 'fixed' || isPinned(product)) return fit;
  const pinned = product.subcomponents.filter(isPinned);
  const known = knownPackage(finding, scene);
  if (pinned.some((part) => fitsPackage(part, known, scene).fits)) return fit;
  return noFit(partIsRight * 2, `${fit.how}; but in which version it is fixed, the statement does not say`);
}

/**
 * Whether a product of a statement is what a finding is in: the package itself or its source package; the image, or a
 * program or archive in it, with the package as the part that the statement names, or as a whole.
 */
export function fits(product: VexProduct, finding: Finding, scene: Scene): Fit {
  const known = knownPackage(finding, scene);
  if (product.subcomponents.length === 0) return wholeFits(product, finding, known, scene);
  const part = best(
    lazily(product.subcomponents, (one) => fitsPackage(one, known, scene)),
    noFit(0, 'none of its parts is the package'),
  );
  if (!part.fits) return noFit(part.near, `of ${nameOf(product)}: ${part.why}`);
  const around = holderFits(product, finding, known, scene);
  if (around.fits) return itFits(`${around.how}, and of its part: ${part.how}`);
  return noFit(partIsRight + around.near, `the part is right, but the product is not: ${around.why}`);
}

/** A product without parts: the package, or all that is in the product. */
function wholeFits(product: VexProduct, finding: Finding, known: KnownPackage, scene: Scene): Fit {
  const own = fitsPackage(product, known, scene);
  if (own.fits) return own;
  const around = holderFits(product, finding, known, scene);
  return around.fits || around.near > own.near ? around : own;
}

/** Whether the product is what the package is in. */
function holderFits(product: VexComponent, finding: Finding, known: KnownPackage, scene: Scene): Fit {
  const image = imageFit(product, scene);
  const isOwn = image.distribution !== true || distributions.has(known.found.ecosystem);
  if (image.fits && isOwn) return image;
  if (image.fits) return noFit(1, `${image.how}, and the package is none of its own`);
  const base = baseFits(product, finding, scene);
  if (base.fits) return base;
  const holders = scene.containersOf(known.found);
  return best(
    lazily(holders, (holder) => holderIs(product, holder, scene)),
    image,
  );
}

function holderIs(product: VexComponent, holder: KnownPackage, scene: Scene): Fit {
  const found = fitsPackage(product, holder, scene);
  return found.fits ? itFits(`the package is within ${holder.found.name}, and ${found.how}`) : found;
}

/** The base image, where the user named it: what an image says of its own base is no ground to let anything pass. */
function baseFits(product: VexComponent, finding: Finding, { target: { base } }: Scene): Fit {
  const isBase = base?.digest !== undefined && base.by === 'flag' && finding.from === 'base';
  if (!isBase) return noFit(0, 'it is not the base image');
  const found = fitsImage(product, baseScene(base.digest));
  return found.fits ? itFits(`the base image has the digest ${base.digest}`) : found;
}

function baseScene(digest: Digest): Scene {
  return sceneOf({ kind: 'image', digest, layers: [] }, [], []);
}

/** Whether a product may be about packages that it does not name: it is the image, or its base. */
export function isWide(product: VexComponent, scene: Scene): boolean {
  const { base } = scene.target;
  if (imageFit(product, scene).fits) return true;
  return base?.digest !== undefined && base.by === 'flag' && fitsImage(product, baseScene(base.digest)).fits;
}

/** Whether a product is the image depends on no finding. */
function imageFit(product: VexComponent, scene: Scene): ImageFit {
  const found = scene.images.get(product) ?? fitsImage(product, scene);
  scene.images.set(product, found);
  return found;
}

/** The package of a finding, made of what the finding says of it where it is not in the list. */
export function knownPackage(finding: Finding, scene: Scene): KnownPackage {
  const known = scene.packageOf(finding) ?? strangers.get(finding);
  if (known) return known;
  const { name, version, presence, paths, layer } = finding;
  const ecosystem = /^pkg:([^/]+)\//.exec(finding.package.slice(0, 100))?.[1] ?? 'generic';
  const found: Package = { ecosystem, name, version, presence, paths, layer, purl: finding.package };
  const stranger = { found, terms: purlTerms(finding.package) };
  strangers.set(finding, stranger);
  return stranger;
}

const strangers = new WeakMap<Finding, KnownPackage>();

function* lazily<T>(items: Iterable<T>, look: (item: T) => Fit): Generator<Fit> {
  for (const item of items) yield look(item);
}
