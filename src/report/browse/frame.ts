import { harmless } from '../../util/harmless.ts';
import { countTexts } from '../table/counts.ts';
import { type Paint, painter } from '../table/style.ts';
import { count } from '../text-fix.ts';
import { clip, displayWidth, pad, wrap } from '../text-width.ts';
import type { Browser } from './browser.ts';
import { helpLines } from './help.ts';
import { isHeading, type Row } from './rows.ts';

/** The smallest screen that there is room on. */
export const smallest = { columns: 80, rows: 24 } as const;

/** From so many columns on, what is told of a thing stands beside the list and not below it. */
const besideFrom = 130;

const hints = '↑↓ move  Enter whole  Tab list  / search  v severity  b group  ? keys  q quit';

/** What stands above the lists. */
export interface Header {
  /** What the report is called. */
  readonly name: string;
  /** Painted: the verdict in a word. */
  readonly decision: string;
  /** What was found, in a few words. */
  readonly found: string;
  readonly colour: boolean;
}

/** The screen as lines of at most so many columns, one fewer than it has rows: the last stays free for the cursor. */
export function frame(browser: Browser, header: Header, columns: number, rows: number): string[] {
  if (columns < smallest.columns || rows < smallest.rows) return tooSmall(columns, rows);
  const paint = painter(header.colour);
  const height = rows - 5;
  const body = browser.help
    ? helpLines(columns, paint).slice(0, height)
    : browser.whole
      ? wholeLines(browser, columns, height, paint)
      : columns >= besideFrom
        ? besideLines(browser, columns, height, paint)
        : belowLines(browser, columns, height, paint);
  return [
    headLine(header, columns, paint),
    tabLine(browser, columns, paint),
    wishLine(browser, columns, paint),
    ...filled(body, height),
    footLine(browser, columns, paint),
  ];
}

function tooSmall(columns: number, rows: number): string[] {
  const text = `sluice tui needs ${smallest.columns}x${smallest.rows}, and this terminal has ${columns}x${rows}: make it larger, or press q.`;
  return wrap(text, Math.max(1, columns)).slice(0, Math.max(1, rows - 1));
}

function headLine({ name, decision, found }: Header, columns: number, paint: Paint): string {
  const room = columns - displayWidth(decision) - 2;
  const title = clip(harmless(name), Math.max(20, Math.floor(room / 3)));
  const rest = clip(harmless(found), Math.max(0, room - displayWidth(title) - 3));
  return `${decision}  ${paint('name', title)} · ${rest}`;
}

function tabLine({ tabs, tab }: Browser, columns: number, paint: Paint): string {
  const texts = tabs.map(({ title, entries }, i) => `${i + 1} ${title} ${entries.length}`);
  const line = texts.map((text, i) => (i === tab ? paint('name', `[${text}]`) : ` ${text} `)).join(' ');
  return displayWidth(line) <= columns ? line.trimEnd() : clip(texts.join(' '), columns);
}

/** What is shown of the list, and in which order. */
function wishLine(browser: Browser, columns: number, paint: Paint): string {
  const { place, rows, groupBy, threshold, kind, answered, tab, tabs } = browser;
  const shown = rows.filter((row) => !isHeading(row)).length;
  const all = tabs[tab]?.entries.length ?? 0;
  const sort = tabs[tab]?.sorts[place.sort]?.name ?? '';
  const texts = [
    shown === all ? `all ${all}` : `${shown} of ${all}`,
    `sorted by ${sort}`,
    ...(groupBy && tabs[tab]?.grouped ? [`by ${groupBy}`] : []),
    ...(threshold ? [threshold === 'critical' ? 'critical' : `${threshold} and worse`] : []),
    ...(tab === 0 && kind ? [kind] : []),
    ...(tab === 0 && answered !== undefined ? [answered ? 'what does not count' : 'what counts'] : []),
    ...(place.search === '' ? [] : [`/${harmless(place.search)}`]),
  ];
  return paint('aside', clip(texts.join(' · '), columns));
}

