import type { Ecosystem, PartialReader } from '../ecosystem/contract.ts';
import { parseAlpineRelease, parseOsRelease } from '../format/os-release.ts';
import type { BodySink, TarEntry, TarHandler } from '../format/tar/contract.ts';
import type { Digest } from '../model/digest.ts';
import { blinding, type Problem, warning } from '../model/problem.ts';
import type { LayerSurvey, SurveyedFile } from '../model/survey.ts';
import { cleanPath, escapesRoot } from '../util/path.ts';
import { CollectingSink, Scratch } from './body.ts';
import { Claimants } from './claimants.ts';
import { EntryTableBuilder } from './entries.ts';
import { linkedBodies, repeatedPaths } from './hard-links.ts';
import type { ReadyLook } from './looking/contract.ts';
import { LayerFinder } from './looking/layer-finder.ts';
import { OwnershipLists } from './ownership-lists.ts';
import { type Asking, type KeptBody, PartialSink } from './partial-body.ts';
import { addReadAs, type ReadAs, type ReadAsPath } from './read-as.ts';
import { type Place, readParts, readWhole, tooLarge } from './reading.ts';
import { SurveyedList, saysSomething } from './surveyed-list.ts';

/** Bytes of bodies that are read again for links to them, in one layer. */
const linkedBytes = 2 * 1024 * 1024 * 1024;

/** Largest file of {@link releasePaths} that is read, in bytes. */
const releaseLimit = 64 * 1024;

/** Where a distribution says its name, the better place first (os-release(5)). */
export const releasePaths = ['etc/os-release', 'usr/lib/os-release', 'etc/alpine-release'] as const;

/** Whether the path is one where a distribution says its name. */
export function isRelease(path: string): boolean {
  return path === releasePaths[0] || path === releasePaths[1] || path === releasePaths[2];
}

/**
 * Surveys one layer (or a folder) whose entries are told to it in order: keeps the table of entries and lets the
 * ecosystem that claims a path read its body.
 */
export class Surveyor implements TarHandler {
  readonly #ecosystems: readonly Ecosystem[];
  readonly #scratch = new Scratch();
  readonly #entries = new EntryTableBuilder();
  readonly #files = new SurveyedList();
  readonly #problems: Problem[] = [];
  /** Claimed hard links, and who claims them. */
  readonly #hardLinks: { readonly link: ReadAsPath; readonly readers: readonly Ecosystem[] }[] = [];
  /** Large bodies of which parts were not enough: they are read again as a whole. */
  #again: ReadAsPath[] = [];
  /** Which plugin did not want which body after its first bytes: nor will it want a hard link to it. */
  readonly #refused = new Set<string>();
  #escape = false;
  readonly #claimants: Claimants;
  readonly #ownership: OwnershipLists;
  readonly #folderReaders: readonly Ecosystem[];
  /** Absent: packages alone are looked for. */
  readonly #finder: LayerFinder | undefined;

  constructor(ecosystems: readonly Ecosystem[], look?: ReadyLook) {
    this.#ecosystems = ecosystems;
    this.#claimants = new Claimants(ecosystems);
    this.#finder = look && new LayerFinder(look);
    this.#ownership = new OwnershipLists(ecosystems, this.#finder?.owners);
    this.#folderReaders = ecosystems.filter(({ claimsFolder }) => claimsFolder);
  }

  entry(entry: TarEntry): BodySink | undefined {
    if (!this.#escape && escapesRoot(entry.path)) this.#noteEscape();
    const path = entryPath(entry);
    if (path === undefined) return undefined;
    const index = this.#entries.add(path, entry);
    if (entry.type === 'hardlink') this.#noteHardLink(path, entry, index);
    if (entry.type === 'dir') this.#readFolder(path, entry, index);
    if (entry.type !== 'file') return undefined;
    const sink = this.#sinkFor(path, entry, index);
    return this.#finder ? this.#finder.sink(path, entry, index, sink) : sink;
  }

  #readFolder(path: string, entry: TarEntry, index: number): void {
    for (const reader of this.#folderReaders) {
      if (!reader.claimsFolder?.(path)) continue;
      for (const file of readWhole(reader, { path, entry, index }, Buffer.alloc(0))) this.#files.push(file);
    }
  }

