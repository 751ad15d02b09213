import { type Digest, hexOf } from '../../model/digest.ts';
import type { EvidenceTarget } from '../../model/evidence.ts';
import { buildPurl } from '../../model/purl.ts';
import type { Reference } from '../../model/reference.ts';
import type { OpenVexComponent, OpenVexProduct } from './openvex.ts';

/** What an image is called besides its own digests. */
export interface ImageNames {
  /** Where it is or will be in registries. */
  readonly references: readonly Reference[];
  /** Digests of the indexes that list it. */
  readonly indexes: readonly Digest[];
}

/** Docker Hub as references write it, and as purls of other tools do. */
const dockerHub = ['docker.io', 'index.docker.io'];

/**
 * The target as products, under every name by which a scanner may know it, with the packages that are affected as their
 * parts; none: the target as a whole. What is no image has no name: there the packages themselves are the products.
 */
export function productsOf(
  { digest, id }: EvidenceTarget,
  { references, indexes }: ImageNames,
  packages: readonly string[],
): OpenVexProduct[] {
  const purls = [...new Set(packages)].sort();
  const isImage = digest !== undefined || id !== undefined;
  if (!isImage) return purls.map((purl) => ({ '@id': purl, identifiers: { purl } }));
  const subcomponents = purls.map((purl): OpenVexComponent => ({ '@id': purl }));
  const manifests = [...(digest ? [digest] : []), ...indexes];
  const products = [
    ...references.flatMap((reference) => inRegistry(reference, manifests)),
    ...[...manifests, ...references.flatMap((reference) => reference.digest ?? []), ...(id ? [id] : [])].map(byDigest),
  ];
  const byId = new Map(products.map((product) => [product['@id'], product]));
  return [...byId.values()].map((product) => (purls.length === 0 ? product : { ...product, subcomponents }));
}

/** An image in a repository, by each of its digests (purl specification, type `oci`). */
function inRegistry({ registry, repository, digest }: Reference, manifests: readonly Digest[]): OpenVexProduct[] {
  const hosts = dockerHub.includes(registry) ? dockerHub : [registry];
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  const digests = new Set([...manifests, ...(digest ? [digest] : [])]);
  return [...digests].flatMap((version) =>
    hosts.map((host) => {
      const purl = ociPurl(name, version, `${host}/${repository}`);
      return { '@id': purl, identifiers: { purl }, hashes: { 'sha-256': hexOf(version) } };
    }),
  );
}

/** Written as the type's own examples are, with the colon encoded: readers that compare texts know only that. */
function ociPurl(name: string, version: Digest, repository: string): string {
  const purl = buildPurl({ type: 'oci', name, version, qualifiers: { repository_url: repository } });
  return purl.replace('@sha256:', '@sha256%3A');
}

function byDigest(digest: Digest): OpenVexProduct {
  return { '@id': digest, hashes: { 'sha-256': hexOf(digest) } };
}
