import type { Digest } from '../../model/digest.ts';
import type { EvidenceTarget } from '../../model/evidence.ts';
import { parseReference, type Reference } from '../../model/reference.ts';
import type { ImageNames } from '../../report/vex/products.ts';
import { attachedInLayout } from '../../source/attached-in-layout.ts';
import { attachedInRegistry } from '../../source/attached-in-registry.ts';
import type { RegistryAccess } from '../../source/registry-image.ts';
import { type ImageTarget, isImageTarget, type Target } from '../../source/target.ts';
import { SluiceError } from '../../util/error.ts';

/**
 * What an image is called: where it was scanned, where the user says that it will be (`further`), and the digests of the
 * indexes that lead to it. @throws SluiceError `reference/malformed`
 */
export async function imageNames(
  target: Target,
  { digest }: EvidenceTarget,
  further: readonly string[],
  access: RegistryAccess,
): Promise<ImageNames> {
  const references = further.map(parseReference);
  if (!isImageTarget(target)) return { references, indexes: [] };
  const indexes = digest ? await indexesOf(target, digest, access) : [];
  return { references: [...placesOf(target), ...references], indexes };
}

/** A digest of the target's own reference is the manifest's or an index's, and stands for it already. */
function placesOf(target: ImageTarget): Reference[] {
  if (target.kind !== 'registry') return [];
  const { registry, repository } = parseReference(target.reference);
  return [{ registry, repository }];
}

/** The digests of the indexes that lead to an image. Without them it has its own digest still. */
async function indexesOf(target: ImageTarget, digest: Digest, access: RegistryAccess): Promise<readonly Digest[]> {
  try {
    const { indexes, close } =
      target.kind === 'registry'
        ? await attachedInRegistry(target.reference, digest, access)
        : await attachedInLayout(target, digest);
    close();
    return indexes;
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    access.onWarning?.(`the indexes that lead to the image are not known: ${thrown.message}`);
    return [];
  }
}
