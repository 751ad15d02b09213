import type { CertificateFact } from '../../model/collected.ts';
import { blinding, type Problem } from '../../model/problem.ts';
import { compareText } from '../../util/compare-text.ts';
import { type BodyRequests, collector } from '../body-pass.ts';
import {
  certificateLimit,
  holdsCertificates,
  readCertificates,
  type TrustedCertificate,
} from '../compare/certificates.ts';
import { type FileTree, visiblePath } from '../tree.ts';
import type { SeenEntry } from './entries.ts';

/** Finds the certificates that programs of an image trust. */
export class CertificateReader {
  readonly #found = new Map<string, CertificateFact>();
  readonly #waiting = new Set<string>();

  /** Asks for the bodies of the files in which programs look for them, and of what links there lead to. */
  request(tree: FileTree, entries: ReadonlyMap<string, SeenEntry>, wanted: BodyRequests): void {
    for (const path of [...trustedPaths(tree, entries)].sort(compareText)) {
      const entry = entries.get(path);
      if (entry?.kind !== 'file' || entry.size === 0) continue;
      this.#waiting.add(path);
      const sink = collector(certificateLimit, (bytes) => this.#take(path, bytes));
      wanted.add({ ...entry, kind: 'file' }, sink);
    }
  }

  /** Sorted by subject; undefined, with the reason, when a file could not be read. */
  facts(onProblem: (problem: Problem) => void): CertificateFact[] | undefined {
    const [unread] = this.#waiting;
    if (unread === undefined) {
      return [...this.#found.values()].sort(
        (a, b) => compareText(a.subject, b.subject) || compareText(a.fingerprint, b.fingerprint),
      );
    }
    const message = `the certificates can't be told: the file can't be read, or is larger than ${certificateLimit} bytes`;
    onProblem(blinding('files/certificates', message, `/${unread}`));
    return undefined;
  }

  #take(path: string, bytes: Buffer): void {
    this.#waiting.delete(path);
    const own = new Map<string, TrustedCertificate>();
    readCertificates(path, bytes, own);
    for (const { fingerprint, subject } of own.values()) {
      // Of several files that hold it the first by name, in whatever order they come.
      const known = this.#found.get(fingerprint);
      if (!known || `/${path}` < known.path) this.#found.set(fingerprint, { fingerprint, subject, path: `/${path}` });
    }
  }
}

/** Paths of files that programs take certificates from: a link would hide one that is put elsewhere. */
function trustedPaths(tree: FileTree, entries: ReadonlyMap<string, SeenEntry>): Set<string> {
  const paths = new Set<string>();
  const linkedFolders: string[] = [];
  for (const { path, kind } of entries.values()) {
    if (kind === 'file' && holdsCertificates(path)) paths.add(path);
    if (kind !== 'symlink' || !holdsCertificates(`${path}/x`)) continue;
    const node = tree.resolve(path);
    const real = node && visiblePath(node);
    if (real === undefined || real === '') continue;
    if (node?.kind === 'dir') linkedFolders.push(`${real}/`);
    else if (holdsCertificates(path)) paths.add(real);
  }
  if (linkedFolders.length > 0) {
    for (const { path, kind } of entries.values()) {
      if (kind === 'file' && linkedFolders.some((folder) => path.startsWith(folder))) paths.add(path);
    }
  }
  return paths;
}
