import type { AdvisoryData } from '../advisory/data.ts';
import type { ImageCache } from '../catalog/image-cache.ts';
import type { LayerCache } from '../catalog/layer-cache.ts';
import type { Ecosystem } from '../ecosystem/contract.ts';
import type { PlatformChoice } from '../source/oci-image.ts';
import type { RegistryAccess } from '../source/registry-image.ts';
import type { EvidenceCache } from './evidence-cache.ts';

/** What is kept between scans. */
export interface ScanCaches {
  readonly layers: LayerCache;
  readonly images: ImageCache;
  readonly evidence: EvidenceCache;
}

/** Everything that a scan goes by. */
export interface ScanOptions {
  /** The kinds of package, or what loads them when an image is not known yet. */
  readonly ecosystems: readonly Ecosystem[] | (() => Promise<readonly Ecosystem[]>);
  readonly access: RegistryAccess;
  readonly platform: PlatformChoice;
  /** Absent: nothing is kept and nothing is known. */
  readonly caches?: ScanCaches | undefined;
  /** Absent: there is no data. */
  readonly data?: AdvisoryData | undefined;
  /** Most threads. */
  readonly jobs?: number | undefined;
  /** Told what is being done: a short phrase. */
  readonly onProgress?: ((phrase: string) => void) | undefined;
}
