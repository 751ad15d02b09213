import { constants, createGunzip, type Gunzip, gzipSync } from 'node:zlib';
import { SluiceError } from '../../util/error.ts';
import type { Decompressor, Output, WindowSource } from './contract.ts';
import { WindowWriter } from './handle.ts';

/** Output of the public stream in bytes. */
const chunkSize = 256 * 1024;

/** Opens a gunzip of one or several members (RFC 1952). What `windowOf` offers may be used or not. */
export function openGunzip(output: Output, windowOf?: WindowSource): Decompressor {
  return handleWorks() ? new HandleGunzip(output, windowOf) : new StreamGunzip(output);
}

/** Inflates through the private handle. */
class HandleGunzip implements Decompressor {
  readonly #output: Output;
  readonly #writer: WindowWriter;

  constructor(output: Output, windowOf?: WindowSource) {
    this.#output = output;
    this.#writer = new WindowWriter(createGunzip(), windowOf);
  }

  write(bytes: Buffer): void {
    this.#run(constants.Z_NO_FLUSH, bytes);
  }

  finish(): void {
    this.#run(constants.Z_FINISH, Buffer.alloc(0));
  }

  close(): void {
    this.#writer.close();
  }

  #run(flush: number, input: Buffer): void {
    const writer = this.#writer;
    for (let offset = 0; ; offset = writer.offset) {
      const made = writer.step(flush, input, offset);
      if (writer.failure) throw gzipError(writer.failure);
      if (made.length > 0) this.#output(made);
      // A full window may hide more output; otherwise everything that could be made has been.
      if (!writer.full) return;
    }
  }
}

/** Inflates through the public stream: slower, for a Node whose binding is not the one we know. */
class StreamGunzip implements Decompressor {
  readonly #stream: Gunzip;
  readonly #ended: Promise<void>;
  #failure: SluiceError | undefined;

  constructor(output: Output) {
    this.#stream = createGunzip({ chunkSize });
    this.#stream.on('data', (bytes: Buffer) => {
      try {
        output(bytes);
      } catch (thrown) {
        this.#stream.destroy(thrown as Error);
      }
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#stream.on('end', resolve);
      this.#stream.on('error', (error: NodeJS.ErrnoException) => {
        this.#failure = error instanceof SluiceError ? error : gzipError(error.code ?? '');
        reject(this.#failure);
      });
    });
    this.#ended.catch(() => undefined);
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#failure) throw this.#failure;
    // The stream keeps the buffer beyond this call while the caller reuses it.
    if (!this.#stream.write(Buffer.from(bytes))) {
      await Promise.race([new Promise((resolve) => this.#stream.once('drain', resolve)), this.#ended]);
    }
    if (this.#failure) throw this.#failure;
  }

  finish(): Promise<void> {
    this.#stream.end();
    return this.#ended;
  }

  close(): void {
    this.#stream.destroy();
  }
}

function gzipError(code: string): SluiceError {
  if (code === 'Z_BUF_ERROR') return new SluiceError('gzip/truncated', 'the gzip stream ends early');
  return new SluiceError('gzip/damaged', `the gzip stream is damaged (${code || 'unknown error'})`);
}

type Open = (output: Output) => Decompressor;

let tested: boolean | undefined;

/** Whether the private handle inflates known members and reports a cut one, tried once. */
function handleWorks(): boolean {
  tested ??= works(gunzipWays.handle);
  return tested;
}

function works(open: Open): boolean {
  const packed = Buffer.concat([gzipSync('sluice '), gzipSync('sluice')]);
  return inflated(open, packed) === 'sluice sluice' && inflated(open, packed.subarray(0, -9)) === 'gzip/truncated';
}

/** What comes out, or the code of the failure. */
function inflated(open: Open, packed: Buffer): string {
  const seen: Buffer[] = [];
  let gunzip: Decompressor | undefined;
  try {
    gunzip = open((bytes) => seen.push(Buffer.from(bytes)));
    gunzip.write(packed);
    gunzip.finish();
    return Buffer.concat(seen).toString('latin1');
  } catch (thrown) {
    return thrown instanceof SluiceError ? thrown.code : '';
  } finally {
    gunzip?.close();
  }
}

/** For tests: the two ways to inflate, whichever this Node would choose. */
export const gunzipWays = {
  handle: (output: Output): Decompressor => new HandleGunzip(output),
  stream: (output: Output): Decompressor => new StreamGunzip(output),
};
