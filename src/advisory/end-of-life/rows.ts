/** When one release of a distribution gets its last fixes. */
export interface EndOfLifeRow {
  /** `ID` of os-release; `centos-stream` for what calls itself `centos` and is named so. */
  readonly id: string;
  /** The release, by the leading parts of `VERSION_ID` that name it: `12`, `3.18`, `22.04`. */
  readonly version: string;
  /** The last day with security updates for everybody: `YYYY-MM-DD`. */
  readonly endOfLife: string;
  /** Updates for longer than that: the last day, and what the distribution calls them. Most are sold. */
  readonly extended?: { readonly until: string; readonly name: string };
  /** The page of the distribution that says so, by its title. */
  readonly source: string;
}

/** The releases of one distribution: version, end of life, and the end of what is longer than that. */
export interface Releases extends Pick<EndOfLifeRow, 'id' | 'source'> {
  /** What the distribution calls updates for longer. */
  readonly extended?: string;
  readonly releases: readonly (readonly [version: string, endOfLife: string, until?: string])[];
}

/** The releases of distributions one by one. */
export function rowsOf(distributions: readonly Releases[]): EndOfLifeRow[] {
  return distributions.flatMap(({ id, source, extended, releases }) =>
    releases.map(([version, endOfLife, until]) => ({
      id,
      version,
      endOfLife,
      ...(extended !== undefined && until !== undefined ? { extended: { until, name: extended } } : {}),
      source,
    })),
  );
}
