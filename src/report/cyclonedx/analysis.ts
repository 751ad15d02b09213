import type { Finding, VexNote } from '../../model/finding.ts';
import { contradictions, decidingNote, noteText } from '../text-statement.ts';

/** What was found out about a vulnerability (CycloneDX 1.6 `vulnerability.analysis`). */
export interface Analysis {
  readonly state?: 'exploitable' | 'in_triage' | 'resolved' | 'not_affected' | 'false_positive';
  readonly justification?: string;
  readonly response?: readonly ['will_not_fix'];
  readonly detail?: string;
}

const states: Record<VexNote['status'], NonNullable<Analysis['state']>> = {
  not_affected: 'not_affected',
  affected: 'exploitable',
  fixed: 'resolved',
  under_investigation: 'in_triage',
};

/** CycloneDX's own justifications (1.6 `impactAnalysisJustification`). */
const ownJustifications: ReadonlySet<string> = new Set([
  'code_not_present',
  'code_not_reachable',
  'requires_configuration',
  'requires_dependency',
  'requires_environment',
  'protected_by_compiler',
  'protected_at_runtime',
  'protected_at_perimeter',
  'protected_by_mitigating_control',
]);

/** OpenVEX's justifications in CycloneDX's words, where it has one that means the same. */
const justifications: ReadonlyMap<string, string> = new Map([
  ['component_not_present', 'code_not_present'],
  ['vulnerable_code_not_present', 'code_not_present'],
  ['vulnerable_code_not_in_execute_path', 'code_not_reachable'],
  ['inline_mitigations_already_exist', 'protected_by_mitigating_control'],
]);

/** What VEX, the distribution or the owner of the files says of a finding; undefined when nobody says anything. */
export function analysisOf(finding: Finding): Analysis | undefined {
  const { answered, fixState } = finding;
  if (answered?.by === 'owner') return { state: 'false_positive', detail: answered.because };
  if (answered?.by === 'distribution') return { state: 'not_affected', detail: answered.because };
  const deciding = decidingNote(finding);
  const analysis = deciding ? analysisByNote(finding, deciding) : undefined;
  // A waiver says that a flaw may wait, and nothing of whether it is one.
  if (answered?.by === 'waiver') return { ...analysis, detail: joined(analysis?.detail, answered.because) };
  if (analysis) return analysis;
  if (answered) return { state: 'not_affected', detail: answered.because };
  return fixState === 'wont-fix' ? { response: ['will_not_fix'] } : undefined;
}

function joined(before: string | undefined, text: string): string {
  return before === undefined ? text : `${before}; ${text}`;
}

function analysisByNote(finding: Finding, deciding: VexNote): Analysis {
  const { status, justification = '' } = deciding;
  const word = ownJustifications.has(justification) ? justification : justifications.get(justification);
  const contrary = contradictions(finding).map((note) => `; but ${noteText(note)}`);
  return {
    state: states[status],
    ...(status === 'not_affected' && word !== undefined ? { justification: word } : {}),
    detail: noteText(deciding) + contrary.join(''),
  };
}
