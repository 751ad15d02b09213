import type { ExplainedProduct } from '../../match/vex/explain.ts';
import { hanging } from '../table/hanging.ts';
import type { Paint } from '../table/style.ts';
import { count, listed } from '../text-fix.ts';
import type { ExplainedStatement } from './explanation.ts';
import { dateText, effectColumns, effectNames, effectRole, formatNames, shownText, statusText } from './words.ts';

/** Most reasons why a statement does not fit that are gone into. */
const reasonsShown = 3;

/** What one statement does to a finding, and why, as lines. */
export function statementLines(rows: ExplainedStatement, width: number, paint: Paint): string[] {
  const [nearest] = rows;
  const { effect, file, number, format, author, statement } = nearest;
  const indent = 2 + effectColumns + 2;
  const word = effectNames[effect];
  const mark = `  ${paint(effectRole(nearest), word)}${' '.repeat(effectColumns + 2 - word.length)}`;
  const by = author === '' ? '' : ` by ${author}`;
  const below = (text: string): string[] => hanging(' '.repeat(indent), indent, shownText(text), width);
  const shown = nearest.fits ? [nearest] : oneAReason(rows).slice(0, reasonsShown);
  const left = rows.length - shown.length + rows.reduce((sum, row) => sum + row.others, 0);
  return [
    ...hanging(mark, indent, shownText(statusText(statement) + ofFlaw(nearest)), width),
    ...below(`${file} statement ${number}, ${formatNames[format]}${by}, ${dateText(statement.timestamp)}`),
    ...(statement.says === undefined ? [] : below(`“${statement.says}”`)),
    ...shown.flatMap((row) => [
      ...(row.product === '' ? [] : below(row.product)),
      ...hanging(`${' '.repeat(indent)}- `, indent + 2, shownText(reasonOf(row)), width),
    ]),
    ...(left === 0 ? [] : below(leftText(left, nearest.fits))),
  ];
}

/** Which flaw it is about, where that is not what the finding goes by. */
function ofFlaw({ statement: { vulnerabilities }, finding }: ExplainedProduct): string {
  const isOwn = vulnerabilities.some((name) => name.toUpperCase() === finding.toUpperCase());
  return isOwn ? '' : ` of ${listed([...vulnerabilities], 'and')}`;
}

/** An image is in many documents under many names, of which each does not fit for one reason. */
function oneAReason(rows: readonly ExplainedProduct[]): ExplainedProduct[] {
  const byReason = new Map<string, ExplainedProduct>();
  for (const row of rows) if (!byReason.has(reasonOf(row))) byReason.set(reasonOf(row), row);
  return [...byReason.values()];
}

/** Why, without the name of the product, which stands above it. */
export function reasonOf({ why, product }: ExplainedProduct): string {
  const [name] = product.split(' with ', 1);
  const lead = `of ${name}: `;
  return why.startsWith(lead) ? why.slice(lead.length) : why;
}

function leftText(left: number, fits: boolean): string {
  if (fits) return `${count(left, 'other product')} of it ${left === 1 ? 'was' : 'were'} not needed`;
  return `and ${count(left, 'other product')} of it that ${left === 1 ? 'comes' : 'come'} no nearer`;
}
