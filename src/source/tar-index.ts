import { readSync } from 'node:fs';
import type { TarEntry } from '../format/tar/contract.ts';
import { TarWalker } from '../format/tar/walker.ts';
import { SluiceError } from '../util/error.ts';
import { cleanPath, dirName, escapesRoot } from '../util/path.ts';

/** Bytes read at once while headers are looked for. */
const windowSize = 64 * 1024;

/** Most members of an image archive. */
const maxMembers = 1_000_000;

/** Links that are followed from member to member: old `docker save` writes one layer once and links the others to it. */
const maxLinks = 8;

/** Where a member's body is in the archive. */
export interface Member {
  readonly offset: number;
  readonly size: number;
}

/** The members of an image archive by name. Names are only ever looked up, never used as paths. */
export class TarIndex {
  readonly #members = new Map<string, Member | string>();

  /** Reads all headers of the archive and seeks over the bodies. @throws SluiceError `tar/...` */
  constructor(fd: number, size: number) {
    const walker = new TarWalker({
      entry: (entry) => {
        this.#add(entry, walker.position);
        return undefined;
      },
    });
    const window = Buffer.allocUnsafeSlow(windowSize);
    let at = 0;
    while (at < size) {
      const skip = Math.min(walker.skippable, size - at);
      walker.skip(skip);
      at += skip;
      const got = at < size ? readSync(fd, window, 0, Math.min(windowSize, size - at), at) : 0;
      if (got === 0) break;
      at += this.#feed(walker, window.subarray(0, got));
    }
    walker.finish();
  }

  /** Gives the walker what it does not skip, and says how much it took. */
  #feed(walker: TarWalker, bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length) {
      const skip = walker.skippable;
      if (skip > bytes.length - at) break;
      walker.skip(skip);
      at += skip;
      const step = Math.min(512, bytes.length - at);
      walker.write(bytes.subarray(at, at + step));
      at += step;
    }
    return at;
  }

  #add(entry: TarEntry, offset: number): void {
    if (escapesRoot(entry.path)) return;
    if (this.#members.size >= maxMembers) throw new SluiceError('archive/members', 'the archive has too many members');
    const path = cleanPath(entry.path);
    if (entry.type === 'file') this.#members.set(path, { offset, size: entry.size });
    else if (entry.type === 'symlink') this.#members.set(path, cleanPath(`${dirName(path)}/${entry.link}`));
    else if (entry.type === 'hardlink') this.#members.set(path, cleanPath(entry.link));
  }

  /** Number of members. */
  get size(): number {
    return this.#members.size;
  }

  /** The member of that name, links followed; undefined when there is none. */
  find(name: string): Member | undefined {
    let found = this.#members.get(cleanPath(name));
    for (let i = 0; typeof found === 'string' && i < maxLinks; i++) found = this.#members.get(found);
    return typeof found === 'string' ? undefined : found;
  }
}
