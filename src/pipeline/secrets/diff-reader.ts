/** Told the lines that changes add. */
export interface OnAdded {
  /** Another commit begins: its full hash. */
  commit(hash: string): void;
  /** Another file begins: its path below the root of the repository. */
  file(path: string): void;
  /** Lines follow that begin with this one in the new file. */
  hunk(line: number): void;
  /** A piece of the added lines, with their ends. */
  added(bytes: Buffer): void;
  /** All has been told. */
  end(): void;
}

/** Longest line that is not content (bytes): longer ones tell nothing. */
const longestHeader = 16_384;
const lineFeed = 0x0a;
const plus = 0x2b;
const minus = 0x2d;

/** Begins a commit in what `git log --format` writes: no line of a change can begin so. */
export const commitMark = '\x01commit ';

/**
 * Reads what `git log -p` and `git diff` write, in pieces of any size: how many lines of a part are content its header
 * tells, so that no content is taken for a header. Merges are read in their combined form, of which the lines that no
 * parent has are told.
 */
export class DiffReader {
  readonly #on: OnAdded;
  /** The beginning of a line that is no content. */
  #header: Buffer[] = [];
  #headerSize = 0;
  /** Lines of the part that are still to come: of each parent, and of the result. */
  #old: number[] = [];
  #new = 0;
  /** The signs in front of the line that is being read, as far as they have come. */
  #signs = '';
  #inLine = false;
  /** Whether the line that is being read is told. */
  #isTold = false;
  #isRemoved = false;

  constructor(on: OnAdded) {
    this.#on = on;
  }

  write(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) at = this.#inHunk() ? this.#content(bytes, at) : this.#headerLine(bytes, at);
  }

  end(): void {
    this.#on.end();
  }

  #inHunk(): boolean {
    return this.#inLine || this.#new > 0 || this.#old.some((count) => count > 0);
  }

  /** One line of content, or the part of it that is there. */
  #content(bytes: Buffer, from: number): number {
    let at = from;
    if (!this.#inLine) {
      while (this.#signs.length < this.#old.length && at < bytes.length) {
        const sign = bytes[at]!;
        // `\ No newline at end of file` is no line of either.
        if (this.#signs === '' && sign === 0x5c) {
          this.#startLine('\\');
          break;
        }
        this.#signs += String.fromCharCode(sign);
        at++;
      }
      if (!this.#inLine && this.#signs.length < this.#old.length) return at;
      if (!this.#inLine) this.#startLine(this.#signs);
    }
    const feed = bytes.indexOf(lineFeed, at);
    const end = feed < 0 ? bytes.length : feed + 1;
    if (this.#isTold) this.#on.added(bytes.subarray(at, end));
    if (feed >= 0) this.#endLine();
    return end;
  }

  #startLine(signs: string): void {
    this.#inLine = true;
    this.#isTold = false;
    this.#isRemoved = signs.includes('-');
    if (signs === '\\') return;
    const codes = Buffer.from(signs, 'latin1');
    this.#isTold = codes.every((code) => code === plus);
    for (const [parent, code] of codes.entries())
      if (this.#isRemoved ? code === minus : code !== plus) this.#old[parent]!--;
    if (!this.#isRemoved) this.#new--;
  }

  #endLine(): void {
    this.#inLine = false;
    this.#signs = '';
  }

  #headerLine(bytes: Buffer, from: number): number {
    const feed = bytes.indexOf(lineFeed, from);
    const end = feed < 0 ? bytes.length : feed;
    if (this.#headerSize < longestHeader) this.#header.push(Buffer.from(bytes.subarray(from, end)));
    this.#headerSize += end - from;
    if (feed < 0) return end;
    const line = this.#headerSize <= longestHeader ? Buffer.concat(this.#header).toString('utf8') : '';
    this.#header = [];
    this.#headerSize = 0;
    this.#readHeader(line);
    return feed + 1;
  }

  #readHeader(line: string): void {
    if (line.startsWith(commitMark)) this.#on.commit(line.slice(commitMark.length));
    else if (line.startsWith('+++ ')) {
      const path = pathIn(line.slice(4));
      if (path !== undefined) this.#on.file(path);
    } else if (line.startsWith('@@')) this.#readHunk(line);
  }

  /** `@@ -1,2 +3,4 @@`; of a merge one `@` more for each parent. */
  #readHunk(line: string): void {
    const parts = /^(@{2,64}) ((?:-\d{1,9}(?:,\d{1,9})? ){1,63})\+(\d{1,9})(?:,(\d{1,9}))? @/.exec(line);
    if (parts === null) return;
    this.#old = parts[2]!
      .trim()
      .split(' ')
      .map((part) => Number(part.split(',')[1] ?? 1));
    this.#new = Number(parts[4] ?? 1);
    this.#on.hunk(Number(parts[3]));
  }
}

/** `b/path`, or that in quotes with octal escapes; undefined: there is no new file. */
function pathIn(text: string): string | undefined {
  // A tab ends names with spaces.
  const name = text.replace(/\t$/, '');
  if (name === '/dev/null') return undefined;
  const plain = name.startsWith('"') ? unquoted(name) : name;
  return plain.replace(/^b\//, '');
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

function unquoted(text: string): string {
  const inner = text.replace(/^"|"$/g, '');
  const bytes = inner.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8) & 0xff) : (escapes[code] ?? code),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
