import type { AdvisoryData } from '../advisory/data.ts';
import type { ImageCache } from '../catalog/image-cache.ts';
import type { LayerCache } from '../catalog/layer-cache.ts';
import type { SharedSurveys } from '../catalog/survey-image.ts';
import type { SurveyPool } from '../catalog/survey-pool.ts';
import type { Ecosystem } from '../ecosystem/contract.ts';
import type { PlatformChoice } from '../source/oci-image.ts';
import type { RegistryAccess } from '../source/registry-image.ts';
import type { ImageTarget } from '../source/target.ts';
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
  /** Surveys that other machines made. Absent: none are asked for. */
  readonly shared?: SharedSurveys | undefined;
  /** Absent: there is no data. */
  readonly data?: AdvisoryData | undefined;
  /** The image that the target was built on, where the user says so. */
  readonly base?: ImageTarget | undefined;
  /** Every byte of every layer is read and every digest checked, also in a `docker save` archive. */
  readonly verify?: boolean | undefined;
  /** Most threads. */
  readonly jobs?: number | undefined;
  /** Threads that several scans share; absent: each scan has its own. */
  readonly pool?: SurveyPool | undefined;
  /** Told what is being done: a short phrase. */
  readonly onProgress?: ((phrase: string) => void) | undefined;
}
