import type { BaseImage } from '../model/image.ts';
import { formatReference, parseReference, type Reference } from '../model/reference.ts';
import { parseManifest } from './manifest.ts';
import { createRegistryClient } from './registry/client.ts';
import type { RegistryAccess } from './registry-image.ts';

/** The reference by whose tag a base image is known; undefined when it has no name with a tag. */
export function tagOfBase(base: BaseImage | undefined): Reference | undefined {
  if (base?.name === undefined) return undefined;
  try {
    const { registry, repository, tag } = parseReference(base.name);
    // A name with a digest alone moves nowhere.
    return tag === undefined ? undefined : { registry, repository, tag };
  } catch {
    return undefined;
  }
}

/**
 * Digest of what a tag names now. A tag names all platforms: where what it names holds the image with the digest `known`,
 * that is still what it names for this platform. @throws SluiceError `registry/...`
 */
export async function digestOfTag(
  reference: Reference,
  known: string | undefined,
  access: RegistryAccess,
): Promise<string> {
  const { insecure, offline, env, onWarning } = access;
  const client = createRegistryClient({ insecure, offline, env, onEvent: ({ message }) => onWarning?.(message) });
  try {
    const { bytes, digest } = await client.manifest(reference);
    const manifest = parseManifest(bytes, `the manifest of ${formatReference(reference)}`);
    const holds = manifest.kind === 'index' && manifest.manifests.some((item) => item.digest === known);
    return holds && known !== undefined ? known : digest;
  } finally {
    client.close();
  }
}
