import type { NamedAdvisories } from '../../src/advisory/contract.ts';
import type { Ecosystem } from '../../src/ecosystem/contract.ts';
import type { Advisory, AffectedRange, RangeEvent } from '../../src/model/advisory.ts';
import type { Package } from '../../src/model/package.ts';
import type { VersionOrder } from '../../src/version/contract.ts';

/** Whole numbers as versions, with or without a leading `v`; anything else is none. */
export const numbers: VersionOrder = {
  id: 'numbers',
  valid: (version) => /^v?\d+$/.test(version),
  compare: (a, b) => numberOf(a) - numberOf(b),
};

function numberOf(version: string): number {
  return Number(version.replace('v', '')) || 0;
}

/** A range of events such as `introduced 0`, `fixed 3`. */
export function range(...events: readonly string[]): AffectedRange {
  return {
    type: 'ECOSYSTEM',
    events: events.map((event) => {
      const [kind, version] = event.split(' ') as [RangeEvent['kind'], string];
      return { kind, version };
    }),
  };
}

/** An advisory for everything before version 5, with what differs. */
export function advisory(id: string, parts: Partial<Advisory> = {}): Advisory {
  return {
    id,
    aliases: [],
    upstream: [],
    related: [],
    versions: [],
    ranges: [range('introduced 0', 'fixed 5')],
    summary: `about ${id}`,
    severity: { severity: 'unknown', source: 'none' },
    cwes: [],
    vectors: [],
    imports: [],
    modified: '2020-01-01T00:00:00Z',
    ...parts,
  };
}

/** An installed package. */
export function found(name: string, version: string, parts: Partial<Package> = {}): Package {
  return {
    ecosystem: 'test',
    name,
    version,
    presence: 'installed',
    purl: `pkg:test/${name}@${version}`,
    paths: [`/lib/${name}`],
    layer: 0,
    ...parts,
  };
}

/** An ecosystem whose packages are looked up by their own name and version in `Test:1`. */
export function ecosystem(parts: Partial<Ecosystem> = {}): Ecosystem {
  return {
    id: 'test',
    title: 'test packages',
    recognises: [],
    revision: 1,
    database: false,
    limit: 1,
    order: numbers,
    claims: () => false,
    parse: () => ({ packages: [], problems: [] }),
    purl: (record) => `pkg:test/${record.name}@${record.version}`,
    advisories: ({ name, version }) => ({ ecosystem: 'Test:1', name, version }),
    ...parts,
  };
}

/** A database of one ecosystem, `Test`. */
export function database(advisories: Readonly<Record<string, readonly Advisory[]>>) {
  return {
    has: (base: string) => base === 'Test',
    find: (of: string, name: string): NamedAdvisories | undefined => {
      const known = of === 'Test:1' ? advisories[name] : undefined;
      return known && { all: () => known, candidates: () => known };
    },
  };
}
