import { closeSync, type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { limitedTo } from '../format/vex/limited-to.ts';
import { documentLimit } from '../format/vex/limits.ts';
import { parseVex } from '../format/vex/parse-vex.ts';
import { type Digest, digestOf } from '../model/digest.ts';
import type { GivenVex } from '../model/vex.ts';
import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import { openFile, readWholeRegion } from './file.ts';
import { type Listed, listedIn } from './vex-repository.ts';

/** Most files of one folder that are looked at. */
const fileLimit = 100_000;
/** How deep folders are looked into. */
const depthLimit = 16;
/** Most bytes of VEX that are read for one scan. */
const totalLimit = 1024 * 1024 * 1024;

/** Ends of names of files that are meant to be VEX: one of those that can't be read is not passed over. */
const meant = ['.openvex.json', '.vex.json', '.csaf.json'];

/**
 * Reads VEX from files, plain folders of `*.json` and VEX repository folders: sorted by document and digest, each once, all
 * believed. `onWarning` is told of files in folders that are no VEX or can't be read. @throws SluiceError `file/...`, `vex/...`, `json/...`
 */
export function readVex(paths: readonly string[], onWarning?: (message: string) => void): readonly GivenVex[] {
  const reading = new Reading(onWarning ?? (() => {}));
  for (const path of paths) {
    if (!isFolder(path)) reading.file(path);
    else {
      const listed = listedIn(path, (message) => onWarning?.(`${basename(resolve(path))}: ${message}`));
      if (listed === undefined) reading.folder(path);
      else reading.repository(path, listed);
    }
  }
  return reading.all();
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** A document, and the packages that it may speak of; absent: it was given for itself. */
interface Read {
  readonly given: GivenVex;
  about: string[] | undefined;
}

const digests = new WeakMap<Buffer, Digest>();

/** One document may be kept for many packages: its digest is worked out once. */
function knownDigest(bytes: Buffer): Digest {
  const digest = digests.get(bytes) ?? digestOf(bytes);
  digests.set(bytes, digest);
  return digest;
}

/** Documents by their digests, as they are read. */
class Reading {
  readonly #read = new Map<string, Read>();
  readonly #warn: (message: string) => void;
  #bytes = 0;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  all(): GivenVex[] {
    const given = [...this.#read.values()].map(({ given: one, about }): GivenVex => {
      if (about === undefined) return one;
      const listedFor = [...new Set(about)].sort(compareText);
      return { ...one, document: limitedTo(one.document, listedFor), listedFor };
    });
    const name = ({ document, name: file }: GivenVex): string => document.id || file;
    return given.sort((a, b) => compareText(name(a), name(b)) || compareText(a.digest, b.digest));
  }

  /** A file that the user named. */
  file(path: string): void {
    const name = basename(path);
    try {
      this.#keep(name, this.#bytesOf(path, name), undefined);
    } catch (thrown) {
      throw named(name, thrown);
    }
  }

  /** All JSON files of a folder and its folders. */
  folder(path: string): void {
    let others = 0;
    let read = 0;
    for (const file of jsonFiles(path)) {
      try {
        read++;
        this.#keep(basename(file), this.#bytesOf(file, basename(file)), undefined);
      } catch (thrown) {
        if (!isOther(file, thrown)) throw named(basename(file), thrown);
        others++;
      }
    }
    if (read === others) this.#warn(`${basename(resolve(path))}: the folder has no VEX in it`);
    if (others > 0) {
      this.#warn(
        `${basename(resolve(path))}: skipped ${others} JSON ${others === 1 ? 'file that is' : 'files that are'} no VEX`,
      );
    }
  }

  /** The documents that a VEX repository lists: one that can't be read is its keeper's matter, and stops nobody. */
  repository(path: string, listed: readonly Listed[]): void {
    let unread = 0;
    let first = '';
    if (listed.length === 0) this.#warn(`${basename(resolve(path))}: the VEX repository lists no document`);
    for (const { file, location, packages } of listed) {
      try {
        const bytes = this.#bytesOf(file, location);
        for (const id of packages) this.#keep(basename(location), bytes, id);
      } catch (thrown) {
        if (!(thrown instanceof SluiceError) || thrown.code === 'vex/too-much') throw thrown;
        if (unread++ === 0) first = `${location}: ${thrown.message}`;
      }
    }
    if (unread > 0) this.#warn(`${basename(resolve(path))}: ${unread} documents can't be read, such as ${first}`);
  }

  #bytesOf(path: string, name: string): Buffer {
    const file = openFile(path, name);
    try {
      if (file.size > documentLimit) {
        throw new SluiceError('vex/too-large', `the VEX document is larger than ${documentLimit} bytes`);
      }
      this.#bytes += file.size;
      if (this.#bytes > totalLimit) {
        throw new SluiceError('vex/too-much', `the VEX documents have more than ${totalLimit} bytes together`);
      }
      return readWholeRegion(file.fd, 0, file.size);
    } finally {
      closeSync(file.fd);
    }
  }

  /** One document may be listed for several packages; one that the user gave speaks of all that it names. */
  #keep(name: string, bytes: Buffer, about: string | undefined): void {
    const digest = knownDigest(bytes);
    const before = this.#read.get(digest);
    if (before === undefined) {
      const given: GivenVex = { document: parseVex(bytes), name, digest, believed: true };
      this.#read.set(digest, { given, about: about === undefined ? undefined : [about] });
    } else if (about === undefined) before.about = undefined;
    else before.about?.push(about);
  }
}

/** Whether a file of a folder is simply something else. */
function isOther(path: string, thrown: unknown): boolean {
  if (!(thrown instanceof SluiceError) || thrown.code === 'vex/too-much') return false;
  return !meant.some((end) => path.endsWith(end)) || thrown.code === 'vex/no-analysis';
}

function named(name: string, thrown: unknown): unknown {
  if (!(thrown instanceof SluiceError) || thrown.message.includes(name)) return thrown;
  return new SluiceError(thrown.code, `${name}: ${thrown.message}`, thrown.hint);
}

/** Sorted, so that what is read first is the same everywhere. Links are not followed: one could lead anywhere, or around. */
function* jsonFiles(folder: string, depth = 0, seen = { files: 0 }): Generator<string> {
  if (depth > depthLimit) throw new SluiceError('vex/too-deep', `folders nest deeper than ${depthLimit} levels`);
  for (const entry of entriesOf(folder)) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* jsonFiles(path, depth + 1, seen);
    else if (entry.isFile() && entry.name.endsWith('.json')) {
      if (++seen.files > fileLimit)
        throw new SluiceError('vex/too-many', `the folder has more than ${fileLimit} files`);
      yield path;
    }
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => compareText(a.name, b.name));
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new SluiceError('file/unreadable', `${basename(folder)} can't be read (${code ?? 'unknown error'})`);
  }
}
