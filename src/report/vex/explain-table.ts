import type { Finding } from '../../model/finding.ts';
import { harmless } from '../../util/harmless.ts';
import { hanging } from '../table/hanging.ts';
import { type Paint, painter } from '../table/style.ts';
import { listed } from '../text-fix.ts';
import { contentText } from '../text-target.ts';
import { documentLines } from './explain-documents.ts';
import { statementLines } from './explain-rows.ts';
import { overviewLines } from './explain-summary.ts';
import type { ExplainedFinding, VexExplanation } from './explanation.ts';
import { answers, shownText } from './words.ts';

/** How an explanation is laid out. */
export interface ExplainLayout {
  /** What the user called the target. */
  readonly name: string;
  readonly colour: boolean;
  readonly width: number;
}

/** Fewest and most columns that are laid out for. */
const narrowest = 40;
const widest = 120;

/** What VEX documents come to, for people: of one flaw every word, of all flaws what each document does. */
export function explainTable(explanation: VexExplanation, { name, colour, width: columns }: ExplainLayout): string {
  const width = Math.min(widest, Math.max(narrowest, Math.floor(columns) || narrowest));
  const paint = painter(colour);
  const { asked, findings, remarks } = explanation;
  const lines = [
    headLine(explanation, name, paint),
    '',
    ...(asked === undefined
      ? overviewLines(explanation, width, paint)
      : findings.flatMap((one) => findingLines(one, width, paint))),
    ...(asked === undefined ? [] : idleLines(explanation, width, paint)),
    ...remarks.flatMap((text) => [...hanging(paint('warn', 'Note  '), 6, harmless(text), width), '']),
    ...documentLines(explanation, width, paint),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function headLine({ target, asked }: VexExplanation, name: string, paint: Paint): string {
  const parts = [contentText(target), target.platform]
    .filter((part) => part !== undefined)
    .map((part) => harmless(part ?? ''));
  const what = asked === undefined ? '' : `${paint('name', harmless(asked))} in `;
  return [what + paint('name', harmless(name)), ...parts].join(' · ');
}

function findingLines({ finding, statements }: ExplainedFinding, width: number, paint: Paint): string[] {
  const { id, aliases, name, version, severity, package: purl } = finding;
  const names = aliases.length === 0 ? '' : ` (${listed([...aliases], 'and')})`;
  const head = `${harmless(name)} ${harmless(version)}`;
  return [
    `${paint('name', head)}  ${paint(severity, severity)}`,
    ...hanging('  ', 2, harmless(`${id}${names} in ${purl}`), width),
    ...hanging(verdictMark(finding, paint), 12, shownText(verdictText(finding)), width),
    '',
    ...statements.flatMap((rows) => [...statementLines(rows, width, paint), '']),
  ];
}

function verdictMark({ answered }: Finding, paint: Paint): string {
  return answered ? `  ${paint('pass', 'answered')}  ` : `  ${paint('warn', 'open')}      `;
}

/** What it comes to, in one sentence. */
function verdictText({ answered, statements = [] }: Finding): string {
  if (answered) return answered.because;
  const [first] = statements.filter(({ believed }) => believed);
  // An erratum is for several flaws, each of which has a statement that decides.
  if (first && answers(first.status)) return 'not all of its flaws are answered';
  if (first) return `the statement that decides says ${first.status}, which answers nothing`;
  if (statements.length > 0) return 'what fits is only shown: it is not believed';
  return 'no statement fits';
}

function idleLines({ idle }: VexExplanation, width: number, paint: Paint): string[] {
  return idle.flatMap(({ file, number, statement: { vulnerabilities, status } }) => {
    const text = `${file} statement ${number} says ${status} of ${listed([...vulnerabilities], 'and')}, which nothing here has`;
    return [...hanging(paint('aside', 'no match  '), 10, harmless(text), width), ''];
  });
}
