import { ImageCache } from '../catalog/image-cache.ts';
import { analyzerVersion, LayerCache } from '../catalog/layer-cache.ts';
import { ecosystemFacts } from '../ecosystem/facts.gen.ts';
import { EvidenceCache } from './evidence-cache.ts';
import type { ScanCaches } from './options.ts';

/** What is kept of one image below the cache folder. `build`: what the evidence also depends on. */
export function cachesIn(cacheDir: string, build: string): ScanCaches {
  const analyzer = analyzerVersion(ecosystemFacts);
  const layers = new LayerCache(cacheDir, analyzer);
  return { layers, images: new ImageCache(cacheDir, analyzer, layers), evidence: new EvidenceCache(cacheDir, build) };
}
