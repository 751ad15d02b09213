import { closeSync } from 'node:fs';
import { digestOf, parseDigest } from '../model/digest.ts';
import { type Image, type LayerDescriptor, platformMatches, platformText } from '../model/image.ts';
import { SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString } from '../util/json.ts';
import { type Archive, readMember } from './archive-member.ts';
import { baseOf } from './base-image.ts';
import type { OpenedImage } from './contract.ts';
import { dockerLayers } from './docker-layers.ts';
import { openRegion } from './file.ts';
import { createdByOf, maxLayers, parseConfig, readPlainJson, spelled } from './manifest.ts';
import type { ImageChoice } from './oci-image.ts';

/** Sixty-four hexadecimal digits in a member's name: there the name is the configuration's digest. */
const hexName = /(?:^|[/:])([0-9a-f]{64})(?:\.json)?$/;

/**
 * Opens an image in the output of `docker save` (Docker image specification v1.2). Its layers have no digest but the
 * configuration's diffIDs, and its configuration none but what its own name says. That is verified here; the layers are
 * unless they are {@link LayerBlob.claimed}.
 */
export function openDockerArchive(archive: Archive, choice: ImageChoice): OpenedImage {
  const { configName, layerNames } = theImage(readList(archive), choice.select);
  const configBytes = readMember(archive, configName);
  const id = digestOf(configBytes);
  const stated = hexName.exec(configName)?.[1];
  if (stated && parseDigest(`sha256:${stated}`) !== id) {
    throw new SluiceError(
      'digest/mismatch',
      `the image configuration does not match its name: expected sha256:${stated}, found ${id}`,
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
  const blobs = dockerLayers(archive, layerNames, config.diffIds, choice.verify === true);
  const layers = blobs.map((blob, i): LayerDescriptor => {
    return { diffId: blob.diffId, digest: blob.digest, size: blob.size, createdBy: createdBy[i] ?? '' };
  });
  const base = baseOf({}, config);
  const image = { id, platform: config.platform, layers, ...(base ? { base } : {}) };
  const platforms = [config.platform];
  return {
    image,
    config,
    platforms,
    layers: blobs,
    problems: [],
    open: openRegion,
    close: () => closeSync(archive.file.fd),
  };
}

/**
 * Whether docker, which goes by manifest.json, would load another image from an OCI archive than the one that was opened:
 * then what was scanned and what is run are not the same. Images for other platforms do not count.
 */
export function namesAnother(archive: Archive, image: Image, select: string | undefined): boolean {
  const listed = (asArray(readList(archive)) ?? []).slice(0, maxLayers);
  const tagged = listed.filter((one) => select !== undefined && tagsOf(one).includes(select));
  const ids = (tagged.length > 0 ? tagged : listed).flatMap((one) => {
    const { configName } = namedParts(one);
    const bytes = readMember(archive, configName);
    return platformMatches(image.platform, parseConfig(bytes).platform) ? [digestOf(bytes)] : [];
  });
  const others = ids.filter((id) => id !== image.id).length;
  return tagged.length === 0 && select !== undefined ? others > 0 && others === ids.length : others > 0;
}

function readList(archive: Archive): unknown {
  return readPlainJson(readMember(archive, 'manifest.json'), 'manifest.json');
}

function theImage(json: unknown, select: string | undefined): { configName: string; layerNames: string[] } {
  const all = asArray(json);
  if (!all) throw malformed('is not a list of images');
  const images = select === undefined ? all : all.filter((image) => tagsOf(image).includes(select));
  if (images.length === 0) throw malformed(select === undefined ? 'lists no image' : `lists no image ${select}`);
  if (images.length > 1) {
    throw new SluiceError('index/ambiguous', `the archive holds ${images.length} images`, 'name one: archive:PATH:TAG');
  }
  return namedParts(images[0]);
}

/** The members that an entry of manifest.json names. */
function namedParts(entry: unknown): { configName: string; layerNames: string[] } {
  const image = spelled(entry, new Set(['Config', 'RepoTags', 'Layers']), 'manifest.json');
  const configName = asString(image?.Config);
  const layerNames = asArray(image?.Layers)?.map(asString);
  if (!configName || !layerNames) throw malformed('names no Config or no Layers');
  if (layerNames.length > maxLayers) throw malformed(`lists more than ${maxLayers} layers`);
  return {
    configName,
    layerNames: layerNames.map((name) => {
      if (name === undefined) throw malformed('holds a layer that is not a name');
      return name;
    }),
  };
}

/** Tags of an image, each whole (`app:1.2`) and alone (`1.2`). */
function tagsOf(image: unknown): string[] {
  const tags = (asArray(asRecord(image)?.RepoTags) ?? []).map((tag) => asString(tag) ?? '');
  return [...tags, ...tags.map((tag) => tag.slice(tag.lastIndexOf(':') + 1))];
}

function malformed(why: string): SluiceError {
  return new SluiceError('manifest/malformed', `manifest.json ${why}`);
}
