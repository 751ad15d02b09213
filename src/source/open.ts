import { basename, resolve } from 'node:path';
import { openArchive } from './archive.ts';
import type { OpenedImage } from './contract.ts';
import { openFile } from './file.ts';
import type { ImageChoice } from './oci-image.ts';
import { openOciLayout } from './oci-layout.ts';
import { unpackArchive } from './packed.ts';
import type { RegistryAccess } from './registry-image.ts';
import type { ImageTarget } from './target.ts';

/** Opens the image that a target names. Folders that are no image are read by `walkDirectory`. @throws SluiceError */
export async function openImage(
  target: ImageTarget,
  access: RegistryAccess,
  choice: ImageChoice,
): Promise<OpenedImage> {
  if (target.kind === 'registry') {
    // Loading HTTP and TLS takes longer than all else that a scan of a local image loads of Node.
    const { openRegistryImage } = await import('./registry-image.ts');
    return openRegistryImage(target.reference, access, choice);
  }
  if (target.kind === 'oci-layout') return openOciLayout(target.path, { ...choice, select: target.select });
  const file = openFile(target.path, basename(resolve(target.path)));
  return openArchive(await unpackArchive(file), { ...choice, select: target.select });
}
