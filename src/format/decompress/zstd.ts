import { SluiceError } from '../../util/error.ts';
import type { Decompressor, Output, WindowSource } from './contract.ts';
import { NativeUnzstd, nativeWorks } from './zstd-native.ts';

type Open = (output: Output, windowOf?: WindowSource) => Decompressor;

let chosen: Open | undefined;

/** Loads the decoder: Node's own where there is one, else WebAssembly's. Once in a process, before {@link openUnzstd}. */
export async function loadZstd(): Promise<void> {
  chosen ??= nativeWorks() ? native : await wasm();
}

/** Opens a decompressor of one or several zstd frames (RFC 8878); what `windowOf` offers may be used or not. @throws SluiceError `zstd/not-loaded` */
export function openUnzstd(output: Output, windowOf?: WindowSource): Decompressor {
  if (chosen === undefined) throw new SluiceError('zstd/not-loaded', 'the zstd decoder is not loaded');
  return chosen(output, windowOf);
}

const native: Open = (output, windowOf) => new NativeUnzstd(output, windowOf);

async function wasm(): Promise<Open> {
  const { loadZstdWasm, openWasmUnzstd } = await import('./zstd-wasm.ts');
  await loadZstdWasm();
  return openWasmUnzstd;
}

/** For tests: the ways to decode that this Node has, whichever it would choose. */
export async function unzstdWays(): Promise<Record<string, Open>> {
  return { wasm: await wasm(), ...(nativeWorks() ? { native } : {}) };
}
