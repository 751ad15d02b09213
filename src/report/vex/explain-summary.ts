import type { ExplainedProduct } from '../../match/vex/explain.ts';
import { harmless } from '../../util/harmless.ts';
import { hanging } from '../table/hanging.ts';
import type { Paint } from '../table/style.ts';
import { count } from '../text-fix.ts';
import { clip } from '../text-width.ts';
import { reasonOf } from './explain-rows.ts';
import type { ExplainedFinding, IdleStatement, VexExplanation } from './explanation.ts';
import { effectColumns, effectNames, effectRole, shownText, statusText } from './words.ts';

/** Most entries of one list. */
const shown = 30;

/** What the statements of all documents come to: on which findings they bear, on which not and why, and which are idle. */
export function overviewLines({ findings, idle }: VexExplanation, width: number, paint: Paint): string[] {
  const bearing = findings.filter(({ statements }) => statements.some(([nearest]) => nearest.fits));
  const missing = findings.filter(({ statements }) => statements.every(([nearest]) => !nearest.fits));
  return [
    ...list('Statements that fit', bearing, (one) => bearingLines(one, width, paint), paint),
    ...list('Findings whose flaw is named, and nothing fits', missing, (one) => missingLines(one, width, paint), paint),
    ...list('Statements on flaws that nothing here has', idle, (one) => idleLine(one, width, paint), paint),
  ];
}

function list<T>(title: string, items: readonly T[], linesOf: (item: T) => string[], paint: Paint): string[] {
  if (items.length === 0) return [];
  const more = items.length - shown;
  return [
    `${paint('name', title)} (${items.length})`,
    ...items.slice(0, shown).flatMap(linesOf),
    ...(more > 0 ? [paint('aside', `  and ${more} more: -o json shows all`)] : []),
    '',
  ];
}

function bearingLines(one: ExplainedFinding, width: number, paint: Paint): string[] {
  const rows = one.statements.filter(([nearest]) => nearest.fits);
  return [leadOf(one, width), ...rows.flatMap(([row]) => rowLines(row, statusText(row.statement), width, paint))];
}

function missingLines(one: ExplainedFinding, width: number, paint: Paint): string[] {
  const { statements, finding } = one;
  // Of many statements on one flaw that which names the package says most.
  const [versionless = ''] = finding.package.split('@', 1);
  const [nearest] = statements.find(([row]) => row.product.includes(versionless)) ?? statements[0] ?? [];
  if (!nearest) return [];
  const others = statements.length - 1;
  const more = others === 0 ? '' : ` (and ${count(others, 'more statement')})`;
  return [leadOf(one, width), ...rowLines(nearest, reasonOf(nearest) + more, width, paint)];
}

function rowLines(row: ExplainedProduct, text: string, width: number, paint: Paint): string[] {
  const word = effectNames[row.effect];
  const mark = `    ${paint(effectRole(row), word)}${' '.repeat(effectColumns + 2 - word.length)}`;
  return hanging(mark, 4 + effectColumns + 2, shownText(`${row.file} statement ${row.number}: ${text}`), width);
}

function idleLine({ file, number, statement }: IdleStatement, width: number, _paint: Paint): string[] {
  const text = `${statement.vulnerabilities.join(', ')}  ${statement.status}  ${file} statement ${number}`;
  return [`  ${clip(harmless(text), width - 2)}`];
}

function leadOf({ finding: { id, name, version } }: ExplainedFinding, width: number): string {
  return `  ${clip(harmless(`${id}  ${name} ${version}`), width - 2)}`;
}
