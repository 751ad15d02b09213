import type { AdvisoryDb, SourceInfo } from './contract.ts';
import { sourceInfo } from './status.ts';
import { readCurrent, storeFolder } from './store.ts';

/** Vulnerability data before any of it is opened: what there is and how old it is. */
export interface AdvisoryData {
  /** One entry an ecosystem, sorted by name. */
  readonly sources: readonly SourceInfo[];
  /** Opens the advisories. @throws SluiceError `advisory/...` */
  open(): Promise<AdvisoryDb>;
}

/**
 * The data of a cache folder; the built-in starter set when there is none. A scan whose answer is known opens none of it.
 * @throws SluiceError `advisory/current-damaged`
 */
export async function advisoryData(cacheDir: string): Promise<AdvisoryData> {
  const current = readCurrent(storeFolder(cacheDir));
  if (!current || current.length === 0) {
    const { openStarterDb } = await import('./starter/index.ts');
    const db = openStarterDb();
    return { sources: db.sources, open: async () => db };
  }
  return {
    sources: current.map(sourceInfo),
    open: async () => (await import('./open.ts')).openStored(cacheDir, current),
  };
}
