import { ecosystemFacts } from '../ecosystem/facts.gen.ts';
import type { VersionOrder } from '../version/contract.ts';
import { ecosystemKinds } from './ecosystem-kinds.ts';

/**
 * The order of versions by which an ecosystem's packages are judged; undefined where none is known. A wrong or missing
 * one costs time and no finding: the index says by which order it was made, and is narrowed by that one alone.
 */
export function orderOfEcosystem(base: string): VersionOrder | undefined {
  const kind = ecosystemKinds.get(base);
  return kind === undefined ? undefined : ecosystemFacts.find(({ id }) => id === kind)?.order;
}
