import type { PageData } from '../data.ts';
import { Panel } from './detail.ts';
import { button, make } from './dom.ts';
import { type Entry, entriesOf } from './entries.ts';
import { grouped } from './group.ts';
import { hearKeys } from './keyboard.ts';
import { List } from './list.ts';
import { enhanceStatic, hearPrint } from './sections.ts';
import { countOf, select } from './select.ts';
import { themeButton } from './theme.ts';
import { Toolbar } from './toolbar.ts';
import { firstView, readView, type Tab, tabs, type View, writeView } from './view.ts';

/** The page: one view, shown by a list, its toolbar and the panel. What is looked at stands in the address. */
class Page {
  readonly #data: PageData;
  readonly #entries: ReturnType<typeof entriesOf>;
  readonly #byKey = new Map<string, Entry>();
  readonly #list: List;
  readonly #toolbar: Toolbar;
  readonly #panel: Panel;
  readonly #empty = make('p', { class: 'empty', hidden: '' });
  readonly #folded = new Set<string>();
  #view: View = firstView;
  #isFollowing = false;

  constructor(data: PageData) {
    this.#data = data;
    this.#entries = entriesOf(data);
    for (const tab of tabs) for (const entry of this.#entries[tab]) this.#byKey.set(entry.key, entry);
    this.#list = new List({
      open: (entry) => this.#open(entry),
      fold: (head) => this.#fold(head),
      sort: (column) => this.#change({ sort: this.#view.sort === column ? `-${column}` : column }),
    });
    this.#toolbar = new Toolbar(
      data,
      this.#entries,
      (part) => this.#change(part),
      () => location.href,
    );
    this.#panel = new Panel(data, {
      close: () => this.#close(),
      step: (by) => this.#step(by, false),
      link: () => `${location.href.split('#')[0]}#open=${this.#view.open}`,
    });
  }

  /** Puts the page together, and shows what the address names. */
  start(): void {
    const app = document.getElementById('app');
    document.getElementById('plain')?.remove();
    app?.append(this.#toolbar.element, this.#list.table, this.#empty);
    document.body.append(this.#panel.element);
    const theme = themeButton();
    const help = hearKeys({
      search: () => this.#toolbar.find(),
      move: (by) => this.#step(by, true),
      edge: (end) => this.#list.go(end === 'first' ? 0 : Number.MAX_SAFE_INTEGER, true),
      open: () => this.#list.activeEntry && this.#open(this.#list.activeEntry),
      leave: () => this.#leave(),
      theme: () => theme.click(),
      tab: (number) => this.#change({ tab: tabs[number] ?? 'findings', sort: '', group: '' }),
    });
    document.body.append(help);
    document.getElementById('tools')?.append(
      theme,
      button('? keys', { class: 'plain' }, () => help.showModal()),
    );
    addEventListener('hashchange', () => this.#goTo(location.hash));
    addEventListener('click', ({ target }) => {
      this.#isFollowing = target instanceof Element && target.closest('a[href^="#"]') !== null;
    });
    hearPrint((printing) => this.#list.print(printing));
    enhanceStatic();
    this.#watchHeight();
    this.#view = readView(location.hash) ?? firstView;
    this.#update();
    if (location.hash.includes('=')) this.#show();
    document.documentElement.classList.add('ready');
  }

  /** Follows an address; where the reader goes back, the page stays where it is. */
  #goTo(fragment: string): void {
    const view = readView(fragment);
    if (!view || writeView(view) === writeView(this.#view)) return;
    // A link to one thing leaves the list as it is where that is in it.
    const isOpening = writeView({ ...view, open: '' }) === '' && view.open !== '';
    this.#view = isOpening ? { ...this.#view, open: view.open } : view;
    this.#update();
    if (isOpening) history.replaceState(null, '', `#${writeView(this.#view)}`);
    if (this.#isFollowing || isOpening) this.#show();
    this.#isFollowing = false;
  }

  /** Brings into sight what a link leads to. */
  #show(): void {
    document.getElementById('list')?.scrollIntoView({ block: 'start' });
    const at = this.#list.indexOf(this.#view.open);
    if (at >= 0) this.#list.go(at, false);
    if (this.#view.open !== '') this.#panel.focus();
  }

  #change(part: Partial<View>): void {
    this.#view = { ...this.#view, ...part };
    this.#address('replaceState');
    this.#update();
  }

  #address(how: 'pushState' | 'replaceState'): void {
    const told = writeView(this.#view);
    history[how](null, '', told === '' ? location.pathname + location.search : `#${told}`);
  }

  #update(): void {
    const { tab } = this.#view;
    const selected = select(this.#entries[tab], this.#view);
    const counts = Object.fromEntries(
      tabs.map((name) => [name, name === tab ? selected.rows.length : countOf(this.#entries[name], this.#view)]),
    ) as Record<Tab, number>;
    this.#toolbar.update(this.#view, selected, counts, this.#entries[tab].length);
    this.#list.show(grouped(selected.rows, this.#view.group, this.#folded, this.#data.layers), tab, this.#view.sort);
    this.#empty.hidden = selected.rows.length > 0;
    const other = tabs.find((name) => name !== tab && counts[name] > 0);
    this.#empty.textContent = emptyText(this.#entries[tab].length, selected.aside, other);
    this.#showOpen();
  }

  #showOpen(): void {
    this.#panel.show(this.#byKey.get(this.#view.open));
    this.#list.mark(this.#view.open);
  }

  #open(entry: Entry): void {
    const how = this.#view.open === '' ? 'pushState' : 'replaceState';
    this.#view = { ...this.#view, open: entry.key };
    this.#address(how);
    this.#showOpen();
    this.#list.go(this.#list.indexOf(entry.key), false);
    this.#panel.focus();
  }

  #close(): void {
    const at = this.#list.indexOf(this.#view.open);
    this.#change({ open: '' });
    if (at >= 0) this.#list.go(at, true);
  }

  #step(by: number, focus: boolean): void {
    const isOpen = this.#view.open !== '';
    const at = isOpen ? this.#list.indexOf(this.#view.open) : this.#list.active;
    this.#list.go(at + by, focus && !isOpen);
    const entry = this.#list.activeEntry;
    if (isOpen && entry) this.#open(entry);
  }

  #leave(): boolean {
    if (this.#view.open !== '') this.#close();
    else if (document.activeElement !== this.#toolbar.search) return false;
    else if (this.#view.q !== '') this.#change({ q: '' });
    else this.#toolbar.search.blur();
    return true;
  }

  #fold(head: string): void {
    if (!this.#folded.delete(head)) this.#folded.add(head);
    const { active } = this.#list;
    this.#update();
    this.#list.go(active, true);
  }

  /** The heads of columns stay in sight below the toolbar, however high that is. */
  #watchHeight(): void {
    const { element } = this.#toolbar;
    new ResizeObserver(() => {
      document.documentElement.style.setProperty('--toolbar', `${element.offsetHeight}px`);
    }).observe(element);
  }
}

function emptyText(all: number, aside: number, other: Tab | undefined): string {
  if (all === 0) return 'There are none.';
  const elsewhere = other === undefined ? '' : ` There are ${other} that do.`;
  return aside > 0 ? `Nothing that counts fits; ${aside} that do not count would.` : `Nothing fits.${elsewhere}`;
}

const data = document.getElementById('data')?.textContent ?? '{}';
new Page(JSON.parse(data) as PageData).start();
