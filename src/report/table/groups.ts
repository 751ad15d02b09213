import { ecosystemFacts } from '../../ecosystem/facts.gen.ts';
import { type ClearingFix, clearingFix, compareByWorst, orderOf } from '../../match/clearing-fix.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Presence } from '../../model/package.ts';
import { compareSeverity } from '../../model/severity.ts';

/** What is wrong with one package; or with several that one source brought in one version, with the same flaws. */
export interface PackageGroup {
  /** Sorted; more than one only for a distribution's packages. */
  readonly names: readonly string[];
  readonly version: string;
  readonly presence: Presence;
  /** Whether the gate judges it. */
  readonly judged: boolean;
  readonly layer: number;
  /** Empty for a distribution's packages: their path is that of the package database. */
  readonly paths: readonly string[];
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly fix: ClearingFix | undefined;
}

const byEcosystem = new Map(ecosystemFacts.map((ecosystem) => [ecosystem.id, ecosystem]));

/** Findings by package: judged ones first, the worst first. What is answered is only counted: see `answeredLines`. */
export function groupFindings({ findings, judged }: Evidence): PackageGroup[] {
  const byPackage = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.answered) continue;
    const key = [finding.package, finding.name, finding.presence, finding.layer, ...finding.paths].join('\0');
    const found = byPackage.get(key);
    if (found) found.push(finding);
    else byPackage.set(key, [finding]);
  }
  const alike = new Map<string, Finding[][]>();
  for (const [key, found] of byPackage) {
    const likeness = likenessOf(found) ?? key;
    const others = alike.get(likeness);
    if (others) others.push(found);
    else alike.set(likeness, [found]);
  }
  return [...alike.values()].map((group) => groupOf(group, judged)).sort(compareGroups);
}

/** What binary packages of one source have in common when they have the same flaws; undefined for other packages. */
function likenessOf(findings: readonly Finding[]): string | undefined {
  const [first] = findings;
  if (!first || !byEcosystem.get(ecosystemOf(first))?.database) return undefined;
  const flaws = findings.map(({ id, severity, fixed }) => [id, severity, ...fixed].join('\0')).sort();
  return ['alike', ecosystemOf(first), first.version, first.presence, first.layer, ...flaws].join('\0\0');
}

function groupOf(packages: readonly Finding[][], judged: readonly Presence[]): PackageGroup {
  const findings = [...(packages[0] as Finding[])].sort((a, b) => compareSeverity(a.severity, b.severity));
  const first = findings[0] as Finding;
  const ecosystem = byEcosystem.get(ecosystemOf(first));
  return {
    names: [...new Set(packages.map((found) => (found[0] as Finding).name))].sort(),
    version: first.version,
    presence: first.presence,
    judged: judged.includes(first.presence),
    layer: first.layer,
    paths: ecosystem?.database ? [] : first.paths,
    findings,
    fix: clearingFix(findings, orderOf(first)),
  };
}

/** The purl's type, which is the ecosystem's name. */
function ecosystemOf({ package: purl }: Finding): string {
  return purl.slice('pkg:'.length, purl.indexOf('/'));
}

/** Judged before not judged, the worst first. */
function compareGroups(a: PackageGroup, b: PackageGroup): number {
  if (a.judged !== b.judged) return a.judged ? -1 : 1;
  return compareByWorst(a.findings, b.findings);
}
