import type { PageData } from '../data.ts';
import { button, copyButton, make } from './dom.ts';
import type { Entries, Entry } from './entries.ts';
import { groupings } from './group.ts';
import type { Selected } from './select.ts';
import { firstView, isFiltered, type Tab, tabs, type View } from './view.ts';

/** What is told of a change: what to look at, and whether the reader types it. */
export type Change = (part: Partial<View>) => void;

const tabNames: Readonly<Record<Tab, string>> = {
  findings: 'Findings',
  packages: 'Packages',
  licences: 'Licences',
  problems: 'Problems',
};

/** One choice of several: the value and its words. */
type Choice = readonly (readonly [value: string, words: string])[];

/** Search and filters. Only those stand there that something in this report could be filtered by. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly search: HTMLInputElement;
  readonly #change: Change;
  readonly #tabs = new Map<Tab, HTMLButtonElement>();
  readonly #severities = new Map<string, HTMLButtonElement>();
  readonly #selects = new Map<keyof View, HTMLSelectElement>();
  readonly #toggles = new Map<keyof View, HTMLButtonElement>();
  readonly #chips = make('div', { class: 'chips' });
  readonly #count = make('p', { class: 'count' });
  readonly #status = make('p', { class: 'offscreen', role: 'status' });
  readonly #reset: HTMLButtonElement;
  #telling = 0;
  #tab: Tab | undefined;

  constructor(data: PageData, entries: Entries, change: Change, linkOf: () => string) {
    this.#change = change;
    this.search = make('input', {
      ...{
        type: 'search',
        id: 'search',
        placeholder: 'Search all: id, package, path, text, -without',
        maxlength: '500',
      },
      ...{ autocomplete: 'off', spellcheck: 'false', 'aria-keyshortcuts': '/', 'aria-label': 'Search everything' },
    });
    this.search.addEventListener('input', () => change({ q: this.search.value }));
    this.#reset = button('Clear filters', { class: 'plain' }, () => {
      const { tab, sort, group, show, open } = firstView;
      change({ ...firstView, tab: this.#tab ?? tab, sort, group, show, open });
    });
    this.element = make(
      ...(['div', { class: 'toolbar', role: 'search', 'aria-label': 'Findings' }] as const),
      make(
        'div',
        { class: 'line' },
        this.#tabList(),
        make('label', { class: 'searching' }, this.search, make('kbd', {}, '/')),
      ),
      make('div', { class: 'line filters' }, this.#severityList(entries.findings), ...this.#filters(data, entries)),
      make(
        'div',
        { class: 'line' },
        this.#count,
        this.#chips,
        this.#reset,
        copyButton(linkOf, 'Copy link'),
        this.#status,
      ),
    );
  }

  /** Shows what is looked at, and how much each choice would leave. */
  update(view: View, selected: Selected, counts: Readonly<Record<Tab, number>>, all: number): void {
    this.#tab = view.tab;
    if (this.search.value !== view.q) this.search.value = view.q;
    for (const [tab, tabButton] of this.#tabs) {
      tabButton.setAttribute('aria-pressed', String(tab === view.tab));
      tabButton.replaceChildren(tabNames[tab], ' ', make('span', { class: 'n' }, counts[tab].toLocaleString('en-US')));
    }
    for (const [severity, toggle] of this.#severities) {
      toggle.hidden = view.tab !== 'findings' && view.tab !== 'packages';
      toggle.setAttribute('aria-pressed', String(view.sev.includes(severity)));
      toggle.lastElementChild?.replaceChildren((selected.bySeverity.get(severity) ?? 0).toLocaleString('en-US'));
    }
    for (const [name, select] of this.#selects) {
      select.value = String(view[name]);
      select.hidden = isOther(name, view.tab);
    }
    for (const [name, toggle] of this.#toggles) {
      toggle.setAttribute('aria-pressed', String(view[name] === 'yes'));
      toggle.hidden = isOther(name, view.tab);
    }
    this.#showChips(view);
    this.#reset.hidden = !isFiltered(view) && view.show === '';
    this.#tell(countText(view, selected, all));
  }

  /** Goes to the search. */
  find(): void {
    this.search.focus();
    this.search.select();
  }

  /** For those who hear the page, only when they have stopped typing. */
  #tell(text: string): void {
    this.#count.textContent = text;
    clearTimeout(this.#telling);
    this.#telling = window.setTimeout(() => {
      this.#status.textContent = text;
    }, 500);
  }

  #tabList(): HTMLElement {
    for (const tab of tabs)
      this.#tabs.set(
        tab,
        button('', { class: 'tab' }, () => this.#change({ tab, sort: '', group: '' })),
      );
    return make('div', { class: 'tabs', role: 'group', 'aria-label': 'List' }, ...this.#tabs.values());
  }

  #severityList(findings: readonly Entry[]): HTMLElement {
    const order = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];
    const here = new Set(findings.flatMap(({ severities }) => severities));
    for (const severity of order.filter((one) => here.has(one))) {
      const toggle = button('', { class: `toggle sev-toggle ${severity}` }, () => this.#toggleSeverity(severity));
      toggle.append(make('i', { 'aria-hidden': 'true' }), severity, ' ', make('span', { class: 'n' }));
      this.#severities.set(severity, toggle);
    }
    return make('div', { class: 'group', role: 'group', 'aria-label': 'Severity' }, ...this.#severities.values());
  }

  #toggleSeverity(severity: string): void {
    const pressed = [...this.#severities].filter(([, one]) => one.getAttribute('aria-pressed') === 'true');
    const before = pressed.map(([name]) => name);
    const sev = before.includes(severity) ? before.filter((one) => one !== severity) : [...before, severity];
    this.#change({ sev });
  }

  #filters(data: PageData, entries: Entries): HTMLElement[] {
    const { findings, packages } = entries;
    const rows = data.findings;
    const some = (test: (row: (typeof rows)[number]) => boolean): boolean => rows.some(test);
    const kinds = kindChoice.filter(([kind]) => kind === '' || some((row) => row.kind === kind));
    const hasBase = [...findings, ...packages].some(({ from }) => from === 'base');
    const layers: Choice = [
      ['', 'all layers'],
      ...data.layers.map((made, n) => [String(n), `layer ${n} ${clipped(made)}`] as const),
    ];
    return [
      ...(kinds.length > 2 ? [this.#select('kind', 'Kind', kinds)] : []),
      ...(hasBase ? [this.#select('from', 'Whose', fromChoice)] : []),
      ...(data.layers.length > 1 ? [this.#select('layer', 'Layer', layers)] : []),
      this.#select('fix', 'Fix', fixChoice),
      ...(some((row) => row.exploited !== undefined) ? [this.#toggle('kev', 'exploited (KEV)')] : []),
      ...(data.hasBaseline ? [this.#toggle('new', 'new')] : []),
      ...(some((row) => row.aside !== undefined) ? [this.#select('show', 'Show', showChoice)] : []),
      this.#select('group', 'Group', [
        ['', 'not grouped'],
        ...Object.entries(groupings).map(([by, words]) => [by, `by ${words}`] as const),
      ]),
      this.#select('sort', 'Sort', sortChoice),
    ];
  }

  #select(name: keyof View, label: string, choice: Choice): HTMLElement {
    const select = make(
      'select',
      { 'aria-label': label },
      ...choice.map(([value, words]) => make('option', { value }, words)),
    );
    select.addEventListener('change', () => this.#change({ [name]: select.value }));
    this.#selects.set(name, select);
    return select;
  }

  #toggle(name: 'kev' | 'new', words: string): HTMLElement {
    const toggle = button(words, { class: 'toggle' }, () =>
      this.#change({ [name]: toggle.getAttribute('aria-pressed') === 'true' ? '' : 'yes' }),
    );
    this.#toggles.set(name, toggle);
    return toggle;
  }

  #showChips(view: View): void {
    const chip = (name: 'pkg' | 'rule', words: string): HTMLElement[] => {
      if (view[name] === '') return [];
      const label = `${words} ${view[name]}`;
      return [
        button(`${label} ×`, { class: 'filter', 'aria-label': `${label}: take the filter away` }, () =>
          this.#change({ [name]: '' }),
        ),
      ];
    };
    this.#chips.replaceChildren(...chip('pkg', 'package'), ...chip('rule', 'rule'));
  }
}

const kindChoice: Choice = [
  ['', 'all kinds'],
  ['vulnerability', 'flaws in packages'],
  ['secret', 'secrets'],
  ['misconfiguration', 'settings'],
  ['external', 'other tools'],
];
const fromChoice: Choice = [
  ['', 'base and own'],
  ['own', 'own layers'],
  ['base', 'base image'],
];
const fixChoice: Choice = [
  ['', 'fix or none'],
  ['yes', 'with a fix'],
  ['no', 'without a fix'],
];
const showChoice: Choice = [
  ['', 'what counts'],
  ['aside', 'what does not count'],
  ['all', 'both'],
];
const sortChoice: Choice = [
  ['', 'worst first'],
  ['risk', 'risk first'],
  ['id', 'by id'],
  ['package', 'by package'],
  ['layer', 'lowest layer first'],
  ['-layer', 'highest layer first'],
  ['fixed', 'by fixed version'],
];

/** Whether a filter is of no use for a list: it asks for what only findings have. */
function isOther(name: keyof View, tab: Tab): boolean {
  if (tab === 'findings') return false;
  return ['kind', 'fix', 'kev', 'new', 'show', 'sort'].includes(name) || (name === 'group' && tab !== 'packages');
}

function clipped(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function countText(view: View, { rows, aside, counting }: Selected, all: number): string {
  const number = (n: number): string => n.toLocaleString('en-US');
  const shown = `${number(rows.length)} of ${number(all)} ${view.tab}`;
  if (view.tab !== 'findings') return shown;
  if (view.show === '' && aside > 0) return `${shown}, and ${number(aside)} that do not count`;
  return view.show === 'aside' && counting > 0 ? `${shown}, beside ${number(counting)} that count` : shown;
}
