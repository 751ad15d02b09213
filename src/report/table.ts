import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report, ReportContext } from './contract.ts';
import { answeredLines } from './table/answers.ts';
import { commandTarget } from './table/command-target.ts';
import { dataLines } from './table/data.ts';
import { gateLines } from './table/gate.ts';
import { groupFindings } from './table/groups.ts';
import { isIntroduced } from './table/introduced.ts';
import { lookedLines, partlyReadLines, problemLines } from './table/notes.ts';
import { placedLines } from './table/placed.ts';
import { reasonLines } from './table/reasons.ts';
import { groupLines } from './table/rows.ts';
import { painter } from './table/style.ts';
import { summaryLine, titleLine } from './table/summary.ts';
import { waiverLines } from './table/waivers.ts';

/** Fewest and most columns that are laid out for. */
const narrowest = 40;
const widest = 240;

/** The report for people: findings by package, the worst first, and one line last that stands for all. */
export const report: Report = {
  id: 'table',
  doc: 'for people: findings by package, what to update, and why the gate says what it says',
  render: (evidence, verdict, context) => `${tableLines(evidence, verdict, context).join('\n')}\n`,
};

function tableLines(evidence: Evidence, verdict: Verdict, context: ReportContext): string[] {
  const width = Math.min(widest, Math.max(narrowest, Math.floor(context.width) || narrowest));
  const paint = painter(context.colour);
  const groups = groupFindings(evidence);
  const body = [
    ...groupLines(groups, evidence.target, isIntroduced(verdict), width, paint),
    ...placedLines(evidence, width, paint),
    ...answeredLines(evidence, width, paint),
    ...waiverLines(verdict, width, paint),
    ...problemLines(evidence, width, paint),
    ...partlyReadLines(evidence, width, paint),
    ...lookedLines(evidence, width, paint),
    ...dataLines(evidence, width, paint),
    ...gateLines(verdict, width, paint),
    ...reasonLines(evidence, verdict, commandTarget(context), width, paint),
  ];
  const summary = summaryLine(evidence, verdict, paint);
  return [titleLine(evidence, context.name, paint), '', ...body, summary];
}
