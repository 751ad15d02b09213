import type { Evidence } from '../model/evidence.ts';
import type { OpenedImage } from '../source/contract.ts';
import { openImage } from '../source/open.ts';
import type { FolderTarget, Target } from '../source/target.ts';
import type { ScanOptions } from './options.ts';

/**
 * Looks into a target and gathers the evidence on it. What reads layers and matches packages is loaded only when the
 * answer is not known: most scans in a pipeline are of what was scanned before. @throws SluiceError when it can't be read
 */
export async function scan(target: Target, options: ScanOptions): Promise<Evidence> {
  if (isFolder(target)) {
    const { scanFolder } = await import('./scan-folder.ts');
    return scanFolder(target, options);
  }
  const opened = await openImage(target, options.access, options.platform);
  try {
    const known = knownEvidence(opened, options);
    if (known) return known;
    const { scanImage } = await import('./scan-image.ts');
    const evidence = await scanImage(opened, options);
    const name = options.caches?.images.nameOf(opened.layers);
    if (name !== undefined) options.caches?.evidence.keep(name, opened, options.data?.sources ?? [], evidence);
    return evidence;
  } finally {
    opened.close();
  }
}

function isFolder(target: Target): target is FolderTarget {
  return target.kind === 'rootfs' || target.kind === 'source';
}

function knownEvidence(opened: OpenedImage, { caches, data }: ScanOptions): Evidence | undefined {
  const name = caches?.images.nameOf(opened.layers);
  return name === undefined ? undefined : caches?.evidence.find(name, opened, data?.sources ?? []);
}
