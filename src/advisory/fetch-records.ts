import { SluiceError } from '../util/error.ts';
import { Gate } from '../util/gate.ts';
import { type ExportItem, itemOf } from './export-zip.ts';
import type { ChangeFeed } from './mirror.ts';

/** Records that are asked for at the same time. */
const parallel = 8;
/** What all that is fetched one by one may have together, in bytes: more is a matter for the whole export. */
const maxFetchedBytes = 64 * 1024 * 1024;

/** What the place has under each key; `absent`: nothing. */
export type FetchedRecords = ReadonlyMap<string, ExportItem | 'absent'>;

/**
 * Fetches single records, some at the same time.
 * @throws SluiceError what the first one failed with that failed; the others are not asked for any more.
 */
export async function fetchRecords(
  changes: ChangeFeed,
  ecosystem: string,
  keys: readonly string[],
  onBytes: (bytes: number) => void,
): Promise<FetchedRecords> {
  const gate = new Gate(parallel);
  const found = new Map<string, ExportItem | 'absent'>();
  let total = 0;
  let failed = false;
  const fetchOne = async (key: string): Promise<void> => {
    if (failed) return;
    try {
      const bytes = await changes.record(ecosystem, key);
      total += bytes?.length ?? 0;
      if (total > maxFetchedBytes) throw tooMuch(ecosystem);
      onBytes(total);
      found.set(key, bytes ? itemOf(() => bytes) : 'absent');
    } catch (thrown) {
      failed = true;
      throw thrown;
    }
  };
  const all = await Promise.allSettled(keys.map((key) => gate.run(() => fetchOne(key))));
  for (const one of all) if (one.status === 'rejected') throw one.reason;
  return found;
}

function tooMuch(ecosystem: string): SluiceError {
  return new SluiceError(
    'advisory/too-many-changes',
    `the records of ${ecosystem} that changed have more than ${maxFetchedBytes} bytes together`,
  );
}
