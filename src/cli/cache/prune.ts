import { type PrunedCache, pruneCache } from '../../pipeline/prune-cache.ts';
import { sizeText } from '../../report/text-size.ts';
import { parseSharedTarget } from '../../source/shared-target.ts';
import { SluiceError } from '../../util/error.ts';
import type { Action } from '../actions.ts';
import { cacheDirFlag, cacheDirOf } from '../cache-dir.ts';
import type { Invocation } from '../command.ts';
import { keepMsOf } from '../db/keep.ts';
import type { Flag, Flags } from '../flags.ts';
import { print } from '../print.ts';

/** What was not needed for so long goes, unless the user says otherwise: 30 days in milliseconds. */
const defaultKeepMs = 30 * 86_400_000;

const keepFlag: Flag = {
  name: 'keep',
  value: 'TIME',
  doc: 'keep what was written or shared less long ago, such as 7d or 12h; by default 30d',
};
const maxSizeFlag: Flag = {
  name: 'max-size',
  value: 'SIZE',
  doc: 'then remove the oldest until the rest is no larger, such as 500MB or 2GB',
};
const sharedFlag: Flag = { name: 'cache', value: 'DIR', doc: 'the folder of --cache, in place of the own cache' };

/** `sluice cache prune`: what a CI service keeps between runs, or a machine for months, grows for ever otherwise. */
export const action: Action = {
  examples: [
    { line: 'sluice cache prune --max-size 1GB', doc: 'the cache of this machine' },
    { line: 'sluice cache prune --cache .sluice-cache --max-size 300MB', doc: 'in CI, before the folder is kept' },
  ],
  flags: [sharedFlag, maxSizeFlag, keepFlag, cacheDirFlag],
  operands: 0,
  run: pruneFolder,
};

async function pruneFolder(given: Flags, { env }: Invocation): Promise<number> {
  const rules = { keepMs: keepMsOf(given, defaultKeepMs), maxBytes: maxBytesOf(given) };
  const shared = given.text('cache');
  const pruned =
    shared === undefined
      ? pruneCache(cacheDirOf(given, env), 'own', rules, new Date())
      : pruneCache(sharedFolder(shared), 'shared', rules, new Date());
  print(`removed ${countText(pruned.removed)}; ${countText(pruned.kept)} stay\n`);
  return 0;
}

function sharedFolder(text: string): string {
  const target = parseSharedTarget(text);
  if (target.kind === 'folder') return target.path;
  throw new SluiceError(
    'usage/cache',
    'a repository is not pruned from here: what a registry removes, its own rules say',
    'have the registry remove tags that nobody pulled for 30 days',
  );
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
};

/** A size such as `500MB`, `2GB`, `512MiB` or a number of bytes. @throws SluiceError `usage/size` */
function maxBytesOf(given: Flags): number {
  const text = given.text(maxSizeFlag.name);
  if (text === undefined) return Infinity;
  const match = /^(\d{1,12})([kmg]i?)?b?$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? ''];
  if (match && unit !== undefined) return Number(match[1]) * unit;
  throw new SluiceError('usage/size', `--max-size takes a size, not ${text}`, 'such as 500MB, 2GB or 512MiB');
}

function countText({ files, bytes }: PrunedCache['removed']): string {
  return `${files} ${files === 1 ? 'file' : 'files'}, ${sizeText(bytes)}`;
}
