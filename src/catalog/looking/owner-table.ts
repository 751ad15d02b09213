import type { Owner } from '../../model/package.ts';
import type { OwnerTable } from '../../model/survey.ts';

/** Most files that are noted of one layer: the largest images list a fifth. */
const mostFiles = 500_000;
/** Numbers of a row: two hashes of the path, the owner, the front of the digest or 0. */
const rowLength = 4;
/** Bytes of a row. */
const rowBytes = rowLength * 4;
/** Hexadecimal digits of a digest that are kept. */
const digestLength = 8;

/** What a table says of a file. */
export interface NotedOwner {
  readonly ecosystem: string;
  readonly owner: Owner;
  /** Algorithm and the first digits of the digest that the package's list says: `md5:0123abcd`. */
  readonly digest?: string;
}

const algorithms = ['md5', 'sha1', 'sha256'] as const;

/** Notes which package's file every path is that a layer's lists name, as hashes: paths themselves would fill the survey. */
export class OwnerTableBuilder {
  readonly #owners: OwnerTable['owners'][number][] = [];
  readonly #numbers = new Map<string, number>();
  #rows = new Uint32Array(rowLength * 1024);
  #count = 0;
  #last: { readonly owner: Owner; readonly ecosystem: string; readonly number: number } | undefined;

  /** Notes one file of a package. `digest`: `md5:`, `sha1:` or `sha256:` and hex. */
  add(ecosystem: string, owner: Owner, path: string, digest: string | undefined): void {
    if (this.#count >= mostFiles) return;
    const at = this.#count * rowLength;
    if (at === this.#rows.length) this.#grow();
    const [first, second] = hashesOf(path);
    this.#rows[at] = first;
    this.#rows[at + 1] = second;
    const colon = digest?.indexOf(':') ?? -1;
    const algorithm = digest === undefined ? -1 : (algorithms as readonly string[]).indexOf(digest.slice(0, colon));
    this.#rows[at + 2] = (this.#numberOf(ecosystem, owner) << 2) | (algorithm + 1);
    this.#rows[at + 3] =
      digest === undefined ? 0 : Number.parseInt(digest.slice(colon + 1, colon + 1 + digestLength), 16);
    this.#count++;
  }

  /** Undefined when no list was read. */
  build(): OwnerTable | undefined {
    if (this.#count === 0) return undefined;
    const rows = this.#rows.subarray(0, this.#count * rowLength);
    return { owners: this.#owners, rows: Buffer.from(sorted(rows).buffer).toString('base64') };
  }

  /** Lists name the files of one package after another. */
  #numberOf(ecosystem: string, owner: Owner): number {
    if (this.#last?.owner === owner && this.#last.ecosystem === ecosystem) return this.#last.number;
    const { name, version, arch } = owner;
    const key = JSON.stringify([ecosystem, name, version, arch]);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#owners.length;
      this.#numbers.set(key, number);
      // Cut out of a larger text, a name keeps all of that in memory.
      this.#owners.push(JSON.parse(JSON.stringify({ ecosystem, owner: { name, version, arch } })));
    }
    this.#last = { owner, ecosystem, number };
    return number;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#rows.length * 2);
    larger.set(this.#rows);
    this.#rows = larger;
  }
}

/** The same rows in the order of their first hash, and of their coming where that is the same. */
function sorted(rows: Uint32Array): Uint32Array {
  const count = rows.length / rowLength;
  const order = new Float64Array(count);
  // The hash and the row's number in one: 32 and 19 bits.
  for (let i = 0; i < count; i++) order[i] = (rows[i * rowLength] ?? 0) * 2 ** 20 + i;
  order.sort();
  const out = new Uint32Array(rows.length);
  order.forEach((key, i) => {
    const from = (key % 2 ** 20) * rowLength;
    out.set(rows.subarray(from, from + rowLength), i * rowLength);
  });
  return out;
}

/** Reads what {@link OwnerTableBuilder} has noted. */
export class OwnerTableReader {
  readonly #owners: OwnerTable['owners'];
  readonly #rows: Uint32Array;

  constructor({ owners, rows }: OwnerTable) {
    const bytes = Buffer.from(rows, 'base64');
    this.#owners = owners;
    this.#rows = new Uint32Array(new Uint8Array(bytes).buffer, 0, Math.floor(bytes.length / rowBytes) * rowLength);
  }

  /** All that lists of the layer say of the file at a path. */
  of(path: string): NotedOwner[] {
    const [first, second] = hashesOf(path);
    const found: NotedOwner[] = [];
    for (let row = this.#firstRow(first); this.#rows[row * rowLength] === first; row++) {
      const at = row * rowLength;
      if (this.#rows[at + 1] !== second) continue;
      const said = this.#rows[at + 2] ?? 0;
      const noted = this.#owners[said >>> 2];
      if (!noted) continue;
      const algorithm = algorithms[(said & 3) - 1];
      const digest = (this.#rows[at + 3] ?? 0).toString(16).padStart(digestLength, '0');
      found.push({ ...noted, ...(algorithm ? { digest: `${algorithm}:${digest}` } : {}) });
    }
    return found;
  }

  #firstRow(hash: number): number {
    let low = 0;
    let high = this.#rows.length / rowLength;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#rows[middle * rowLength] ?? 0) < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Two hashes of 32 bits: that another of an image's paths has the same two does not happen by itself. */
function hashesOf(path: string): readonly [number, number] {
  let first = 0x811c9dc5;
  let second = path.length;
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second + code, 0x9e3779b1);
    second ^= second >>> 15;
  }
  return [first >>> 0, second >>> 0];
}
