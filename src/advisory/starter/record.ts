/** One record of the starter set, in the OSV format (schema 1.6): facts of a flaw, with a summary in our own words. */
export interface StarterRecord {
  readonly schema_version: '1.6.0';
  readonly id: string;
  readonly aliases: readonly string[];
  readonly modified: string;
  readonly published: string;
  readonly summary: string;
  readonly severity: readonly { readonly type: string; readonly score: string }[];
  readonly affected: readonly Affected[];
  /** `unfixed`: why a package of the record has no fixed version. */
  readonly database_specific?: { readonly unfixed: string };
}

/** One package that a flaw is in. */
export interface Affected {
  readonly package: { readonly ecosystem: string; readonly name: string };
  readonly ranges: readonly {
    readonly type: 'SEMVER' | 'ECOSYSTEM';
    readonly events: readonly Readonly<Record<string, string>>[];
  }[];
}

/** What distinguishes one flaw from another; {@link flaw} adds the rest. */
export interface Flaw {
  /** The CVE where there is one, then the other names. */
  readonly names: readonly [string, ...string[]];
  /** The day on which it was published: `2021-12-10`. */
  readonly published: string;
  readonly summary: string;
  /** CVSS vector, version 2 to 4. */
  readonly cvss: string;
  readonly affected: readonly Affected[];
  readonly unfixed?: string;
}

/** From the first version to before the second; without a second one there is no fix. */
export type Span = readonly [introduced: string, fixed?: string];

/** When the set was last gone through: every record's `modified`. */
const reviewed = '2026-11-21T00:00:00Z';

/** Makes the OSV record of a flaw. */
export function flaw(facts: Flaw): StarterRecord {
  const [id, ...aliases] = facts.names;
  return {
    schema_version: '1.6.0',
    id,
    aliases,
    modified: reviewed,
    published: `${facts.published}T00:00:00Z`,
    summary: facts.summary,
    severity: [{ type: cvssType(facts.cvss), score: facts.cvss }],
    affected: facts.affected,
    ...(facts.unfixed === undefined ? {} : { database_specific: { unfixed: facts.unfixed } }),
  };
}

/** A package with its affected spans, oldest first. */
export function affects(ecosystem: string, name: string, ...spans: readonly Span[]): Affected {
  const events = spans.flatMap(([introduced, fixed]) =>
    fixed === undefined ? [{ introduced }] : [{ introduced }, { fixed }],
  );
  const type = ecosystem === 'npm' || ecosystem === 'Go' ? 'SEMVER' : 'ECOSYSTEM';
  return { package: { ecosystem, name }, ranges: [{ type, events }] };
}

/** A distribution's package, everything before the fix of each release affected. */
export function fixedIn(distribution: string, name: string, fixes: Readonly<Record<string, string>>): Affected[] {
  return Object.entries(fixes).map(([release, fix]) => affects(`${distribution}:${release}`, name, ['0', fix]));
}

function cvssType(vector: string): string {
  if (vector.startsWith('CVSS:4')) return 'CVSS_V4';
  return vector.startsWith('CVSS:3') ? 'CVSS_V3' : 'CVSS_V2';
}
