import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import { compareText } from '../../util/compare-text.ts';
import { type Decisions, decisionKey } from './decisions.ts';
import { cvesIn, folded, type Unit, unitsOf } from './names.ts';
import type { VexClaim, VexDecision } from './openvex.ts';
import { type ImageNames, productsOf } from './products.ts';

/** Statements for decisions, so that a scan that believes them answers what was decided on, and nothing else. */
export function claimsBy(decisions: Decisions, evidence: Evidence, names: ImageNames): VexClaim[] {
  const named = unitsByName(evidence.findings);
  return decisions.alike().flatMap(({ decision, units }) => {
    const context = { decision, decisions, evidence, names, named };
    return byFlaw(units).flatMap((flaw) => claimsOn(flaw, context));
  });
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
  /** All units, by package and by each of their names, folded. */
  readonly named: NamedUnits;
}

type NamedUnits = ReadonlyMap<string, ReadonlyMap<string, readonly Unit[]>>;

function unitsByName(findings: readonly Finding[]): NamedUnits {
  const found = new Map<string, Map<string, Unit[]>>();
  for (const finding of findings) {
    const inPackage = found.get(finding.package) ?? new Map<string, Unit[]>();
    found.set(finding.package, inPackage);
    for (const unit of unitsOf(finding)) {
      for (const name of new Set(unit.names.map(folded))) {
        const same = inPackage.get(name);
        if (same) same.push(unit);
        else inPackage.set(name, [unit]);
      }
    }
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
function sayable(flaw: readonly Unit[], packages: readonly string[], context: Context): string[] {
  const names = [...new Set(flaw.flatMap((unit) => unit.names))];
  return names.filter((name) => packages.every((purl) => meansNothingElse(folded(name), purl, context)));
}

function meansNothingElse(name: string, purl: string, { decision, decisions, named }: Context): boolean {
  const key = decisionKey(decision);
  return (named.get(purl)?.get(name) ?? []).every((unit) => {
    const other = decisions.on(unit);
    return other !== undefined && decisionKey(other) === key;
  });
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
