import type { Evidence } from '../model/evidence.ts';
import { notLookedFor, partlyLookedFor } from '../policy/looked.ts';
import { listed } from './text-fix.ts';

/**
 * What was not looked for, in one or two sentences; nothing where all was that can be. Whoever reads that nothing was found
 * must know that nobody looked.
 */
export function lookedText(evidence: Pick<Evidence, 'looked' | 'target'>): string | undefined {
  const { looked = ['packages'] } = evidence;
  const none = notLookedFor(evidence);
  const partly = partlyLookedFor(evidence);
  const what = looked.length === 0 ? 'nothing' : `${listed(looked, 'and')}${looked.length === 1 ? ' alone' : ''}`;
  const sentences = [
    ...(none.length === 0 ? [] : [`Looked for ${what}: not for ${listed(none, 'or')}.`]),
    ...(partly.length === 0
      ? []
      : [
          `Layers that were read by their index alone were not searched for ${listed(partly, 'or')}; --verify reads them.`,
        ]),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}
