/** One ecosystem's order of versions. */
export interface VersionOrder {
  /** `dpkg`, `apk`, `rpm`, `semver`, `pep440`, `maven`, `go`. */
  readonly id: string;
  /** Whether the text is a version by this order's own grammar. What is not can't be judged: a Problem. */
  valid(version: string): boolean;
  /** Negative when `a` is older than `b`, 0 when they are equal by the order. Total for valid versions; never throws. */
  compare(a: string, b: string): number;
}
