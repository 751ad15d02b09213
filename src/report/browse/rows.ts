import { reaches, type Severity } from '../../model/severity.ts';
import { compareText } from '../../util/compare-text.ts';
import type { GroupBy } from '../contract.ts';
import type { Entry, EntryKind, Sort, Tab } from './entry.ts';

/** What of a list is shown, and how. */
export interface Wish {
  /** An index into the tab's orders. */
  readonly sort: number;
  readonly groupBy: GroupBy | undefined;
  /** Only what is as bad as this or worse. */
  readonly severity: Severity | undefined;
  readonly kind: EntryKind | undefined;
  /** Only what counts, or only what does not; absent: both. */
  readonly answered: boolean | undefined;
  /** Words that must all stand in it. */
  readonly search: string;
}

/** A line above what belongs together. */
export interface Heading {
  readonly heading: string;
  readonly entries: Entry[];
}

/** A line of a list. */
export type Row = Entry | Heading;

/** Whether a line is a heading. */
export function isHeading(row: Row): row is Heading {
  return 'heading' in row;
}

/** Orders that entries of most lists can have, beside the one that they come in. */
export const sorts: Readonly<Record<'name' | 'layer' | 'worst' | 'urgent' | 'size', Sort>> = {
  name: { name: 'name', compare: (a, b) => compareText(a.name, b.name) || compareText(a.id, b.id) },
  layer: { name: 'layer', compare: (a, b) => a.layer - b.layer },
  worst: {
    name: 'worst',
    compare: (a, b) => b.badness - a.badness,
  },
  urgent: { name: 'most urgent', compare: (a, b) => Number(a.answered) - Number(b.answered) || b.weight - a.weight },
  size: { name: 'size', compare: (a, b) => b.weight - a.weight },
};

/** Makes the rows of a list, and keeps what does not change: 100,000 entries are searched at every key. */
export class Rows {
  readonly #tab: Tab;
  #texts: string[] | undefined;
  readonly #sorted = new Map<number, readonly Entry[]>();
  readonly #index = new Map<Entry, number>();
  #last: { readonly wish: string; readonly rows: readonly Row[] } | undefined;

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** What is shown by a wish; the same array for the same wish. */
  of(wish: Wish): readonly Row[] {
    const key = JSON.stringify([wish.sort, wish.groupBy, wish.severity, wish.kind, wish.answered, wish.search]);
    if (this.#last?.wish === key) return this.#last.rows;
    const words = wish.search
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const shown = this.#inOrder(wish.sort).filter((entry) => fits(entry, wish) && this.#holds(entry, words));
    const rows = wish.groupBy && this.#tab.grouped ? grouped(shown, wish.groupBy) : shown;
    this.#last = { wish: key, rows };
    return rows;
  }

  #inOrder(sort: number): readonly Entry[] {
    const { entries, sorts: all } = this.#tab;
    const compare = all[sort]?.compare;
    if (!compare) return entries;
    const known = this.#sorted.get(sort) ?? [...entries].sort(compare);
    this.#sorted.set(sort, known);
    return known;
  }

  #holds(entry: Entry, words: readonly string[]): boolean {
    if (words.length === 0) return true;
    if (!this.#texts) {
      this.#texts = this.#tab.entries.map((one) => one.searched());
      for (const [i, one] of this.#tab.entries.entries()) this.#index.set(one, i);
    }
    const text = this.#texts[this.#index.get(entry) ?? -1] ?? '';
    return words.every((word) => text.includes(word));
  }
}

function fits(entry: Entry, { severity, kind, answered }: Wish): boolean {
  if (severity !== undefined && (entry.severity === undefined || !reaches(entry.severity, severity))) return false;
  if (kind !== undefined && entry.kind !== kind) return false;
  return answered === undefined || entry.answered === answered;
}

/** Entries under a heading each for what they belong to, in the order of the first of each. */
function grouped(entries: readonly Entry[], by: GroupBy): Row[] {
  const groups = new Map<string, Heading>();
  for (const entry of entries) {
    const heading = entry.group(by);
    const known = groups.get(heading);
    if (known) known.entries.push(entry);
    else groups.set(heading, { heading, entries: [entry] });
  }
  return [...groups.values()].flatMap((group) => [group, ...group.entries]);
}
