import type { AdvisoryData } from '../../advisory/data.ts';
import type { Explanation } from '../../match/explain/contract.ts';
import { explainFlaw } from '../../match/explain/explain.ts';
import { advisoryKeys } from '../../match/keys.ts';
import { explainVex } from '../../match/vex/explain.ts';
import type { Evidence } from '../../model/evidence.ts';
import { judgeLazily } from '../../policy/judge-lazily.ts';
import type { Judging } from '../../policy/judging.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Target } from '../../source/target.ts';
import { ecosystemsOf } from '../gather.ts';
import type { ScanOptions } from '../options.ts';
import { scan } from '../scan.ts';
import { explainPlaced } from './explain-placed.ts';
import { gateOf } from './gate.ts';
import { askedSources } from './sources.ts';

/** What the gate goes by. */
export interface GoneBy {
  readonly policy: Policy;
  readonly judging: Judging;
}

/**
 * Tells all that is known of one finding in one target: scans it as `scan` does; of a flaw, looks into the same data for
 * what every record says of every package. @throws SluiceError when the target or the data can't be read
 */
export async function explainTarget(
  asked: string,
  target: Target,
  options: ScanOptions,
  goBy: (evidence: Evidence) => GoneBy,
): Promise<Explanation> {
  let data: AdvisoryData | undefined = options.data;
  let { vex = [], names = [] } = options;
  const { refresh } = options;
  const found = await scan(target, {
    ...options,
    // The data that the scan itself went by: what it was brought up to is what is explained.
    refresh: refresh && (async (ecosystems) => (data = await refresh(ecosystems))),
    onVex(given, called) {
      vex = given;
      names = called;
    },
  });
  const { policy, judging } = goBy(found);
  // What a waiver answers is told as such.
  const { evidence } = await judgeLazily(found, policy, judging);
  const inPlaces = explainPlaced(asked, evidence, policy, judging);
  if (inPlaces) return inPlaces;
  const ecosystems = await ecosystemsOf(options);
  const byId = new Map(ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
  const ecosystemOf = (id: string) => byId.get(id);
  const { distribution, contentSets } = evidence.target;
  const keys = advisoryKeys(evidence.packages, ecosystemOf, distribution, contentSets);
  const db = await data?.open();
  try {
    options.onProgress?.(`explaining ${asked}`);
    const { findings, packages } = evidence;
    return explainFlaw(asked, {
      evidence,
      ecosystemOf,
      keys,
      db,
      snapshot: data?.snapshot,
      sources: askedSources(evidence, keys, db),
      vexOf: (name) => explainVex(name, findings, packages, evidence.target, vex, names),
      gateOf: (finding) => gateOf(finding, evidence, policy, judging),
    });
  } finally {
    db?.close();
  }
}
