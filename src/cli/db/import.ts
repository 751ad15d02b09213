import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { maxTotalBytes } from '../../advisory/artifact/contract.ts';
import { LayoutSource } from '../../advisory/artifact/layout-source.ts';
import { takeArtifact } from '../../advisory/artifact/take.ts';
import { makeFolder, removeUnfinished, storeFolder, temporaryPath } from '../../advisory/store-files.ts';
import { type OpenFile, openFile } from '../../source/file.ts';
import { SluiceError } from '../../util/error.ts';
import type { Action } from '../actions.ts';
import { cacheDirOf } from '../cache-dir.ts';
import type { Invocation } from '../command.ts';
import type { Flags } from '../flags.ts';
import { onInterruption } from '../interruption.ts';
import { Progress } from '../terminal.ts';
import { commonFlags, operandOf, refused, takeFlags, takeOptions, tellTaken } from './taken.ts';

/** `sluice db import`: takes the data that another machine exported. */
export const action: Action = {
  examples: [{ line: 'sluice db import data.sluicedb', doc: 'there' }],
  flags: [...takeFlags, ...commonFlags],
  operands: 1,
  run: importData,
};

async function importData(given: Flags, { env }: Invocation): Promise<number> {
  const path = operandOf(given, 'import', 'which file');
  const progress = new Progress(env, given.on('quiet'), { lines: true });
  const cacheDir = cacheDirOf(given, env);
  const options = takeOptions(given, cacheDir, progress);
  const folder = storeFolder(cacheDir);
  onInterruption(() => {
    progress.clear();
    removeUnfinished(folder);
  });
  const name = path === '-' ? 'standard input' : path;
  try {
    const source = new LayoutSource(path === '-' ? await spooled(folder) : openFile(path, path), name);
    try {
      const taken = await takeArtifact(source, options);
      progress.clear();
      tellTaken(given, name, taken);
    } finally {
      source.close();
    }
  } catch (thrown) {
    throw refused(thrown);
  } finally {
    progress.clear();
  }
  return 0;
}

/** Standard input as a file, because an archive is not read in its order. Its name is gone before it is read. */
async function spooled(folder: string): Promise<OpenFile> {
  makeFolder(folder);
  const path = temporaryPath(folder);
  const fd = openSync(path, 'wx', 0o600);
  try {
    let size = 0;
    for await (const piece of process.stdin as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > maxTotalBytes) throw new SluiceError('archive/too-large', 'standard input is too large');
      for (let done = 0; done < piece.length; ) done += writeSync(fd, piece, done);
    }
    return openFile(path, 'standard input');
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (thrown instanceof SluiceError || typeof code !== 'string') throw thrown;
    throw new SluiceError('advisory/cache-unwritable', `standard input can't be kept in the cache folder: ${code}`);
  } finally {
    closeSync(fd);
    rmSync(path, { force: true });
  }
}
