import type { Finding, VexNote } from '../model/finding.ts';

const statusWords: Record<VexNote['status'], string> = {
  not_affected: 'not affected',
  affected: 'affected',
  fixed: 'fixed',
  under_investigation: 'under investigation',
};

/** A VEX status as people write it. */
export function statusText(status: VexNote['status']): string {
  return statusWords[status];
}

/** Whether a statement says that there is nothing to do. */
export function isSilencing({ status }: VexNote): boolean {
  return status === 'not_affected' || status === 'fixed';
}

/** The statement that the gate goes by, if any. */
export function decidingNote({ statements }: Finding): VexNote | undefined {
  return statements?.find(({ believed }) => believed);
}

/** Statements that say the contrary of the one that the gate goes by; what is still looked into says nothing yet. */
export function contradictions(finding: Finding): VexNote[] {
  const deciding = decidingNote(finding);
  if (!deciding || deciding.status === 'under_investigation') return [];
  return (finding.statements ?? []).filter(
    (note) => note.status !== 'under_investigation' && isSilencing(note) !== isSilencing(deciding),
  );
}

/** `not affected (vulnerable_code_not_present), says Acme in acme-1 of 2026-01-02: the words`. */
export function noteText({ status, justification, says, timestamp, author, document }: VexNote): string {
  const why = justification === undefined ? '' : ` (${justification})`;
  const when = timestamp === '' ? '' : ` of ${timestamp.slice(0, 10)}`;
  const who = author === '' ? `says ${document}` : `says ${author} in ${document}`;
  const words = says === undefined || says === '' ? '' : `: ${says}`;
  return `${statusText(status)}${why}, ${who}${when}${words}`;
}
