import { constants, createGunzip, type Gunzip, gzipSync } from 'node:zlib';
import { SluiceError } from '../../util/error.ts';
import type { Decompressor, Output } from './contract.ts';

/** Output window in bytes: it stays in the second-level cache, which measured faster than anything larger. */
const windowSize = 256 * 1024;

/**
 * The part of Node's zlib binding that inflates into a buffer of ours. It is private, so it is tested once at start
 * (see {@link handleWorks}) and left for the public streams when it behaves otherwise.
 */
interface InflateHandle {
  onerror: (message: string, errno: number, code: string) => void;
  writeSync(
    flush: number,
    input: Buffer | null,
    inputOffset: number,
    inputLength: number,
    output: Buffer,
    outputOffset: number,
    outputLength: number,
  ): void;
  close(): void;
}

/** Opens a gunzip of one or several members (RFC 1952). */
export function openGunzip(output: Output): Decompressor {
  return handleWorks() ? new HandleGunzip(output) : new StreamGunzip(output);
}

/** Inflates through the private handle: no copy, no thread hop, one reused window. */
class HandleGunzip implements Decompressor {
  readonly #output: Output;
  readonly #window = Buffer.allocUnsafeSlow(windowSize);
  readonly #handle: InflateHandle;
  /** [bytes of the window left, bytes of the input left], written by the binding. */
  readonly #state: Uint32Array;
  #failure = '';
  #closed = false;

  constructor(output: Output) {
    this.#output = output;
    const stream = createGunzip() as unknown as { _handle: InflateHandle; _writeState: Uint32Array };
    this.#handle = stream._handle;
    this.#state = stream._writeState;
    // With Node's own handler a corrupt stream destroys the handle, and the next write aborts the whole process.
    this.#handle.onerror = (_message, _errno, code) => {
      this.#failure ||= code;
    };
  }

  write(bytes: Buffer): void {
    this.#run(constants.Z_NO_FLUSH, bytes);
  }

  finish(): void {
    this.#run(constants.Z_FINISH, Buffer.alloc(0));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handle.close();
  }

  #run(flush: number, input: Buffer): void {
    let offset = 0;
    for (;;) {
      const left = input.length - offset;
      this.#handle.writeSync(flush, input, offset, left, this.#window, 0, windowSize);
      if (this.#failure) throw gzipError(this.#failure);
      const made = windowSize - (this.#state[0] ?? 0);
      offset = input.length - (this.#state[1] ?? 0);
      if (made > 0) this.#output(this.#window.subarray(0, made));
      // A full window may hide more output; otherwise everything that could be made has been.
      if (made < windowSize) return;
    }
  }
}

/** Inflates through the public stream: slower, for a Node whose binding is not the one we know. */
class StreamGunzip implements Decompressor {
  readonly #stream: Gunzip;
  readonly #ended: Promise<void>;
  #failure: SluiceError | undefined;

  constructor(output: Output) {
    this.#stream = createGunzip({ chunkSize: windowSize });
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

let tested: boolean | undefined;

/** Whether the private handle inflates a known member and reports a cut one, tried once. */
function handleWorks(): boolean {
  if (tested !== undefined) return tested;
  try {
    const text = Buffer.from('sluice sluice sluice');
    const packed = gzipSync(text);
    const seen: Buffer[] = [];
    const whole = new HandleGunzip((bytes) => seen.push(Buffer.from(bytes)));
    whole.write(packed);
    whole.finish();
    whole.close();
    tested = Buffer.concat(seen).equals(text) && reportsTruncation(packed);
  } catch {
    tested = false;
  }
  return tested;
}

function reportsTruncation(packed: Buffer): boolean {
  const cut = new HandleGunzip(() => undefined);
  try {
    cut.write(packed.subarray(0, packed.length - 9));
    cut.finish();
    return false;
  } catch (thrown) {
    return thrown instanceof SluiceError && thrown.code === 'gzip/truncated';
  } finally {
    cut.close();
  }
}

/** For tests: the two ways to inflate, whichever this Node would choose. */
export const gunzipWays = {
  handle: (output: Output): Decompressor => new HandleGunzip(output),
  stream: (output: Output): Decompressor => new StreamGunzip(output),
};
