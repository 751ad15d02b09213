import type { Digest } from './digest.ts';

/** What a VEX statement says of a flaw in a product (CISA, "Minimum Requirements for VEX", 2023). */
export type VexStatus = 'not_affected' | 'affected' | 'fixed' | 'under_investigation';

/** How a document names one product or one part of it. */
export interface VexComponent {
  /** purls first, then CPEs and other texts, as the document writes them; each once. */
  readonly ids: readonly string[];
  /** `sha256:<hex>` and other digests as `<algorithm>:<hex>`, in lower case. */
  readonly hashes: readonly string[];
}

/** A product, and the parts of it that the statement is about; no parts: the product as a whole. */
export interface VexProduct extends VexComponent {
  readonly subcomponents: readonly VexComponent[];
}

/** One statement, in the form that all formats come to. */
export interface VexStatement {
  /** All names of the flaw: its id and aliases. */
  readonly vulnerabilities: readonly string[];
  readonly status: VexStatus;
  /** For `not_affected`: OpenVEX's words, to which those of CSAF and CycloneDX are translated where they mean the same. */
  readonly justification?: string;
  /** In words: why it is not affected, or what to do. */
  readonly says?: string;
  /** Empty: the statement names none, and holds for whatever the document is about. */
  readonly products: readonly VexProduct[];
  /** RFC 3339: when the statement was last changed, else the document; empty when neither is told. */
  readonly timestamp: string;
}

/** One VEX document, read. */
export interface VexDocument {
  readonly format: 'openvex' | 'csaf' | 'cyclonedx';
  /** The document's own id; empty when it has none. */
  readonly id: string;
  readonly author: string;
  /** RFC 3339; empty when it is not told. */
  readonly timestamp: string;
  readonly statements: readonly VexStatement[];
  /** What of it could not be read, one line each: a statement that is left out must not be left out silently. */
  readonly unread: readonly string[];
}

/** A VEX document and where it came from. */
export interface GivenVex {
  readonly document: VexDocument;
  /** Its file's name, without a folder. */
  readonly name: string;
  /** Digest of its bytes. */
  readonly digest: Digest;
  /** Packages that a VEX repository lists it for, of which alone it speaks; absent: it was given for itself. */
  readonly listedFor?: readonly string[];
  /** Whether the gate goes by it: the user gave it. What an image says of itself is only shown unless the user says otherwise. */
  readonly believed: boolean;
}
