import { closeSync } from 'node:fs';
import type { BaselineTarget, GivenBaseline } from '../pipeline/baseline.ts';
import type { ScanOptions } from '../pipeline/options.ts';
import { wrongDay } from '../policy/file/day.ts';
import type { Baseline } from '../policy/judging.ts';
import { openFile, readWholeRegion } from '../source/file.ts';
import { identifyTarget } from '../source/target.ts';
import { SluiceError } from '../util/error.ts';
import type { Flag, Flags } from './flags.ts';

/** What tells what an image is held against. */
export const baselineFlags: readonly Flag[] = [
  {
    name: 'baseline',
    value: 'TARGET|REPORT',
    doc: 'what came before: the image of the target branch, or its JSON report; what a change introduces is told from what was there',
  },
  {
    name: 'baseline-since',
    value: 'DATE',
    doc: 'flaws published later are disclosed since; by default when the baseline was made, or its report was current',
  },
];

/** Largest file that is taken for a report, in bytes: larger ones are not read as such. */
const mostBytes = 256 * 1024 * 1024;

/** The baseline that the flags name. @throws SluiceError `usage/baseline`, `target/...` */
export function givenBaseline(given: Flags): GivenBaseline | undefined {
  const name = given.text('baseline');
  const since = sinceIn(given.text('baseline-since'));
  if (name !== undefined) return { target: baselineTarget(name), name, since };
  if (since === undefined) return undefined;
  throw new SluiceError('usage/baseline', '--baseline-since is of a baseline', 'name it: --baseline TARGET|REPORT');
}

/** What the image is held against, matched with the data that `options` choose. @throws SluiceError `baseline/...`, and as a scan does */
export async function baselineFor(
  baseline: GivenBaseline | undefined,
  options: ScanOptions,
  now: Date,
): Promise<Baseline | undefined> {
  if (!baseline) return undefined;
  // Most scans have none, and load nothing of it.
  const { baselineOf } = await import('../pipeline/baseline.ts');
  return baselineOf(baseline, options, now);
}

/** A report is JSON as bills of materials are; its schema tells it from those. */
function baselineTarget(text: string): BaselineTarget {
  const target = identifyTarget(text);
  // A slip in the name of a report is no image that could be pulled.
  if (target.kind === 'registry' && /^[^:@]*\.json$/.test(text))
    throw new SluiceError('file/missing', `the baseline ${text} does not exist`, 'of an image: registry:NAME');
  const isReport = target.kind === 'sbom' && target.path === text && holdsSchema(text);
  return isReport ? { kind: 'report', path: text } : target;
}

function holdsSchema(path: string): boolean {
  const { fd, size } = openFile(path, path);
  try {
    return size <= mostBytes && readWholeRegion(fd, 0, size).includes('"sluice/v1"');
  } finally {
    closeSync(fd);
  }
}

/** A day, or a time with its zone (RFC 3339). */
function sinceIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const form = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text);
  const [day = ''] = form?.slice(1) ?? [];
  const known = form !== null && wrongDay(day) === undefined && !Number.isNaN(Date.parse(text));
  if (known) return text === day ? `${day}T00:00:00Z` : text;
  throw new SluiceError('usage/baseline', `--baseline-since takes a date, not ${text}`, 'such as 2026-01-31');
}
