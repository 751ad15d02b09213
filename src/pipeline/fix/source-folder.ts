import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { messageOf, SluiceError } from '../../util/error.ts';
import { cleanPath } from '../../util/path.ts';

/** Largest file that is edited, in bytes; the largest real lock files have a tenth. */
const largestFile = 32 * 1024 * 1024;

/**
 * The files of a source folder: read once, edited in memory, written only when the user says so. No link leads out of the
 * folder: a path through one that does is refused.
 */
export class SourceFolder {
  readonly #root: string;
  readonly #before = new Map<string, string | undefined>();
  readonly #after = new Map<string, string>();

  /** @throws SluiceError `fix/source` when the folder can't be read */
  constructor(path: string) {
    try {
      this.#root = realpathSync(path);
    } catch (thrown) {
      throw new SluiceError('fix/source', `the source folder can't be read (${codeOf(thrown)})`);
    }
    if (!lstatSync(this.#root).isDirectory()) throw new SluiceError('fix/source', 'the source is not a folder');
  }

  /** The path of a file below the folder, from a path of this machine; undefined when it lies elsewhere. */
  relative(path: string): string | undefined {
    try {
      const real = realpathSync(path);
      return real.startsWith(`${this.#root}/`) ? real.slice(this.#root.length + 1) : undefined;
    } catch {
      return undefined;
    }
  }

  /** The text as it is by now; undefined when there is no such file, or it is no text that can be edited. */
  text(path: string): string | undefined {
    return this.#after.get(path) ?? this.#original(path);
  }

  /** The text as it was before any edit. */
  before(path: string): string | undefined {
    return this.#original(path);
  }

  /** Keeps a new text of a file that was read. */
  edit(path: string, text: string): void {
    if (this.#original(path) !== undefined) this.#after.set(path, text);
  }

  /** The files that were edited, by path. */
  edits(): { readonly path: string; readonly before: string; readonly after: string }[] {
    return [...this.#after]
      .map(([path, after]) => ({ path, before: this.#original(path) ?? '', after }))
      .filter(({ before, after }) => before !== after)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Writes files, each whole or not at all; none where one is no longer what it was. @throws SluiceError `fix/unwritable`, `fix/changed` */
  write(files: readonly { readonly path: string; readonly text: string }[]): void {
    for (const { path } of files) {
      const before = this.#original(path);
      if (before !== undefined && this.#read(path) === before) continue;
      throw new SluiceError('fix/changed', `${path} has changed while it was looked at: nothing is written`);
    }
    for (const { path, text } of files) this.#replace(path, text);
  }

  #replace(path: string, text: string): void {
    const real = join(this.#root, path);
    const temporary = `${real}.${process.pid}.tmp`;
    try {
      writeFileSync(temporary, text, { flag: 'wx', mode: lstatSync(real).mode & 0o777 });
      renameSync(temporary, real);
    } catch (thrown) {
      rmSync(temporary, { force: true });
      throw new SluiceError('fix/unwritable', `${path} can't be written (${codeOf(thrown)})`);
    }
  }

  #original(path: string): string | undefined {
    if (!this.#before.has(path)) this.#before.set(path, this.#read(path));
    return this.#before.get(path);
  }

  #read(path: string): string | undefined {
    if (path === '' || cleanPath(path) !== path || path.includes('\0')) return undefined;
    const real = join(this.#root, path);
    try {
      // A link anywhere on the way would make it another file than the one that the patch names.
      if (realpathSync(real) !== real) return undefined;
      const bytes = readBounded(real);
      const text = bytes?.toString('utf8');
      return bytes && text !== undefined && Buffer.from(text).equals(bytes) ? text : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Undefined when it is no plain file, or too large. */
function readBounded(path: string): Buffer | undefined {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size > largestFile) return undefined;
    const bytes = Buffer.alloc(stat.size);
    let at = 0;
    while (at < bytes.length) {
      const got = readSync(fd, bytes, at, bytes.length - at, at);
      if (got === 0) break;
      at += got;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(fd);
  }
}

function codeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException).code ?? messageOf(thrown);
}
