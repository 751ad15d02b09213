import { ecosystemFacts } from '../ecosystem/facts.gen.ts';
import type { Finding } from '../model/finding.ts';
import { severities } from '../model/severity.ts';
import { compareText } from '../util/compare-text.ts';

/** The one update of a package that clears most of its findings. */
export interface ClearingFix {
  /** The version to update to. */
  readonly version: string;
  /** How many of the findings it clears. */
  readonly clears: number;
}

/**
 * The oldest version that clears most of the findings of one package; undefined when none has a fix. A version clears a
 * finding when it is one of its fixes, or no older than all of them: between the fixes of two branches lies what may
 * still be affected. Without an order of versions only the first holds.
 */
export function clearingFix(
  findings: readonly Finding[],
  compare: ((a: string, b: string) => number) | undefined,
): ClearingFix | undefined {
  const total = compare && ((a: string, b: string): number => compare(a, b) || compareText(a, b));
  const named = new Map<string, number>();
  const newest = new Map<string, number>();
  for (const { fixed } of findings) {
    const versions = [...new Set(fixed)];
    for (const version of versions) add(named, version);
    if (total && versions.length > 0)
      add(
        newest,
        versions.reduce((a, b) => (total(a, b) < 0 ? b : a)),
      );
  }
  const candidates = [...named.keys()];
  if (total) candidates.sort(total);
  let best: ClearingFix | undefined;
  let older = 0;
  for (const version of candidates) {
    const clears = (named.get(version) ?? 0) + older;
    if (!best || clears > best.clears) best = { version, clears };
    older += newest.get(version) ?? 0;
  }
  return best;
}

/** Whether a version ends a finding, by the same rule as {@link clearingFix}. */
export function clearedBy(
  { fixed }: Pick<Finding, 'fixed'>,
  version: string,
  compare: ((a: string, b: string) => number) | undefined,
): boolean {
  if (fixed.includes(version)) return true;
  return compare !== undefined && fixed.length > 0 && fixed.every((one) => compare(one, version) < 0);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The update to begin with: of the package that has the worst findings, the version that clears most of them. */
export interface FirstStep extends ClearingFix {
  readonly name: string;
  /** The version that is there now. */
  readonly from: string;
}

const byId = new Map(ecosystemFacts.map((ecosystem) => [ecosystem.id, ecosystem]));

/** The update that does most; undefined when nothing has a fix. */
export function firstStep(findings: readonly Finding[]): FirstStep | undefined {
  const byPackage = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.package}\0${finding.paths[0] ?? ''}`;
    const known = byPackage.get(key);
    if (known) known.push(finding);
    else byPackage.set(key, [finding]);
  }
  for (const group of [...byPackage.values()].sort(compareByWorst)) {
    const [first] = group;
    const fix = first && clearingFix(group, orderOf(first));
    if (fix) return { ...fix, name: first.name, from: first.version };
  }
  return undefined;
}

/** The order of versions that a finding's package goes by. */
export function orderOf({ package: purl }: Finding): ((a: string, b: string) => number) | undefined {
  return byId.get(purl.slice('pkg:'.length, purl.indexOf('/')))?.order.compare;
}

/** Worse first: by how many there are of each severity, the worst one first. Then by name and version. */
export function compareByWorst(a: readonly Finding[], b: readonly Finding[]): number {
  for (const severity of severities) {
    const difference = countOf(b, severity) - countOf(a, severity);
    if (difference !== 0) return difference;
  }
  return compareText(sortKey(a), sortKey(b));
}

function countOf(findings: readonly Finding[], severity: string): number {
  return findings.reduce((sum, finding) => sum + (finding.severity === severity ? 1 : 0), 0);
}

function sortKey([first]: readonly Finding[]): string {
  return first ? `${first.name}\0${first.version}\0${first.paths[0] ?? ''}` : '';
}
