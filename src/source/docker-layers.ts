import { createHash } from 'node:crypto';
import { compressionOf } from '../format/decompress/contract.ts';
import { type Digest, digestOfHex } from '../model/digest.ts';
import { type Archive, memberOf } from './archive-member.ts';
import type { LayerBlob } from './contract.ts';
import { readRegion, readWholeRegion, regionPlace } from './file.ts';
import type { Member } from './tar-index.ts';

/**
 * The layers of a `docker save` archive, as manifest.json names them and the configuration gives their diffIDs.
 * `verify`: every byte of them is to be read; else a tar that is not compressed is {@link LayerBlob.claimed}.
 * @throws SluiceError `archive/...`
 */
export function dockerLayers(
  archive: Archive,
  names: readonly string[],
  diffIds: readonly Digest[],
  verify: boolean,
): LayerBlob[] {
  const members = names.map((name) => memberOf(archive, name));
  const disputed = disputedMembers(members, diffIds);
  // A list may name one member thousands of times.
  const packed = new Map<number, Digest | undefined>();
  return members.map(({ offset, size }, i): LayerBlob => {
    if (!packed.has(offset)) packed.set(offset, packedDigest(archive, offset, size));
    const diffId = diffIds[i] as Digest;
    const digest = packed.get(offset);
    const blob = { place: regionPlace(archive.file, offset, size), digest: digest ?? diffId, diffId, size };
    return verify || digest !== undefined || disputed.has(offset) ? blob : { ...blob, claimed: true };
  });
}

/**
 * Members, by offset, that not every program takes for the same layer, so that their digests must be checked here:
 * Docker reads the member that a layer names, Podman reads the first of all that have the layer's diffID. Whoever gave
 * a harmless member the diffID of another one would have an image scanned that is never run.
 */
function disputedMembers(members: readonly Member[], diffIds: readonly Digest[]): ReadonlySet<number> {
  const disputed = new Set<number>();
  const memberOfLayer = new Map<Digest, number>();
  const layerOfMember = new Map<number, Digest>();
  members.forEach(({ offset, undisputed }, i) => {
    const diffId = diffIds[i] as Digest;
    const other = memberOfLayer.get(diffId) ?? offset;
    if (other !== offset) disputed.add(other).add(offset);
    if (!undisputed || (layerOfMember.get(offset) ?? diffId) !== diffId) disputed.add(offset);
    memberOfLayer.set(diffId, other);
    layerOfMember.set(offset, diffId);
  });
  return disputed;
}

/** `docker save` writes layers as they are; other programs compress them, and then nothing says the blob's own digest. */
function packedDigest({ file }: Archive, offset: number, size: number): Digest | undefined {
  if (compressionOf(readWholeRegion(file.fd, offset, Math.min(4, size))) === 'none') return undefined;
  const hash = createHash('sha256');
  for (const piece of readRegion(file.fd, offset, size)) hash.update(piece);
  return digestOfHex(hash.digest('hex'));
}
