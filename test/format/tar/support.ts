import { createHash } from 'node:crypto';
import type { TarEntry } from '../../../src/format/tar/contract.ts';
import { TarWalker } from '../../../src/format/tar/walker.ts';
import { SluiceError } from '../../../src/util/error.ts';

/** An entry with its body, or with the body's hash. */
export interface Walked extends TarEntry {
  readonly body: Buffer;
}

/** Cuts bytes into pieces of the sizes given, over and over. */
export function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** All entries of an archive that is fed in pieces, with their bodies. @throws SluiceError */
export function walk(pieces: Iterable<Buffer>): Walked[] {
  const entries: Walked[] = [];
  const walker = new TarWalker({
    entry(entry) {
      const parts: Buffer[] = [];
      const walked = { ...entry, body: Buffer.alloc(0) };
      entries.push(walked);
      return {
        write: (bytes) => {
          parts.push(Buffer.from(bytes));
          return true;
        },
        end: () => {
          walked.body = Buffer.concat(parts);
        },
      };
    },
  });
  for (const piece of pieces) walker.write(piece);
  walker.finish();
  return entries;
}

/** The entry that an archive of one entry holds. */
export function only(archive: Buffer): Walked {
  const [first, ...more] = walk([archive]);
  if (!first || more.length > 0) throw new Error(`${more.length + 1} entries`);
  return first;
}

/** The code of the error that an archive gives. */
export function failureOf(archive: Buffer): string {
  try {
    walk([archive]);
  } catch (thrown) {
    if (thrown instanceof SluiceError) return thrown.code;
    throw thrown;
  }
  return 'none';
}

/** A short text for bytes of any length. */
export function fingerprint(bytes: Buffer): string {
  return `${bytes.length} ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
}
