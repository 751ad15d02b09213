import { createHash } from 'node:crypto';
import type { Package } from '../../model/package.ts';

/** Most characters of a package's name in its id. */
const longestName = 60;

/**
 * Ids of packages in SPDX documents: `Package-npm-lodash-` and a hash of what tells the package from others, so that a
 * package has the same id in the documents of two images and they can be compared.
 */
export class ElementIds {
  readonly #used = new Map<string, number>();

  of({ ecosystem, name, purl, presence, paths, origin }: Package): string {
    const hash = createHash('sha256');
    hash.update([purl, presence, origin?.name, origin?.version, ...paths].join('\0'));
    const id = `Package-${idText(ecosystem)}-${idText(name)}-${hash.digest('hex').slice(0, 16)}`;
    const number = (this.#used.get(id) ?? 0) + 1;
    this.#used.set(id, number);
    return number === 1 ? id : `${id}-${number}`;
  }
}

/** A text of letters, digits, points and hyphens (SPDX specification, `SPDXID`). */
export function idText(text: string): string {
  return text.slice(0, longestName).replace(/[^A-Za-z0-9.]+/g, '-');
}
