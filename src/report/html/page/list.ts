import { publicationOf } from '../../text-advisory.ts';
import { columns } from './columns.ts';
import { button, type Child, make, severitySign } from './dom.ts';
import type { Entry } from './entries.ts';
import type { Item } from './group.ts';
import type { Tab } from './view.ts';

/** Rows that stand ready above and below what is seen. */
const spare = 12;

/** Lists up to so many rows are drawn whole when the reader pauses, so that the browser's own search finds all of them. */
const whole = 300;

/** Milliseconds without a change that are a pause. */
const pause = 250;

/** What a list tells of. */
export interface ListEvents {
  open(entry: Entry): void;
  fold(head: string): void;
  sort(column: string): void;
}

/** A list of which only the rows that are seen are in the document: 100,000 are no slower than 100. */
export class List {
  readonly table: HTMLTableElement;
  readonly #events: ListEvents;
  readonly #head = make('thead', { role: 'rowgroup' });
  readonly #body = make('tbody', { role: 'rowgroup' });
  readonly #above = make('tr', { class: 'space', 'aria-hidden': 'true' });
  readonly #below = make('tr', { class: 'space', 'aria-hidden': 'true' });
  #items: readonly Item[] = [];
  #tab: Tab = 'findings';
  #drawn = new Map<Item, HTMLTableRowElement>();
  #window = '';
  #rowHeight = 36;
  #open = '';
  #printing = false;
  #isWhole = false;
  #pausing = 0;
  /** The row that keys move from; -1: none yet. */
  active = -1;

