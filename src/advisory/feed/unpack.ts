import { setImmediate } from 'node:timers/promises';
import { compressionOf } from '../../format/decompress/contract.ts';
import { openDecompressor } from '../../format/decompress/open.ts';
import type { BodySink, TarEntry } from '../../format/tar/contract.ts';
import { TarWalker } from '../../format/tar/walker.ts';
import { type OpenFile, readRegion, readWholeRegion } from '../../source/file.ts';
import { messageOf, SluiceError } from '../../util/error.ts';
import { isBomb } from '../../util/ratio.ts';
import { feedUnreadable } from './feed-format.ts';

/** What documents are given to. */
export interface TakeDocuments {
  /** The largest document, in bytes. */
  readonly limit: number;
  take(name: string, bytes: Buffer): void;
  /** A document that is too large, or empty. */
  leaveOut(name: string): void;
}

const tarMagic = Buffer.from('ustar', 'latin1');
const tarMagicOffset = 257;

/**
 * Hands over a file's bytes in order, uncompressed if it is compressed, at most `limit` of them. A piece is only valid
 * during the call.
 * @throws SluiceError `advisory/feed-unreadable`
 */
export async function unpack(file: OpenFile, limit: number, take: (piece: Buffer) => void): Promise<void> {
  if (file.size === 0) throw feedUnreadable('it is empty');
  const first = readWholeRegion(file.fd, 0, Math.min(8, file.size));
  const compression = compressionOf(first);
  let size = 0;
  let checked = false;
  const decompressor = await openDecompressor(compression, (piece) => {
    size += piece.length;
    if (size > limit) throw feedUnreadable(`it unpacks to more than ${limit} bytes`);
    if (isBomb(file.size, size)) throw feedUnreadable('it is a decompression bomb');
    if (!checked && piece.length > 0) refusePage(piece);
    checked = true;
    take(piece);
  });
  try {
    for (const piece of readRegion(file.fd, 0, file.size)) {
      await decompressor.write(piece);
      // Others get a turn: a server that updates goes on answering.
      await setImmediate();
    }
    await decompressor.finish();
  } catch (thrown) {
    // The words of gzip, zstd and tar say what is wrong; that it is the feed's fault is what matters here.
    if (thrown instanceof SluiceError && !thrown.code.startsWith('advisory/')) throw feedUnreadable(messageOf(thrown));
    throw thrown;
  } finally {
    decompressor.close();
  }
}

/** Hands over each JSON document of a tar archive, or the file itself when it is none. @throws SluiceError `advisory/feed-unreadable` */
export async function unpackDocuments(file: OpenFile, name: string, limit: number, to: TakeDocuments): Promise<void> {
  let walker: TarWalker | undefined;
  let single: Buffer[] | undefined;
  let size = 0;
  let head = Buffer.alloc(0);
  const route = (piece: Buffer): void => {
    if (walker) {
      walker.write(piece);
      return;
    }
    size += piece.length;
    if (size > to.limit) throw feedUnreadable(`it is larger than ${to.limit} bytes`);
    single!.push(Buffer.from(piece));
  };
  await unpack(file, limit, (piece) => {
    if (walker || single) {
      route(piece);
      return;
    }
    head = Buffer.concat([head, piece]);
    if (head.length < tarMagicOffset + tarMagic.length) return;
    if (head.subarray(tarMagicOffset).indexOf(tarMagic) === 0) walker = new TarWalker(documentsOf(to));
    else single = [];
    route(head);
  });
  if (walker) (walker as TarWalker).finish();
  else to.take(name, single ? Buffer.concat(single) : head);
}

/** Of an archive only files ending in `.json` are looked at; their names become no path. */
function documentsOf(to: TakeDocuments) {
  return {
    entry(entry: TarEntry): BodySink | undefined {
      if (entry.type !== 'file' || !entry.path.endsWith('.json')) return undefined;
      const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
      if (entry.size > to.limit || entry.size === 0) {
        to.leaveOut(name);
        return undefined;
      }
      const pieces: Buffer[] = [];
      return {
        write(bytes) {
          pieces.push(Buffer.from(bytes));
          return true;
        },
        end: () => to.take(name, Buffer.concat(pieces)),
      };
    },
  };
}

/** A proxy or a login page answers 200 with HTML: that must not pass for a feed. */
function refusePage(piece: Buffer): void {
  if (/^(?:\ufeff)?\s*</.test(piece.toString('utf8', 0, Math.min(256, piece.length)))) {
    throw feedUnreadable('it is an HTML or XML page (of a proxy or login?)');
  }
}
