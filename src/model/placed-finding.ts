import type { Answer } from './finding.ts';
import type { Severity } from './severity.ts';

/** What a finding in a place is about: `external` is another tool's word. */
export const placedKinds = ['secret', 'misconfiguration', 'external'] as const;

/** One of {@link placedKinds}. */
export type PlacedKind = (typeof placedKinds)[number];

/** What was looked for; what is not named here may be there all the same. */
export const lookKinds = ['packages', 'secrets', 'configuration', 'licences'] as const;

/** One of {@link lookKinds}. */
export type LookKind = (typeof lookKinds)[number];

/** Where something is. Paths are absolute in an image, and relative to the folder in a source tree. */
export interface Place {
  /**
   * `file`: at `path`; `environment`, `label`, `annotation`: `name` says which; `history`: the step `step`; `configuration`: another
   * part of the image's configuration, `name` says which (`User`, `ExposedPorts 22/tcp`); `dockerfile`: at `path` and
   * `line`; `commit`: in the file `path` as `commit` has it; `package`: the package that the finding names.
   */
  readonly in:
    | 'file'
    | 'environment'
    | 'label'
    | 'annotation'
    | 'history'
    | 'configuration'
    | 'dockerfile'
    | 'commit'
    | 'package';
  readonly path?: string;
  readonly name?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1, in UTF-16 units (SARIF 2.1.0 `columnKind`). */
  readonly column?: number;
  readonly endLine?: number;
  /** Behind the last character. */
  readonly endColumn?: number;
  /** The line of the history, from 0. */
  readonly step?: number;
  /** The layer that brought it, from 0. */
  readonly layer?: number;
  /** The layer that deletes or replaces it: it is not in the final image, and everybody who pulls the image still gets it. */
  readonly removedIn?: number;
  readonly from?: 'base' | 'own';
  /** The commit that brought it, in full. */
  readonly commit?: string;
  /** The line of the Dockerfile that made it, where one was given: the path as the user wrote it. */
  readonly cause?: { readonly path: string; readonly line: number };
}

/** What is known of a secret, without the secret. */
export interface SecretFacts {
  /** Enough to find it again, never enough to use it: `ghp_…(40)`. */
  readonly shown: string;
  /** How sure it is that this is a secret in use: 0 to 100. */
  readonly score: number;
  /** What checks that need no network have said, sorted: `its checksum holds`, `the key is encrypted`. */
  readonly notes: readonly string[];
  /** When it ends or has ended, as it says itself: RFC 3339. */
  readonly expires?: string;
  /** The secret itself, only where the user has asked for it (`--show-secrets`); never kept. */
  readonly value?: string;
}

/** One flaw in one place: a secret, a bad setting, what another tool says. */
export interface PlacedFinding {
  readonly kind: PlacedKind;
  /** The rule's id: `secret/github-token`, `image/runs-as-root`; another tool's own. */
  readonly id: string;
  /** What other tools call the same, sorted: `DS-0002`, `CIS-DI-0001`. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  /** What is wrong, in a few words. */
  readonly title: string;
  /** What was found here, in one line for people. */
  readonly message: string;
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** How to end it, in one sentence. */
  readonly fix: string;
  readonly links: readonly string[];
  /** `CIS Docker 1.6.0 4.1`, `NIST SP 800-190 4.1.2`, `PCI DSS 4.0 2.2.6`; sorted. */
  readonly controls: readonly string[];
  readonly place: Place;
  /** The same in other places, in order. */
  readonly also?: readonly Place[];
  /** Hex; the same as long as it is the same thing, wherever its line has moved. */
  readonly fingerprint: string;
  readonly secret?: SecretFacts;
  /** purl of the package whose file it is. */
  readonly package?: string;
  /** The tool that says so, of kind `external`: name and version. */
  readonly tool?: string;
  /** Why it does not count; it stays in every report all the same. */
  readonly answered?: Answer;
}

/** A licence that holds for something in the target: what a package states, or what a file of licences says. */
export interface LicenceFact {
  /** SPDX licence expression (SPDX 2.3 annex D); `NOASSERTION` where the words could not be told, `NONE` where there are none. */
  readonly expression: string;
  /** What was written, where that is not the expression. */
  readonly stated?: string;
  /** The class of what has to be kept to: of `A OR B` the milder one's, of `A AND B` the stricter one's. */
  readonly class: LicenceClass;
  /** purl of the package that states it, or whose file it is. */
  readonly package?: string;
  /** Absolute path of the file with the text, of what was told by a text. */
  readonly path?: string;
  /** How much of the SPDX list's text that file is: 0 to 1. */
  readonly likeness?: number;
  readonly layer: number;
  readonly from: 'base' | 'own';
}

/** What a licence asks of whoever passes the software on, the mildest first. */
export const licenceClasses = ['permitted', 'notice', 'reciprocal', 'restricted', 'forbidden', 'unknown'] as const;

/** One of {@link licenceClasses}. */
export type LicenceClass = (typeof licenceClasses)[number];
