import type { AdvisoryData } from '../advisory/data.ts';
import type { ImageCache } from '../catalog/image-cache.ts';
import type { LayerCache } from '../catalog/layer-cache.ts';
import type { LayerState, SharedSurveys } from '../catalog/survey-image.ts';
import type { SurveyPool } from '../catalog/survey-pool.ts';
import type { ConfigurationRule } from '../configuration/contract.ts';
import type { SecretRuleSet } from '../detect/secrets/contract.ts';
import type { Ecosystem } from '../ecosystem/contract.ts';
import type { Wanted } from '../model/collected.ts';
import type { Evidence } from '../model/evidence.ts';
import type { LookKind, PlacedFinding } from '../model/placed-finding.ts';
import type { Problem } from '../model/problem.ts';
import type { LayerSurvey } from '../model/survey.ts';
import type { GivenVex } from '../model/vex.ts';
import type { PlatformChoice } from '../source/oci-image.ts';
import type { RegistryAccess } from '../source/registry-image.ts';
import type { ImageTarget } from '../source/target.ts';
import type { Step } from '../util/telemetry/step.ts';
import type { EvidenceCache } from './evidence-cache.ts';

/** What is kept between scans. */
export interface ScanCaches {
  readonly layers: LayerCache;
  readonly images: ImageCache;
  readonly evidence: EvidenceCache;
}

/** Surveys that one step of a scan leaves to the next. */
export interface SurveyedLayers {
  /** Bottom first; absent where an index of a layer was gone by. */
  surveys?: readonly LayerSurvey[];
  /** As they were looked into, by whatever way. */
  all?: readonly LayerSurvey[];
}

/** What is looked for beside packages. Plain data but for what loads it late. */
export interface Look {
  readonly kinds: readonly LookKind[];
  /** Rule sets beside the built-in ones, which are always there where their kind is looked for. */
  readonly secretRules?: readonly SecretRuleSet[];
  readonly configurationRules?: readonly ConfigurationRule[];
  /** Whether secrets are shown: nothing of such a scan is kept. */
  readonly showSecrets?: boolean;
  /** The Dockerfile that the image was built from; `assumed`: nobody has said so, and one that does not fit is let be. */
  readonly dockerfile?: { readonly path: string; readonly bytes: Buffer; readonly assumed?: boolean };
  /** What other tools have found. */
  readonly imported?: { readonly findings: readonly PlacedFinding[]; readonly problems: readonly Problem[] };
  /** Stands for all of the above that findings depend on, and for the built-in rules: caches go by it. */
  readonly digest: string;
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
  /**
   * Brings the advisories of these ecosystems (base names) up to date and returns the data with them. Absent: what is at
   * hand is used as it is.
   */
  readonly refresh?: ((ecosystems: readonly string[]) => Promise<AdvisoryData>) | undefined;
  /** VEX documents that the user gave. */
  readonly vex?: readonly GivenVex[] | undefined;
  /** What the image is called, where that is known: VEX documents may go by it. */
  readonly names?: readonly string[] | undefined;
  /** What could not be read of the VEX that is attached to the image. */
  readonly vexProblems?: readonly Problem[] | undefined;
  /** Told which VEX was taken into account, and what the image is called. */
  readonly onVex?: ((given: readonly GivenVex[], names: readonly string[]) => void) | undefined;
  /** Whether VEX that is attached to the image is looked for, and whether the gate goes by it. */
  readonly attachedVex?: 'shown' | 'believed' | undefined;
  /**
   * What the policy asks for beyond what every scan finds out; asked when the evidence is there. Absent or undefined:
   * nothing is collected.
   */
  readonly wanted?: ((evidence: Evidence) => Wanted | undefined) | undefined;
  /** Where the surveys of an image's layers are left for whoever looks into the same image once more. Absent: nowhere. */
  readonly surveyed?: SurveyedLayers | undefined;
  /** What is looked for beside packages. Absent: nothing. */
  readonly look?: Look | undefined;
  /** The day that rules on configuration are asked as of; absent: they are not asked about days that have passed. */
  readonly now?: Date | undefined;
  /** The image that the target was built on, where the user says so. */
  readonly base?: ImageTarget | undefined;
  /** Every byte of every layer is read and every digest checked, also in a `docker save` archive. */
  readonly verify?: boolean | undefined;
  /** Whether the process goes on when the scan is done: then its V8 is left as it is. */
  readonly resident?: boolean | undefined;
  /** Most threads. */
  readonly jobs?: number | undefined;
  /** Threads that several scans share; absent: each scan has its own. */
  readonly pool?: SurveyPool | undefined;
  /** What the stages are measured beneath. Absent: nothing is measured. */
  readonly trace?: Step | undefined;
  /** Told what is being done: a short phrase. */
  readonly onProgress?: ((phrase: string) => void) | undefined;
  /** Told of each layer that is surveyed what becomes of it. */
  readonly onLayerState?: ((state: LayerState) => void) | undefined;
}