  /**
   * The bodies that must be read in a second pass: targets of claimed hard links, and large ones of which parts were not
   * enough. To be asked once, after the first.
   */
  hardLinks(): ReadAs {
    const readAs = new Map<string, ReadAsPath[]>();
    if (this.#hardLinks.length === 0 && this.#again.length === 0) return readAs;
    const entries = this.#entries.build();
    const bodies = linkedBodies(entries);
    const repeated = repeatedPaths(entries);
    const said = this.#filesByEntry();
    for (const { link, readers } of this.#hardLinks) {
      const body = bodies.get(link.entry);
      const source = body === undefined ? undefined : entries.paths.at(body);
      if (body === undefined || source === undefined) continue;
      if (this.#repeats(link, readers, source, said.get(body) ?? [])) continue;
      addReadAs(readAs, source, repeated.has(source) ? { ...link, body } : link);
    }
    for (const place of this.#again) {
      addReadAs(readAs, place.path, repeated.has(place.path) ? { ...place, body: place.entry } : place);
    }
    this.#again = [];
    return readAs;
  }

  #filesByEntry(): ReadonlyMap<number, SurveyedFile[]> {
    const byEntry = new Map<number, SurveyedFile[]>();
    for (const file of this.#files.files) {
      const files = byEntry.get(file.entry);
      if (files) files.push(file);
      else byEntry.set(file.entry, [file]);
    }
    return byEntry;
  }

  /** Says of a link what was said of its body, where every reader goes by the bytes alone: it saves the second pass. */
  #repeats(link: ReadAsPath, readers: readonly Ecosystem[], source: string, said: readonly SurveyedFile[]): boolean {
    // A reader that goes by the size as well has not claimed the link, which has none.
    const claimed = new Set(readers.map(({ id }) => id));
    if (isRelease(link.path) || said.some((file) => !claimed.has(file.ecosystem) && saysSomething(file))) return false;
    const same = (reader: Ecosystem) =>
      reader.bytesAlone?.(link.path) && reader.bytesAlone(source) && said.some((file) => file.ecosystem === reader.id);
    if (!readers.every(same)) return false;
    for (const file of said) if (claimed.has(file.ecosystem)) this.#files.push({ ...file, entry: link.entry });
    return true;
  }

  /** A handler for a second pass over the same layer that reads only the bodies named, as if at other paths. */
  reread(readAs: ReadAs): TarHandler {
    let number = -1;
    let budget = linkedBytes;
    return {
      entry: (entry) => {
        const path = entryPath(entry);
        if (path === undefined) return undefined;
        number++;
        const places = entry.type === 'file' ? readAs.get(path) : undefined;
        if (!places) return undefined;
        const wanted = places.filter((place) => place.body === undefined || place.body === number);
        const sinks: BodySink[] = [];
        for (const place of wanted) {
          const linked = { ...entry, mode: entry.mode | place.mode };
          // A body that is read again at its own place is read once more and no oftener.
          const own = place.entry === number && place.path === path;
          const reads = own || budget > 0;
          const sink = reads ? this.#sinkFor(place.path, linked, place.entry, true) : this.#leave(place, linked);
          if (sink) sinks.push(sink);
          if (sink && !own) budget -= entry.size;
        }
        return sinks.length > 1 ? this.#fanOut(sinks, wanted, entry) : sinks[0];
      },
    };
  }

  /** One body for several places: it is collected once, and each sink gets it whole in its turn, in the same memory. */
  #fanOut(sinks: readonly BodySink[], places: readonly ReadAsPath[], entry: TarEntry): BodySink {
    return new CollectingSink(this.#scratch, {
      size: entry.size,
      limit: Math.max(releaseLimit, ...this.#ecosystems.map((ecosystem) => ecosystem.limit)),
      take: (bytes) => {
        for (const sink of sinks) if (sink.write(bytes) !== false) sink.end();
      },
      overflow: () => {
        for (const { path, entry: index } of places) {
          for (const reader of this.#claimants.of(path, entry)) this.#refuse(reader, path, index);
        }
      },
    });
  }

