import { createHash } from 'node:crypto';
import type { ReadText, SecretReader } from '../../detect/secrets/contract.ts';
import type { BodySink } from '../../format/tar/contract.ts';
import type { Scratch } from '../body.ts';

/** Largest file whose digest is taken, should a secret be found in it, in bytes. */
const digestLimit = 256 * 1024;

/** What was found in a body, and by which digests package managers know it: none where they were not wanted. */
export type TellSecrets = (read: ReadText, digests: () => readonly string[]) => void;

/** Gives a body to a reader of secrets and tells what became of it, also of one that turned out to be no text. */
export class SecretSink implements BodySink {
  readonly #reader: SecretReader;
  readonly #size: number;
  readonly #tell: TellSecrets;
  /** Absent where no digest is wanted. */
  readonly #copy: Copy | undefined;
  #isBegun = false;

  /** `scratch`: where to keep a body that comes in pieces and whose digests may be wanted. */
  constructor(reader: SecretReader, size: number, scratch: Scratch | undefined, tell: TellSecrets) {
    this.#reader = reader;
    this.#size = size;
    this.#tell = tell;
    this.#copy = scratch && size <= digestLimit ? new Copy(scratch) : undefined;
  }

  write(bytes: Buffer): boolean {
    // Nearly every file comes in one piece, and is read where it is.
    if (!this.#isBegun && bytes.length === this.#size) {
      this.#tell(this.#reader.whole(bytes), () => (this.#copy ? digestsOf(bytes) : []));
      return false;
    }
    this.#isBegun = true;
    this.#copy?.add(bytes);
    if (this.#reader.write(bytes)) return true;
    this.end();
    return false;
  }

  end(): void {
    const copy = this.#copy;
    this.#tell(this.#reader.end(), () => (copy?.length === this.#size ? digestsOf(copy.bytes) : []));
  }
}

/** What has come of a body. */
class Copy {
  readonly #scratch: Scratch;
  length = 0;

  constructor(scratch: Scratch) {
    this.#scratch = scratch;
  }

  add(bytes: Buffer): void {
    if (this.length + bytes.length > digestLimit) this.length = Number.POSITIVE_INFINITY;
    if (this.length > digestLimit) return;
    bytes.copy(this.#scratch.reserve(this.length + bytes.length, this.length), this.length);
    this.length += bytes.length;
  }

  get bytes(): Buffer {
    return this.#scratch.reserve(0, 0).subarray(0, this.length);
  }
}

function digestsOf(bytes: Buffer): readonly string[] {
  return ['md5', 'sha1', 'sha256'].map((name) => `${name}:${createHash(name).update(bytes).digest('hex')}`);
}

/** Gives one body to two sinks, each as long as it wants it. Where the bytes are put is the first one's to say. */
export class PairSink implements BodySink {
  #first: BodySink | undefined;
  #second: BodySink | undefined;

  constructor(first: BodySink, second: BodySink) {
    this.#first = first;
    this.#second = second;
  }

  write(bytes: Buffer): boolean {
    if (this.#first?.write(bytes) === false) this.#first = undefined;
    if (this.#second?.write(bytes) === false) this.#second = undefined;
    return this.#first !== undefined || this.#second !== undefined;
  }

  room(length: number): Buffer | undefined {
    return this.#first?.room?.(length);
  }

  end(): void {
    this.#first?.end();
    this.#second?.end();
  }
}
