import type { Decompressor, Output } from '../../../src/format/decompress/contract.ts';
import { SluiceError } from '../../../src/util/error.ts';

/** What came out, and the code of the failure that ended it. */
export interface Unpacked {
  readonly bytes: Buffer;
  readonly failure: string | undefined;
}

/** Feeds a decompressor in pieces of the sizes given, over and over; each piece is overwritten once it was taken. */
export async function unpack(
  open: (output: Output) => Decompressor,
  packed: Buffer,
  sizes: readonly number[] = [packed.length || 1],
): Promise<Unpacked> {
  const parts: Buffer[] = [];
  const decompressor = open((bytes) => parts.push(Buffer.from(bytes)));
  try {
    for (let at = 0, i = 0; at < packed.length; i++) {
      const size = sizes[i % sizes.length] ?? 1;
      const piece = Buffer.from(packed.subarray(at, at + size));
      await decompressor.write(piece);
      piece.fill(0xaa);
      at += size;
    }
    await decompressor.finish();
    return { bytes: Buffer.concat(parts), failure: undefined };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { bytes: Buffer.concat(parts), failure: thrown.code };
  } finally {
    decompressor.close();
  }
}
