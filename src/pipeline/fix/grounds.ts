import type { Ecosystem } from '../../ecosystem/contract.ts';
import { rebased } from '../../match/fix/rebased.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { ImageTarget } from '../../source/target.ts';
import { SluiceError } from '../../util/error.ts';
import type { ScanOptions } from '../options.ts';
import { scan } from '../scan.ts';
import type { Ground } from './outcome.ts';
import type { Rematch } from './rematch.ts';

/** An image that may take the place of the base. */
export interface Candidate {
  readonly target: ImageTarget;
  /** As the user named it. */
  readonly name: string;
}

/**
 * The target on its own base, then on each candidate, which is scanned with the same options.
 * @throws SluiceError `fix/base-unknown` when nobody says which layers are the base's
 */
export async function groundsOf(
  evidence: Evidence,
  candidates: readonly Candidate[],
  options: ScanOptions,
  rematch: Rematch,
  ecosystemOf: (id: string) => Ecosystem | undefined,
): Promise<Ground[]> {
  const grounds: Ground[] = [{ evidence, unknown: [] }];
  for (const candidate of candidates) {
    const base = evidence.target.base;
    if (evidence.target.kind !== 'image' || base === undefined || base.layers === 0) {
      const message = 'nothing tells which layers of the image are those of its base';
      throw new SluiceError('fix/base-unknown', message, 'name the base that it was built on: --base TARGET');
    }
    const { base: _base, attachedVex: _vex, onVex: _onVex, wanted, ...looking } = options;
    // The policy for the target asks, whatever the candidate is called.
    const asked = wanted?.(evidence);
    const theirs = await scan(candidate.target, { ...looking, ...(asked ? { wanted: () => asked } : {}) });
    const moved = rebased(evidence, base.layers, theirs, candidate.name, ecosystemOf);
    const { digest } = theirs.target;
    grounds.push({
      evidence: await rematch.evidence(moved.evidence, moved.evidence.packages),
      base: { kind: 'base', from: base.name ?? '', to: candidate.name, ...(digest ? { digest } : {}) },
      unknown: moved.unknown,
    });
  }
  return grounds;
}
