import type { BodySink, TarEntry, TarHandler } from '../format/tar/contract.ts';
import type { PathTable } from '../model/survey.ts';
import { SluiceError } from '../util/error.ts';
import { entryPath } from './surveyor.ts';
import type { VisibleFile } from './visible-files.ts';

/** What gets the body of an entry, by the number that the layer's survey gives it. */
export type WantedBodies = ReadonlyMap<number, BodySink>;

/**
 * A handler that reads the bodies of entries by their numbers, in a later pass over a surveyed layer. `paths` are those
 * of the survey where the same entries need not come again: a folder may change. @throws SluiceError `directory/changed`
 */
export function bodyPass(wanted: WantedBodies, paths?: PathTable): TarHandler {
  let number = -1;
  return {
    entry(entry: TarEntry): BodySink | undefined {
      const path = entryPath(entry);
      if (path === undefined) return undefined;
      number++;
      const sink = wanted.get(number);
      if (sink && paths && paths.at(number) !== path) {
        throw new SluiceError('directory/changed', 'the folder changed while it was read', 'run it again');
      }
      return entry.type === 'file' ? sink : undefined;
    },
  };
}

/** Collects a body of at most `limit` bytes and gives it away whole; of a longer one nothing. */
export function collector(limit: number, take: (bytes: Buffer) => void): BodySink {
  const pieces: Buffer[] = [];
  let size = 0;
  return {
    write(bytes) {
      size += bytes.length;
      if (size > limit) return false;
      // The memory is used again for the next piece.
      pieces.push(Buffer.from(bytes));
      return true;
    },
    end: () => take(Buffer.concat(pieces)),
  };
}

/** Gives away the first bytes of a body, at most `length`, and leaves the rest unread. */
export function firstBytes(length: number, take: (bytes: Buffer) => void): BodySink {
  let have = Buffer.alloc(0);
  let done = false;
  const tell = (): void => {
    if (!done) take(have);
    done = true;
  };
  return {
    write(bytes) {
      have = Buffer.concat([have, bytes.subarray(0, length - have.length)]);
      if (have.length < length) return true;
      tell();
      return false;
    },
    end: tell,
  };
}

/** Bodies that are wanted of an image. One that several ask for, such as hard links, is read once and given to each. */
export class BodyRequests {
  readonly byLayer = new Map<number, Map<number, BodySink>>();

  add({ bodyLayer, bodyEntry }: VisibleFile, sink: BodySink | undefined): void {
    if (!sink) return;
    const layer = this.byLayer.get(bodyLayer) ?? new Map<number, BodySink>();
    this.byLayer.set(bodyLayer, layer);
    const other = layer.get(bodyEntry);
    layer.set(bodyEntry, other ? both(other, sink) : sink);
  }
}

function both(a: BodySink, b: BodySink): BodySink {
  const open = [a, b];
  return {
    write(bytes) {
      for (const sink of [...open]) if (sink.write(bytes) === false) open.splice(open.indexOf(sink), 1);
      return open.length > 0;
    },
    end: () => {
      for (const sink of open) sink.end();
    },
  };
}
