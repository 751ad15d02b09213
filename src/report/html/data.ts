import type { Answer } from '../../model/finding.ts';
import type { PlacedKind } from '../../model/placed-finding.ts';
import type { Severity } from '../../model/severity.ts';
import type { BlameQuadrant, Reason } from '../../model/verdict.ts';

/** What the script of the page is given, as JSON. What is absent of it is not known or does not hold. */
export interface PageData {
  readonly findings: readonly PageFinding[];
  /** What findings in packages are in. */
  readonly subjects: readonly PageSubject[];
  readonly packages: readonly PagePackage[];
  readonly licences: readonly PageLicence[];
  readonly problems: readonly PageProblem[];
  /** What made each layer, in a few words. */
  readonly layers: readonly string[];
  /** Whether there was something before that the target was held against. */
  readonly hasBaseline: boolean;
  /** What commands are told to look at: one word of a shell. */
  readonly commandTarget: string;
}

/** The package of findings. */
export interface PageSubject {
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  readonly presence: string;
  readonly paths: readonly string[];
  /** The update that ends most of its findings that are not answered. */
  readonly update?: PageUpdate;
}

/** An update, how many findings it ends of how many, and the command for it. */
export interface PageUpdate {
  readonly to: string;
  readonly clears: number;
  readonly of: number;
  readonly run?: string;
}

/** Sorts of findings: flaws in packages, and what was found in places. */
export type PageKind = 'vulnerability' | PlacedKind;

/** One finding of any kind. */
export interface PageFinding {
  /** Hex, lasting from scan to scan: by it a link opens the finding. */
  readonly key: string;
  readonly kind: PageKind;
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** Where it is, for people: the first place, and the others. */
  readonly places: readonly string[];
  readonly layer?: number;
  readonly from?: 'base' | 'own';
  /** Index into {@link PageData.subjects}, of flaws in packages. */
  readonly subject?: number;
  /** Why the gate does not go by it; absent: it does. */
  readonly aside?: string;
  /** Who says so; absent where its package is none that is judged. */
  readonly answeredBy?: Answer['by'];
  /** What sets it apart from others of its severity, with what the words mean. */
  readonly marks?: readonly (readonly [text: string, role: string])[];
  readonly fixed?: readonly string[];
  /** What to do, in one sentence. */
  readonly fix: string;
  /** What is said of a fix where there is none. */
  readonly noFix?: string;
  readonly decision?: Reason['decision'];
  readonly rules?: readonly string[];
  readonly due?: string;
  readonly blame?: BlameQuadrant;
  readonly aliases?: readonly string[];
  readonly score?: number;
  readonly vector?: string;
  readonly severitySource?: string;
  readonly exploited?: string;
  readonly epss?: readonly [score: number, percentile: number];
  readonly risk?: number;
  readonly published?: string;
  readonly cwes?: readonly string[];
  /** What VEX documents say, newest first. */
  readonly statements?: readonly string[];
  readonly message?: string;
  readonly why?: string;
  readonly links?: readonly string[];
  readonly controls?: readonly string[];
  readonly tool?: string;
  /** What is known of a secret, never the secret. */
  readonly secret?: readonly string[];
}

/** One package. */
export interface PagePackage {
  readonly key: string;
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  readonly kind: string;
  readonly presence: string;
  readonly paths: readonly string[];
  readonly layer: number;
  readonly from: 'base' | 'own';
  readonly license?: string;
  readonly origin?: string;
  readonly ownedBy?: string;
  readonly dev?: true;
}

/** One licence of a package or of a file. */
export interface PageLicence {
  readonly key: string;
  readonly expression: string;
  readonly class: string;
  readonly of: string;
  readonly stated?: string;
  readonly path?: string;
  readonly layer: number;
  readonly from: 'base' | 'own';
}

/** What could not be read or decided. */
export interface PageProblem {
  readonly key: string;
  readonly code: string;
  readonly message: string;
  readonly blinding: boolean;
  readonly path?: string;
  readonly layer?: number;
}
