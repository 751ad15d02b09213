import { hash } from 'node:crypto';
import { advisoryData } from '../advisory/data.ts';
import { parsePlatform } from '../model/image.ts';
import { lookKinds } from '../model/placed-finding.ts';
import { cachesIn } from '../pipeline/caches-in.ts';
import { heldAgainst } from '../pipeline/kept-baseline.ts';
import type { ScanOptions as PipelineOptions } from '../pipeline/options.ts';
import { scan as scanTarget } from '../pipeline/scan.ts';
import { reports } from '../report/list.gen.ts';
import { type ImageTarget, identifyTarget, isImageTarget, type Target } from '../source/target.ts';
import { defaultCacheFolder } from '../util/default-cache-folder.ts';
import { SluiceError } from '../util/error.ts';
import type { Report, ScanOptions } from './contract.ts';
import { baselineOf, openGate } from './open-gate.ts';

/** Stands for the sources that sluice was built from; put in when it is bundled. */
declare const SLUICE_BUILD: string;

/**
 * Looks into an image, a folder, a Dockerfile or a bill of materials, and judges what it finds. The target is written as on
 * the command line. A report with the verdict `stop` is a success of the scan: only what can't be read is thrown.
 * @throws SluiceError with a stable `code`; the reason of `signal` when it is aborted
 */
export async function scan(target: string, options: ScanOptions = {}): Promise<Report> {
  options.signal?.throwIfAborted();
  const found = identifyTarget(target);
  const now = new Date();
  const { gate, names } = await openGate(options, now, SLUICE_BUILD);
  const called = [...names, ...(found.kind === 'registry' ? [found.reference] : [])];
  const settings: PipelineOptions = {
    ...(await settingsOf(found, options)),
    now: gate.now,
    wanted: (evidence) => gate.wanted(evidence, called),
  };
  const evidence = await abortable(options, (more) => scanTarget(found, { ...settings, ...more }));
  const before = options.baseline && heldAgainst(evidence, baselineOf(options.baseline, gate.now));
  const judged = await gate.judge(evidence, called, before);
  const json = await reports.find(({ id }) => id === 'json')?.load();
  return JSON.parse(json?.render(judged.evidence, judged.verdict, plain) ?? '') as Report;
}

/** A report for machines goes by nothing of the run. */
const plain = { name: '', colour: false, width: 0, version: '' };

async function settingsOf(target: Target, options: ScanOptions): Promise<PipelineOptions> {
  const { env = {}, offline = false, insecure = false, verify, jobs, onProgress, onWarning, platform } = options;
  const cacheDir = options.cacheDir ?? defaultCacheFolder(env);
  const kinds = lookKinds.filter((kind) => options.scanners?.includes(kind) ?? true);
  const vex = options.vex && (await import('../source/vex-files.ts')).readVex(options.vex, onWarning);
  return {
    ecosystems: async () => (await import('../ecosystem/list.gen.ts')).ecosystems,
    access: { insecure, offline, env, onWarning },
    platform: { platform: parsePlatform(platform ?? `linux/${process.arch}`), explicit: platform !== undefined },
    caches: options.keep === false ? undefined : cachesIn(cacheDir, SLUICE_BUILD),
    verify,
    look: { kinds, digest: hash('sha256', JSON.stringify(['library', ...kinds])) },
    base: options.base === undefined ? undefined : baseOf(options.base, target),
    data: await advisoryData(cacheDir),
    vex,
    jobs,
    onProgress,
    resident: true,
  };
}

/** @throws SluiceError `usage/base` */
function baseOf(text: string, target: Target): ImageTarget {
  const base = identifyTarget(text);
  if (isImageTarget(base) && isImageTarget(target)) return base;
  throw new SluiceError(
    'usage/base',
    'base takes an image, and only an image has one',
    'name an archive or a reference',
  );
}

/** Threads of its own are what a signal can end. Work that no thread does, such as a request, is left to run out unheard. */
async function abortable<T>(
  { signal, jobs }: ScanOptions,
  work: (more: Pick<PipelineOptions, 'pool'>) => Promise<T>,
): Promise<T> {
  if (!signal) return work({});
  const { SurveyPool } = await import('../catalog/survey-pool.ts');
  const pool = new SurveyPool({ jobs });
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work({ pool }), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    pool.close();
  }
}
