import type { Evidence } from '../../model/evidence.ts';
import type { LicenceClass } from '../../model/placed-finding.ts';
import { compareText } from '../../util/compare-text.ts';
import { harmless } from '../../util/harmless.ts';
import { clip, pad } from '../text-width.ts';
import { type ListedLicence, licencesOf } from './listed.ts';

/** How the list is laid out. */
export interface LicencesLayout {
  /** What the user called the target. */
  readonly name: string;
  readonly colour: boolean;
  readonly width: number;
}

/** The strictest first, for that is what somebody has to read; what is unknown may be as strict. */
const titles: readonly (readonly [LicenceClass, string])[] = [
  ['forbidden', "forbidden: what most companies can't do"],
  ['restricted', 'restricted: the source of the whole work must be given'],
  ['unknown', 'unknown: nobody could tell'],
  ['reciprocal', 'reciprocal: changes of its own files must be given'],
  ['notice', 'notice: its makers must be named'],
  ['permitted', 'permitted: asks for nothing'],
];

/** Most licences of one class. */
const mostRows = 25;
/** Widest column of expressions (characters). */
const widest = 48;

/** Licences by class for people: each expression once, with the packages and files that are under it. */
export function licencesTable(evidence: Evidence, layout: LicencesLayout): string {
  const listed = licencesOf(evidence);
  const blocks = titles.flatMap(([name, title]) => {
    const rows = rowsOf(listed.filter((one) => one.class === name));
    return rows.length === 0 ? [] : [block(title, rows, layout)];
  });
  const { distribution, platform } = evidence.target;
  const about = [distribution?.name || distribution?.id, platform].filter((part) => part).join(', ');
  const heading = `${bold(harmless(layout.name), layout)}${about === '' ? '' : `  ${harmless(about)}`}`;
  const unread = evidence.problems.length;
  const note =
    unread === 0 ? '' : `\n${unread} ${unread === 1 ? 'file' : 'files'} could not be read in full: see -o json\n`;
  return blocks.length === 0 ? `${heading}\n\nno licences\n${note}` : `${heading}\n${blocks.join('')}${note}`;
}

interface Row {
  readonly expression: string;
  readonly names: readonly string[];
}

/** By how many are under an expression, the most first. */
function rowsOf(listed: readonly ListedLicence[]): readonly Row[] {
  const byExpression = new Map<string, Set<string>>();
  for (const one of listed) {
    const names = byExpression.get(one.expression) ?? new Set();
    byExpression.set(one.expression, names.add(nameOf(one)));
  }
  return [...byExpression]
    .map(([expression, names]) => ({ expression, names: [...names].sort(compareText) }))
    .sort((a, b) => b.names.length - a.names.length || compareText(a.expression, b.expression));
}

function nameOf({ name, package: purl, path }: ListedLicence): string {
  return name ?? purl ?? path ?? '';
}

function block(title: string, rows: readonly Row[], layout: LicencesLayout): string {
  const shown = rows.slice(0, rows.length > mostRows ? mostRows - 1 : mostRows);
  const words = shown.map((row) => ({ ...row, expression: clip(wordsOf(row.expression), widest) }));
  const width = Math.max(...words.map(({ expression }) => expression.length));
  const digits = Math.max(...words.map(({ names }) => String(names.length).length));
  const lines = words.map(({ expression, names }) => {
    const line = `  ${pad(expression, width)}  ${String(names.length).padStart(digits)}  ${harmless(names.join(', '))}`;
    return `${clip(line, layout.width)}\n`;
  });
  const more = rows.length > shown.length ? `  and ${rows.length - shown.length} more: see -o json\n` : '';
  const count = new Set(rows.flatMap(({ names }) => names)).size;
  return `\n${bold(`${title} (${count})`, layout)}\n${lines.join('')}${more}`;
}

function wordsOf(expression: string): string {
  if (expression === 'NONE') return 'none is stated';
  return expression === 'NOASSERTION' ? 'of words that are not known' : harmless(expression);
}

function bold(text: string, { colour }: LicencesLayout): string {
  return colour ? `\x1b[1m${text}\x1b[0m` : text;
}
