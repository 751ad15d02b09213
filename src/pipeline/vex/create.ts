import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import { listed } from '../../report/text-fix.ts';
import type { VexClaim, VexDecision } from '../../report/vex/openvex.ts';
import { compareText } from '../../util/compare-text.ts';
import { SluiceError } from '../../util/error.ts';
import { byName, type Chosen, choose } from './choose.ts';
import { Decisions, decisionKey } from './decisions.ts';
import { missingData } from './missing-data.ts';
import { cvesIn, folded, type Unit, unitsOf } from './names.ts';
import { type ImageNames, productsOf } from './products.ts';
import type { Triage } from './triage.ts';

/** Most names that one remark lists. */
const shownNames = 5;

/** What comes of triage. */
export interface Claimed {
  /** By name of the flaw. */
  readonly claims: readonly VexClaim[];
  /** What they decide on, as a whole. */
  readonly findings: readonly Finding[];
  /** What the user should know: findings that stay open, flaws that are not there. A line each. */
  readonly remarks: readonly string[];
}

/**
 * Makes statements of decisions, so that a scan that believes them answers the findings which were decided on, and no
 * others. `force`: a flaw that was not found is stated of the target as a whole.
 * @throws SluiceError `vex/no-such-finding`, `vex/several-flaws`, `vex/package`, `vex/contradiction`, `vex/no-product`
 */
export function claimsOf(evidence: Evidence, triages: readonly Triage[], names: ImageNames, force: boolean): Claimed {
  const choice = { findings: byName(evidence.findings), lacking: missingData(evidence) };
  const chosen = triages.map((triage) => choose(triage, choice, force));
  const decisions = new Decisions(chosen);
  const unitsIn = unitsByPackage(evidence.findings);
  const claims: VexClaim[] = [];
  for (const { decision, units } of decisions.alike()) {
    const context = { decision, decisions, evidence, names, unitsIn };
    for (const flaw of byFlaw(units)) claims.push(...claimsOn(flaw, context));
  }
  for (const { triage, units } of chosen) if (units.length === 0) claims.push(onWholeTarget(triage, evidence, names));
  claims.sort((a, b) => compareText(a.names[0] ?? '', b.names[0] ?? ''));
  return { claims, findings: decisions.whole(), remarks: [...missed(chosen), ...stillOpen(decisions)] };
}

interface Flaw {
  readonly names: Set<string>;
  readonly units: Unit[];
}

/** Units of one flaw, in whichever packages: those that share a name. */
function byFlaw(units: readonly Unit[]): Unit[][] {
  const flawOf = new Map<string, Flaw>();
  for (const unit of units) {
    const names = unit.names.map(folded);
    const flaws = new Set(names.flatMap((name) => flawOf.get(name) ?? []));
    const [flaw = { names: new Set(), units: [] }, ...same] = flaws;
    for (const other of same) {
      for (const name of other.names) join(name, flaw, flawOf);
      flaw.units.push(...other.units);
    }
    for (const name of names) join(name, flaw, flawOf);
    flaw.units.push(unit);
  }
  return [...new Set(flawOf.values())].map((flaw) => flaw.units);
}

function join(name: string, flaw: Flaw, flawOf: Map<string, Flaw>): void {
  flaw.names.add(name);
  flawOf.set(name, flaw);
}

interface Context {
  readonly decision: VexDecision;
  readonly decisions: Decisions;
  readonly evidence: Evidence;
  readonly names: ImageNames;
  /** All units, by package. */
  readonly unitsIn: ReadonlyMap<string, readonly Unit[]>;
}

function unitsByPackage(findings: readonly Finding[]): Map<string, Unit[]> {
  const found = new Map<string, Unit[]>();
  for (const finding of findings) {
    const same = found.get(finding.package);
    if (same) same.push(...unitsOf(finding));
    else found.set(finding.package, unitsOf(finding));
  }
  return found;
}

/** One statement on a flaw; where a name that it needs in one package means something else in another, one a package. */
function claimsOn(flaw: readonly Unit[], context: Context): VexClaim[] {
  const { decision, evidence, names } = context;
  const packages = [...new Set(flaw.map(({ finding }) => finding.package))].sort();
  const said = sayable(flaw, packages, context);
  const isExact = flaw.every((unit) => unit.names.some((name) => said.includes(name)));
  if (!isExact && packages.length > 1) {
    return packages.flatMap((purl) => {
      const here = flaw.filter(({ finding }) => finding.package === purl);
      return claimsOn(here, context);
    });
  }
  const products = productsOf(evidence.target, names, packages);
  return [{ ...decision, names: ordered(isExact ? said : flaw.map(ownName), flaw), products }];
}

/** The names of a flaw that mean nothing of which something else is decided in these packages: a name too many would answer too much. */
function sayable(
  flaw: readonly Unit[],
  packages: readonly string[],
  { decision, decisions, unitsIn }: Context,
): string[] {
  const key = decisionKey(decision);
  const taken = new Set<string>();
  for (const unit of packages.flatMap((purl) => unitsIn.get(purl) ?? [])) {
    const other = decisions.on(unit);
    if (other === undefined || decisionKey(other) !== key) for (const name of unit.names) taken.add(folded(name));
  }
  return [...new Set(flaw.flatMap((unit) => unit.names))].filter((name) => !taken.has(folded(name)));
}

/** The CVE first where there is one alone, else what the finding goes by; the others sorted. */
function ordered(names: readonly string[], flaw: readonly Unit[]): string[] {
  const cves = cvesIn(names);
  const known = flaw.map(ownName).find((name) => names.includes(name));
  const first = (cves.length === 1 ? cves[0] : undefined) ?? known ?? names[0] ?? '';
  return [first, ...[...new Set(names)].filter((name) => name !== first).sort(compareText)];
}

function ownName({ part, finding }: Unit): string {
  return part ?? finding.id;
}

function onWholeTarget({ id, packages, ...decision }: Triage, { target }: Evidence, names: ImageNames): VexClaim {
  const products = productsOf(target, names, packages);
  if (products.length > 0) return { ...decision, names: [id], products };
  const hint = 'name the package that it is about with --package';
  throw new SluiceError('vex/no-product', `${id} was not found, and what is no image can't be named as a whole`, hint);
}

function missed(chosen: readonly Chosen[]): string[] {
  const ids = chosen.filter(({ units }) => units.length === 0).map(({ triage }) => triage.id);
  return [...new Set(ids)].map((id) => `the scan found no ${id}: it is stated all the same`);
}

/** Errata of which only some flaws are decided on, a line each for all of their packages. */
function stillOpen(decisions: Decisions): string[] {
  const packages = new Map<string, Set<string>>();
  for (const finding of decisions.partly()) {
    const open = decisions.openIn(finding);
    const more = open.length > shownNames ? [`${open.length - shownNames} more`] : [];
    const lead = `${finding.id} stays open for ${listed([...open.slice(0, shownNames), ...more], 'and')}`;
    packages.set(lead, (packages.get(lead) ?? new Set()).add(finding.name));
  }
  return [...packages].map(([lead, found]) => {
    const shown = [...found].slice(0, shownNames);
    const more = found.size > shown.length ? [`${found.size - shown.length} more packages`] : [];
    return `${lead}, in ${listed([...shown, ...more], 'and')}`;
  });
}
