import type { AdvisoryDb } from '../advisory/contract.ts';
import type { AdvisoryData } from '../advisory/data.ts';

/** Advisories that are opened by the first scan that needs them and stay open for all others. */
export class FleetData implements AdvisoryData {
  readonly sources: AdvisoryData['sources'];
  readonly feeds: AdvisoryData['feeds'];
  readonly #data: AdvisoryData;
  #opened: Promise<AdvisoryDb> | undefined;

  constructor(data: AdvisoryData) {
    this.sources = data.sources;
    this.feeds = data.feeds;
    this.#data = data;
  }

  async open(): Promise<AdvisoryDb> {
    this.#opened ??= this.#data.open();
    const db = await this.#opened;
    return {
      sources: db.sources,
      has: (base) => db.has(base),
      covers: (ecosystem) => db.covers(ecosystem),
      lookup: (ecosystem, name) => db.lookup(ecosystem, name),
      find: (ecosystem, name) => db.find(ecosystem, name),
      feeds: db.feeds,
      // The next image still needs it.
      close: () => {},
    };
  }

  /** Closes the files. */
  async close(): Promise<void> {
    const db = await this.#opened?.catch(() => undefined);
    db?.close();
  }
}
