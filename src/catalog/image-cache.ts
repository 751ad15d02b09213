import { createHash } from 'node:crypto';
import type { Inventory } from '../model/inventory.ts';
import type { PartlyRead } from '../model/survey.ts';
import type { LayerBlob } from '../source/contract.ts';
import { CacheFolder } from '../util/cache-folder.ts';
import { readSealed, sealed } from '../util/sealed.ts';
import type { LayerCache } from './layer-cache.ts';

/** What is in an image, and how much of each layer was read for it; null: all. */
export interface KnownImage {
  readonly inventory: Inventory;
  readonly read: readonly (PartlyRead | null)[];
}

/** Inventories of whole images, kept by what their layers are proven to hold: a known image is not even put together. */
export class ImageCache {
  readonly #folder: CacheFolder;
  readonly #analyzer: string;
  readonly #layers: LayerCache;

  constructor(cacheDir: string, analyzer: string, layers: LayerCache) {
    this.#folder = new CacheFolder(cacheDir);
    this.#analyzer = analyzer;
    this.#layers = layers;
  }

  /**
   * The name of an image by the content of its layers and the analyzer's version; undefined while the bytes of one of
   * its layers have not been proven to be what they are called.
   */
  nameOf(layers: readonly LayerBlob[]): string | undefined {
    const hash = createHash('sha256').update(this.#analyzer);
    for (const blob of layers) {
      const name = this.#layers.provenName(blob);
      if (name === undefined) return undefined;
      hash.update(`\n${name}`);
    }
    return hash.digest('hex');
  }

  /** What is known of the image with this name. */
  find(name: string): KnownImage | undefined {
    const bytes = this.#folder.read(this.#path(name));
    return bytes && (readSealed(bytes, `inventory ${name}`) as KnownImage | undefined);
  }

  /** Keeps an inventory that was made of layers whose digests are right. */
  keep(name: string, image: KnownImage): void {
    this.#folder.write(this.#path(name), sealed(`inventory ${name}`, image));
  }

  #path(name: string): string {
    return `images/${this.#analyzer}/${name}`;
  }
}
