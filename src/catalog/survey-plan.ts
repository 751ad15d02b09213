import { freemem, platform, totalmem } from 'node:os';

/** Bytes of blobs below which a thread costs more to start than it saves. */
export const threadWorth = 12 * 1024 * 1024;

/** Bytes of a blob below which a second thread that only hashes costs more than it saves: if it is there, if it isn't. */
const helpWorth = { ready: 2 * 1024 * 1024, absent: 16 * 1024 * 1024 };

/** Bytes of memory that a thread may come to need: its heap, the bodies it reads, the survey it makes. */
const threadMemory = 192 * 1024 * 1024;

/** What a layer takes with a second thread for the hash, of what it takes without. */
const helpedTime = 0.62;

/** Which part of the time a plan must save, for an estimate is none the better for its decimals. */
const worthwhile = 0.92;

/** How many threads may work: no more than the memory bears that this process can have, and at least the main one. */
export function boundByMemory(jobs: number, memory = availableMemory()): number {
  return Math.max(1, Math.min(jobs, Math.floor(memory / threadMemory)));
}

/** Bytes that this process can have: the machine's, or the control group's. */
function availableMemory(): number {
  // Elsewhere the system counts memory as taken that it would give back at once.
  const free = platform() === 'linux' ? freemem() : totalmem() / 2;
  const limit = process.constrainedMemory();
  // What the group has used is not asked for: it holds the pages of files that were read, which give way.
  return limit > 0 && limit < totalmem() ? Math.min(free, limit - process.memoryUsage.rss()) : free;
}

/** What is known when a layer's turn has come. */
export interface Turn {
  /** Bytes of its blob. */
  readonly size: number;
  /** Bytes of the blobs that wait, in any order. */
  readonly waiting: readonly number[];
  /** Threads that have nothing to do, besides the one that takes the layer. */
  readonly free: number;
  /** Whether one of those has been started. */
  readonly ready: boolean;
}

/**
 * Whether a free thread does better to take the hash of this layer than to take a layer of its own: when one layer
 * is larger than what the others have to do meanwhile. All in bytes of blobs, as if those were time.
 */
export function wantsHelp({ size, waiting, free, ready }: Turn): boolean {
  if (free < 1 || size < (ready ? helpWorth.ready : helpWorth.absent)) return false;
  const rest = waiting.reduce((sum, bytes) => sum + bytes, 0);
  const largest = waiting.reduce((most, bytes) => Math.max(most, bytes), 0);
  const alone = Math.max(size, largest, (size + rest) / (free + 1));
  const helped = helpedTime * size;
  // The last free thread comes back with the one that it helps, and both go on with the rest.
  const together = free === 1 ? helped + Math.max(largest, rest / 2) : Math.max(helped, largest, rest / (free - 1));
  return together < worthwhile * alone;
}
