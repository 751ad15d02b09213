import type { Collected } from './collected.ts';
import type { Digest } from './digest.ts';
import type { Finding } from './finding.ts';
import type { BaseImage, LayerDescriptor } from './image.ts';
import type { ImageFacts } from './image-facts.ts';
import type { Distribution, Package, Presence } from './package.ts';
import type { LicenceFact, LookKind, PlacedFinding } from './placed-finding.ts';
import type { Problem } from './problem.ts';
import type { PartlyRead } from './survey.ts';

/** A layer, and how it was looked into. */
export interface EvidenceLayer extends LayerDescriptor {
  /** Absent: every byte was read and the digests are right. */
  readonly read?: PartlyRead;
}

/** When the release of a distribution gets its last fixes, and who says so. */
export interface ReleaseEnd {
  /** The last day with security updates for everybody: `YYYY-MM-DD`. */
  readonly endOfLife: string;
  /** Updates for longer than that, mostly sold: the last day, and what the distribution calls them. */
  readonly extended?: { readonly until: string; readonly name: string };
  /** The page that says so, by its title. */
  readonly source: string;
}

/** What was looked into: named by content, never by where it was found, so that the same image gives the same report. */
export interface EvidenceTarget {
  readonly kind: 'image' | 'rootfs' | 'source' | 'sbom' | 'dockerfile';
  /** Digest of the manifest, where there is one. */
  readonly digest?: Digest;
  /** Digest of the image configuration: docker's image id. */
  readonly id?: Digest;
  /** `os/architecture[/variant]`. */
  readonly platform?: string;
  readonly distribution?: Distribution;
  /** Absent where no end is known. */
  readonly release?: ReleaseEnd;
  /** Repositories that the image's packages may be from, sorted, where the image says: Red Hat's do. */
  readonly contentSets?: readonly string[];
  /** The image that this one was built on, as far as that is known. */
  readonly base?: BaseImage;
  /** Bottom first. */
  readonly layers: readonly EvidenceLayer[];
}

/** One source of advisories that the image needs. */
export interface EvidenceSource {
  /** Base name of the ecosystem, as OSV writes it. */
  readonly ecosystem: string;
  /**
   * `osv-export`; `starter` for the built-in set; `none` when there is no data for it; `feed` for what only adds to
   * findings, such as KEV and EPSS, whose name then stands in `ecosystem`.
   */
  readonly origin: 'osv-export' | 'starter' | 'none' | 'feed';
  readonly records: number;
  /** Newest `modified` of its records; empty when there is none. */
  readonly newest: string;
  /** When it was last known to be current, RFC 3339; empty when there is no data. Kept with the data: not this run's clock. */
  readonly checkedAt: string;
  /** Digest of the index; absent when there is no data. */
  readonly digest?: Digest;
  /** The last update of this source, when it failed: the data is that of before. */
  readonly failed?: FailedUpdate;
}

/** An update that failed. */
export interface FailedUpdate {
  /** RFC 3339. */
  readonly at: string;
  /** One line. */
  readonly message: string;
}

/** A VEX document that was taken into account. */
export interface EvidenceVex {
  /** The document's own id, else its file's name. */
  readonly document: string;
  readonly format: 'openvex' | 'csaf' | 'cyclonedx';
  /** Digest of its bytes. */
  readonly digest: Digest;
  readonly author: string;
  /** RFC 3339; empty when it is not told. */
  readonly timestamp: string;
  readonly statements: number;
  /** How many of its statements are about a finding. */
  readonly applied: number;
  /** Whether the gate goes by it. */
  readonly believed: boolean;
}

/** Everything that is known of an image. Plain, sorted, serializable; every later stage reads only this. */
export interface Evidence {
  readonly target: EvidenceTarget;
  /** Which packages the gate judges: what is installed; in a source tree, what is declared. */
  readonly judged: readonly Presence[];
  readonly packages: readonly Package[];
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  readonly sources: readonly EvidenceSource[];
  /** Absent: no VEX was given or found. Sorted by document and digest. */
  readonly vex?: readonly EvidenceVex[];
  /** Absent for what is no image. */
  readonly image?: ImageFacts;
  /** What was looked for. Absent, in reports of older versions: packages alone. */
  readonly looked?: readonly LookKind[];
  /** Secrets, bad settings, what other tools say: sorted by kind, id and place. Absent: none was found. */
  readonly placed?: readonly PlacedFinding[];
  /** Sorted by package, then path. Absent: licences were not looked for. */
  readonly licences?: readonly LicenceFact[];
  /** Absent: the policy asked for nothing more. */
  readonly collected?: Collected;
}
