import { nothingCurrent } from '../../advisory/current.ts';
import { readCurrent } from '../../advisory/read-current.ts';
import { prune } from '../../advisory/snapshots.ts';
import { storeFolder } from '../../advisory/store-files.ts';
import { sizeText } from '../../report/text-size.ts';
import type { Action } from '../actions.ts';
import { cacheDirFlag, cacheDirOf } from '../cache-dir.ts';
import type { Invocation } from '../command.ts';
import type { Flags } from '../flags.ts';
import { print } from '../print.ts';
import { keepFlag, keepMsOf } from './keep.ts';

/** `sluice db prune`: removes data that has been out of force for some time. */
export const action: Action = {
  examples: [
    { line: 'sluice db prune', doc: 'what is older than usual' },
    { line: 'sluice db prune --keep 7d', doc: 'what has been out of force for a week' },
  ],
  flags: [keepFlag, cacheDirFlag],
  operands: 0,
  run: pruneData,
};

async function pruneData(given: Flags, { env }: Invocation): Promise<number> {
  const folder = storeFolder(cacheDirOf(given, env));
  const { snapshots, files, bytes } = prune(folder, readCurrent(folder) ?? nothingCurrent, new Date(), keepMsOf(given));
  const what = `${snapshots} ${snapshots === 1 ? 'snapshot' : 'snapshots'} and ${files} ${files === 1 ? 'file' : 'files'}`;
  print(`removed ${what}, ${sizeText(bytes)}\n`);
  return 0;
}
