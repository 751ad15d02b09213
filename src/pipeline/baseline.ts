import { createHash } from 'node:crypto';
import type { Evidence } from '../model/evidence.ts';
import type { Baseline } from '../policy/judging.ts';
import type { Target } from '../source/target.ts';
import { SluiceError } from '../util/error.ts';
import { type KeptReport, readKept } from './kept-report.ts';
import type { ScanOptions } from './options.ts';

/** What an image is held against: a target that is scanned, or a kept JSON report. */
export type BaselineTarget = Target | { readonly kind: 'report'; readonly path: string };

/** The baseline as the user gives it. */
export interface GivenBaseline {
  readonly target: BaselineTarget;
  /** As the user typed it, for messages. */
  readonly name: string;
  /** What was published later is disclosed since; absent: when the baseline was made, or its report's data was current. */
  readonly since?: string | undefined;
}

/** Before this, nothing that is scanned was made: builds that are to come out the same each time write such a date. */
const firstDate = '2013-01-01';

/** Milliseconds by which clocks may differ. */
const clockSlack = 24 * 3_600_000;

/**
 * What an image is held against, with findings of the same data as the image's own: a target is scanned, the packages of a
 * kept report are matched again. @throws SluiceError when it can't be read, and `baseline/since` when it does not tell
 * from when on a flaw is new
 */
export async function baselineOf(given: GivenBaseline, options: ScanOptions, now: Date): Promise<Baseline> {
  const { target, name } = given;
  if (target.kind === 'report') {
    const kept = readKept(target.path);
    const { rematch } = await import('./rematch.ts');
    return { ...keptBaseline(kept, given, now), evidence: await rematch(kept.evidence, options) };
  }
  // What the head image is called, its base, and what is asked of its signer's documents are not the baseline's.
  const { base: _base, names: _names, onVex: _onVex, ...own } = options;
  const evidence = await scanned(target, name, own);
  return { evidence, since: sinceOf(given, evidence.image?.created ?? '', now) };
}

/** Without its name, what is wrong with the baseline would be taken for a fault of the image. */
async function scanned(target: Target, name: string, options: ScanOptions): Promise<Evidence> {
  const { scan } = await import('./scan.ts');
  try {
    return await scan(target, options);
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || thrown.code.startsWith('registry/')) throw thrown;
    throw new SluiceError(thrown.code, `the baseline ${name}: ${thrown.message}`, thrown.hint);
  }
}

/** A kept report as a baseline, with its findings as they were. @throws SluiceError `baseline/since` */
export function keptBaseline(
  { evidence, bytes, name: path }: KeptReport,
  given: Omit<GivenBaseline, 'target'>,
  now: Date,
): Baseline {
  const newest = evidence.sources
    .map(({ checkedAt }) => checkedAt)
    .reduce((a, b) => (timeOf(b) > timeOf(a) ? b : a), '');
  const known = new Set(
    evidence.findings.flatMap(({ id, aliases, name: found }) => [id, ...aliases].map((flaw) => knownKey(flaw, found))),
  );
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { evidence, since: sinceOf(given, newest, now), known, report: { name: path, digest } };
}

/** How {@link Baseline.known} names a finding. */
export function knownKey(id: string, packageName: string): string {
  return `${id}\0${packageName}`;
}

/** What is said, else when it was made. A date that can't be it would put everything on one side of the line. */
function sinceOf({ name, since }: Omit<GivenBaseline, 'target'>, made: string, now: Date): string {
  if (since !== undefined) {
    if (timeOf(since) <= now.getTime() + clockSlack) return since;
    throw new SluiceError('usage/baseline', `--baseline-since ${since} lies ahead: nothing would be disclosed since`);
  }
  const time = timeOf(made);
  const hint = 'say when it was last judged: --baseline-since DATE';
  if (time >= Date.parse(firstDate) && time <= now.getTime() + clockSlack) return made;
  const what =
    made === '' ? 'does not tell when it was made' : `says that it was made ${JSON.stringify(made.slice(0, 40))}`;
  throw new SluiceError(
    'baseline/since',
    `the baseline ${name} ${what}, so that nothing tells what is disclosed since`,
    hint,
  );
}

function timeOf(moment: string): number {
  const time = Date.parse(moment);
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}
