import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import type { Presence } from '../model/package.ts';
import type { FolderTarget } from '../source/target.ts';
import { tuneForShortRun } from '../util/short-run.ts';
import { ecosystemsOf, gather } from './gather.ts';
import type { ScanOptions } from './options.ts';
import { surveyFolder } from './survey-folder.ts';

/**
 * A folder is surveyed as if it were the one layer of an image; it has no digest, so nothing of it is kept.
 * @throws SluiceError when it can't be read
 */
export async function scanFolder(folder: FolderTarget, options: ScanOptions): Promise<Evidence> {
  tuneForShortRun();
  const surveyed = await surveyFolder(folder.path, await ecosystemsOf(options));
  const { inventory } = surveyed;
  const { distribution } = inventory;
  const target: EvidenceTarget = { kind: folder.kind, ...(distribution ? { distribution } : {}), layers: [] };
  const judged: Presence[] = folder.kind === 'source' ? ['declared', 'installed'] : ['installed'];
  const evidence = await gather({ target, inventory }, judged, options);
  const wanted = options.wanted?.(evidence);
  if (!wanted) return evidence;
  const { collectFromFolder } = await import('./collect/collect-folder.ts');
  return collectFromFolder(evidence, folder.path, surveyed, wanted, options);
}
