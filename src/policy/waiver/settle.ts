import type { Finding } from '../../model/finding.ts';
import type { Waiver } from './contract.ts';
import { endedFor, type Flaw, type Watched } from './events.ts';
import type { Tally } from './tally.ts';

/** Gives what is found to the first waiver that holds for it, and notes it with all others; undefined: nobody answers. */
export function settle(
  tallies: readonly Tally[],
  numbers: readonly number[],
  finding: Flaw | undefined,
  answered: Finding['answered'],
  watched: Watched,
): Waiver | undefined {
  let by: Waiver | undefined;
  for (const number of numbers) {
    const tally = tallies[number];
    if (tally === undefined) continue;
    const { waiver, standing } = tally;
    const ended = standing === 'in-force' ? endedFor(waiver.until, finding, watched) : undefined;
    if (answered !== undefined || by !== undefined) {
      tally.shadowed++;
      tally.shadowedBy.add(by?.place ?? shadowText[answered?.by ?? 'waiver']);
    } else if (standing !== 'in-force') tally.wouldAnswer++;
    else if (ended !== undefined) {
      tally.ended++;
      tally.endedBy ??= ended;
    } else {
      tally.answers++;
      by = waiver;
    }
  }
  return by;
}

const shadowText: Record<NonNullable<Finding['answered']>['by'], string> = {
  vex: 'VEX',
  distribution: 'the distribution',
  owner: 'the distribution, whose files they are',
  waiver: 'a waiver',
};
