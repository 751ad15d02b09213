import type { Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { uuidOf } from '../sbom/uuid.ts';

/** Gives ids, each once: of findings that are told apart by nothing that lasts, the second one gets another. */
export class StableIds {
  readonly #seen = new Map<string, number>();

  /**
   * The id of a flaw in a package at a path: the same as long as both are there. Versions are left out, also of the path:
   * an update that fixes nothing changes no id. The image's name and digest are no part of it.
   */
  ofFinding({ kind, id, package: purl, presence, version }: Finding, path: string): string {
    const arch = /[?&]arch=([^&#]*)/.exec(purl)?.[1] ?? '';
    const lasting = version === '' ? path : path.replaceAll(version, '');
    return this.#next([kind, id, withoutVersion(purl), arch, presence, lasting]);
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

function withoutVersion(purl: string): string {
  const at = purl.indexOf('@');
  return at < 0 ? purl : purl.slice(0, at);
}
