import type { Severity } from '../../model/severity.ts';
import { type GroupBy, groupings } from '../contract.ts';
import type { Entry, EntryKind, Tab } from './entry.ts';
import { isHeading, type Row, Rows } from './rows.ts';

/** What has to be done outside of the lists. */
export type Effect =
  | { readonly do: 'quit' }
  | { readonly do: 'copy'; readonly text: string }
  | { readonly do: 'open'; readonly url: string };

/** Least severities that can be asked for, in the order in which one key goes through them. */
const thresholds: readonly (Severity | undefined)[] = [undefined, 'critical', 'high', 'medium', 'low'];

/** Longest text that is searched for. */
const longestSearch = 200;

/** Where somebody is in one list. */
interface Place {
  cursor: number;
  /** The first row that is shown. */
  top: number;
  sort: number;
  search: string;
}

/** Lists that are gone through by keys: what is shown, and where. It draws nothing: see `frame.ts`. */
export class Browser {
  readonly tabs: readonly Tab[];
  readonly #rows: readonly Rows[];
  readonly #places: readonly Place[];
  #tab = 0;
  threshold: Severity | undefined;
  kind: EntryKind | undefined;
  answered: boolean | undefined;
  groupBy: GroupBy | undefined;
  /** Whether a search is being typed. */
  typing = false;
  /** Whether what is told of one thing fills the screen. */
  whole = false;
  help = false;
  /** The first line of what is told that is shown. */
  detailTop = 0;
  /** What the last key has done, until the next. */
  message = '';
  /** Rows of the list, and lines of what is told, that the screen had room for: pages are as long. */
  page = { list: 10, detail: 10 };

  constructor(tabs: readonly Tab[]) {
    this.tabs = tabs;
    this.#rows = tabs.map((tab) => new Rows(tab));
    this.#places = tabs.map(() => ({ cursor: 0, top: 0, sort: 0, search: '' }));
  }

  get tab(): number {
    return this.#tab;
  }

  get place(): Place {
    return this.#places[this.#tab] as Place;
  }

  get rows(): readonly Row[] {
    const { sort, search } = this.place;
    const { threshold: severity, kind, answered, groupBy } = this;
    const of = this.#tab === 0;
    const wish = { sort, search, severity, groupBy, kind: of ? kind : undefined, answered: of ? answered : undefined };
    return (this.#rows[this.#tab] as Rows).of(wish);
  }

  get row(): Row | undefined {
    return this.rows[this.place.cursor];
  }

  /** The thing under the cursor; none where that is a heading or the list is empty. */
  get entry(): Entry | undefined {
    const { row } = this;
    return row && !isHeading(row) ? row : undefined;
  }

  /** Takes a key, by name or as what was typed; returns what has to be done outside. */
  press(key: string): Effect | undefined {
    this.message = '';
    if (key === 'ctrl-c') return { do: 'quit' };
    if (this.help) {
      this.help = false;
      return undefined;
    }
    if (this.typing) {
      this.#type(key);
      return undefined;
    }
    const move = this.#moves.get(key);
    if (move) move();
    else return this.#actions.get(key)?.();
    return undefined;
  }

  #type(key: string): void {
    const { place } = this;
    if (key === 'enter') this.typing = false;
    else if (key === 'escape') {
      this.typing = false;
      this.#search('');
    } else if (key === 'backspace') this.#search([...place.search].slice(0, -1).join(''));
    else if (key === 'ctrl-u') this.#search('');
    else if (key === 'up' || key === 'down') this.#go(key === 'up' ? -1 : 1);
    else if (!named.has(key))
      this.#search((place.search + key.replace(/[\p{Cc}\p{Cf}]/gu, ' ')).slice(0, longestSearch));
  }

