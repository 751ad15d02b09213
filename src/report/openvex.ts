import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import { parseReference, type Reference } from '../model/reference.ts';
import type { Verdict } from '../model/verdict.ts';
import type { VexStatus } from '../model/vex.ts';
import { compareText } from '../util/compare-text.ts';
import type { Report, ReportContext } from './contract.ts';
import { documentTime } from './document-time.ts';
import { decisionOn } from './openvex/decide.ts';
import { findingDecisions } from './text-decision.ts';
import { jsonText } from './text-json.ts';
import { claimsBy } from './vex/claims.ts';
import { type Decided, Decisions } from './vex/decisions.ts';
import { folded, unitsOf } from './vex/names.ts';
import { type OpenVexDocument, openVexDocument, type VexClaim, type VexDecision } from './vex/openvex.ts';

/** Of two words on one flaw in one package, the one that must not be lost comes first. */
const caution: Record<VexStatus, number> = { affected: 0, under_investigation: 1, not_affected: 2, fixed: 3 };

/** OpenVEX 0.2.0: what the scan knows of each flaw in each package of the target. */
export const report: Report = {
  id: 'openvex',
  doc: 'OpenVEX 0.2.0: what is affected and what to do, what is answered and why, what nobody has decided yet',
  render: (evidence, verdict, context) => jsonText(documentOf(evidence, verdict, context)),
};

function documentOf(evidence: Evidence, verdict: Verdict, context: ReportContext): OpenVexDocument {
  const named = { ...evidence, findings: evidence.findings.flatMap(withNames) };
  const decisions = new Decisions(decidedOn(named, verdict));
  const claims = claimsBy(decisions, named, { references: referencesOf(context), indexes: [] });
  claims.sort((a, b) => compareText(a.names[0] ?? '', b.names[0] ?? ''));
  const origin = { author: 'sluice', timestamp: documentTime(evidence, context), tooling: `sluice ${context.version}` };
  return openVexDocument(claims.map(wellNamed), origin);
}

/** OpenVEX takes no empty name: a finding that has no other can't be spoken of. */
function withNames(finding: Finding): Finding[] {
  if (finding.id.trim() === '') return [];
  return [{ ...finding, aliases: finding.aliases.filter((alias) => alias.trim() !== '') }];
}

/** Names as JSON can hold them, each once. */
function wellNamed(claim: VexClaim): VexClaim {
  return { ...claim, names: [...new Set(claim.names.map((name) => name.toWellFormed()))] };
}

/** One decision on each finding; where one flaw is found in one package twice, both get the more careful one. */
function decidedOn(evidence: Evidence, verdict: Verdict): Decided[] {
  const { findings, judged } = evidence;
  const decisions = findingDecisions(verdict, findings, []);
  const careful = new Map<string, VexDecision>();
  for (const finding of findings) {
    const decision = decisionOn(finding, judged, decisions.ofFinding(finding));
    const known = careful.get(keyOf(finding));
    if (known === undefined || caution[decision.status] < caution[known.status]) careful.set(keyOf(finding), decision);
  }
  return findings.flatMap((finding) => {
    const decision = careful.get(keyOf(finding));
    const [whole] = unitsOf(finding);
    return decision === undefined ? [] : [{ triage: { ...decision, id: finding.id }, units: [whole] }];
  });
}

function keyOf({ id, package: purl }: Finding): string {
  return `${purl}\0${folded(id)}`;
}

/** Where the image is or will be, as the user has said; a name that is none is passed over: the digest stands for the image. */
function referencesOf({ judgedBy }: ReportContext): Reference[] {
  return (judgedBy?.judging.names ?? []).flatMap((name) => {
    try {
      return [parseReference(name)];
    } catch {
      return [];
    }
  });
}
