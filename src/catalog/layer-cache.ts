import { createHash } from 'node:crypto';
import type { EcosystemFacts } from '../ecosystem/contract.ts';
import { type Digest, hexOf, parseDigest } from '../model/digest.ts';
import type { LayerSurvey, LookedFor } from '../model/survey.ts';
import type { LayerBlob } from '../source/contract.ts';
import { CacheFolder } from '../util/cache-folder.ts';
import { hasLooked } from './looking/has-looked.ts';
import type { ReadAs } from './read-as.ts';
import { decodeSurvey, encodeSurvey } from './survey-codec.ts';

/** Raised when the survey of the same bytes would differ for another reason than a plugin's revision. */
const engineRevision = 5;

/**
 * The analyzer's version: a survey that another version made is made anew. With `looked`, that of the analyzer and of
 * what else was looked for together.
 */
export function analyzerVersion(
  ecosystems: readonly Pick<EcosystemFacts, 'id' | 'revision'>[],
  looked?: LookedFor,
): string {
  const parts = ecosystems.map((ecosystem) => `${ecosystem.id}:${ecosystem.revision}`).sort();
  if (looked) parts.push(JSON.stringify([looked.secrets, looked.documents, looked.licences]));
  return createHash('sha256')
    .update(`${engineRevision} ${parts.join(' ')}`)
    .digest('hex')
    .slice(0, 16);
}

/**
 * Surveys of layers, kept by diffID. Which blob unpacks to which diffID is only believed when sluice itself has
 * unpacked that blob: an image configuration that gives a clean layer's diffID to another blob gains nothing. The
 * bytes of a file on disk are believed while the file is the same (device, inode, size, times) as when they were read.
 */
export class LayerCache {
  readonly #folder: CacheFolder;
  readonly #surveys: string;

  constructor(cacheDir: string, analyzer: string) {
    this.#folder = new CacheFolder(cacheDir);
    this.#surveys = `surveys/${analyzer}`;
  }

  /**
   * What stands for a layer's bytes when they need not be read again: its diffID once that is proven; in an archive
   * that vouches for nothing, the very region of that file. Undefined when nothing does.
   */
  provenName(blob: LayerBlob): string | undefined {
    if (this.#isVerified(blob)) return blob.diffId;
    const seen = blob.claimed ? seenName(blob) : undefined;
    return seen && `${blob.diffId} ${seen}`;
  }

  /**
   * The survey of a layer whose bytes need not be read again; undefined when they must. `looked`: what must have been
   * looked for beside packages; it may have been more.
   */
  find(blob: LayerBlob, looked?: LookedFor): LayerSurvey | undefined {
    if (!this.#isVerified(blob)) return undefined;
    const bytes = this.#folder.read(`${this.#surveys}/${hexOf(blob.diffId)}`);
    const survey = bytes && decodeSurvey(bytes);
    return survey?.diffId === blob.diffId && hasLooked(survey, looked) ? survey : undefined;
  }

  /** Keeps the survey of a layer whose digests have just been verified. `bytes` are its encoding. */
  keep(blob: LayerBlob, bytes: Buffer): void {
    this.#folder.write(`${this.#surveys}/${hexOf(blob.diffId)}`, bytes);
    if (blob.digest !== blob.diffId) this.#folder.write(`unpacked/${hexOf(blob.digest)}`, blob.diffId);
    const seen = seenName(blob);
    if (seen) this.#folder.write(seen, blob.digest);
  }

  /** What an earlier late look into the layer found; undefined when there was none. */
  findLate(blob: LayerBlob, readAs: ReadAs): LayerSurvey | undefined {
    if (!this.#isVerified(blob)) return undefined;
    const bytes = this.#folder.read(this.#lateName(blob, readAs));
    return bytes && decodeSurvey(bytes);
  }

  /** Keeps what a late look into a verified layer found. */
  keepLate(blob: LayerBlob, readAs: ReadAs, survey: LayerSurvey): void {
    this.#folder.write(this.#lateName(blob, readAs), encodeSurvey(survey));
  }

  #lateName(blob: LayerBlob, readAs: ReadAs): string {
    const asked = createHash('sha256')
      .update(JSON.stringify([...readAs]))
      .digest('hex');
    return `${this.#surveys}/${hexOf(blob.diffId)}-${asked.slice(0, 32)}`;
  }

  #isVerified(blob: LayerBlob): boolean {
    if (blob.digest !== blob.diffId && this.#digest(`unpacked/${hexOf(blob.digest)}`) !== blob.diffId) return false;
    if (blob.place.kind === 'region' && blob.place.identity === '') return false;
    const seen = seenName(blob);
    // What comes from a registry is named by its digest alone, and is not even asked for.
    return seen === undefined || this.#digest(seen) === blob.digest;
  }

  #digest(name: string): Digest | undefined {
    const bytes = this.#folder.read(name);
    try {
      return bytes && parseDigest(bytes.toString('latin1'));
    } catch {
      return undefined;
    }
  }
}

/** Under which name it is kept that a file's region had a certain digest. */
function seenName(blob: LayerBlob): string | undefined {
  if (blob.place.kind !== 'region' || blob.place.identity === '') return undefined;
  return `seen/${createHash('sha256').update(blob.place.identity).digest('hex')}`;
}
