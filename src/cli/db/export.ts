import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { type Given, giveArtifact } from '../../advisory/artifact/give.ts';
import { LayoutSink } from '../../advisory/artifact/layout-sink.ts';
import { removeUnfinished, storeFolder } from '../../advisory/store-files.ts';
import { sizeText } from '../../report/text-size.ts';
import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import type { Action } from '../actions.ts';
import { cacheDirOf } from '../cache-dir.ts';
import type { Invocation } from '../command.ts';
import type { Flags } from '../flags.ts';
import { onInterruption } from '../interruption.ts';
import { writeText } from '../standard-streams.ts';
import { Progress } from '../terminal.ts';
import { signerOf, signKeyFlag } from './keys.ts';
import { commonFlags, operandOf } from './taken.ts';

/** `sluice db export`: writes the data in force to one file, for machines that no registry reaches. */
export const action: Action = {
  examples: [{ line: 'sluice db export data.sluicedb', doc: 'one file for machines without a network' }],
  flags: [signKeyFlag, ...commonFlags],
  operands: 1,
  run: exportData,
};

/** A file that is being written: it takes its name when it is whole. */
interface Destination {
  readonly fd: number;
  /** Where it is until then; undefined for what is written in place, such as a pipe. */
  readonly temporary?: string;
}

async function exportData(given: Flags, { env, version }: Invocation): Promise<number> {
  const path = operandOf(given, 'export', 'to which file');
  const signer = signerOf(given, env);
  const progress = new Progress(env, given.on('quiet'), { lines: true });
  const cacheDir = cacheDirOf(given, env);
  const { fd, temporary } = openDestination(path);
  const remove = (): void => {
    progress.clear();
    removeUnfinished(storeFolder(cacheDir));
    if (temporary !== undefined) rmSync(temporary, { force: true });
  };
  onInterruption(remove);
  let bytes = 0;
  try {
    const sink = new LayoutSink((piece) => {
      bytes += piece.length;
      writeWhole(fd, piece, path);
    });
    const exported = await giveArtifact(sink, {
      cacheDir,
      version,
      parallel: 1,
      onProgress: ({ name, done, total }) => progress.say(`export ${name} (${done} of ${total})`),
      ...(signer ? { signer } : {}),
    });
    sink.finish();
    if (temporary !== undefined) finish(fd, temporary, path);
    progress.clear();
    if (!given.on('quiet')) writeText(path === '-' ? 2 : 1, summary(path, exported, bytes, signer !== undefined));
  } finally {
    remove();
  }
  return 0;
}

function summary(path: string, { manifest, snapshot, layers }: Given, bytes: number, signed: boolean): string {
  const what = `${layers} layers, ${sizeText(bytes)}${signed ? ', signed' : ''}`;
  return `exported ${path === '-' ? 'to standard output' : harmless(path)}: ${what}\nmanifest ${manifest}\nsnapshot ${snapshot}\n`;
}

/** A pipe or device is written to and not replaced. @throws SluiceError `output/unwritable` */
function openDestination(path: string): Destination {
  if (path === '-') return { fd: 1 };
  try {
    const old = statSync(path, { throwIfNoEntry: false });
    if (old && !old.isFile()) return { fd: openSync(path, 'w') };
    // A process id alone would not do: in a container it is often the same, and what was killed left a file with it.
    const temporary = `${path}.${process.pid}-${randomUUID()}.tmp`;
    return { fd: openSync(temporary, 'wx'), temporary };
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
}

function finish(fd: number, temporary: string, path: string): void {
  try {
    fsyncSync(fd);
    closeSync(fd);
    renameSync(temporary, path);
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
}

function writeWhole(fd: number, bytes: Buffer, path: string): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EAGAIN') throw unwritable(path, thrown);
      // A pipe that does not block, and a reader that is slow.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function unwritable(path: string, thrown: unknown): SluiceError {
  const code = (thrown as NodeJS.ErrnoException).code ?? 'unknown error';
  const what = path === '-' ? 'standard output' : path;
  return new SluiceError('output/unwritable', `${what} can't be written (${code})`);
}
