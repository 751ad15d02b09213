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
  if (!options.resident) tuneForShortRun();
  const { look } = options;
  const layerLook = look && (await (await import('./placed/layer-look.ts')).layerLookOf(look));
  const ready = layerLook && (await (await import('../catalog/looking/ready-look.ts')).readyLook(layerLook));
  const surveyed = await surveyFolder(folder.path, await ecosystemsOf(options), ready);
  const { inventory } = surveyed;
  const { distribution } = inventory;
  const target: EvidenceTarget = { kind: folder.kind, ...(distribution ? { distribution } : {}), layers: [] };
  const judged: Presence[] = folder.kind === 'source' ? ['declared', 'installed'] : ['installed'];
  const gathered = await gather({ target, inventory }, judged, options);
  const evidence = look
    ? await (await import('./placed/look-folder.ts')).lookAtFolder(gathered, folder, surveyed, look, options)
    : gathered;
  const wanted = options.wanted?.(evidence);
  if (!wanted) return evidence;
  const { collectFromFolder } = await import('./collect/collect-folder.ts');
  return collectFromFolder(evidence, folder.path, surveyed, wanted, options);
}
