import { collect } from '../../catalog/collect/collect.ts';
import { wantedBy } from '../../configuration/applies.ts';
import type { ConfigurationRule } from '../../configuration/contract.ts';
import { evaluateConfiguration } from '../../configuration/evaluate.ts';
import { withCollected } from '../collect/with-collected.ts';
import type { ScanOptions } from '../options.ts';
import { askedDocuments } from './asked-documents.ts';
import type { FoundBeside, LookedInto } from './contract.ts';
import { documentsOf } from './documents.ts';
import { giveKept } from './kept-bodies.ts';

/** Asks the rules on configuration, the built-in ones and those of the user, of what the surveys have kept. */
export async function configurationOf(looked: LookedInto, options: ScanOptions): Promise<FoundBeside> {
  const { evidence, surveys, places, owners, ecosystems, readBodies } = looked;
  const rules = [...(await builtInRules()), ...(options.look?.configurationRules ?? [])];
  const wanted = wantedBy(rules);
  const found =
    wanted &&
    (await collect(
      {
        ...{
          tree: places.standing.tree,
          surveys,
          packages: evidence.packages,
          ecosystems,
          owners,
          baseLayers: places.baseLayers,
        },
        readBodies: (bodies) => readBodies(giveKept(bodies, surveys)),
      },
      wanted,
    ));
  const asked = await askedDocuments(options.look?.configurationRules ?? [], looked);
  const evaluated = await evaluateConfiguration(rules, {
    evidence: found ? withCollected(evidence, found) : evidence,
    now: options.now ?? new Date(0),
    names: options.names ?? [],
    documents: [...documentsOf(looked), ...asked.documents],
  });
  const problems = [...(found?.problems ?? []), ...asked.problems, ...evaluated.problems];
  return { placed: evaluated.findings, problems };
}

async function builtInRules(): Promise<readonly ConfigurationRule[]> {
  return (await import('../../configuration/rules.gen.ts')).configurationRules;
}
