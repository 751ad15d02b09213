import type { CollectedWith } from '../../catalog/collect/collect.ts';
import type { Evidence } from '../../model/evidence.ts';
import { compareProblems } from '../../model/problem.ts';

/** The evidence with what was collected, and with what could not be among its problems. */
export function withCollected(evidence: Evidence, { collected, problems }: CollectedWith): Evidence {
  if (problems.length === 0) return { ...evidence, collected };
  return { ...evidence, collected, problems: [...evidence.problems, ...problems].sort(compareProblems) };
}
