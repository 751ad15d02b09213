import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { ReportContext } from './contract.ts';
import { commandTarget } from './table/command-target.ts';
import { gateLines } from './table/gate.ts';
import { lookedLines } from './table/notes.ts';
import { reasonLines } from './table/reasons.ts';
import { painter, tableWidth } from './table/style.ts';
import { summaryLine, summaryLines, titleLine, titleLines } from './table/summary.ts';
import { waiverLines } from './table/waivers.ts';

/**
 * The table without its findings: by what was judged, why the gate says what it says, `more`, and the line that stands
 * for all.
 */
export function verdictText(
  evidence: Evidence,
  verdict: Verdict,
  context: Pick<ReportContext, 'name' | 'colour' | 'width' | 'judgedBy' | 'links' | 'terminal'>,
  more: readonly string[] = [],
): string {
  const { name, colour, links, terminal, width: columns } = context;
  const width = tableWidth(columns);
  const paint = painter(colour, links);
  const lines = [
    ...(terminal ? titleLines(evidence, name, width, paint) : [titleLine(evidence, name, paint)]),
    '',
    ...waiverLines(verdict, width, paint),
    ...lookedLines(evidence, width, paint),
    ...gateLines(verdict, width, paint),
    ...reasonLines(evidence, verdict, commandTarget(context), width, paint),
    ...more,
    ...(terminal ? summaryLines(evidence, verdict, width, paint) : [summaryLine(evidence, verdict, paint)]),
  ];
  return `${lines.join('\n')}\n`;
}
