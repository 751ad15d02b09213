import { type AdvisoryData, advisoryData, lastCheckOf, snapshotData } from '../advisory/data.ts';
import { SluiceError } from '../util/error.ts';
import type { Flag, Flags } from './flags.ts';
import type { Telling } from './refresh.ts';

/** The flag that names a snapshot. */
export const snapshotFlag: Flag = {
  name: 'data',
  value: 'DIGEST',
  doc: 'go by an older snapshot of the data, and judge as of then: see sluice db status',
};

/** The flags that choose the vulnerability data. */
export const dataFlags: readonly Flag[] = [
  snapshotFlag,
  { name: 'update', doc: 'first bring the data that the target needs up to date, where it is older than 4 hours' },
  { name: 'from', value: 'URL|DIR', doc: 'where --update takes it from; by default the public OSV export' },
];

/** The data that a command goes by. */
export interface ChosenData {
  readonly data: AdvisoryData;
  /** The moment as of which ages are judged: now, or with `--data` when the snapshot was last known current. */
  readonly now: Date;
  /** Brings what is needed up to date. */
  readonly refresh?: (ecosystems: readonly string[]) => Promise<AdvisoryData>;
}

/** What the flags choose. @throws SluiceError `usage/data`, `advisory/...` */
export async function chooseData(
  given: Flags,
  cacheDir: string,
  env: NodeJS.ProcessEnv,
  telling?: Telling,
): Promise<ChosenData> {
  const digest = given.text('data');
  const update = given.on('update');
  if (digest !== undefined) {
    if (update) throw new SluiceError('usage/data', '--data goes by data as it was, and --update changes it');
    const data = await snapshotData(cacheDir, digest);
    return { data, now: new Date(lastCheckOf(data)) };
  }
  const data = await advisoryData(cacheDir);
  const now = new Date();
  if (!update || !telling) return { data, now };
  const refresh = async (ecosystems: readonly string[]): Promise<AdvisoryData> => {
    const { refreshed } = await import('./refresh.ts');
    return refreshed(ecosystems, given, cacheDir, env, telling);
  };
  return { data, now, refresh };
}
