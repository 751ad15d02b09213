import type { Ecosystem } from '../ecosystem/contract.ts';
import type { TarHandler } from '../format/tar/contract.ts';
import { TarWalker } from '../format/tar/walker.ts';
import type { LayerSurvey } from '../model/survey.ts';
import type { LayerBlob, LayerPlace } from '../source/contract.ts';
import { seekTar } from '../source/seek-tar.ts';
import { SluiceError } from '../util/error.ts';
import { isBomb } from '../util/ratio.ts';
import type { ReadyLook } from './looking/contract.ts';
import type { ReadAs } from './read-as.ts';
import { Surveyor } from './surveyor.ts';

/**
 * Surveys a layer whose digest is only claimed: its headers are read and the bodies that somebody wants, so that the
 * diffID is not checked and the survey says so. Undefined when the layer is another, of which every byte must be read.
 * @throws SluiceError `layer/bomb`, `file/truncated`, `tar/...`
 */
export function surveyBySeeking(
  blob: LayerBlob,
  ecosystems: readonly Ecosystem[],
  look?: ReadyLook,
): LayerSurvey | undefined {
  if (!isClaimed(blob)) return undefined;
  const surveyor = new Surveyor(ecosystems, look);
  walkBySeeking(blob, surveyor);
  const hardLinks = surveyor.hardLinks();
  if (hardLinks.size > 0) walkBySeeking(blob, surveyor.reread(hardLinks));
  return { ...surveyor.finish(blob.diffId, blob.size), read: 'claimed' };
}

/** As `rereadLayer`, for a layer whose digest is only claimed; undefined when it is another. */
export function rereadBySeeking(
  blob: LayerBlob,
  readAs: ReadAs,
  ecosystems: readonly Ecosystem[],
): LayerSurvey['files'] | undefined {
  if (!isClaimed(blob)) return undefined;
  const surveyor = new Surveyor(ecosystems);
  walkBySeeking(blob, surveyor.reread(readAs));
  return surveyor.finish(blob.diffId, 0).files;
}

/** Tells a handler of a layer whose digest is only claimed; false when the layer is another. @throws SluiceError */
export function walkClaimed(blob: LayerBlob, handler: TarHandler): boolean {
  if (!isClaimed(blob)) return false;
  walkBySeeking(blob, handler);
  return true;
}

/** A layer in an open file that need not be read whole. */
type ClaimedBlob = LayerBlob & { readonly place: Extract<LayerPlace, { kind: 'region' }> };

function isClaimed(blob: LayerBlob): blob is ClaimedBlob {
  return blob.claimed === true && blob.place.kind === 'region';
}

function walkBySeeking({ place }: ClaimedBlob, handler: TarHandler): void {
  // A file of holes costs whoever made it nothing, and has the size that it says.
  if (isBomb(place.size, place.size)) throw new SluiceError('layer/bomb', 'it is larger than any layer that is read');
  seekTar(place.fd, place.offset, place.size, new TarWalker(handler));
}
