import type { Advisory } from '../model/advisory.ts';
import type { Match } from './affected.ts';

/**
 * Groups matches that are one flaw under several names: connected by id and aliases. An erratum of a distribution joins
 * the record of the flaw that it was published for, when that is a single flaw and its record matched too; otherwise it
 * stays a flaw of its own, so two errata for one CVE are two: each has its own fix. Groups come in the order of their
 * first match.
 */
export function mergeByName(matches: readonly Match[], distribution: boolean): Match[][] {
  if (matches.length < 2) return matches.map((match) => [match]);
  const parent = matches.map((_, index) => index);
  const owner = new Map<string, number>();
  matches.forEach(({ advisory }, index) => {
    own(owner, parent, advisory.id, index);
    for (const name of advisory.aliases) own(owner, parent, name, index);
    // `ALPINE-CVE-2022-1` is a distribution's record of CVE-2022-1 and so named after it.
    for (const name of advisory.upstream) if (isNamedAfter(advisory.id, name)) own(owner, parent, name, index);
  });
  matches.forEach(({ advisory }, index) => {
    const flaws = flawsOf(advisory, distribution);
    if (!isOneFlaw(flaws)) return;
    for (const name of flaws) {
      const other = owner.get(name);
      if (other !== undefined) join(parent, index, other);
    }
  });
  return gather(matches, parent);
}

/** What a record itself is called: two that share a name are about one flaw. */
function own(owner: Map<string, number>, parent: number[], name: string, index: number): void {
  const other = owner.get(name);
  if (other === undefined) owner.set(name, index);
  else join(parent, index, other);
}

function isNamedAfter(id: string, name: string): boolean {
  return id.charCodeAt(id.length - name.length - 1) === 0x2d && id.endsWith(name);
}

function gather(matches: readonly Match[], parent: number[]): Match[][] {
  const groups = new Map<number, Match[]>();
  matches.forEach((match, index) => {
    const root = rootOf(parent, index);
    const group = groups.get(root);
    if (group) group.push(match);
    else groups.set(root, [match]);
  });
  return [...groups.values()];
}

/**
 * The flaws that an advisory was published for: `upstream`; and the CVEs in `related` when a distribution's record has
 * no `upstream`, since errata of that age put them there.
 */
export function flawsOf(advisory: Advisory, distribution: boolean): readonly string[] {
  if (advisory.upstream.length > 0 || !distribution) return advisory.upstream;
  return advisory.related.filter(isCve);
}

/** Whether the text is an id of the CVE list. */
export function isCve(id: string): boolean {
  return id.startsWith('CVE-');
}

/** One flaw has at most one name with each publisher: two of the same publisher (`CVE-1`, `CVE-2`) are two flaws. */
export function isOneFlaw(ids: readonly string[]): boolean {
  if (ids.length < 2) return true;
  const publishers = new Set(ids.map((id) => id.slice(0, Math.max(0, id.indexOf('-')))));
  return publishers.size === ids.length;
}

function join(parent: number[], a: number, b: number): void {
  const rootA = rootOf(parent, a);
  const rootB = rootOf(parent, b);
  if (rootA < rootB) parent[rootB] = rootA;
  else parent[rootA] = rootB;
}

function rootOf(parent: number[], index: number): number {
  let at = index;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at] as number] as number;
    at = parent[at] as number;
  }
  return at;
}
