import { createHash, type Hash } from 'node:crypto';
import type { BodySink } from '../../format/tar/contract.ts';
import type { VisibleFile } from '../visible-files.ts';
import type { UserAccount } from './accounts.ts';
import type { TrustedCertificate } from './certificates.ts';

/** What a file of the one image is in the other. */
export interface FileChange {
  readonly path: string;
  /** Absent: it is new. */
  readonly before?: VisibleFile;
  /** Absent: it is gone. */
  readonly after?: VisibleFile;
  /** What is another, where it is in both: `content`, `mode`, `owner`, `target` (of a link), `kind`. */
  readonly changed: readonly string[];
}

/** A user that is another in the second image. */
export interface UserChange {
  readonly name: string;
  readonly before?: UserAccount;
  readonly after?: UserAccount;
}

/** What differs in the files of two images. */
export interface FileChanges {
  /** Sorted by path. */
  readonly files: readonly FileChange[];
  readonly users: readonly UserChange[];
  /** Certificates that only the second image trusts, and only the first one; sorted by subject. */
  readonly newCertificates: readonly TrustedCertificate[];
  readonly goneCertificates: readonly TrustedCertificate[];
}

/** A file that both images have under one path, whose content may differ. */
export interface Pair {
  readonly before: VisibleFile;
  readonly after: VisibleFile;
}

/** Pairs files by their paths: what is the same by its place in a layer, or another by its size, need not be read. */
export function pairFiles(
  before: readonly VisibleFile[],
  after: readonly VisibleFile[],
  isSameBody: (pair: Pair) => boolean,
): { changes: FileChange[]; unknown: Pair[] } {
  const others = new Map(before.map((file) => [file.path, file]));
  const changes: FileChange[] = [];
  const unknown: Pair[] = [];
  for (const file of after) {
    const old = others.get(file.path);
    others.delete(file.path);
    if (!old) {
      changes.push({ path: file.path, after: file, changed: [] });
      continue;
    }
    const pair = { before: old, after: file };
    const changed = attributesOf(pair);
    const isContent = old.kind === 'file' && file.kind === 'file' && !isSameBody(pair);
    if (isContent && old.size === file.size && file.size > 0) unknown.push(pair);
    else if (isContent && old.size !== file.size) changed.unshift('content');
    if (changed.length > 0) changes.push({ path: file.path, ...pair, changed });
  }
  for (const old of others.values()) changes.push({ path: old.path, before: old, changed: [] });
  return { changes, unknown };
}

function attributesOf({ before, after }: Pair): string[] {
  if (before.kind !== after.kind) return ['kind'];
  const changed: string[] = [];
  if (before.mode !== after.mode && before.kind === 'file') changed.push('mode');
  if (before.uid !== after.uid || before.gid !== after.gid) changed.push('owner');
  if (before.link !== after.link) changed.push('target');
  return changed;
}

/** Adds that the content of pairs differs, and sorts all by path. */
export function withContent(changes: readonly FileChange[], differing: readonly Pair[]): FileChange[] {
  const byPath = new Map(changes.map((change) => [change.path, change]));
  for (const pair of differing) {
    const { path } = pair.after;
    byPath.set(path, { path, ...pair, changed: ['content', ...(byPath.get(path)?.changed ?? [])] });
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Takes the SHA-256 of a body, as hex. */
export function hashing(take: (hex: string) => void): BodySink {
  // Made when the first bytes come: a hundred thousand sinks may wait at once.
  let hash: Hash | undefined;
  return {
    write: (bytes) => {
      hash ??= createHash('sha256');
      hash.update(bytes);
      return true;
    },
    end: () => take((hash ?? createHash('sha256')).digest('hex')),
  };
}
