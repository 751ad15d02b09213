import type { TarEntry } from '../format/tar/contract.ts';
import { TarWalker } from '../format/tar/walker.ts';
import { SluiceError } from '../util/error.ts';
import { cleanPath, dirName, escapesRoot } from '../util/path.ts';
import { seekTar } from './seek-tar.ts';

/** Most members of an image archive. */
const maxMembers = 1_000_000;

/** Links that are followed from member to member: old `docker save` writes one layer once and links the others to it. */
const maxLinks = 8;

/** Where a member's body is in the archive. */
export interface Member {
  readonly offset: number;
  readonly size: number;
  /**
   * Whether every program reads these bytes under the name that was asked for: one entry alone bears it, it is no link,
   * and the body is no sparse file's. Of two entries some programs take the first and some the last.
   */
  readonly undisputed: boolean;
}

/** The members of an image archive by name. Names are only ever looked up, never used as paths. */
export class TarIndex {
  /** A link is the name that it leads to; undefined stands for an entry that is neither file nor link. */
  readonly #members = new Map<string, Member | string | undefined>();

  /** Reads all headers of the archive and seeks over the bodies. @throws SluiceError `tar/...`, `archive/members` */
  constructor(fd: number, size: number) {
    const walker = new TarWalker({
      entry: (entry) => {
        this.#add(entry, walker);
        return undefined;
      },
    });
    seekTar(fd, 0, size, walker);
  }

  #add(entry: TarEntry, { position, sparse }: TarWalker): void {
    if (escapesRoot(entry.path)) return;
    if (this.#members.size >= maxMembers) throw new SluiceError('archive/members', 'the archive has too many members');
    const path = cleanPath(entry.path);
    const before = this.#members.get(path);
    const undisputed = !sparse && !this.#members.has(path);
    if (entry.type === 'file') this.#members.set(path, { offset: position, size: entry.size, undisputed });
    else if (entry.type === 'symlink') this.#members.set(path, cleanPath(`${dirName(path)}/${entry.link}`));
    else if (entry.type === 'hardlink') this.#members.set(path, cleanPath(entry.link));
    else this.#members.set(path, typeof before === 'object' ? { ...before, undisputed } : before);
  }

  /** The member of that name, links followed; undefined when there is none. */
  find(name: string): Member | undefined {
    const found = this.#members.get(cleanPath(name));
    if (typeof found !== 'string') return found;
    const linked = this.#follow(found);
    return linked && { ...linked, undisputed: false };
  }

  #follow(link: string): Member | undefined {
    let found: Member | string | undefined = link;
    for (let i = 0; typeof found === 'string' && i < maxLinks; i++) found = this.#members.get(found);
    return typeof found === 'string' ? undefined : found;
  }
}
