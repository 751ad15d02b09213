import type { AdvisoryDb } from '../../advisory/contract.ts';
import type { AdvisoryData } from '../../advisory/data.ts';
import { mergeMoved } from '../../match/fix/merge-moved.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Package } from '../../model/package.ts';
import { distinctProblems } from '../../model/problem.ts';
import { gather } from '../gather.ts';
import type { ScanOptions } from '../options.ts';

/** Problems that matching finds out anew each time. */
const foundAnew = /^(?:match|data)\/|^distribution\/no-packages$/;

/**
 * Matches changed inventories of one target again: same data, same VEX, same judging presences. The data is opened once
 * for all of them.
 */
export class Rematch {
  readonly #options: ScanOptions;
  readonly #data: AdvisoryData | undefined;
  #opened: Promise<AdvisoryDb> | undefined;

  constructor(options: ScanOptions) {
    const { data } = options;
    this.#data = data;
    const open = async (): Promise<AdvisoryDb> => {
      this.#opened ??= (data as AdvisoryData).open();
      return handOn(await this.#opened);
    };
    this.#options = {
      ...options,
      refresh: undefined,
      vexProblems: undefined,
      ...(data ? { data: { ...data, open } } : {}),
    };
  }

  /** The evidence as it would be with these packages; what no matching finds out is taken over. */
  async evidence(before: Evidence, packages: readonly Package[]): Promise<Evidence> {
    const { target, judged, problems, image, collected } = before;
    const { distribution, contentSets } = target;
    const known = problems.filter(({ code }) => !foundAnew.test(code));
    const inventory = {
      distribution,
      earlier: [],
      packages: mergeMoved(packages),
      problems: known,
      ...(contentSets ? { contentSets } : {}),
    };
    const { release: _release, ...rest } = target;
    const evidence = await gather({ target: rest, inventory }, judged, this.#options);
    return {
      ...evidence,
      problems: distinctProblems(evidence.problems),
      ...(image ? { image } : {}),
      ...(collected ? { collected } : {}),
    };
  }

  /** The data stays open until then. */
  async close(): Promise<void> {
    if (this.#data && this.#opened) (await this.#opened).close();
  }
}

/** The same database, which whoever asked for it does not close. */
function handOn(db: AdvisoryDb): AdvisoryDb {
  return {
    sources: db.sources,
    feeds: db.feeds,
    has: (base) => db.has(base),
    covers: (ecosystem) => db.covers(ecosystem),
    lookup: (ecosystem, name) => db.lookup(ecosystem, name),
    find: (ecosystem, name) => db.find(ecosystem, name),
    close: () => undefined,
  };
}
