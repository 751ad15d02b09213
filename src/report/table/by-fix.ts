import { ecosystemFacts } from '../../ecosystem/facts.gen.ts';
import { clearedBy, clearingFix, orderOf } from '../../match/clearing-fix.ts';
import type { Evidence } from '../../model/evidence.ts';
import { counts, type Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';

/** One change, and the findings that it ends. */
export interface Change {
  readonly kind: 'update' | 'place';
  /** `update openssl 3.0.1 to 3.0.15`, or what a rule says that ends it. */
  readonly title: string;
  /** The packages that change with it, sorted; where their source has another name. */
  readonly packages: readonly string[];
  readonly layers: readonly number[];
  readonly paths: readonly string[];
  readonly ends: readonly (Finding | PlacedFinding)[];
}

/** Findings by what ends them. */
export interface Changes {
  readonly changes: readonly Change[];
  /** Those that nothing is known to end. */
  readonly left: readonly Finding[];
  /** Those that the base image brought, whether an update of a package ends them or not. */
  readonly inBase: readonly Finding[];
}

const databases = new Set(ecosystemFacts.filter(({ database }) => database).map(({ id }) => id));

/** What one change ends each: the update of a package, of all packages of one source, or what a rule on a place says. */
export function changesOf(evidence: Evidence): Changes {
  const judged = evidence.findings.filter((finding) => counts(finding, evidence.judged));
  const changes: Change[] = [];
  const left: Finding[] = [];
  for (const { name, findings } of bySource(judged, evidence)) {
    let open = findings;
    for (;;) {
      const [first] = open;
      const order = first && orderOf(first);
      const fix = clearingFix(open, order);
      const ends = fix ? open.filter((finding) => clearedBy(finding, fix.version, order)) : [];
      if (!first || !fix || ends.length === 0) break;
      changes.push(updateOf(name, first.version, fix.version, ends));
      open = open.filter((finding) => !ends.includes(finding));
    }
    left.push(...open);
  }
  changes.push(...placedChanges(evidence.placed ?? []));
  return { changes, left, inBase: judged.filter(({ from }) => from === 'base') };
}

interface SourceGroup {
  readonly name: string;
  findings: Finding[];
}

/** Findings in packages that one update changes together: those of one source in one version. */
function bySource(findings: readonly Finding[], { packages }: Evidence): SourceGroup[] {
  const origins = new Map(packages.map(({ purl, origin }) => [purl, origin]));
  const groups = new Map<string, SourceGroup>();
  for (const finding of findings) {
    const type = finding.package.slice('pkg:'.length, finding.package.indexOf('/'));
    const origin = databases.has(type) ? origins.get(finding.package) : undefined;
    const name = origin?.name ?? finding.name;
    const key = [type, name, finding.version].join('\0');
    const known = groups.get(key);
    if (known) known.findings.push(finding);
    else groups.set(key, { name, findings: [finding] });
  }
  return [...groups.values()];
}

function updateOf(name: string, from: string, to: string, ends: readonly Finding[]): Change {
  const names = [...new Set(ends.map((finding) => finding.name))].sort();
  const inDatabase = databases.has(ends[0]!.package.slice('pkg:'.length, ends[0]!.package.indexOf('/')));
  return {
    kind: 'update',
    title: `update ${name} ${from} to ${to}`,
    packages: names.length === 1 && names[0] === name ? [] : names,
    layers: [...new Set(ends.map(({ layer }) => layer))].sort((a, b) => a - b),
    paths: inDatabase ? [] : [...new Set(ends.flatMap(({ paths }) => paths))],
    ends,
  };
}

/** What rules say that ends what was found in places: the same sentence for several is one thing to learn. */
function placedChanges(placed: readonly PlacedFinding[]): Change[] {
  const groups = new Map<string, PlacedFinding[]>();
  for (const finding of placed) {
    if (finding.answered) continue;
    const key = finding.fix === '' ? finding.title : finding.fix;
    const known = groups.get(key);
    if (known) known.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups].map(([title, ends]) => ({ kind: 'place', title, packages: [], layers: [], paths: [], ends }));
}
