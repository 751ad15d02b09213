import type { Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { lastingParts } from '../lasting.ts';
import { uuidOf } from '../sbom/uuid.ts';

/** Gives ids, each once: of findings that are told apart by nothing that lasts, the second one gets another. */
export class StableIds {
  readonly #seen = new Map<string, number>();

  /** The id of a flaw in a package at a path: the same as long as both are there, whatever their versions. */
  ofFinding(finding: Finding, path: string): string {
    return this.#next(lastingParts(finding, path));
  }

  /** The id of what was found in a place: by its fingerprint, which is the same wherever its line has moved. */
  ofPlaced({ kind, id, tool = '', fingerprint }: PlacedFinding): string {
    return this.#next([kind, tool.replace(/ .*$/s, ''), id, fingerprint]);
  }

  /** The id of something that is no finding: by the words that stand for it. */
  ofWords(...words: readonly string[]): string {
    return this.#next(words);
  }

  #next(parts: readonly string[]): string {
    const identity = ['gitlab', ...parts].join('\0');
    const occurrence = (this.#seen.get(identity) ?? 0) + 1;
    this.#seen.set(identity, occurrence);
    return uuidOf(`${identity}\0${occurrence}`).slice('urn:uuid:'.length);
  }
}