function footLine({ typing, message, place }: Browser, columns: number, paint: Paint): string {
  if (typing) return clip(`/${harmless(place.search)}▏  Enter keeps, Esc clears`, columns);
  if (message !== '') return paint('name', clip(harmless(message), columns));
  return paint('aside', clip(hints, columns));
}

function filled(lines: readonly string[], height: number): string[] {
  return [...lines.slice(0, height), ...Array<string>(Math.max(0, height - lines.length)).fill('')];
}

function belowLines(browser: Browser, columns: number, height: number, paint: Paint): string[] {
  const listHeight = Math.ceil((height - 1) / 2);
  const detailHeight = height - 1 - listHeight;
  return [
    ...filled(listLines(browser, columns, listHeight, paint), listHeight),
    paint('aside', '─'.repeat(columns)),
    ...detailLines(browser, columns, detailHeight, paint),
  ];
}

function besideLines(browser: Browser, columns: number, height: number, paint: Paint): string[] {
  const left = Math.floor((columns - 3) / 2);
  const list = filled(listLines(browser, left, height, paint), height);
  const detail = filled(detailLines(browser, columns - left - 3, height, paint), height);
  return list.map((line, i) => `${pad(line, left)} ${paint('aside', '│')} ${detail[i]}`);
}

function wholeLines(browser: Browser, columns: number, height: number, paint: Paint): string[] {
  return detailLines(browser, columns, height, paint);
}

/** The rows around the cursor: of however many, only what is seen is made. */
function listLines(browser: Browser, columns: number, height: number, paint: Paint): string[] {
  const { rows, place } = browser;
  browser.page.list = Math.max(1, height - 1);
  if (rows.length === 0) return [paint('aside', clip('  nothing is like that: Esc shows all again', columns))];
  place.cursor = Math.min(place.cursor, rows.length - 1);
  place.top = Math.max(0, Math.min(place.top, place.cursor, rows.length - height));
  if (place.cursor >= place.top + height) place.top = place.cursor - height + 1;
  return rows
    .slice(place.top, place.top + height)
    .map((row, i) => rowLine(row, place.top + i === place.cursor, columns, paint));
}

function rowLine(row: Row, chosen: boolean, columns: number, paint: Paint): string {
  const room = columns - 2;
  if (!chosen) return `  ${rowText(row, room, paint)}`;
  return paint.chosen(`› ${pad(rowText(row, room, plain), room)}`);
}

const plain = painter(false);

function rowText(row: Row, room: number, paint: Paint): string {
  if (!isHeading(row)) return row.line(room, paint);
  return paint('name', clip(`${harmless(row.heading)} (${row.entries.length})`, room));
}

/** What is told of the thing under the cursor, from the line that was scrolled to. */
function detailLines(browser: Browser, columns: number, height: number, paint: Paint): string[] {
  const { row } = browser;
  browser.page.detail = Math.max(1, height - 1);
  if (!row) return [];
  const lines = isHeading(row)
    ? headingDetail(row.heading, row.entries, columns, paint)
    : row.detail({ width: columns, paint });
  browser.detailTop = Math.max(0, Math.min(browser.detailTop, lines.length - height));
  const below = lines.length - browser.detailTop - height;
  const shown = lines.slice(browser.detailTop, browser.detailTop + height);
  if (below > 0)
    shown[height - 1] = paint(
      'aside',
      clip(`… ${count(below + 1, 'more line')}: ${browser.whole ? '↓' : 'J, or Enter for the whole'}`, columns),
    );
  return shown;
}

function headingDetail(heading: string, entries: Row[], columns: number, paint: Paint): string[] {
  const rated = entries.flatMap((row) =>
    !isHeading(row) && row.severity !== undefined && !row.answered ? [{ severity: row.severity }] : [],
  );
  return [
    ...wrap(harmless(heading), columns).map((line) => paint('name', line)),
    ...wrap(countTexts(rated, paint).join(', '), columns),
  ];
}