  constructor(events: ListEvents) {
    this.#events = events;
    this.table = make('table', { role: 'table', class: 'rows' }, this.#head, this.#body);
    const later = (): void => {
      requestAnimationFrame(() => this.#draw());
    };
    addEventListener('scroll', later, { passive: true });
    addEventListener('resize', () => {
      this.#measure();
      later();
    });
  }

  /** Shows other rows. The active row stays it where it is still there. */
  show(items: readonly Item[], tab: Tab, sort: string): void {
    const before = this.#items[this.active];
    const key = before && 'entry' in before ? before.entry.key : undefined;
    this.#items = items;
    this.#tab = tab;
    this.active = key === undefined ? -1 : this.indexOf(key);
    this.table.className = `rows of-${tab}`;
    this.table.setAttribute('aria-rowcount', String(items.length + 1));
    this.#head.replaceChildren(this.#headRow(sort));
    this.#measure();
    this.#isWhole = false;
    this.#redraw();
    clearTimeout(this.#pausing);
    if (items.length > whole) return;
    this.#pausing = window.setTimeout(() => {
      this.#isWhole = true;
      this.#draw();
    }, pause);
  }

  /** Marks the row that is shown in full. */
  mark(key: string): void {
    this.#open = key;
    for (const [item, row] of this.#drawn) if ('entry' in item) this.#markRow(row, item.entry);
  }

  /** The place of a row; -1 where it is not shown. */
  indexOf(key: string): number {
    return this.#items.findIndex((item) => 'entry' in item && item.entry.key === key);
  }

  /** The row that keys are on. */
  get activeEntry(): Entry | undefined {
    const item = this.#items[this.active];
    return item && 'entry' in item ? item.entry : undefined;
  }

  /** Goes to a row, which is brought into sight. */
  go(to: number, focus: boolean): void {
    if (this.#items.length === 0) return;
    this.active = Math.min(this.#items.length - 1, Math.max(0, to));
    const top = this.#body.getBoundingClientRect().top + this.active * this.#rowHeight;
    const head = this.#head.getBoundingClientRect().bottom;
    const room = Math.max(head, 0);
    if (top < room) scrollBy(0, top - room);
    else if (top + this.#rowHeight > innerHeight) scrollBy(0, top + this.#rowHeight - innerHeight + 8);
    this.#redraw();
    const item = this.#items[this.active];
    const row = item && this.#drawn.get(item);
    if (focus) row?.querySelector<HTMLElement>('a.open, button')?.focus({ preventScroll: true });
  }

  /** All rows for paper, which does not scroll, or again those that are seen. */
  print(printing: boolean): void {
    this.#printing = printing;
    this.#redraw();
  }

  #measure(): void {
    const height = getComputedStyle(document.documentElement).getPropertyValue('--row');
    this.#rowHeight = Number.parseInt(height, 10) || 36;
  }

  #redraw(): void {
    this.#window = '';
    this.#drawn = new Map();
    this.#draw();
  }

  #draw(): void {
    const { length } = this.#items;
    const top = this.#body.getBoundingClientRect().top;
    const seen = Math.floor(-top / this.#rowHeight);
    const rows = Math.ceil(innerHeight / this.#rowHeight);
    // By steps of a few rows, so that not every move of the page draws.
    const from = Math.floor((seen - spare) / 6) * 6;
    const all = this.#printing || this.#isWhole;
    const first = all ? 0 : Math.min(Math.max(0, from), Math.max(0, length - rows));
    const last = all ? length : Math.min(length, Math.max(first + rows, seen + rows + spare + 6));
    const shown = `${first} ${last} ${length}`;
    if (shown === this.#window) return;
    this.#window = shown;
    const focused = this.#body.contains(document.activeElement);
    const drawn = new Map<Item, HTMLTableRowElement>();
    for (const [at, item] of this.#items.slice(first, last).entries())
      drawn.set(item, this.#drawn.get(item) ?? this.#rowOf(item, first + at));
    this.#drawn = drawn;
    this.#above.style.height = `${first * this.#rowHeight}px`;
    this.#below.style.height = `${(length - last) * this.#rowHeight}px`;
    this.#body.replaceChildren(this.#above, ...drawn.values(), this.#below);
    if (focused) this.#body.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  }

  #headRow(sort: string): HTMLTableRowElement {
    const cells = columns[this.#tab].map(({ title, sort: by }) => {
      if (by === undefined) return make('th', { role: 'columnheader', scope: 'col' }, title);
      const now = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : undefined;
      const sorter = button(title, { class: 'sorter' }, () => this.#events.sort(by));
      return make('th', { role: 'columnheader', scope: 'col', 'aria-sort': now ?? 'none' }, sorter);
    });
    return make('tr', { role: 'row', 'aria-rowindex': '1' }, ...cells);
  }

  #rowOf(item: Item, index: number): HTMLTableRowElement {
    const row = make('tr', { role: 'row', 'aria-rowindex': String(index + 2) });
    if ('head' in item) {
      row.className = 'group';
      const turn = make('button', {
        type: 'button',
        'aria-expanded': String(item.isOpen),
        tabindex: this.#tabIndex(index),
      });
      turn.append(make('span', { class: 'turn', 'aria-hidden': 'true' }, item.isOpen ? '▾' : '▸'), item.label);
      turn.addEventListener('click', () => {
        this.active = index;
        this.#events.fold(item.head);
      });
      row.append(make('td', { role: 'cell' }, turn, ' ', ...severitiesOf(item.rows)));
      return row;
    }
    const { entry } = item;
    for (const column of columns[this.#tab]) row.append(make('td', { role: 'cell' }, column.cell(entry)));
    const link = row.querySelector<HTMLElement>('a.open');
    link?.setAttribute('tabindex', this.#tabIndex(index));
    link?.parentElement?.classList.add('opens');
    row.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      // Whoever marks text to copy it wants no other row.
      if (getSelection()?.isCollapsed === false) return;
      this.active = index;
      this.#events.open(entry);
    });
    if (this.#printing) row.append(...printedCells(entry));
    this.#markRow(row, entry);
    return row;
  }

  /** One row is reached by Tab, the others from it by arrows. */
  #tabIndex(index: number): string {
    return index === Math.max(0, this.active) ? '0' : '-1';
  }

  #markRow(row: HTMLTableRowElement, entry: Entry): void {
    const aside = entry.tab === 'findings' && entry.row.aside !== undefined;
    row.className = `row${entry.key === this.#open ? ' shown' : ''}${aside ? ' aside' : ''}`;
    if (entry.key === this.#open) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
}

function severitiesOf(rows: readonly Entry[]): Child[] {
  const bySeverity = new Map<string, number>();
  for (const {
    severities: [worst = ''],
  } of rows)
    bySeverity.set(worst, (bySeverity.get(worst) ?? 0) + 1);
  const signs = [...bySeverity].filter(([severity]) => severity !== '');
  if (signs.length === 0) return [make('span', { class: 'dim' }, String(rows.length))];
  return signs.flatMap(([severity, n]): Child[] => {
    const sign = severitySign(severity);
    sign.prepend(`${n} `);
    return [sign, ' '];
  });
}

/** What paper shows beside the row: what a click would. */
function printedCells(entry: Entry): HTMLElement[] {
  if (entry.tab !== 'findings') return [];
  const { id, kind, fix, places, aside, links: [link = ''] = [] } = entry.row;
  const url = kind === 'vulnerability' ? publicationOf(id).url : link;
  const parts = [aside === undefined ? fix : `Does not count: ${aside}`, places.slice(0, 3).join(' · '), url];
  return [make('td', { role: 'cell', class: 'printed' }, parts.filter(Boolean).join(' — '))];
}
