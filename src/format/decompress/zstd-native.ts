import * as zlib from 'node:zlib';
import { SluiceError } from '../../util/error.ts';
import type { Decompressor, Output, WindowSource } from './contract.ts';
import { WindowWriter } from './handle.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** Largest window that a frame may ask for, as a power of two: 128 MiB, what the format wants of every decoder. */
const windowLogMax = 27;

/** What newer versions of Node have beyond what the oldest supported one is typed with. */
interface ZstdZlib {
  readonly createZstdDecompress?: (options: object) => object;
  readonly constants: { readonly ZSTD_e_continue?: number; readonly ZSTD_d_windowLogMax?: number };
}

const newer = zlib as unknown as ZstdZlib;

/** Decodes by Node's own zstd (Node 22.15, 23.8 and later). @throws SluiceError `zstd/damaged`, `zstd/truncated` */
export class NativeUnzstd implements Decompressor {
  readonly #output: Output;
  readonly #writer: WindowWriter;
  readonly #frames = new ZstdFrames();
  readonly #flush: number;

  constructor(output: Output, windowOf?: WindowSource) {
    this.#output = output;
    const { ZSTD_d_windowLogMax = -1, ZSTD_e_continue = 0 } = newer.constants;
    const stream = newer.createZstdDecompress?.({ params: { [ZSTD_d_windowLogMax]: windowLogMax } });
    if (stream === undefined) throw new SluiceError('zstd/not-loaded', 'this Node has no zstd decoder');
    this.#flush = ZSTD_e_continue;
    this.#writer = new WindowWriter(stream, windowOf);
  }

  write(bytes: Buffer): void {
    // Some calls that neither take nor make anything are an error to the decoder.
    if (bytes.length === 0) return;
    this.#frames.write(bytes);
    const writer = this.#writer;
    for (let offset = 0; ; offset = writer.offset) {
      const made = writer.step(this.#flush, bytes, offset);
      if (writer.failure) throw new SluiceError('zstd/damaged', 'the zstd stream is damaged');
      if (made.length > 0) this.#output(made);
      // The decoder stops at the end of each frame; a full window may hide more output.
      if (writer.offset === bytes.length && !writer.full) return;
    }
  }

  finish(): void {
    if (!this.#frames.whole) throw new SluiceError('zstd/truncated', 'the zstd stream ends early');
  }

  close(): void {
    this.#writer.close();
  }
}

/** A frame of one raw block that says "sluice". */
const sample = Buffer.from('28b52ffd2006310000736c75696365', 'hex');

let tested: boolean | undefined;

/** Whether this Node decodes a known frame, and reports a damaged one, by the handle that we know; tried once. */
export function nativeWorks(): boolean {
  tested ??= decodes(sample) && !decodes(Buffer.concat([sample, Buffer.from('no frame')]));
  return tested;
}

function decodes(packed: Buffer): boolean {
  const seen: Buffer[] = [];
  let decoder: NativeUnzstd | undefined;
  try {
    decoder = new NativeUnzstd((bytes) => seen.push(Buffer.from(bytes)));
    decoder.write(packed);
    decoder.finish();
    return Buffer.concat(seen).toString('latin1') === 'sluice';
  } catch {
    return false;
  } finally {
    decoder?.close();
  }
}
