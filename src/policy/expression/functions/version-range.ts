import { ecosystemFacts } from '../../../ecosystem/facts.gen.ts';
import type { VersionOrder } from '../../../version/contract.ts';
import { EvaluationFailure } from '../contract.ts';

/** Longest range (characters). */
const longestRange = 1000;

const operators = ['>=', '<=', '==', '!=', '>', '<', '='] as const;
type Operator = (typeof operators)[number];

/** One comparison of a range: `>= 1.2`, `3.*`. */
interface Bound {
  readonly by: Operator | 'prefix';
  readonly version: string;
}

/** Alternatives of bounds that must all hold. */
export type VersionRange = readonly (readonly Bound[])[];

/**
 * Reads a range: `>= 1.2, < 2 || 3.*`: `||` between alternatives, a comma between what must hold together; `3.*` is 3 and
 * all that begins with `3.`; a version alone is that one; `*` is any.
 * @throws EvaluationFailure
 */
export function readRange(text: string): VersionRange {
  if (text.length > longestRange) throw new EvaluationFailure(`a range has at most ${longestRange} characters`);
  return text.split('||').map((alternative) => {
    const bounds = alternative.split(',').map((bound) => readBound(bound.trim()));
    return bounds.filter(({ by, version }) => by !== 'prefix' || version !== '');
  });
}

function readBound(text: string): Bound {
  const by = operators.find((operator) => text.startsWith(operator));
  const version = text.slice(by?.length ?? 0).trim();
  if (by === undefined && version === '*') return { by: 'prefix', version: '' };
  if (version === '' || /[\s<>=!|*]|^[~^]/.test(version.endsWith('.*') ? version.slice(0, -2) : version))
    throw new EvaluationFailure(`${JSON.stringify(text.slice(0, 60))} is no range of versions`);
  if (version.endsWith('.*')) {
    if (by !== undefined && by !== '=' && by !== '==')
      throw new EvaluationFailure(`${text.slice(0, 60)}: what ends with .* stands alone`);
    return { by: 'prefix', version: version.slice(0, -2) };
  }
  return { by: by ?? '=', version };
}

/** Whether a version is in a range, by the order of its kind of package. @throws EvaluationFailure */
export function isInRange(version: string, ecosystem: string, range: VersionRange): boolean {
  const order = orderOf(ecosystem);
  return range.some((bounds) => bounds.every((bound) => holds(version, bound, order, ecosystem)));
}

function holds(version: string, bound: Bound, order: VersionOrder, ecosystem: string): boolean {
  if (bound.by === 'prefix') return version === bound.version || version.startsWith(`${bound.version}.`);
  const compared = compareBy(order, ecosystem, version, bound.version);
  switch (bound.by) {
    case '>=':
      return compared >= 0;
    case '<=':
      return compared <= 0;
    case '>':
      return compared > 0;
    case '<':
      return compared < 0;
    case '!=':
      return compared !== 0;
    default:
      return compared === 0;
  }
}

/** Negative when a package's version is older than another. @throws EvaluationFailure when one of them is no version */
export function compareVersions(version: string, ecosystem: string, other: string): number {
  return compareBy(orderOf(ecosystem), ecosystem, version, other);
}

function compareBy(order: VersionOrder, ecosystem: string, version: string, other: string): number {
  for (const one of [version, other])
    if (!order.valid(one))
      throw new EvaluationFailure(`${JSON.stringify(one.slice(0, 60))} is no version by the order of ${ecosystem}`);
  return order.compare(version, other);
}

const orders: ReadonlyMap<string, VersionOrder> = new Map(ecosystemFacts.map(({ id, order }) => [id, order]));

/** Kinds of package that sluice does not read have the order of files of no kind. */
function orderOf(ecosystem: string): VersionOrder {
  const order = orders.get(ecosystem) ?? orders.get('generic');
  if (order === undefined) throw new EvaluationFailure(`nothing is known of the order of ${ecosystem}`);
  return order;
}
