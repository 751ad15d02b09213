import type { Digest } from '../model/digest.ts';
import type { LayerBlob } from '../source/contract.ts';
import { type ErrorCode, messageOf, SluiceError } from '../util/error.ts';
import type { RingMemory } from './byte-ring.ts';
import type { LayerLook } from './looking/contract.ts';

/** What the main thread asks of a survey thread, one at a time. */
export type ThreadJob =
  | {
      /** Reads a layer: a local one itself, another one from the ring that the main thread fills. */
      readonly kind: 'survey';
      readonly blob: LayerBlob;
      readonly feed?: RingMemory;
      /** Where another thread takes the tar's hash from. */
      readonly hash?: RingMemory;
      /** What is looked for beside packages. */
      readonly look?: LayerLook;
    }
  /** Takes the digest of a local layer's blob, and nothing else. */
  | { readonly kind: 'digest'; readonly blob: LayerBlob }
  /** Hashes what another thread unpacks. */
  | { readonly kind: 'hash'; readonly ring: RingMemory };

/** Why there is no result, as plain data: errors lose their class on the way between threads. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** How a thread answers a job. */
export type ThreadResult =
  | { readonly survey: Uint8Array }
  | { readonly digest: Digest }
  | { readonly hashed: true }
  | { readonly failure: Failure };

/** What a thread says before its result: that the ring has room again, or that it must read the blob once more. */
export type ThreadCall = { readonly call: 'room' | 'again' };

/** Everything that a thread says. */
export type ThreadMessage = ThreadResult | ThreadCall;

/** A failure as plain data. */
export function failureOf(thrown: unknown): Failure {
  const code = thrown instanceof SluiceError ? thrown.code : 'layer/unreadable';
  return { code, message: messageOf(thrown) };
}

/** The error for one layer of an image: it names the layer's number and digest. */
export function layerError(layer: number, blob: LayerBlob, { code, message }: Failure): SluiceError {
  return new SluiceError(code, `layer ${layer} (${blob.digest}): ${message}`);
}
