import type { Evidence } from '../model/evidence.ts';
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
  if (target.kind === 'sbom') {
    const { scanSbom } = await import('./scan-sbom.ts');
    return scanSbom(target, options);
  }
  const opened = await openImage(target, options.access, { ...options.platform, verify: options.verify });
  try {
    const { caches, data } = options;
    const base = options.base && (await (await import('./given-base.ts')).givenBase(options.base, opened, options));
    const sources = data?.sources ?? [];
    const before = caches?.images.nameOf(opened.layers);
    const known = before === undefined ? undefined : caches?.evidence.find(before, opened, sources, base);
    if (known) return known;
    const { scanImage } = await import('./scan-image.ts');
    const evidence = await scanImage(opened, options, base);
    const name = caches?.images.nameOf(opened.layers);
    // Layers that were read in part may have been proven by another process meanwhile: see `keepKnown`.
    const partly = evidence.target.layers.some(({ read }) => read !== undefined);
    if (name !== undefined && (!partly || name === before))
      caches?.evidence.keep(name, opened, sources, evidence, base);
    return evidence;
  } finally {
    opened.close();
  }
}

function isFolder(target: Target): target is FolderTarget {
  return target.kind === 'rootfs' || target.kind === 'source';
}
