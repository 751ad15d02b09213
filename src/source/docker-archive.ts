import { closeSync } from 'node:fs';
import { parseDigest } from '../model/digest.ts';
import { type LayerDescriptor, platformMatches, platformText } from '../model/image.ts';
import { SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../util/json.ts';
import { type Archive, memberOf, readMember } from './archive-member.ts';
import type { LayerBlob, OpenedImage } from './contract.ts';
import { openRegion, regionPlace } from './file.ts';
import { createdByOf, parseConfig } from './manifest.ts';
import { digestOf, type PlatformChoice } from './oci-image.ts';

/** Sixty-four hexadecimal digits in a member's name: there the name is the configuration's digest. */
const hexName = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/;

/**
 * Opens an image in the output of `docker save` (Docker image specification v1.2). Its layers have no digest but the
 * configuration's diffIDs, and its configuration none but what its own name says; both are verified.
 */
export function openDockerArchive(archive: Archive, choice: PlatformChoice): OpenedImage {
  const { configName, layerNames } = theImage(parseJson(readMember(archive, 'manifest.json'), 100));
  const configBytes = readMember(archive, configName);
  const id = digestOf(configBytes);
  const stated = hexName.exec(configName)?.[1];
  if (stated && parseDigest(`sha256:${stated}`) !== id) {
    throw new SluiceError(
      'digest/mismatch',
      `the image configuration is not what its name says: sha256:${stated} holds ${id}`,
    );
  }
  const config = parseConfig(configBytes);
  if (choice.explicit && !platformMatches(choice.platform, config.platform)) {
    const offered = platformText(config.platform);
    throw new SluiceError(
      'platform/none',
      `there is no image for ${platformText(choice.platform)}; there is ${offered}`,
    );
  }
  if (layerNames.length !== config.diffIds.length) {
    throw new SluiceError(
      'image/layer-count',
      `manifest.json lists ${layerNames.length} layers, the configuration ${config.diffIds.length} diff_ids`,
    );
  }
  const createdBy = createdByOf(config);
  const blobs = layerNames.map((name, i): LayerBlob => blobOf(archive, name, parseDigest(config.diffIds[i])));
  const layers = blobs.map((blob, i): LayerDescriptor => {
    return { diffId: blob.diffId, digest: blob.digest, size: blob.size, createdBy: createdBy[i] ?? '' };
  });
  const image = { id, platform: config.platform, layers };
  return { image, config, layers: blobs, problems: [], open: openRegion, close: () => closeSync(archive.file.fd) };
}

function blobOf(archive: Archive, name: string, diffId: LayerBlob['diffId']): LayerBlob {
  const member = memberOf(archive, name);
  const place = regionPlace(archive.file, member.offset, member.size);
  return { place, digest: diffId, diffId, size: member.size };
}

function theImage(json: unknown): { configName: string; layerNames: string[] } {
  const images = asArray(json);
  if (!images) throw malformed('is not a list of images');
  if (images.length === 0) throw malformed('lists no image');
  if (images.length > 1) {
    throw new SluiceError('index/ambiguous', `the archive holds ${images.length} images`, 'save one image at a time');
  }
  const image = asRecord(images[0]);
  const configName = asString(image?.Config);
  const layerNames = asArray(image?.Layers)?.map(asString);
  if (!configName || !layerNames) throw malformed('names no Config or no Layers');
  return {
    configName,
    layerNames: layerNames.map((name) => {
      if (name === undefined) throw malformed('holds a layer that is not a name');
      return name;
    }),
  };
}

function malformed(why: string): SluiceError {
  return new SluiceError('manifest/malformed', `manifest.json ${why}`);
}
