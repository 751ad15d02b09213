import { defaultExportUrl } from '../advisory/contract.ts';
import { type AdvisoryData, advisoryData } from '../advisory/data.ts';
import { updateAdvisories } from '../advisory/update.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import { keepHeapLean } from '../util/lean-heap.ts';
import type { Flags } from './flags.ts';

/** Data that is younger than so many milliseconds is not looked after again by `--update`. */
const freshMs = 4 * 60 * 60 * 1000;

/** A scan that may go on with the data at hand is less patient than an update by itself. */
const patience = { retries: 2, idleMs: 15_000 };

/** How an update on demand is told of. */
export interface Telling {
  warn(message: string): void;
  progress(phrase: string): void;
}

/** An update that fails leaves what is at hand, whose age the verdict judges: the network must not fail a build by itself. */
export async function refreshed(
  ecosystems: readonly string[],
  given: Flags,
  cacheDir: string,
  env: NodeJS.ProcessEnv,
  { warn, progress }: Telling,
): Promise<AdvisoryData> {
  if (ecosystems.length > 0) {
    keepHeapLean();
    try {
      const { failed } = await updateAdvisories({
        from: given.text('from') ?? defaultExportUrl,
        cacheDir,
        ecosystems,
        maxAgeMs: freshMs,
        offline: given.on('offline'),
        allowInsecure: given.on('insecure'),
        env,
        now: () => new Date(),
        limits: patience,
        onProgress: ({ ecosystem }) => progress(`updating the data${ecosystem === '' ? '' : ` of ${ecosystem}`}`),
      });
      for (const { ecosystem, error } of failed) warn(`the data of ${ecosystem} was not updated: ${error.message}`);
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown;
      warn(`the data was not updated: ${messageOf(thrown)}`);
    }
  }
  return advisoryData(cacheDir);
}
