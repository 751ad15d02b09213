/** One waiver, read and checked (schema/sluice-waivers-v1.json). All selectors that are given must hold. */
export interface Waiver {
  /** Ids or aliases of flaws, or fingerprints of other findings; any of them. */
  readonly ids: readonly string[];
  /** purl patterns: `pkg:deb/debian/openssl`, `pkg:npm/lodash@4.17.*`; any of them. A version may be left out; `*` is any text. */
  readonly packages: readonly string[];
  /** Globs over paths in the image. */
  readonly paths: readonly string[];
  /** Ids of policy rules, with `*`: what else than findings is waived by them. */
  readonly rules: readonly string[];
  /** Which images: references with `*`, or digests; empty: all. */
  readonly images: readonly string[];
  readonly reason: string;
  readonly owner: string;
  readonly ticket?: string;
  /** First and last day on which it holds: `YYYY-MM-DD`. */
  readonly from?: string;
  readonly expires: string;
  /** What ends it before. */
  readonly until: WaiverEnd;
  /** File and line, as in `sluice.waivers.yaml:12`. */
  readonly place: string;
}

/** Events that end a waiver before its day; each absent where it is not asked for. */
export interface WaiverEnd {
  /** As soon as a version fixes the flaw. */
  readonly fixReleased?: true;
  /** As soon as it is in KEV. */
  readonly exploited?: true;
  /** As soon as its EPSS score is above this. */
  readonly epssAbove?: number;
  /** As soon as the base image has another digest than this. */
  readonly base?: string;
}

/** The waivers of all files, and the files by their digests. */
export interface Waivers {
  readonly waivers: readonly Waiver[];
  readonly files: readonly { readonly name: string; readonly digest: string }[];
}
