import { createHash } from 'node:crypto';
import { readLicence } from '../sbom/licence.ts';
import { idText } from './ids.ts';

/** A licence that SPDX does not know. */
export interface OwnLicence {
  /** `LicenseRef-…` */
  readonly id: string;
  readonly text: string;
  readonly name: string;
}

/** What is said of a licence that an expression names and whose text nobody gave. */
const unknownText = 'The package names this licence; its text is not known.';

/** Longest name of a licence, in characters: beyond it stands a text. */
const longestName = 200;

/** The licences of a document: as expressions, and those that SPDX does not know with their texts. */
export class Licences {
  readonly #own = new Map<string, OwnLicence>();

  /** What a package states, as an expression: words of its makers become a licence of the document. */
  expression(stated: string | undefined): string | undefined {
    const licence = readLicence(stated);
    if (!licence) return undefined;
    if (licence.kind === 'words') return this.#add(ownId(licence.text), licence.text, nameOf(licence.text));
    for (const id of licence.own) this.#add(id, unknownText, id);
    return licence.text;
  }

  #add(id: string, text: string, name: string): string {
    if (!this.#own.has(id)) this.#own.set(id, { id, text, name });
    return id;
  }

  /** Sorted by their ids. */
  own(): OwnLicence[] {
    return [...this.#own.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

function ownId(text: string): string {
  return `LicenseRef-${idText(text)}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

function nameOf(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, longestName);
}
