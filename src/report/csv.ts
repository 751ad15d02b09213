import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report } from './contract.ts';
import { csvCell } from './csv/cell.ts';
import { columns, findingRow, placedRow, problemRow, type Row, reasonRow, verdictRow } from './csv/columns.ts';
import { findingDecisions } from './text-decision.ts';
import { lookedText } from './text-looked.ts';

/** Comma-separated values (RFC 4180): a row for each finding, then what could not be seen, the reasons and the verdict. */
export const report: Report = {
  id: 'csv',
  doc: 'CSV (RFC 4180), for spreadsheets: one row a finding',
  render: (evidence, verdict) => {
    const { digest, id, kind } = evidence.target;
    const target = digest ?? id ?? kind;
    const lines = rowsOf(evidence, verdict).map((row) =>
      line(columns.map((column) => (column === 'target' ? target : (row[column] ?? '')))),
    );
    return [line(columns), ...lines].join('');
  },
};

/** The verdict is last: the line that stands for all. */
function rowsOf(evidence: Evidence, verdict: Verdict): Row[] {
  const { findings, placed = [], problems } = evidence;
  const decisions = findingDecisions(verdict, findings, placed);
  const notLooked = lookedText(evidence);
  return [
    ...findings.map((finding) => findingRow(finding, evidence, decisions.ofFinding(finding))),
    ...placed.map((finding) => placedRow(finding, evidence, decisions.ofPlaced(finding))),
    ...problems.map(problemRow),
    ...(notLooked === undefined ? [] : [{ kind: 'problem', id: 'scan/not-looked-for', title: notLooked }]),
    ...verdict.reasons.map(reasonRow),
    verdictRow(verdict),
  ];
}

function line(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
