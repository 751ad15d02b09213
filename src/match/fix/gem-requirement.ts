import type { VersionOrder } from '../../version/contract.ts';

/** Most conditions of one requirement. */
const mostConditions = 40;

/** Whether a version meets a requirement of RubyGems (Gem::Requirement): `~> 2.0, >= 2.0.8`; an empty one is met by all. `order`: theirs. */
export function admitsGem(requirement: string, version: string, order: VersionOrder): boolean {
  if (!order.valid(version)) return false;
  const conditions = requirement.split(',').map((one) => one.trim());
  if (conditions.length > mostConditions) return false;
  return conditions.every((condition) => condition === '' || meets(condition, version, order));
}

function meets(condition: string, version: string, order: VersionOrder): boolean {
  const match = /^(=|!=|>=|<=|>|<|~>)? ?([0-9A-Za-z.]{1,100})$/.exec(condition);
  const bound = match?.[2] ?? '';
  if (!match || !order.valid(bound)) return false;
  const compared = order.compare(version, bound);
  switch (match[1]) {
    case '!=':
      return compared !== 0;
    case '>=':
      return compared >= 0;
    case '<=':
      return compared <= 0;
    case '>':
      return compared > 0;
    case '<':
      return compared < 0;
    case '~>':
      return compared >= 0 && order.compare(version, bumped(bound)) < 0;
    default:
      return compared === 0;
  }
}

/** The version that `~>` stays below: the last number goes, and the one before it is raised (Gem::Version#bump). */
function bumped(version: string): string {
  const parts = version.split('.');
  const letters = parts.findIndex((part) => !/^\d+$/.test(part));
  const numbers = letters < 0 ? parts : parts.slice(0, letters);
  const kept = numbers.length > 1 ? numbers.slice(0, -1) : numbers;
  return [...kept.slice(0, -1), String(Number(kept.at(-1) ?? 0) + 1)].join('.');
}
