import type { Compression, Decompressor, Output, WindowSource } from './contract.ts';
import { openGunzip } from './gzip.ts';

/**
 * Opens the decompressor of a stream. Loads the zstd decoder only when it is needed. What is decompressed comes in the
 * windows that `windowOf` offers where the decoder can write there, else in memory of its own.
 */
export async function openDecompressor(
  compression: Compression,
  output: Output,
  windowOf?: WindowSource,
): Promise<Decompressor> {
  if (compression === 'gzip') return openGunzip(output, windowOf);
  if (compression === 'none') return { write: output, finish: () => undefined, close: () => undefined };
  const { loadZstd, openUnzstd } = await import('./zstd.ts');
  await loadZstd();
  return openUnzstd(output, windowOf);
}
