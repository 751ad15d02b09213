import { cacheDirFlag } from '../cache-dir.ts';
import type { Flag, Flags } from '../flags.ts';
import { assumedDockerfile } from '../look-flags.ts';
import { scanFlags } from '../scan.ts';

/** What only `ci` knows. */
const ownFlags: readonly Flag[] = [
  { name: 'reports', value: 'DIR', doc: 'where all reports go; by default sluice-reports' },
  { name: 'no-comment', doc: 'write no comment on the pull or merge request' },
  {
    name: 'comment-name',
    value: 'NAME',
    doc: 'by what the comment is found again; by default the name of the image and the job',
  },
];

/** Flags of a scan that are of many images. */
const ofMany = new Set(['from-file']);

/** The flags of `sluice ci`: its own, and a scan's. */
export const ciFlags: readonly Flag[] = [...ownFlags, ...scanFlags.filter(({ name }) => !ofMany.has(name))];

/** The folder of reports unless another is named. */
export const defaultReports = 'sluice-reports';

/** The cache unless another is named: CI systems cache folders below the working folder, and some only those. */
export const defaultCache = '.sluice-cache';

/** What a run of CI settles where the user has not. */
export interface Settled {
  readonly cacheDir?: string | undefined;
  readonly baseline?: string | undefined;
  /** One that was found and not named. */
  readonly dockerfile?: string | undefined;
  readonly update: boolean;
  readonly outputs: readonly string[];
}

/** The flags of the scan: what the user has given, and the rest as it is settled. */
export function scanGiven(given: Flags, settled: Settled): Flags {
  const texts = new Map<string, string | undefined>([
    [cacheDirFlag.name, settled.cacheDir],
    ['baseline', settled.baseline],
    ['dockerfile', settled.dockerfile],
  ]);
  return {
    operands: given.operands,
    // The event is told by `ci` itself, which knows what else the run has done.
    text: (name) => (name === 'event' ? undefined : (given.text(name) ?? texts.get(name))),
    list: (name) => (name === 'output' ? [...given.list(name), ...settled.outputs] : given.list(name)),
    on: (name) =>
      given.on(name) ||
      (name === 'update' && settled.update) ||
      (name === assumedDockerfile && settled.dockerfile !== undefined),
  };
}
