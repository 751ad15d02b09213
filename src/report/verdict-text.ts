import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { ReportContext } from './contract.ts';
import { commandTarget } from './table/command-target.ts';
import { gateLines } from './table/gate.ts';
import { lookedLines } from './table/notes.ts';
import { reasonLines } from './table/reasons.ts';
import { painter } from './table/style.ts';
import { summaryLine, titleLine } from './table/summary.ts';
import { waiverLines } from './table/waivers.ts';

/** Fewest and most columns that are laid out for. */
const narrowest = 40;
const widest = 240;

/** The table without its findings: by what was judged, why the gate says what it says, and the line that stands for all. */
export function verdictText(
  evidence: Evidence,
  verdict: Verdict,
  context: Pick<ReportContext, 'name' | 'colour' | 'width' | 'judgedBy'>,
): string {
  const { name, colour, width: columns } = context;
  const width = Math.min(widest, Math.max(narrowest, Math.floor(columns) || narrowest));
  const paint = painter(colour);
  const lines = [
    titleLine(evidence, name, paint),
    '',
    ...waiverLines(verdict, width, paint),
    ...lookedLines(evidence, width, paint),
    ...gateLines(verdict, width, paint),
    ...reasonLines(evidence, verdict, commandTarget(context), width, paint),
    summaryLine(evidence, verdict, paint),
  ];
  return `${lines.join('\n')}\n`;
}
