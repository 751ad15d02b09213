import { isJustification } from '../../format/vex/justification.ts';
import { counts, type Finding } from '../../model/finding.ts';
import type { Presence } from '../../model/package.ts';
import { type FindingDecision, notJudgedText } from '../text-decision.ts';
import { fixSentence } from '../text-fix.ts';
import { decidingNote, noteText } from '../text-statement.ts';
import type { VexDecision } from '../vex/openvex.ts';

/** Longest text of a statement, in characters: what readers keep of one, sluice's own among them. */
const longestText = 4_000;

/** What a scan and its verdict say of one finding, in the words of OpenVEX 0.2.0. */
export function decisionOn(
  finding: Finding,
  judged: readonly Presence[],
  decided: FindingDecision | undefined,
): VexDecision {
  const { answered } = finding;
  if (answered?.by === 'vex') return byStatement(finding, answered.because);
  if (answered?.by === 'waiver') {
    const taken = `It is taken as it is for now: ${answered.because}.`;
    return { status: 'affected', action: cut(fixSentence(finding)), notes: cut(taken) };
  }
  if (answered) {
    // Of a file that belongs to a distribution's package its publisher speaks under that package's name.
    const known = answered.by === 'distribution' ? { justification: 'vulnerable_code_not_present' } : {};
    return { status: 'not_affected', ...known, impact: cut(answered.because) || answered.by };
  }
  const deciding = decidingNote(finding);
  if (deciding?.status === 'under_investigation')
    return { status: 'under_investigation', notes: cut(noteText(deciding)) };
  const open = whyOpen(finding, judged, decided);
  if (open !== undefined) return { status: 'under_investigation', notes: cut(open) };
  const said = deciding?.status === 'affected' ? { notes: cut(noteText(deciding)) } : {};
  return { status: 'affected', action: cut(fixSentence(finding)), ...said };
}

/** What the statement said that answers it; an erratum of several flaws may be answered by several, which `because` tells. */
function byStatement(finding: Finding, because: string): VexDecision {
  const { status, justification, says = '' } = decidingNote(finding) ?? {};
  if (status === 'fixed') return { status, notes: cut(because) || 'fixed' };
  const words = [says.trim(), because].filter((text) => text !== '').join(' — ');
  return {
    status: 'not_affected',
    ...(justification !== undefined && isJustification(justification) ? { justification } : {}),
    impact: cut(words) || 'a VEX statement says so',
  };
}

/** Why nobody has decided yet whether the target is affected; undefined where it is known. */
function whyOpen(
  finding: Finding,
  judged: readonly Presence[],
  decided: FindingDecision | undefined,
): string | undefined {
  if (decided?.decision === 'undecided') return `The policy could not decide on it: ${decided.rules.join(', ')}.`;
  if (finding.fixState === 'investigating') return fixSentence(finding);
  if (counts(finding, judged)) return undefined;
  return `The gate does not judge it: ${notJudgedText(finding, judged)}.`;
}

/** Text of OpenVEX is JSON's, of any form; it is bounded alone. */
function cut(text: string): string {
  const told = text.trim().toWellFormed();
  return told.length > longestText ? `${told.slice(0, longestText - 1)}…`.toWellFormed() : told;
}
