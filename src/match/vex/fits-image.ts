import type { PurlTerms } from '../../format/vex/purl-terms.ts';
import { parseReference, type Reference } from '../../model/reference.ts';
import type { VexComponent } from '../../model/vex.ts';
import { nameOf } from './fits-package.ts';
import { isDistributionCpe } from './platform.ts';
import { sameArch } from './qualifiers.ts';
import type { Scene } from './scene.ts';
import { best, type Fit, type ImageFit, itFits, noFit, purlsOf } from './terms.ts';

/**
 * Whether a component of a document is the image that is looked into: by a digest of its manifest, its configuration or
 * of what the user named; or by a name under which the user named it. A digest goes before any name: it is the content.
 */
export function fitsImage(component: VexComponent, scene: Scene): ImageFit {
  const digests = digestsOf(component);
  const own = digests.find((one) => scene.digests.has(one));
  if (own !== undefined) return otherPlatform(component, scene) ?? itFits(`the image has the digest ${own}`);
  const cpe = component.ids.find((id) => id.startsWith('cpe:') && isPlatform(id, scene));
  if (cpe !== undefined) return { ...itFits(`${cpe} is the distribution in the image`), distribution: true };
  const named = best(fitsOf(component, scene), noFit(-1, `${nameOf(component)} is not the image`));
  // What has the image's name and another digest is another build of it.
  const other = digests[0] ?? component.hashes[0];
  return other === undefined ? named : noFit(named.fits ? 3 : 1, `no digest of the image is ${other}`);
}

/** Every sha256 by which a component is named: as a hash, as the version of a purl, alone, or in a reference. */
function digestsOf(component: VexComponent): string[] {
  const texts = component.ids.filter((id) => !id.startsWith('pkg:') && !id.startsWith('cpe:'));
  const named = [
    ...component.hashes,
    ...purlsOf(component).map((purl) => (isImagePurl(purl) ? (purl.version ?? '') : '')),
    ...texts.map((text) => text.slice(text.indexOf('@') + 1)),
  ];
  return named.filter((text) => text.startsWith('sha256:'));
}

function isPlatform(cpe: string, { target }: Scene): boolean {
  return target.distribution !== undefined && isDistributionCpe(cpe, target.distribution);
}

function* fitsOf(component: VexComponent, scene: Scene): Generator<Fit> {
  for (const purl of purlsOf(component)) if (isImagePurl(purl)) yield purlFitsImage(purl, scene);
  for (const id of component.ids) if (!id.startsWith('pkg:') && !id.startsWith('cpe:')) yield textFits(id, scene);
}

/** Whether a purl is of a type that images have. */
function isImagePurl({ type }: PurlTerms): boolean {
  return type === 'oci' || type === 'docker';
}

/** purl types `oci` and `docker`, by the name; for docker a version that is no digest is a tag. */
function purlFitsImage(purl: PurlTerms, scene: Scene): Fit {
  const { qualifiers } = purl;
  const called = scene.references.filter((reference) => isAt(purl, reference));
  if (called.length === 0) return noFit(1, notCalled(purl, scene));
  const version = purl.version?.startsWith('sha256:') ? undefined : purl.version;
  const tag = version ?? qualifiers.tag;
  if (tag !== undefined && !called.some((reference) => reference.tag === tag)) {
    return noFit(3, `its tag is ${tag}, which is not the image's`);
  }
  return archMisfit(qualifiers.arch, scene) ?? itFits(`the image is called ${purl.name}`);
}

/** The digest of an index leads to images of several platforms, of which a purl may name one. */
function otherPlatform(component: VexComponent, scene: Scene): Fit | undefined {
  const arches = purlsOf(component).map((purl) => (isImagePurl(purl) ? purl.qualifiers.arch : undefined));
  const misfits = arches.map((arch) => archMisfit(arch, scene));
  return misfits.every((one) => one !== undefined) ? misfits[0] : undefined;
}

function archMisfit(arch: string | undefined, { target: { platform } }: Scene): Fit | undefined {
  if (arch === undefined || sameArch(arch, platform?.split('/')[1])) return undefined;
  return noFit(3, `it is for ${arch}, and the image for ${platform ?? 'an unknown platform'}`);
}

function notCalled(purl: PurlTerms, { references }: Scene): string {
  const [first] = references;
  if (first === undefined) return `it is known by the name ${purl.name} alone, and the image has no name here`;
  const place = purl.qualifiers.repository_url;
  return `it is ${purl.name}${place === undefined ? '' : ` at ${place}`}, and the image ${first.registry}/${first.repository}`;
}

/** Whether a reference is to the repository that a purl names. */
function isAt(purl: PurlTerms, reference: Reference): boolean {
  const place = purl.qualifiers.repository_url;
  if (purl.type === 'oci') {
    if (!isLastPart(purl.name, reference)) return false;
    return (
      place === undefined || sameRepository(place, reference) || sameRepository(`${place}/${purl.name}`, reference)
    );
  }
  // docker: the namespace belongs to the name, and the qualifier is the registry, which is Docker Hub where it is absent.
  const name = purl.key.slice('docker/'.length).replace(/^\//, '');
  return sameRepository(`${place ?? 'docker.io'}/${name}`, reference);
}

function sameRepository(text: string, { registry, repository }: Reference): boolean {
  const place = text.replace(/^https?:\/\//, '').replace(/\/$/, '');
  // What tells a tag or a digest is not the repository, but one image in it.
  if (/@|:[^/]*$/.test(place.slice(place.indexOf('/') + 1))) return false;
  try {
    const named = parseReference(place);
    return named.registry === registry && named.repository === repository;
  } catch {
    return false;
  }
}

/** `host/app:1.0`. A lone word is too little, and a product's name and version are not an image with that product in it. */
function textFits(text: string, scene: Scene): Fit {
  const none = noFit(0, `${text.slice(0, 200)} is only a text, and can't be told to be the image`);
  const at = text.indexOf('@sha256:');
  if (text.length > 1_000 || (at < 0 && !/:[^/]*$/.test(text))) return none;
  try {
    const named = parseReference(text);
    const same = scene.references.filter(
      (one) => one.registry === named.registry && one.repository === named.repository,
    );
    if (same.length === 0) return none;
    // Its digest is held against the image's by who asks.
    if (at >= 0 || same.some((one) => one.tag === named.tag)) return itFits(`the image is called ${text}`);
    return noFit(3, `its tag is ${named.tag}, which is not the image's`);
  } catch {
    return none;
  }
}

function isLastPart(name: string, { repository }: Reference): boolean {
  return repository.slice(repository.lastIndexOf('/') + 1) === name.toLowerCase();
}
