import type { BaseImage } from '../model/image.ts';
import type { OpenedImage } from '../source/contract.ts';
import { openImage } from '../source/open.ts';
import type { ImageTarget } from '../source/target.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import type { ScanOptions } from './options.ts';

/**
 * The base image that the user named, held against the image: its layers must be the lowest ones of it. Only its
 * manifest and configuration are read. @throws SluiceError `base/not-below` when they are not, or it can't be opened
 */
export async function givenBase(
  target: ImageTarget,
  { image, config }: OpenedImage,
  { access }: ScanOptions,
): Promise<BaseImage> {
  const opened = await openImage(target, access, { platform: image.platform, explicit: false }).catch(
    (thrown: unknown) => {
      if (!(thrown instanceof SluiceError)) throw thrown;
      throw new SluiceError(thrown.code, `the base image can't be opened: ${messageOf(thrown)}`, thrown.hint);
    },
  );
  try {
    const layers = opened.config.diffIds;
    if (layers.length > config.diffIds.length || layers.some((diffId, i) => diffId !== config.diffIds[i])) {
      throw new SluiceError(
        'base/not-below',
        `the layers of the base image (${layers.length}) are not the lowest ones of this image`,
        'it may have been built on an older build of the base: name it by its digest',
      );
    }
    // What the image itself says of its base may be of another one than the user named.
    const name = target.kind === 'registry' ? target.reference : undefined;
    const { digest } = opened.image;
    return { ...(name ? { name } : {}), ...(digest ? { digest } : {}), layers: layers.length, by: 'flag' };
  } finally {
    opened.close();
  }
}
