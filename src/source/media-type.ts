import { SluiceError } from '../util/error.ts';

/** What a layer may be (OCI image specification; Docker image manifest version 2, schema 2). */
const layerTypes = new Set([
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.oci.image.layer.v1.tar+zstd',
  'application/vnd.oci.image.layer.nondistributable.v1.tar',
  'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
  'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
  'application/vnd.docker.image.rootfs.diff.tar',
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
  'application/vnd.docker.image.rootfs.diff.tar.zstd',
  'application/vnd.docker.image.rootfs.foreign.diff.tar',
  'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
]);

/** Refuses a layer that is not a tar, as it is or compressed. @throws SluiceError `layer/encrypted`, `layer/media-type` */
export function checkLayerType(mediaType: string, layer: number): void {
  if (layerTypes.has(mediaType)) return;
  const shown = JSON.stringify(mediaType.slice(0, 120));
  if (mediaType.endsWith('+encrypted')) {
    throw new SluiceError('layer/encrypted', `layer ${layer} is encrypted (${shown})`, 'decrypt the image first');
  }
  throw new SluiceError('layer/media-type', `layer ${layer} has the media type ${shown}, which is not a layer's`);
}
