import { ZSTDDecoder } from 'zstddec/stream';
import { SluiceError } from '../../util/error.ts';
import type { Decompressor, Output } from './contract.ts';

/** The functions of the WebAssembly build of zstd that decompress a stream (zstd.h). */
interface ZstdExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(size: number): number;
  free(pointer: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): void;
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

/** Input is handed over in pieces of at most this many bytes, output comes in pieces of at most this many. */
const pieceSize = 128 * 1024;

let zstd: ZstdExports | undefined;

/** Reaches the exports: the package's own streaming loop never checks an error code and so hangs on corrupt input. */
class ExportedDecoder extends ZSTDDecoder {
  override _init(result: Parameters<ZSTDDecoder['_init']>[0]): void {
    super._init(result);
    zstd = (result as { instance: { exports: unknown } }).instance.exports as ZstdExports;
  }
}

/** Loads the decoder; once in a process, before {@link openWasmUnzstd}. */
export async function loadZstdWasm(): Promise<void> {
  if (zstd === undefined) await new ExportedDecoder().init();
}

/** Opens a decompressor of one or several zstd frames (RFC 8878). @throws SluiceError `zstd/not-loaded` */
export function openWasmUnzstd(output: Output): Decompressor {
  if (zstd === undefined) throw new SluiceError('zstd/not-loaded', 'the zstd decoder is not loaded');
  return new WasmUnzstd(zstd, output);
}

class WasmUnzstd implements Decompressor {
  readonly #zstd: ZstdExports;
  readonly #output: Output;
  readonly #context: number;
  readonly #input: number;
  readonly #window: number;
  /** Two structures of three 32-bit words: pointer, size, position. */
  readonly #buffers: number;
  #expected = 0;
  #closed = false;

  constructor(exports: ZstdExports, output: Output) {
    this.#zstd = exports;
    this.#output = output;
    this.#context = exports.ZSTD_createDCtx();
    this.#input = exports.malloc(pieceSize);
    this.#window = exports.malloc(pieceSize);
    this.#buffers = exports.malloc(24);
  }

  write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += pieceSize) this.#piece(bytes.subarray(at, at + pieceSize));
  }

  #piece(bytes: Buffer): void {
    new Uint8Array(this.#zstd.memory.buffer).set(bytes, this.#input);
    const inputBuffer = this.#buffers;
    const outputBuffer = this.#buffers + 12;
    this.#words().set([this.#input, bytes.length, 0], inputBuffer >> 2);
    for (;;) {
      this.#words().set([this.#window, pieceSize, 0], outputBuffer >> 2);
      const result = this.#zstd.ZSTD_decompressStream(this.#context, outputBuffer, inputBuffer) >>> 0;
      // ZSTD_isError: error codes are the last 120 values of size_t.
      if (result > 0xffffff87) throw new SluiceError('zstd/damaged', 'the zstd stream is damaged');
      this.#expected = result;
      const words = this.#words();
      const made = words[(outputBuffer >> 2) + 2] ?? 0;
      const taken = words[(inputBuffer >> 2) + 2] ?? 0;
      if (made > 0) this.#output(Buffer.from(this.#zstd.memory.buffer, this.#window, made));
      // A full window may hide more output, except at the end of a frame: there another call would begin the next one.
      if (taken === bytes.length && (made < pieceSize || result === 0)) return;
    }
  }

  finish(): void {
    if (this.#expected !== 0) throw new SluiceError('zstd/truncated', 'the zstd stream ends early');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#zstd.ZSTD_freeDCtx(this.#context);
    for (const pointer of [this.#input, this.#window, this.#buffers]) this.#zstd.free(pointer);
  }

  /** The memory may have grown, so that an earlier view is detached. */
  #words(): Uint32Array {
    return new Uint32Array(this.#zstd.memory.buffer);
  }
}
