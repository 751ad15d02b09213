import type { EvidenceTarget } from '../model/evidence.ts';
import { count } from './text-fix.ts';

/** How many layers were not wholly read, what that means, and how to change it, in one sentence; nothing where all were. */
export function partlyReadText({ layers }: Pick<EvidenceTarget, 'layers'>): string | undefined {
  const partly = layers.filter((layer) => layer.read !== undefined).length;
  if (partly === 0) return undefined;
  const byIndex = layers.filter((layer) => layer.read === 'index').length;
  const index = byIndex === 0 ? '' : ` (${byIndex} by an index in the layer, which is its publisher's word)`;
  const many = partly === 1 ? 'was' : 'were';
  return `${partly} of ${count(layers.length, 'layer')} ${many} not wholly read, so that not all digests were checked${index}; --verify reads every byte.`;
}
