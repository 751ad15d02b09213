import { createHash } from 'node:crypto';
import { LayerCache } from '../catalog/layer-cache.ts';
import { hasLooked } from '../catalog/looking/has-looked.ts';
import type { ReadAs } from '../catalog/read-as.ts';
import type { LayerSurvey, LookedFor } from '../model/survey.ts';
import type { LayerBlob } from '../source/contract.ts';
import { SurveyMemory } from './fleet-memory.ts';

/** How far the layers are that the images of one run have. */
export interface LayerCounts {
  /** Different layers that were asked for. */
  readonly asked: number;
  /** Of these, those that need no more work. */
  readonly done: number;
}

/**
 * The layer cache of one run over many images. It remembers surveys in memory too: a base that a hundred images share
 * is decoded once, and where nothing may be kept on disk it is still surveyed once. It believes what
 * {@link LayerCache} believes: the digest of a blob, or of a file's region while the file is the same.
 */
export class FleetLayers extends LayerCache {
  readonly #onDisk: boolean;
  readonly #memory = new SurveyMemory();
  readonly #asked = new Set<string>();
  readonly #missed = new Set<string>();
  readonly #done = new Set<string>();

  /** `onDisk` false: nothing is read from the folder, and nothing is left in it. */
  constructor(cacheDir: string, analyzer: string, onDisk: boolean) {
    super(cacheDir, analyzer);
    this.#onDisk = onDisk;
  }

  /** How far the layers are that were asked for until now. */
  get counts(): LayerCounts {
    return { asked: this.#asked.size, done: this.#done.size };
  }

  /** Whether the layer was looked into in this run: it was not known when it was first asked for. */
  wasSurveyed(layer: LayerName): boolean {
    return this.#missed.has(nameOf(layer));
  }

  /** Another machine has surveyed the layer. */
  learned(layer: LayerName): void {
    this.#missed.delete(nameOf(layer));
    this.#done.add(nameOf(layer));
  }

  /** The layers of an image that is through: a known image asks for none, and some are not kept, as not wholly read. */
  settle(layers: readonly LayerName[]): void {
    for (const layer of layers) {
      this.#asked.add(nameOf(layer));
      this.#done.add(nameOf(layer));
    }
  }

  override provenName(blob: LayerBlob): string | undefined {
    if (!this.#onDisk) return undefined;
    return this.#memory.has(keyOf(blob)) ? blob.diffId : super.provenName(blob);
  }

  override find(blob: LayerBlob, looked?: LookedFor): LayerSurvey | undefined {
    const name = nameOf(blob);
    const known = this.#memory.get(keyOf(blob));
    const survey = known && hasLooked(known, looked) ? known : this.#fromDisk(blob, looked);
    if (survey) this.#done.add(name);
    // Of two files with the same layer each must be read: the first answer counts.
    else if (!this.#asked.has(name)) this.#missed.add(name);
    this.#asked.add(name);
    return survey;
  }

  override keep(blob: LayerBlob, bytes: Buffer): void {
    this.#done.add(nameOf(blob));
    const key = keyOf(blob);
    // Several images that waited for one survey all bring it.
    if (this.#memory.has(key)) return;
    if (this.#onDisk) super.keep(blob, bytes);
    this.#remember(key, bytes);
  }

  override findLate(blob: LayerBlob, readAs: ReadAs): LayerSurvey | undefined {
    return this.#memory.get(lateKey(blob, readAs)) ?? (this.#onDisk ? super.findLate(blob, readAs) : undefined);
  }

  override keepLate(blob: LayerBlob, readAs: ReadAs, survey: LayerSurvey): void {
    if (this.#onDisk) super.keepLate(blob, readAs, survey);
    this.#remember(lateKey(blob, readAs), survey);
  }

  #fromDisk(blob: LayerBlob, looked: LookedFor | undefined): LayerSurvey | undefined {
    const survey = this.#onDisk ? super.find(blob, looked) : undefined;
    if (survey) this.#remember(keyOf(blob), survey);
    return survey;
  }

  /** A file that could change under its name has none. */
  #remember(key: string, survey: LayerSurvey | Buffer): void {
    if (key !== '') this.#memory.set(key, survey);
  }
}

/** What names a layer, wherever it is. */
export type LayerName = Pick<LayerBlob, 'digest' | 'diffId'>;

/** A text for a layer: images that give the same have it in common. */
export function nameOf({ digest, diffId }: LayerName): string {
  return `${digest} ${diffId}`;
}

/** A layer at a place whose bytes stay the same; empty where nothing vouches for that. */
function keyOf(blob: LayerBlob): string {
  const { place } = blob;
  if (place.kind !== 'region') return nameOf(blob);
  return place.identity === '' ? '' : `${nameOf(blob)} ${place.identity}`;
}

function lateKey(blob: LayerBlob, readAs: ReadAs): string {
  const key = keyOf(blob);
  if (key === '') return '';
  const asked = createHash('sha256')
    .update(JSON.stringify([...readAs]))
    .digest('hex');
  return `${key} ${asked}`;
}
