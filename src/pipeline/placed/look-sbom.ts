import { licenceFacts } from '../../detect/licences/facts.ts';
import type { Ecosystem } from '../../ecosystem/contract.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { LookKind } from '../../model/placed-finding.ts';
import type { Look } from '../options.ts';
import { comparePlaced } from './secret-findings.ts';
import { withBeside } from './with-beside.ts';

/** What a bill of materials can tell: there are no files in it. */
const told: readonly LookKind[] = ['packages', 'licences'];

/** Adds to the evidence on a bill of materials the licences that its packages state, and what other tools have found. */
export function lookAtSbom(evidence: Evidence, look: Look, ecosystems: readonly Ecosystem[]): Evidence {
  const kinds = look.kinds.filter((kind) => told.includes(kind));
  const { findings = [], problems = [] } = look.imported ?? {};
  const baseLayers = evidence.target.base?.layers ?? 0;
  const found = {
    placed: [...findings].sort(comparePlaced),
    ...(kinds.includes('licences') ? { licences: licenceFacts(evidence.packages, [], baseLayers) } : {}),
    problems,
  };
  return withBeside(evidence, found, kinds, ecosystems);
}