  #search(text: string): void {
    this.place.search = text;
    this.#begin();
  }

  /** Back to the first row: the list has become another one. */
  #begin(): void {
    Object.assign(this.place, { cursor: 0, top: 0 });
    this.detailTop = 0;
  }

  #go(by: number): void {
    const last = this.rows.length - 1;
    this.place.cursor = Math.max(0, Math.min(last, this.place.cursor + by));
    this.detailTop = 0;
  }

  #scroll(by: number): void {
    this.detailTop = Math.max(0, this.detailTop + by);
  }

  #step(by: number): void {
    if (this.whole) this.#scroll(by);
    else this.#go(by);
  }

  #pageBy(by: number): void {
    if (this.whole) this.#scroll(by * this.page.detail);
    else this.#go(by * this.page.list);
  }

  #switch(tab: number): void {
    if (tab < 0 || tab >= this.tabs.length) return;
    this.#tab = tab;
    this.detailTop = 0;
    this.whole = false;
  }

  readonly #moves: ReadonlyMap<string, () => void> = new Map<string, () => void>([
    ['up', () => this.#step(-1)],
    ['k', () => this.#step(-1)],
    ['down', () => this.#step(1)],
    ['j', () => this.#step(1)],
    ['pageup', () => this.#pageBy(-1)],
    ['pagedown', () => this.#pageBy(1)],
    [' ', () => this.#pageBy(1)],
    ['home', () => this.#step(Number.NEGATIVE_INFINITY)],
    ['g', () => this.#step(Number.NEGATIVE_INFINITY)],
    ['end', () => this.#step(this.whole ? 1e6 : Number.MAX_SAFE_INTEGER)],
    ['G', () => this.#step(this.whole ? 1e6 : Number.MAX_SAFE_INTEGER)],
    ['K', () => this.#scroll(-1)],
    ['J', () => this.#scroll(1)],
    ['tab', () => this.#switch((this.#tab + 1) % this.tabs.length)],
    ['right', () => this.#switch((this.#tab + 1) % this.tabs.length)],
    ['shift-tab', () => this.#switch((this.#tab + this.tabs.length - 1) % this.tabs.length)],
    ['left', () => this.#switch((this.#tab + this.tabs.length - 1) % this.tabs.length)],
    ...['1', '2', '3', '4'].map((key, i) => [key, () => this.#switch(i)] as [string, () => void]),
    ['enter', () => (this.whole = this.entry !== undefined && !this.whole)],
    ['escape', () => this.#back()],
    ['?', () => (this.help = true)],
    ['/', () => (this.typing = !this.whole)],
    ['v', () => this.#filter(() => (this.threshold = next(thresholds, this.threshold)))],
    ['t', () => this.#filter(() => (this.kind = next(this.#kinds, this.kind)))],
    ['a', () => this.#filter(() => (this.answered = next([undefined, false, true], this.answered)))],
    ['b', () => this.#filter(() => (this.groupBy = next([undefined, ...groupings], this.groupBy)))],
    [
      's',
      () => this.#filter(() => (this.place.sort = (this.place.sort + 1) % (this.tabs[this.#tab]?.sorts.length ?? 1))),
    ],
  ]);

  readonly #actions: ReadonlyMap<string, () => Effect | undefined> = new Map([
    ['q', () => ({ do: 'quit' }) as const],
    ['c', () => this.#copy(this.entry?.id, 'nothing here has an id')],
    ['f', () => this.#copy(this.entry?.fix, 'nothing is known that ends it')],
    ['o', () => this.#open()],
  ]);

  /** The kinds that there are, so that no key leads to an empty list. */
  get #kinds(): readonly (EntryKind | undefined)[] {
    return [undefined, ...new Set((this.tabs[0]?.entries ?? []).map(({ kind }) => kind))];
  }

  #filter(change: () => void): void {
    change();
    this.#begin();
    this.whole = false;
  }

  /** Undoes one thing after the other, the last first. */
  #back(): void {
    if (this.whole) this.whole = false;
    else if (this.place.search !== '') this.#search('');
    else if (this.threshold ?? this.kind ?? this.answered ?? this.groupBy) {
      this.#filter(() =>
        Object.assign(this, { threshold: undefined, kind: undefined, answered: undefined, groupBy: undefined }),
      );
    }
  }

  #copy(text: string | undefined, without: string): Effect | undefined {
    if (text === undefined) this.message = without;
    return text === undefined ? undefined : { do: 'copy', text };
  }

  #open(): Effect | undefined {
    const url = this.entry?.url;
    if (url === undefined) this.message = 'there is no page on it';
    return url === undefined ? undefined : { do: 'open', url };
  }
}

/** Keys that have names; all others are what they type. */
const named: ReadonlySet<string> = new Set([
  ...['up', 'down', 'left', 'right', 'pageup', 'pagedown', 'home', 'end', 'enter', 'escape', 'tab', 'shift-tab'],
  ...['backspace', 'ctrl-c', 'ctrl-u', ''],
]);

function next<T>(all: readonly T[], current: T): T {
  return all[(all.indexOf(current) + 1) % all.length] as T;
}
