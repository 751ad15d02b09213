import type { Evidence } from '../model/evidence.ts';
import { gather } from './gather.ts';
import type { ScanOptions } from './options.ts';

/** Matches the packages of a kept report with the data of now: nothing else of it changes. */
export async function rematch(kept: Evidence, options: ScanOptions): Promise<Evidence> {
  const { target, judged, packages, image, collected, looked, placed, licences } = kept;
  const { distribution, contentSets } = target;
  const inventory = {
    distribution,
    earlier: [],
    packages,
    // What could not be read then can't be read now; what data was missing is told anew.
    problems: kept.problems.filter(({ code }) => !code.startsWith('data/') && !code.startsWith('vex/')),
    ...(contentSets ? { contentSets } : {}),
  };
  const { base: _base, names: _names, onVex: _onVex, vexProblems: _problems, ...own } = options;
  const evidence = await gather({ target, inventory }, judged, own);
  return {
    ...evidence,
    ...(image ? { image } : {}),
    ...(looked ? { looked } : {}),
    ...(placed ? { placed } : {}),
    ...(licences ? { licences } : {}),
    ...(collected ? { collected } : {}),
  };
}
