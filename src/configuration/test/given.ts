import type { AccountFact, FileFact, PackageFileFact } from '../../model/collected.ts';
import type { ImageFacts } from '../../model/image-facts.ts';
import type { Package } from '../../model/package.ts';

/** A file of a test: what is collected of one, and its content. */
export interface GivenFile
  extends Pick<FileFact, 'path' | 'kind' | 'size' | 'mode' | 'uid' | 'gid' | 'link' | 'layer' | 'from' | 'owner'> {
  readonly content?: string;
  /** What later versions collect of files, by name. */
  readonly more: ReadonlyMap<string, unknown>;
}

/** A document of a test. */
export interface GivenDocument {
  /** Absent: the first path of the rule. */
  readonly path?: string;
  readonly text: string;
}

/** What there is in a test. */
export interface TestGiven {
  readonly image?: Partial<ImageFacts>;
  readonly kind: 'image' | 'rootfs' | 'source';
  /** The reference that the image goes by. */
  readonly name?: string;
  readonly distribution?: { readonly id: string; readonly version: string };
  /** The day on which the distribution's release ends. */
  readonly endOfLife?: string;
  readonly base?: { readonly name: string; readonly digest: string };
  readonly baseLayers: number;
  readonly dockerfile?: string;
  readonly files: readonly GivenFile[];
  readonly accounts: readonly AccountFact[];
  readonly packages: readonly Package[];
  readonly packageFiles: readonly PackageFileFact[];
  readonly documents: readonly GivenDocument[];
  /** The day on which the rule is asked: `2026-01-31`. */
  readonly today: string;
}
