import { compare, type Entry } from './entries.ts';
import type { View } from './view.ts';

/** Why a row is not shown: its severity alone, or anything else; undefined where it is. */
export interface Selected {
  readonly rows: readonly Entry[];
  /** How many rows of each severity all other filters leave. */
  readonly bySeverity: ReadonlyMap<string, number>;
  /** Findings that the other filters leave, by whether they count. */
  readonly counting: number;
  readonly aside: number;
}

/** A test of one row. */
type Test = (entry: Entry) => boolean;

/** The rows of a list that a view shows, in its order. */
export function select(entries: readonly Entry[], view: View): Selected {
  const tests = testsOf(view);
  const bySeverity = new Map<string, number>();
  const rows: Entry[] = [];
  let counting = 0;
  let aside = 0;
  for (const entry of entries) {
    if (!tests.every((test) => test(entry))) continue;
    const ofSeverity = view.sev.length === 0 || entry.severities.some((severity) => view.sev.includes(severity));
    const counts = entry.tab !== 'findings' || entry.row.aside === undefined;
    if (ofSeverity) {
      if (counts) counting++;
      else aside++;
    }
    if (entry.tab === 'findings' && !isShown(counts, view.show)) continue;
    for (const severity of entry.severities) bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + 1);
    if (ofSeverity || !hasSeverity(entry)) rows.push(entry);
  }
  return { rows: sorted(rows, view.sort), bySeverity, counting, aside };
}

/** How many rows of a list that is not looked at the same search and filters leave. */
export function countOf(entries: readonly Entry[], view: View): number {
  return select(entries, view).rows.length;
}

function hasSeverity({ tab }: Entry): boolean {
  return tab === 'findings' || tab === 'packages';
}

function isShown(counts: boolean, show: string): boolean {
  return show === 'all' || counts === (show !== 'aside');
}

/** Filters on what only findings have hide no row of another list. */
function testsOf(view: View): Test[] {
  const tests: Test[] = [...searchTests(view.q)];
  const add = (wanted: string, test: Test): void => {
    if (wanted !== '') tests.push(test);
  };
  const ofFinding = (wanted: string, test: (entry: Entry & { tab: 'findings' }) => boolean): void =>
    add(wanted, (entry) => entry.tab !== 'findings' || test(entry));
  add(view.from, ({ from, tab }) => tab === 'problems' || from === view.from);
  add(view.layer, ({ layer }) => String(layer) === view.layer);
  add(view.pkg, ({ name, tab }) => tab === 'licences' || tab === 'problems' || name === view.pkg);
  ofFinding(view.kind, ({ row }) => row.kind === view.kind);
  ofFinding(view.rule, ({ row }) => row.rules?.includes(view.rule) ?? false);
  ofFinding(view.fix, ({ row }) => hasFix(row) === (view.fix === 'yes'));
  ofFinding(view.kev, ({ row }) => row.exploited !== undefined);
  ofFinding(view.new, ({ row }) => row.blame?.startsWith('introduced') ?? false);
  return tests;
}

function hasFix({ fixed, kind, fix }: (Entry & { tab: 'findings' })['row']): boolean {
  return kind === 'vulnerability' ? fixed !== undefined : fix !== '';
}

/** Every word must be there, and none that has a minus before it; words in quotes are one. */
function searchTests(q: string): Test[] {
  const words = q.toLowerCase().match(/-?"[^"]+"|\S+/g) ?? [];
  return words.flatMap((word): Test[] => {
    const not = word.length > 1 && word.startsWith('-');
    const wanted = (not ? word.slice(1) : word).replace(/^"(.*)"$/, '$1');
    return wanted === '' ? [] : [({ text }) => text.includes(wanted) !== not];
  });
}

const severityRank = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];

/** What a column sorts by: texts by their order, numbers the highest first. */
const orders: Readonly<Record<string, (a: Entry, b: Entry) => number>> = {
  severity: (a, b) => rankOf(a) - rankOf(b),
  id: (a, b) => compare(idOf(a), idOf(b)),
  package: (a, b) => compare(a.name, b.name),
  layer: (a, b) => (a.layer ?? -1) - (b.layer ?? -1),
  fixed: (a, b) => compare(fixedOf(a), fixedOf(b)),
  risk: (a, b) => riskOf(b) - riskOf(a),
  findings: (a, b) => foundIn(b) - foundIn(a),
};

/** A stable sort: rows that are alike stay in the order in which they are shown at first. */
function sorted(rows: readonly Entry[], sort: string): readonly Entry[] {
  const backwards = sort.startsWith('-');
  const name = backwards ? sort.slice(1) : sort;
  const order = Object.hasOwn(orders, name) ? orders[name] : undefined;
  if (!order) return rows;
  return [...rows].sort((a, b) => (backwards ? order(b, a) : order(a, b)));
}

function rankOf({ severities: [worst = ''] }: Entry): number {
  const rank = severityRank.indexOf(worst);
  return rank < 0 ? severityRank.length : rank;
}

function idOf(entry: Entry): string {
  if (entry.tab === 'findings') return entry.row.id;
  if (entry.tab === 'licences') return entry.row.expression;
  return entry.tab === 'problems' ? entry.row.code : entry.name;
}

function fixedOf(entry: Entry): string {
  return entry.tab === 'findings' ? (entry.row.fixed?.[0] ?? '~') : '';
}

function riskOf(entry: Entry): number {
  return entry.tab === 'findings' ? (entry.row.risk ?? (entry.row.epss?.[0] ?? -1) * 100) : -1;
}

function foundIn(entry: Entry): number {
  return entry.tab === 'packages' ? entry.findings.length : 0;
}
