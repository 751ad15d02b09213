import { ecosystemFacts } from '../ecosystem/facts.gen.ts';
import type { Finding } from '../model/finding.ts';
import type { Package } from '../model/package.ts';
import { compareText } from '../util/compare-text.ts';

/** How a package differs between two images. */
export interface PackageChange {
  readonly ecosystem: string;
  readonly name: string;
  /** Versions that only the first image has, and only the second one; a change of version has one of each. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly change: 'added' | 'removed' | 'upgraded' | 'downgraded' | 'changed';
}

const orders = new Map(ecosystemFacts.map(({ id, order }) => [id, order]));

/** What came, went and changed of the packages that are truly there. Sorted by kind of package and name. */
export function comparePackages(before: readonly Package[], after: readonly Package[]): PackageChange[] {
  const versions = new Map<string, { before: Set<string>; after: Set<string> }>();
  const note = (packages: readonly Package[], side: 'before' | 'after'): void => {
    for (const { ecosystem, name, version, presence } of packages) {
      if (presence === 'declared') continue;
      const key = `${ecosystem}\0${name}`;
      const known = versions.get(key) ?? { before: new Set(), after: new Set() };
      versions.set(key, known);
      known[side].add(version);
    }
  };
  note(before, 'before');
  note(after, 'after');
  const changes: PackageChange[] = [];
  for (const [key, sides] of versions) {
    const [ecosystem = '', name = ''] = key.split('\0');
    const gone = [...sides.before].filter((version) => !sides.after.has(version)).sort();
    const come = [...sides.after].filter((version) => !sides.before.has(version)).sort();
    if (gone.length === 0 && come.length === 0) continue;
    changes.push({ ecosystem, name, before: gone, after: come, change: changeOf(ecosystem, gone, come) });
  }
  return changes.sort((a, b) => compareText(a.ecosystem, b.ecosystem) || compareText(a.name, b.name));
}

function changeOf(ecosystem: string, gone: readonly string[], come: readonly string[]): PackageChange['change'] {
  if (gone.length === 0) return 'added';
  if (come.length === 0) return 'removed';
  const order = orders.get(ecosystem);
  const [from = ''] = gone;
  const [to = ''] = come;
  if (gone.length > 1 || come.length > 1 || !order?.valid(from) || !order.valid(to)) return 'changed';
  const compared = order.compare(from, to);
  return compared < 0 ? 'upgraded' : compared > 0 ? 'downgraded' : 'changed';
}

/** What came and went of findings: a flaw in a package is the same one in another version of it. */
export interface FindingChanges {
  readonly came: readonly Finding[];
  readonly went: readonly Finding[];
  /** How many are in both. */
  readonly stayed: number;
}

/** Compares findings that count. Their order is kept: worst first. */
export function compareFindings(before: readonly Finding[], after: readonly Finding[]): FindingChanges {
  const keys = (findings: readonly Finding[]) => new Set(findings.map(keyOf));
  const [old, now] = [keys(before), keys(after)];
  return {
    came: after.filter((finding) => !old.has(keyOf(finding))),
    went: before.filter((finding) => !now.has(keyOf(finding))),
    stayed: [...now].filter((key) => old.has(key)).length,
  };
}

function keyOf({ id, package: purl, name }: Finding): string {
  return `${id}\0${purl.slice(0, purl.indexOf('/'))}\0${name}`;
}
