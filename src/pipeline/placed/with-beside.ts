import type { Ecosystem } from '../../ecosystem/contract.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { LookKind } from '../../model/placed-finding.ts';
import { compareProblems, type Problem } from '../../model/problem.ts';
import type { FoundBeside } from './contract.ts';

/** Areas of problems that are about packages and what is known of them, beside the kinds of package themselves. */
const packageAreas = ['data', 'vex', 'distribution', 'advisory', 'match'];

/** The evidence with what was found beside packages; without packages where they are not among what is looked for. */
export function withBeside(
  evidence: Evidence,
  { placed, licences, problems }: FoundBeside,
  looked: readonly LookKind[],
  ecosystems: readonly Pick<Ecosystem, 'id'>[],
): Evidence {
  const known = looked.includes('packages') ? evidence : withoutPackages(evidence, ecosystems);
  return {
    ...known,
    problems: problems.length === 0 ? known.problems : [...known.problems, ...problems].sort(compareProblems),
    looked,
    ...(placed.length > 0 ? { placed } : {}),
    ...(licences ? { licences } : {}),
  };
}

/** Packages are found all the same, for files are theirs: but nobody asked for them, and nothing may be judged by them. */
function withoutPackages(evidence: Evidence, ecosystems: readonly Pick<Ecosystem, 'id'>[]): Evidence {
  const areas = new Set([...packageAreas, ...ecosystems.map(({ id }) => id)]);
  const isOfPackages = ({ code }: Problem): boolean => areas.has(code.slice(0, code.indexOf('/')));
  const { vex: _vex, ...rest } = evidence;
  return {
    ...rest,
    ...{ packages: [], findings: [], sources: [] },
    problems: evidence.problems.filter((problem) => !isOfPackages(problem)),
  };
}
