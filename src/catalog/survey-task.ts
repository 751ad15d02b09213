import type { Ecosystem } from '../ecosystem/contract.ts';
import type { LayerSurvey } from '../model/survey.ts';
import type { LayerBlob, OpenLayer } from '../source/contract.ts';
import { SluiceError } from '../util/error.ts';
import type { LayerLook } from './looking/contract.ts';

/**
 * How many times less a layer weighs when only its headers and some bodies are read. A gigabyte takes a second, and a
 * second thread compiles for itself all that the first has compiled: it is worth it for several gigabytes alone.
 */
const claimedEase = 250;

/** As much for a layer of whose files the texts are searched: it is read but for its programs. */
const searchedEase = 3;

/** A survey and its encoding, which is made when it is asked for. */
export interface Surveyed {
  readonly survey: LayerSurvey;
  encoded(): Buffer;
}

/** How the main thread reads layers: the threads know the ecosystems themselves, and open local files alone. */
export interface SurveyContext {
  readonly ecosystems: readonly Ecosystem[];
  readonly open: OpenLayer;
  /** Absent: packages alone are looked for. */
  readonly look?: LayerLook | undefined;
  /** Told when a layer is begun with; of what several images wait for, whoever came first is. */
  readonly onStart?: (blob: LayerBlob) => void;
}

/** Work on one layer that waits for a thread or has one; several images may wait for it. */
export class SurveyTask<T = unknown> {
  readonly key: string;
  readonly blob: LayerBlob;
  readonly context: SurveyContext;
  readonly kind: 'survey' | 'digest';
  readonly result: Promise<T>;
  /** How many wait for the result. */
  waiters = 0;
  /** Ends the work early; set while a thread does it. */
  stop: (() => void) | undefined;
  resolve!: (result: T) => void;
  reject!: (error: unknown) => void;

  constructor(kind: 'survey' | 'digest', blob: LayerBlob, context: SurveyContext) {
    this.kind = kind;
    this.blob = blob;
    this.context = context;
    this.key = workKey(kind, blob, context);
    this.result = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Whoever waited may have gone.
    this.result.catch(() => undefined);
  }

  /** Whether the bytes lie in a local file, which any thread can read. */
  get local(): boolean {
    return this.blob.place.kind === 'region';
  }

  /** How much there is to do, in bytes of a packed blob. */
  get weight(): number {
    if (!this.blob.claimed) return this.blob.size;
    return this.blob.size / (this.context.look?.looked.secrets === undefined ? claimedEase : searchedEase);
  }

  /** Whether the blob must differ from its tar, so that both are hashed. */
  get packed(): boolean {
    return this.blob.digest !== this.blob.diffId;
  }
}

/** The same key means the same work with the same result. */
export function workKey(kind: SurveyTask['kind'], blob: LayerBlob, { look }: SurveyContext): string {
  const looked = kind === 'survey' && look ? JSON.stringify([look.looked, look.values]) : '';
  return `${kind} ${taskKey(blob)} ${looked}`;
}

/**
 * The same key means the same bytes and the same answer. Two blobs may claim the same diffID, and two members of an
 * archive the same digest; each must prove it. A file that has no identity is itself alone, as long as it is open.
 */
export function taskKey({ digest, diffId, place, size, claimed }: LayerBlob): string {
  const said = `${digest} ${diffId} ${size} ${place.size}`;
  if (place.kind === 'registry') return said;
  const { fd, offset, identity } = place;
  return `${said} ${claimed === true} ${offset} ${identity === '' ? `fd ${fd}` : identity}`;
}

/** The survey of a layer, or the digest of its blob, that somebody waits for. */
export interface Awaited<T> {
  /** @throws SluiceError */
  readonly result: Promise<T>;
  /** Says that the result is not wanted any more. */
  leave(): void;
}

/** The error of work that nobody waits for. */
export function abandoned(): SluiceError {
  return new SluiceError('layer/abandoned', 'the work on the layer was given up');
}
