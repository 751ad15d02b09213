import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report, ReportContext } from './contract.ts';
import { answeredLines } from './table/answers.ts';
import { layerLines } from './table/by-layer.ts';
import { commandTarget } from './table/command-target.ts';
import { dataLines } from './table/data.ts';
import { fixLines } from './table/fix-lines.ts';
import { gateLines } from './table/gate.ts';
import { groupFindings } from './table/groups.ts';
import { isIntroduced } from './table/introduced.ts';
import { lookedLines, partlyReadLines, problemLines } from './table/notes.ts';
import { placedLines } from './table/placed.ts';
import { reasonLines } from './table/reasons.ts';
import { groupLines } from './table/rows.ts';
import { stopStories } from './table/stop-stories.ts';
import { type Paint, painter, tableWidth } from './table/style.ts';
import { summaryLine, summaryLines, titleLine, titleLines } from './table/summary.ts';
import { waiverLines } from './table/waivers.ts';

/** The report for people: findings by package, the worst first, and one line last that stands for all. */
export const report: Report = {
  id: 'table',
  doc: 'for people: findings by package, what to update, and why the gate says what it says',
  render: (evidence, verdict, context) => `${tableLines(evidence, verdict, context).join('\n')}\n`,
};

function tableLines(evidence: Evidence, verdict: Verdict, context: ReportContext): string[] {
  const width = tableWidth(context.width);
  const paint = painter(context.colour, context.links);
  const body = [
    ...findingsLines(evidence, verdict, context.groupBy, width, paint),
    ...answeredLines(evidence, width, paint),
    ...waiverLines(verdict, width, paint),
    ...problemLines(evidence, width, paint),
    ...partlyReadLines(evidence, width, paint),
    ...lookedLines(evidence, width, paint),
    ...dataLines(evidence, width, paint),
    ...gateLines(verdict, width, paint),
    ...reasonLines(evidence, verdict, commandTarget(context), width, paint),
    ...(context.explain ? stopStories(evidence, verdict, width, paint) : []),
  ];
  if (!context.terminal)
    return [titleLine(evidence, context.name, paint), '', ...body, summaryLine(evidence, verdict, paint)];
  return [
    ...titleLines(evidence, context.name, width, paint),
    '',
    ...body,
    ...summaryLines(evidence, verdict, width, paint),
  ];
}

/** What was found, put together as it was asked for. What has no layers is told by package all the same. */
function findingsLines(
  evidence: Evidence,
  verdict: Verdict,
  by: ReportContext['groupBy'],
  width: number,
  paint: Paint,
): string[] {
  if (by === 'fix') return fixLines(evidence, width, paint);
  if (by === 'layer' && evidence.target.layers.length > 0) return layerLines(evidence, width, paint);
  const groups = groupFindings(evidence);
  return [
    ...groupLines(groups, evidence.target, isIntroduced(verdict), width, paint),
    ...placedLines(evidence, width, paint),
  ];
}
