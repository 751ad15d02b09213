import type { WindowSource } from './contract.ts';

/** Output window in bytes: it stays in the second-level cache, which measured faster than anything larger. */
const windowSize = 256 * 1024;

/**
 * The part of Node's zlib binding that decompresses into a buffer of ours: no copy, no thread hop, one reused window.
 * It is private, so each user tries it once on a known stream before it relies on it.
 */
export interface ZlibHandle {
  onerror: (message: string, errno: number, code: string) => void;
  writeSync(
    flush: number,
    input: Buffer,
    inputOffset: number,
    inputLength: number,
    output: Buffer,
    outputOffset: number,
    outputLength: number,
  ): void;
  reset(): void;
  close(): void;
}

/** The handle of one of Node's zlib streams, with what came of the last call. */
export class WindowWriter {
  readonly #handle: ZlibHandle;
  /** [bytes of the window left, bytes of the input left], written by the binding. */
  readonly #state: Uint32Array;
  readonly #windowOf: WindowSource;
  #closed = false;
  /** The code of the first error; empty while there is none. */
  failure = '';
  /** Where the last call stopped in its input. */
  offset = 0;
  /** Whether the last call filled its window, so that more may come without more input. */
  full = false;

  constructor(stream: object, windowOf: WindowSource = oneWindow()) {
    const { _handle, _writeState } = stream as { _handle: ZlibHandle; _writeState: Uint32Array };
    this.#handle = _handle;
    this.#state = _writeState;
    this.#windowOf = windowOf;
    // With Node's own handler a corrupt stream destroys the handle, and the next write aborts the whole process.
    this.#handle.onerror = (_message, _errno, code) => {
      this.failure ||= code || 'unknown error';
    };
  }

  /** Decompresses from `offset` on until the input or the window ends; the bytes are valid until the next call. */
  step(flush: number, input: Buffer, offset: number): Buffer {
    const window = this.#windowOf();
    this.#handle.writeSync(flush, input, offset, input.length - offset, window, 0, window.length);
    const made = window.length - (this.#state[0] ?? 0);
    this.offset = input.length - (this.#state[1] ?? 0);
    this.full = made === window.length;
    return window.subarray(0, made);
  }

  /** Begins a new stream. */
  reset(): void {
    this.#handle.reset();
  }

  /** Frees the handle; safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handle.close();
  }
}

/** The same window each time. */
function oneWindow(): WindowSource {
  const window = Buffer.allocUnsafeSlow(windowSize);
  return () => window;
}
