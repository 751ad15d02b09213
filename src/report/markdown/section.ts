import { count } from '../text-fix.ts';

/** A folded part of the report: a table, the most important row first. All texts are Markdown already. */
export interface Section {
  /** What stands when it is folded: own words alone, for Markdown is not read in it. */
  readonly title: string;
  /** Lines before the table: few and short. */
  readonly lead?: readonly string[];
  readonly columns: readonly string[];
  /** As many cells each as there are columns. */
  readonly rows: readonly (readonly string[])[];
  /** How much of the room it gets where there is too little for all; 1 where it is not told. */
  readonly weight?: number;
}

/** Sections as text, and how many of their rows are not in it. */
export interface Fitted {
  readonly text: string;
  readonly leftOut: number;
}

interface Draft {
  readonly section: Section;
  readonly rows: readonly string[];
  readonly size: number;
}

/** Bytes that the line on what is left out takes at most. */
const leftOutBytes = 160;

/**
 * The sections with rows in at most so many bytes. Where that is too little for all rows, none is cut in the middle: short
 * sections stay whole, and long ones share what is left by their weights, so that none pushes another out.
 */
export function fitSections(sections: readonly Section[], bytes: number, more: string): Fitted {
  const drafts = sections
    .filter(({ rows }) => rows.length > 0)
    .map((section): Draft => {
      const rows = section.rows.map(rowText);
      return { section, rows, size: rows.reduce((sum, row) => sum + Buffer.byteLength(row), 0) };
    });
  const frames = drafts.reduce((sum, { section }) => sum + Buffer.byteLength(sectionText(section, [])), 0);
  const all = drafts.reduce((sum, { size }) => sum + size, frames);
  const rooms = all <= bytes ? undefined : roomsOf(drafts, bytes - frames - drafts.length * leftOutBytes);
  let leftOut = 0;
  const texts = drafts.map((draft) => {
    const shown = shownRows(draft, rooms?.get(draft) ?? draft.size);
    const missing = draft.rows.length - shown.length;
    leftOut += missing;
    const note = missing === 0 ? '' : `${count(missing, 'more row')} left out here: ${more}.`;
    return sectionText(draft.section, shown, note);
  });
  return { text: texts.join(''), leftOut };
}

/** Bytes for the rows of each: the smallest by its weight first, so that what it leaves goes to the others. */
function roomsOf(drafts: readonly Draft[], bytes: number): Map<Draft, number> {
  const weightOf = ({ section }: Draft): number => section.weight ?? 1;
  const rooms = new Map<Draft, number>();
  let room = bytes;
  let weights = drafts.reduce((sum, draft) => sum + weightOf(draft), 0);
  for (const draft of [...drafts].sort((a, b) => a.size / weightOf(a) - b.size / weightOf(b))) {
    const given = Math.min(draft.size, Math.floor((room * weightOf(draft)) / weights));
    rooms.set(draft, given);
    room -= given;
    weights -= weightOf(draft);
  }
  return rooms;
}

function shownRows({ rows }: Draft, room: number): readonly string[] {
  let left = room;
  const end = rows.findIndex((row) => {
    left -= Buffer.byteLength(row);
    return left < 0;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

/** An empty line stands around all that is Markdown: within HTML it is read only behind one. */
function sectionText({ title, lead = [], columns }: Section, rows: readonly string[], note = ''): string {
  const head = rowText(columns) + rowText(columns.map(() => '---'));
  const blocks = [...lead.map((line) => `${line}\n`), head + rows.join(''), ...(note === '' ? [] : [`${note}\n`])];
  return `<details>\n<summary>${title}</summary>\n\n${blocks.join('\n')}\n</details>\n\n`;
}

/** One row of a table; its cells hold no pipe and no line end. */
export function rowText(cells: readonly string[]): string {
  return `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|\n`;
}
