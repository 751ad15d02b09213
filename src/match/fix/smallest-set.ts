/** Most changes, of those that can be dropped, of which every set is tried. */
const mostTried = 8;

/** Most changes that are tried to be dropped one by one: each try judges all findings once more. */
const mostDropped = 60;

/**
 * The smallest set of changes that leaves no more stops than all of them do: what brings more than it ends goes, each
 * change that is not needed is dropped, in the order given, and of a few changes every smaller set is tried. Of very many,
 * whose number nobody looks at any more, only the first ones are tried. `stops` counts what the gate stops at after a set of
 * them; the same input gives the same set.
 */
export function smallestSet<Change>(changes: readonly Change[], stops: (set: readonly Change[]) => number): Change[] {
  const all = stops(changes);
  const alone = new Map(changes.slice(0, mostDropped).map((one) => [one, stops(allBut(changes, one))]));
  const without = (one: Change): number => alone.get(one) ?? Number.POSITIVE_INFINITY;
  const helpful = changes.filter((one) => without(one) >= all);
  const left = helpful.length === changes.length ? all : stops(helpful);
  const [kept, least] = left <= all ? [helpful, left] : [[...changes], all];
  // Without a change that can't be dropped alone no set is enough: only the others are worth trying.
  const optional = kept.filter((one) => without(one) <= all);
  let needed = kept;
  for (const one of optional) {
    const fewer = allBut(needed, one);
    if (stops(fewer) <= least) needed = fewer;
  }
  // Of few changes even one that brings more than it ends beside all others may do alone what several do.
  const tried = changes.length <= mostTried ? changes : optional;
  if (tried.length > mostTried) return needed;
  const fixed = kept.filter((one) => !tried.includes(one));
  for (let size = 0; fixed.length + size < needed.length; size++) {
    const smaller = subsets(tried, size).find((set) => stops([...fixed, ...set]) <= least);
    if (smaller) return changes.filter((one) => fixed.includes(one) || smaller.includes(one));
  }
  return needed;
}

function allBut<Change>(changes: readonly Change[], one: Change): Change[] {
  return changes.filter((other) => other !== one);
}

/** All sets of so many of the changes, in the order of the changes. */
function subsets<Change>(changes: readonly Change[], size: number): Change[][] {
  const sets: Change[][] = [];
  for (let bits = 0; bits < 1 << changes.length; bits++) {
    const set = changes.filter((_, at) => (bits >> at) & 1);
    if (set.length === size) sets.push(set);
  }
  return sets;
}
