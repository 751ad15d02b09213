import type { Ecosystem, EntryHead, OwnershipReader } from '../ecosystem/contract.ts';
import type { Owner } from '../model/package.ts';
import type { OwnedPaths, SurveyedFile } from '../model/survey.ts';
import { Claimants } from './claimants.ts';
import type { OwnerTableBuilder } from './looking/owner-table.ts';
import type { Place } from './reading.ts';

/** A kind of package whose package manager keeps lists of files, and which of a size that is read. */
interface ListKeeper {
  readonly id: string;
  readonly limit: number;
  readonly reader: OwnershipReader;
  /** Whether another list names its files as well, and it is read for what the table of owners is told alone. */
  readonly forTable: boolean;
}

/** Characters of paths that are kept of all lists of a layer: several hundred times what real ones come to. */
const keptLimit = 64 * 1024 * 1024;

/** A file that might be anybody's: readable, executable and not empty. */
const anyFile: EntryHead = { size: 1, mode: 0o755 };
const plainFile: EntryHead = { size: 1, mode: 0o644 };

/**
 * Reads the lists that say which files a package owns. Of each list only the paths in which another plugin may find
 * packages are kept: a distribution lists a hundred thousand files, of which a few thousand matter.
 */
export class OwnershipLists {
  readonly #keepers: readonly ListKeeper[];
  /** Those as they read lists for the table alone; empty without a table. */
  readonly #tableKeepers: readonly ListKeeper[];
  readonly #table: OwnerTableBuilder | undefined;
  /** Plugins whose packages may lie in another package manager's files. */
  readonly #finders: Claimants;
  /** Lists that compress well must not fill the memory: what is beyond owns nothing. */
  #left = keptLimit;

  /** `table`: told of every file of every list, with its digest. */
  constructor(ecosystems: readonly Ecosystem[], table?: OwnerTableBuilder) {
    this.#keepers = ecosystems.flatMap((ecosystem) => {
      const { id, ownership, database } = ecosystem;
      if (!ownership || !database) return [];
      return [{ id, limit: ownership.limit, reader: ownership, forTable: false }];
    });
    this.#tableKeepers = table ? this.#keepers.map((keeper) => ({ ...keeper, forTable: true })) : [];
    this.#table = table;
    this.#finders = new Claimants(ecosystems.filter(({ database }) => !database));
  }

  /** Whose list of files stands at this path; undefined, as nearly always, when it is none or too large to be read. */
  of(path: string, head: EntryHead): ListKeeper | undefined {
    for (const keeper of this.#keepers) {
      if (keeper.reader.claims(path, head, false)) return head.size <= keeper.limit ? keeper : undefined;
    }
    for (const keeper of this.#tableKeepers) {
      if (keeper.reader.claims(path, head, true)) return head.size <= keeper.limit ? keeper : undefined;
    }
    return undefined;
  }

  /**
   * What a list says; undefined when nothing that matters. A list that stands `apart` from the database names a package
   * that this one may have been made to forget.
   */
  read(
    { id, reader, forTable }: ListKeeper,
    { path, entry, index }: Place,
    bytes: Buffer,
    apart: boolean,
  ): SurveyedFile | undefined {
    const owned: { owner: Owner; paths: string[] }[] = [];
    let last: { owner: Owner; paths: string[] } | undefined;
    try {
      const tell = (owner: Owner, file: string, digest?: string): void => {
        this.#table?.add(id, owner, file, digest);
        if (forTable) return;
        const matters = this.#matters(file);
        if (!matters && !apart) return;
        if (!last || !isSame(last.owner, owner)) {
          last = { owner: { ...owner }, paths: [] };
          owned.push(last);
        }
        if (!matters || this.#left <= 0) return;
        this.#left -= file.length;
        last.paths.push(file);
      };
      reader.read({ path, bytes, size: bytes.length, mode: entry.mode }, tell, this.#table !== undefined);
    } catch {
      // A list that can't be read owns nothing: its files are then judged by what they are themselves.
      return undefined;
    }
    return owned.length === 0
      ? undefined
      : { entry: index, ecosystem: id, packages: [], problems: [], owned: own(owned) };
  }

  #matters(path: string): boolean {
    // Programs do not stand among documents and translations, most of what a distribution installs.
    const head = path.startsWith('usr/share/') ? plainFile : anyFile;
    return this.#finders.anyOf(path, head);
  }
}

function isSame(a: Owner, b: Owner): boolean {
  return a === b || (a.name === b.name && a.version === b.version && a.arch === b.arch);
}

/** Cut out of a larger text, a path keeps all of that in memory. */
function own(owned: readonly OwnedPaths[]): readonly OwnedPaths[] {
  return JSON.parse(JSON.stringify(owned)) as OwnedPaths[];
}
