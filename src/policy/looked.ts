import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import { type LookKind, lookKinds } from '../model/placed-finding.ts';

/** What each kind of target can't hold: of that nothing is missing. */
const withoutLook: ReadonlyMap<EvidenceTarget['kind'], readonly LookKind[]> = new Map([
  ['sbom', ['secrets', 'configuration']],
  ['dockerfile', ['packages', 'licences']],
]);

/** What lies anywhere in a layer: it is not looked for in layers of which the index alone was read. */
const anywhere: ReadonlySet<LookKind> = new Set(['secrets', 'licences']);

/** What nobody has looked for in a target that may hold it. */
export function notLookedFor({ looked = ['packages'], target }: Pick<Evidence, 'looked' | 'target'>): LookKind[] {
  const without = withoutLook.get(target.kind) ?? [];
  return lookKinds.filter((kind) => !looked.includes(kind) && !without.includes(kind));
}

/** What was looked for in a part of the layers alone. */
export function partlyLookedFor({ looked = ['packages'], target }: Pick<Evidence, 'looked' | 'target'>): LookKind[] {
  if (!target.layers.some(({ read }) => read === 'index')) return [];
  return looked.filter((kind) => anywhere.has(kind));
}
