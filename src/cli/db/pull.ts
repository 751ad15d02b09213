import { isNetworkFailure, recordFailure } from '../../advisory/artifact/failed.ts';
import { parseArtifactReference, RegistrySource } from '../../advisory/artifact/registry.ts';
import { type Taken, takeArtifact } from '../../advisory/artifact/take.ts';
import { removeUnfinished, storeFolder } from '../../advisory/store-files.ts';
import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import type { Action } from '../actions.ts';
import { cacheDirOf } from '../cache-dir.ts';
import type { Invocation } from '../command.ts';
import type { Flag, Flags } from '../flags.ts';
import { onInterruption } from '../interruption.ts';
import { writeText } from '../standard-streams.ts';
import { Progress } from '../terminal.ts';
import { commonFlags, operandOf, refused, takeFlags, takeOptions, tellTaken } from './taken.ts';
import { budgetMs } from './update-failures.ts';

/** The flags of all that speaks to a registry. */
export const registryFlags: readonly Flag[] = [
  { name: 'offline', doc: 'open no connection: only sluice db export and import can do without' },
  { name: 'insecure', doc: 'allow plain HTTP to other machines' },
];

const strictFlag: Flag = {
  name: 'strict',
  doc: 'fail when the registry can not be reached, also where the data in force is good enough',
};

/** `sluice db pull`: takes the data that another machine pushed. */
export const action: Action = {
  examples: [{ line: 'sluice db pull registry.example/security/sluice-db', doc: 'on each runner, before it scans' }],
  flags: [...takeFlags, strictFlag, ...registryFlags, ...commonFlags],
  operands: 1,
  run: pull,
};

async function pull(given: Flags, { env }: Invocation): Promise<number> {
  const reference = parseArtifactReference(operandOf(given, 'pull', 'from where'));
  checkOnline(given, 'pull', 'sluice db import FILE');
  const progress = new Progress(env, given.on('quiet'), { lines: true });
  const cacheDir = cacheDirOf(given, env);
  const options = takeOptions(given, cacheDir, progress);
  onInterruption(() => {
    progress.clear();
    removeUnfinished(storeFolder(cacheDir));
  });
  const source = new RegistrySource(reference, {
    insecure: given.on('insecure'),
    offline: false,
    env,
    onWarning: (message) => progress.say(message),
  });
  let taken: Taken;
  try {
    taken = await takeArtifact(source, options);
  } catch (thrown) {
    progress.clear();
    return unreached(thrown, given, storeFolder(cacheDir));
  } finally {
    progress.clear();
    source.close();
  }
  tellTaken(given, source.name, taken);
  return 0;
}

/** A registry that is down must not stop every build while there is good data; what it sent and is wrong always does. */
function unreached(thrown: unknown, given: Flags, folder: string): number {
  if (!isNetworkFailure(thrown)) throw refused(thrown);
  const { goodEnough, checkedAt } = recordFailure(folder, given.list('ecosystem'), thrown, {
    now: new Date(),
    budgetMs,
  });
  if (!goodEnough || given.on('strict')) throw refused(thrown);
  const stays = `the data in force stays, which was current at ${checkedAt}`;
  writeText(2, `sluice: warning: ${harmless(thrown.message)}; ${stays} [${thrown.code}]\n`);
  return 0;
}

/** @throws SluiceError `usage/offline` */
export function checkOnline(given: Flags, action: string, instead: string): void {
  if (!given.on('offline')) return;
  throw new SluiceError('usage/offline', `--offline forbids connections, and db ${action} needs one`, instead);
}
