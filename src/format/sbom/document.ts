import type { Digest } from '../../model/digest.ts';
import type { EvidenceLayer } from '../../model/evidence.ts';
import type { BaseImage } from '../../model/image.ts';
import type { Distribution, Presence } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';

/** Formats of bills of materials that are read. */
export type SbomFormat =
  | 'cyclonedx-json'
  | 'cyclonedx-xml'
  | 'spdx-json'
  | 'spdx-tag-value'
  | 'spdx-3-json'
  | 'syft-json';

/** Name and value of a property, annotation or the like. */
export type SbomProperty = readonly [name: string, value: string];

/** One component of a bill of materials, as its format says it. */
export interface SbomPackage {
  /** Package URL as it is written, unchecked. */
  readonly purl?: string;
  /** CycloneDX `group`; empty when there is none. */
  readonly group: string;
  readonly name: string;
  /** Empty when none is stated. */
  readonly version: string;
  /** CycloneDX component type or SPDX purpose, in lower case: `library`, `application`, `operating-system`, `container`, `file` … */
  readonly type: string;
  /** An SPDX expression, or what its makers wrote. */
  readonly license?: string;
  /** As `sha256:` and lower-case hex. */
  readonly hashes: readonly string[];
  /** Who supplies it. */
  readonly supplier?: string;
  /** As the document says it; absent when it does not. */
  readonly presence?: Presence;
  /** Only needed to develop or test. */
  readonly dev?: boolean;
  /** Properties by name, of several with one name the first: `sluice:origin:name`, `aquasecurity:trivy:SrcName` … */
  readonly properties: ReadonlyMap<string, string>;
  /** Absolute paths where it was found. */
  readonly paths: readonly string[];
  /** Number of the layer that brought it, where the document says it. */
  readonly layer?: number;
}

/** What a bill of materials says of the thing that it lists the parts of. */
export interface SbomSubject {
  /** Digest of an image's manifest. */
  readonly digest?: Digest;
  /** Digest of an image's configuration. */
  readonly id?: Digest;
  /** `os/architecture[/variant]`. */
  readonly platform?: string;
  /** Repositories that the image's packages may be from, as sluice noted them. */
  readonly contentSets?: readonly string[];
  /** The image that it was built on, as sluice noted it. */
  readonly base?: BaseImage;
  /** Bottom first; none in documents of others. */
  readonly layers: readonly EvidenceLayer[];
}

/** A bill of materials, whatever its format. */
export interface SbomDocument {
  readonly format: SbomFormat;
  readonly subject: SbomSubject;
  /** All components but the subject and its operating system, in the order of the document. */
  readonly packages: readonly SbomPackage[];
  /** The operating system, where the document has a component or field for it. */
  readonly distribution?: Distribution;
  /** Whether the document says that it does not list everything. */
  readonly incomplete: boolean;
  /** Presences that the gate judged when sluice wrote the document; absent in other documents. */
  readonly judged?: readonly Presence[];
  /** What sluice could not read when it wrote the document. */
  readonly problems: readonly Problem[];
}
