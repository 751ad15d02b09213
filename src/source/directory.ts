import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readlinkSync, readSync } from 'node:fs';
import type { BodySink, EntryType, TarEntry, TarHandler } from '../format/tar/contract.ts';
import { decodeName } from '../format/tar/text.ts';
import { blinding, type Problem, warning } from '../model/problem.ts';
import { SluiceError } from '../util/error.ts';

/** Folders below which nothing is looked for where they are a running system's: what is mounted there is the kernel's. */
const kernelFolders = new Set(['proc', 'sys', 'dev']);

/** Most entries of a folder tree. */
const maxEntries = 20_000_000;

/** Most problems of a kind that are told. */
const maxProblems = 100;

/** Bytes read from a file at once. */
const windowSize = 256 * 1024;

/**
 * Tells a handler of everything below a folder, in the order of names, as if it were one layer. Symbolic links are
 * told of and never followed, so that nothing outside of the folder is read.
 */
export function walkDirectory(root: string, handler: TarHandler): Problem[] {
  const walk = new DirectoryWalk(root, handler);
  walk.folder('');
  return walk.problems;
}

class DirectoryWalk {
  readonly problems: Problem[] = [];
  readonly #root: Buffer;
  readonly #handler: TarHandler;
  readonly #window = Buffer.allocUnsafeSlow(windowSize);
  #entries = 0;

  constructor(root: string, handler: TarHandler) {
    this.#root = Buffer.from(`${root}/`);
    this.#handler = handler;
  }

  folder(start: string): void {
    const waiting = [start];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const names = this.#names(path);
      for (const name of names) {
        const child = path === '' ? name : `${path}/${name}`;
        if (this.#entry(child) && !(path === '' && this.#isKernels(name))) waiting.push(child);
      }
    }
  }

  /** A source tree may well have a folder `dev` of its own; the kernel's are other file systems. */
  #isKernels(name: string): boolean {
    return kernelFolders.has(name) && lstatSync(this.#at(name)).dev !== lstatSync(this.#at('')).dev;
  }

  #names(path: string): string[] {
    try {
      const folder = opendirSync(this.#at(path), { encoding: 'latin1' });
      try {
        const names: string[] = [];
        for (let item = folder.readSync(); item !== null; item = folder.readSync()) names.push(item.name);
        return names.sort();
      } finally {
        folder.closeSync();
      }
    } catch (thrown) {
      if (path === '') throw new SluiceError('file/unreadable', `the folder can't be read (${codeOf(thrown)})`);
      this.#problem(blinding('directory/unreadable', `the folder can't be read (${codeOf(thrown)})`, shown(path)));
      return [];
    }
  }

  /** Tells of one entry; true when it is a folder to go into. */
  #entry(path: string): boolean {
    if (++this.#entries > maxEntries) throw new SluiceError('directory/entries', 'the folder has too many entries');
    try {
      const stat = lstatSync(this.#at(path));
      const type = typeOf(stat);
      const link = type === 'symlink' ? decodeName(readlinkSync(this.#at(path), 'buffer')) : '';
      const entry: TarEntry = {
        path: shown(path),
        type,
        size: type === 'file' ? stat.size : 0,
        mode: stat.mode & 0o7777,
        uid: stat.uid,
        gid: stat.gid,
        link,
      };
      const sink = this.#handler.entry(entry);
      if (sink) this.#claimedBody(path, sink);
      return type === 'dir';
    } catch (thrown) {
      if (thrown instanceof SluiceError) throw thrown;
      this.#problem(warning('directory/unreadable', `the file can't be read (${codeOf(thrown)})`, shown(path)));
      return false;
    }
  }

  /** The body of a file that a plugin reads: what can't be read of it could be a package database. */
  #claimedBody(path: string, sink: BodySink): void {
    try {
      this.#body(path, sink);
    } catch (thrown) {
      if (thrown instanceof SluiceError) throw thrown;
      this.#problem(blinding('directory/unreadable', `the file can't be read (${codeOf(thrown)})`, shown(path)));
    }
  }

  /** A path of this machine. Names travel as latin1 text, one character a byte, for they need not be UTF-8. */
  #at(path: string): Buffer {
    return Buffer.concat([this.#root, Buffer.from(path, 'latin1')]);
  }

  #body(path: string, sink: BodySink): void {
    const fd = openSync(this.#at(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      // The file may have been exchanged for a pipe since it was looked at.
      if (!fstatSync(fd).isFile()) throw Object.assign(new Error('exchanged'), { code: 'ESTALE' });
      for (;;) {
        const got = readSync(fd, this.#window, 0, windowSize, null);
        if (got === 0) break;
        if (sink.write(this.#window.subarray(0, got)) === false) return;
      }
      sink.end();
    } finally {
      closeSync(fd);
    }
  }

  /** Keeps the first hundred of either kind: a hundred harmless ones must not push out one that blinds the gate. */
  #problem(problem: Problem): void {
    const alike = this.problems.filter((known) => known.blinding === problem.blinding);
    if (alike.length < maxProblems) this.problems.push(problem);
  }
}

function typeOf(stat: ReturnType<typeof lstatSync>): EntryType {
  if (!stat) return 'other';
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'dir';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isFIFO()) return 'fifo';
  if (stat.isCharacterDevice()) return 'char';
  return stat.isBlockDevice() ? 'block' : 'other';
}

function shown(path: string): string {
  return decodeName(Buffer.from(path, 'latin1'));
}

function codeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException).code ?? 'unknown error';
}
