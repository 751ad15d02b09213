import { createHash } from 'node:crypto';
import { CacheFolder } from '../../util/cache-folder.ts';
import { readSealed, sealed } from '../../util/sealed.ts';
import type { PolicyDocument } from './document.ts';
import type { Input } from './input.ts';

/** What of a file tells whether it is the same. */
type KeptInput = Pick<Input, 'real' | 'digest'>;

/**
 * Policy files as they were read and checked before: to parse YAML and check types takes longer than a whole scan of a
 * known image. Every file is read and digested all the same; what was made of other bytes, of a file of another name, or
 * by another sluice is not believed. One entry a file.
 */
export class DocumentCache {
  readonly #folder: CacheFolder;
  readonly #build: string;

  /** `build`: stands for sluice itself. */
  constructor(cacheDir: string, build: string) {
    this.#folder = new CacheFolder(cacheDir);
    this.#build = build;
  }

  /** What was made of these bytes. `shown`: the file's name in the places of its rules. */
  find({ real, digest }: KeptInput, shown: string): PolicyDocument | undefined {
    const bytes = this.#folder.read(entryOf(real, shown));
    return bytes && (readSealed(bytes, this.#seal(shown, digest)) as PolicyDocument | undefined);
  }

  keep({ real, digest }: KeptInput, shown: string, document: PolicyDocument): void {
    this.#folder.write(entryOf(real, shown), sealed(this.#seal(shown, digest), document));
  }

  #seal(shown: string, digest: string): string {
    return `policy ${JSON.stringify([this.#build, shown, digest])}`;
  }
}

function entryOf(real: string, shown: string): string {
  return `policy/${createHash('sha256')
    .update(JSON.stringify([real, shown]))
    .digest('hex')
    .slice(0, 32)}`;
}
