import type { Compression, Decompressor, Output } from './contract.ts';
import { openGunzip } from './gzip.ts';

/** Opens the decompressor of a stream. Loads the zstd decoder only when it is needed. */
export async function openDecompressor(compression: Compression, output: Output): Promise<Decompressor> {
  if (compression === 'gzip') return openGunzip(output);
  if (compression === 'none') return { write: output, finish: () => undefined, close: () => undefined };
  const { loadZstd, openUnzstd } = await import('./zstd.ts');
  await loadZstd();
  return openUnzstd(output);
}
