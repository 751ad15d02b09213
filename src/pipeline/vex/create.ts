import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import { listed } from '../../report/text-fix.ts';
import { claimsBy } from '../../report/vex/claims.ts';
import { Decisions } from '../../report/vex/decisions.ts';
import type { VexClaim } from '../../report/vex/openvex.ts';
import { type ImageNames, productsOf } from '../../report/vex/products.ts';
import { compareText } from '../../util/compare-text.ts';
import { SluiceError } from '../../util/error.ts';
import { byName, type Chosen, choose } from './choose.ts';
import { missingData } from './missing-data.ts';
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
  const claims = claimsBy(decisions, evidence, names);
  for (const { triage, units } of chosen) if (units.length === 0) claims.push(onWholeTarget(triage, evidence, names));
  claims.sort((a, b) => compareText(a.names[0] ?? '', b.names[0] ?? ''));
  return { claims, findings: decisions.whole(), remarks: [...missed(chosen), ...stillOpen(decisions)] };
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
