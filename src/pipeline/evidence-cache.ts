import { createHash } from 'node:crypto';
import type { SourceInfo } from '../advisory/contract.ts';
import type { Evidence } from '../model/evidence.ts';
import type { BaseImage } from '../model/image.ts';
import type { OpenedImage } from '../source/contract.ts';
import { CacheFolder } from '../util/cache-folder.ts';
import { readSealed, sealed } from '../util/sealed.ts';

/**
 * The evidence on images as it was last gathered. It is a function of the image, of the data and of sluice itself, so
 * that nothing need be gathered again while all three are the same. One file an image: new data replaces the old.
 */
export class EvidenceCache {
  readonly #folder: CacheFolder;
  readonly #engine: string;

  /** `engine`: stands for everything in sluice that evidence depends on. */
  constructor(cacheDir: string, engine: string) {
    this.#folder = new CacheFolder(cacheDir);
    this.#engine = engine;
  }

  /** The evidence on an image whose content has this name, with the data's age as it is now. */
  find(name: string, opened: OpenedImage, sources: readonly SourceInfo[], base?: BaseImage): Evidence | undefined {
    // What is wrong with an archive is not a property of the image in it.
    if (opened.problems.length > 0) return undefined;
    const bytes = this.#folder.read(this.#path(name));
    const known = bytes && (readSealed(bytes, this.#seal(name, opened, sources, base)) as Evidence | undefined);
    if (!known) return undefined;
    const checkedAt = new Map(sources.map((source) => [source.ecosystem, source.checkedAt]));
    return {
      ...known,
      sources: known.sources.map((source) => ({
        ...source,
        checkedAt: checkedAt.get(source.ecosystem) ?? source.checkedAt,
      })),
    };
  }

  keep(name: string, opened: OpenedImage, sources: readonly SourceInfo[], evidence: Evidence, base?: BaseImage): void {
    if (opened.problems.length > 0) return;
    this.#folder.write(this.#path(name), sealed(this.#seal(name, opened, sources, base), evidence));
  }

  #path(name: string): string {
    return `evidence/${name}`;
  }

  /** All that the evidence depends on, as one text. */
  #seal(
    name: string,
    { image, config, provenance }: OpenedImage,
    sources: readonly SourceInfo[],
    base: BaseImage | undefined,
  ): string {
    const data = sources.map(({ ecosystem, digest }) => `${ecosystem} ${digest}`);
    const target = JSON.stringify([image, config.history, provenance?.digest, base]);
    const parts = [this.#engine, name, ...data, target];
    return `evidence ${createHash('sha256').update(parts.join('\n')).digest('hex')}`;
  }
}
