import type { Explanation, PlacedStory } from '../../match/explain/contract.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import type { Judging } from '../../policy/judging.ts';
import type { Policy } from '../../policy/policy.ts';
import { namesOf } from '../../policy/subject/placed-name.ts';
import { gateOfPlaced } from './gate.ts';

/**
 * Tells what goes by a name and was found in places: a rule, another tool's name of it, a fingerprint. Undefined where
 * nothing does and the name may be a flaw's.
 */
export function explainPlaced(
  asked: string,
  evidence: Evidence,
  policy: Policy,
  judging: Judging,
): Explanation | undefined {
  const found = (evidence.placed ?? []).filter((finding) => isCalled(finding, asked));
  // Names of flaws have no slash in them, those of rules have one.
  if (found.length === 0 && !asked.includes('/')) return undefined;
  const placed = found.map((finding) => ({ finding, gate: gateOfPlaced(finding, evidence, policy, judging) }));
  return {
    asked,
    target: evidence.target,
    ...outcomeOf(placed, asked, evidence),
    packages: [],
    placed,
    related: [],
    looked: [],
    vex: [],
    sources: [],
    blinding: evidence.problems.filter(({ blinding }) => blinding),
  };
}

/** In any case, as waivers name it. */
function isCalled(finding: PlacedFinding, asked: string): boolean {
  const wanted = asked.toUpperCase();
  return [finding.id, ...namesOf(finding)].some((name) => name.toUpperCase() === wanted);
}

function outcomeOf(
  placed: readonly PlacedStory[],
  asked: string,
  { looked = ['packages'] }: Evidence,
): Pick<Explanation, 'outcome' | 'says'> {
  if (placed.length === 0) return { outcome: 'no-record', says: `nothing here goes by ${asked}${notLooked(looked)}` };
  const answered = placed.filter(({ gate }) => !gate.counts).length;
  const places = placed.reduce((sum, { finding }) => sum + 1 + (finding.also?.length ?? 0), 0);
  const where = `found in ${places === 1 ? 'one place' : `${places} places`}`;
  if (answered === placed.length) return { outcome: 'answered', says: `${where}, all of it answered` };
  return { outcome: 'affected', says: answered === 0 ? where : `${where}; ${answered} of ${placed.length} answered` };
}

function notLooked(looked: readonly string[]): string {
  const missing = ['secrets', 'configuration'].filter((kind) => !looked.includes(kind));
  return missing.length === 0 ? '' : `; ${missing.join(' and ')} were not looked for`;
}
