import { basename } from 'node:path';
import { ImageCache } from '../catalog/image-cache.ts';
import { analyzerVersion, LayerCache } from '../catalog/layer-cache.ts';
import { ecosystemFacts } from '../ecosystem/facts.gen.ts';
import { EvidenceCache } from '../pipeline/evidence-cache.ts';
import type { ScanCaches } from '../pipeline/options.ts';
import type { Target } from '../source/target.ts';

/** What commands that look into one image keep below the cache folder. `build`: what the evidence also depends on. */
export function cachesIn(cacheDir: string, build: string): ScanCaches {
  const analyzer = analyzerVersion(ecosystemFacts);
  const layers = new LayerCache(cacheDir, analyzer);
  return { layers, images: new ImageCache(cacheDir, analyzer, layers), evidence: new EvidenceCache(cacheDir, build) };
}

/** What a target is called in what people read: never a path of this machine. */
export function targetName(target: Target, text: string): string {
  return target.kind === 'registry' ? target.reference : basename(text.replace(/\/+$/, '')) || text;
}
