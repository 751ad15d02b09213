import { createHash } from 'node:crypto';
import type { ReadText, SecretReader } from '../../detect/secrets/contract.ts';
import type { BodySink } from '../../format/tar/contract.ts';
import type { Scratch } from '../body.ts';

/** Gives a body to a reader of secrets and tells what became of it, also of one that turned out to be no text. */
export class SecretSink implements BodySink {
  readonly #reader: SecretReader;
  readonly #tell: (read: ReadText) => void;

  constructor(reader: SecretReader, tell: (read: ReadText) => void) {
    this.#reader = reader;
    this.#tell = tell;
  }

  write(bytes: Buffer): boolean {
    if (this.#reader.write(bytes)) return true;
    this.end();
    return false;
  }

  end(): void {
    this.#tell(this.#reader.end());
  }
}

/** Collects a body whose digests may be asked for when it has come: of few files they are. */
export class DigestSink implements BodySink {
  readonly #scratch: Scratch;
  readonly #limit: number;
  #have = 0;

  constructor(scratch: Scratch, limit: number) {
    this.#scratch = scratch;
    this.#limit = limit;
  }

  write(bytes: Buffer): boolean {
    if (this.#have + bytes.length > this.#limit) {
      this.#have = Number.POSITIVE_INFINITY;
      return false;
    }
    bytes.copy(this.#scratch.reserve(this.#have + bytes.length, this.#have), this.#have);
    this.#have += bytes.length;
    return true;
  }

  end(): void {}

  /** By which package managers know files; none when there was more than the limit. */
  digests(): readonly string[] {
    if (this.#have > this.#limit) return [];
    const bytes = this.#scratch.reserve(0, 0).subarray(0, this.#have);
    return ['md5', 'sha1', 'sha256'].map((name) => `${name}:${createHash(name).update(bytes).digest('hex')}`);
  }
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