  #refuse(ecosystem: Ecosystem, path: string, entry: number): void {
    this.#files.push({ entry, ecosystem: ecosystem.id, packages: [], problems: [tooLarge(ecosystem, path)] });
  }

  /** Many links to one large body would be read for ever: what is left unread could be a package database. */
  #leave({ path, entry: index }: ReadAsPath, entry: TarEntry): undefined {
    for (const { id } of this.#claimants.of(path, entry)) {
      const problem = blinding(
        'layer/too-many-links',
        'the layer holds more hard links to package files than are read',
        path,
      );
      this.#files.push({ entry: index, ecosystem: id, packages: [], problems: [problem] });
    }
  }

  /** The survey of all that was told. */
  finish(diffId: Digest, unpacked: number): LayerSurvey {
    if (this.#again.length > 0) throw new Error('bodies that must be read again were not asked for');
    return {
      diffId,
      entries: this.#entries.build(),
      files: this.#files.saying(),
      problems: this.#problems,
      ...this.#finder?.finish(),
      unpacked,
    };
  }

  #noteEscape(): void {
    this.#escape = true;
    this.#problems.push(
      warning('layer/path-escape', 'an entry tries to leave the root folder; it is read as standing below it'),
    );
  }

  #noteHardLink(path: string, entry: TarEntry, index: number): void {
    const target = cleanPath(entry.link);
    const readers = this.#claimants.of(path, entry).filter((reader) => !this.#refused.has(`${reader.id} ${target}`));
    if (!isRelease(path) && readers.length === 0) return;
    this.#hardLinks.push({ link: { path, entry: index, mode: entry.mode }, readers });
  }

  /** Several kinds of package may claim one file, such as an executable; the first bytes tell whose it is. */
  #sinkFor(path: string, entry: TarEntry, index: number, whole = false): BodySink | undefined {
    if (isRelease(path)) return this.#releaseSink(path, entry, index);
    let readers = this.#claimants.of(path, entry);
    const lists = this.#ownership.of(path, entry);
    const apart = !readers.some(({ id }) => id === lists?.id);
    if (readers.length === 0 && !lists) return undefined;
    for (const reader of readers) if (entry.size > reader.limit) this.#refuse(reader, path, index);
    readers = readers.filter((reader) => entry.size <= reader.limit);
    if (readers.length === 0 && !lists) return undefined;
    const place = { path, entry, index };
    const collecting = {
      size: entry.size,
      limit: Math.max(...readers.map((reader) => reader.limit), lists?.limit ?? 0),
      wants: (first: Buffer) => {
        readers = this.#accepting(readers, path, first);
        return readers.length > 0 || lists !== undefined;
      },
      take: (bytes: Buffer) => {
        for (const reader of readers) for (const file of readWhole(reader, place, bytes)) this.#files.push(file);
        const listed = lists && this.#ownership.read(lists, place, bytes, apart);
        if (listed) this.#files.push(listed);
      },
      overflow: () => {
        for (const reader of readers) this.#refuse(reader, path, index);
      },
    };
    const partial = whole || lists ? undefined : this.#partialSink(readers, place, collecting);
    return partial ?? new CollectingSink(this.#scratch, collecting);
  }

  #accepting(readers: readonly Ecosystem[], path: string, first: Buffer): readonly Ecosystem[] {
    const accepting = readers.filter((reader) => !reader.sniff || reader.sniff(first, path));
    for (const reader of readers) {
      if (accepting.includes(reader)) this.#refused.delete(`${reader.id} ${path}`);
      else this.#refused.add(`${reader.id} ${path}`);
    }
    return accepting;
  }

  /** For a large body of which all that claim it need but parts. */
  #partialSink(claimants: readonly Ecosystem[], place: Place, collecting: Asking): BodySink | undefined {
    const readers: PartialReader[] = [];
    for (const { partial } of claimants) {
      if (!partial || place.entry.size < partial.from) return undefined;
      readers.push(partial);
    }
    const again = () => this.#again.push({ path: place.path, entry: place.index, mode: place.entry.mode });
    const takeParts = (kept: readonly KeptBody[]) => {
      const said: SurveyedFile[] = [];
      for (const [at, reader] of claimants.entries()) {
        if (this.#refused.has(`${reader.id} ${place.path}`)) continue;
        const files = kept[at] && readParts(reader, place, kept[at]);
        if (!files) return again();
        said.push(...files);
      }
      for (const file of said) this.#files.push(file);
    };
    return new PartialSink(this.#scratch, { ...collecting, path: place.path, readers, takeParts, again });
  }

  #releaseSink(path: string, entry: TarEntry, index: number): BodySink | undefined {
    if (entry.size > releaseLimit) return undefined;
    return new CollectingSink(this.#scratch, {
      size: entry.size,
      limit: releaseLimit,
      take: (bytes) => {
        const distribution = path === releasePaths[2] ? parseAlpineRelease(bytes) : parseOsRelease(bytes);
        if (!distribution) return;
        this.#files.push({ entry: index, ecosystem: 'os-release', packages: [], problems: [], distribution });
      },
    });
  }
}

/** The clean path of an entry that counts; undefined for the root itself and for what no runtime unpacks. */
export function entryPath(entry: TarEntry): string | undefined {
  const path = cleanPath(entry.path);
  return path === '' || entry.type === 'other' ? undefined : path;
}
