import { harmless } from '../../util/harmless.ts';

/** Most characters of a cell: a spreadsheet takes 32,767, and spreads what is longer over other cells. */
const longestCell = 32_000;

/**
 * Where a spreadsheet would see the start of a formula: at the start of the cell, and behind a semicolon, which many
 * countries' spreadsheets take for the border of a cell whatever the file says. The signs have wide forms.
 */
const formulaStart = /(^|;)([\s"]*)(?=[=+\-@＝＋－＠])/g;

/**
 * One cell by RFC 4180. What a spreadsheet would run as a formula has an apostrophe before it, by which it is text;
 * control characters and line ends are visible codes.
 */
export function csvCell(text: string): string {
  const shown = harmless(text.toWellFormed()).replace(formulaStart, "$1$2'");
  const cell = shown.length > longestCell ? `${shown.slice(0, longestCell)}…`.toWellFormed() : shown;
  return /[",;]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
