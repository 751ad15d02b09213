import { ecosystems } from '../ecosystem/list.gen.ts';
import { cachesIn } from '../pipeline/caches-in.ts';
import type { ScanOptions } from '../pipeline/options.ts';
import { harmless } from '../util/harmless.ts';
import { cacheDirFlag, cacheDirOf } from './cache-dir.ts';
import type { Invocation } from './command.ts';
import type { Flag, Flags } from './flags.ts';
import { jobsOf, platformOf } from './scan-flags.ts';
import { writeText } from './standard-streams.ts';
import type { Progress } from './terminal.ts';

/** The flags of commands that look into an image and judge nothing. */
export const lookFlags: readonly Flag[] = [
  { name: 'platform', value: 'OS/ARCH', doc: 'which image of an index, such as linux/arm64' },
  { name: 'offline', doc: 'open no connection' },
  { name: 'verify', doc: 'read every byte and check every digest, also of the layers in a docker save archive' },
  { name: 'insecure', doc: 'allow plain HTTP for registries on other machines' },
  cacheDirFlag,
  { name: 'no-layer-cache', doc: 'read every layer again, and keep nothing of it' },
  { name: 'jobs', short: 'j', value: 'N', doc: 'most threads; by default as many as cores' },
  { name: 'quiet', short: 'q', doc: 'no progress and no warnings' },
];

/** How a target is looked into, by these flags. @throws SluiceError `usage/...` */
export function lookOptions(given: Flags, { env, build }: Invocation, progress: Progress, name: string): ScanOptions {
  const onWarning = (message: string): void => {
    progress.clear();
    if (!given.on('quiet')) writeText(2, `sluice: warning: ${harmless(message)}\n`);
  };
  return {
    ecosystems,
    access: { insecure: given.on('insecure'), offline: given.on('offline'), env, onWarning },
    platform: platformOf(given),
    caches: given.on('no-layer-cache') ? undefined : cachesIn(cacheDirOf(given, env), build),
    verify: given.on('verify'),
    jobs: jobsOf(given),
    onProgress: (phrase) => progress.say(`${name}: ${phrase}`),
  };
}
