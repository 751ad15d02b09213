import { button, make } from './dom.ts';

/** What keys do. */
export interface KeyActions {
  search(): void;
  move(by: number): void;
  edge(end: 'first' | 'last'): void;
  open(): void;
  /** Leaves what is open, else the search; false where there is nothing to leave. */
  leave(): boolean;
  theme(): void;
  tab(number: number): void;
}

/** What each key does, for the help. */
const told: readonly (readonly [keys: string, what: string])[] = [
  ['/', 'search'],
  ['j  ↓', 'next row'],
  ['k  ↑', 'row before'],
  ['Home  End', 'first and last row'],
  ['Enter', 'show the row in full'],
  ['Esc', 'close, or leave the search'],
  ['1 … 4', 'findings, packages, licences, problems'],
  ['t', 'light or dark'],
  ['?', 'this help'],
];

/** Makes the page hear keys, and returns its help. */
export function hearKeys(actions: KeyActions): HTMLDialogElement {
  const help = helpDialog();
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    const handled = target.matches('input') ? inSearch(event.key, actions) : anywhere(event.key, target, actions, help);
    if (handled) event.preventDefault();
  });
  return help;
}

/** In the search, letters are letters. */
function inSearch(key: string, actions: KeyActions): boolean {
  if (key === 'Escape') return actions.leave();
  if (key !== 'ArrowDown' && key !== 'Enter') return false;
  actions.edge('first');
  return true;
}

function anywhere(key: string, target: HTMLElement, actions: KeyActions, help: HTMLDialogElement): boolean {
  if (target.matches('select, textarea')) return false;
  // In the panel arrows move what is read, as everywhere else on the page.
  const arrows = target.closest('.rows') !== null;
  const action = actionOf(key, arrows, actions, help);
  action?.();
  return action !== undefined;
}

function actionOf(
  key: string,
  arrows: boolean,
  actions: KeyActions,
  help: HTMLDialogElement,
): (() => void) | undefined {
  if (key === 'j' || (arrows && key === 'ArrowDown')) return () => actions.move(1);
  if (key === 'k' || (arrows && key === 'ArrowUp')) return () => actions.move(-1);
  if (arrows && key === 'PageDown') return () => actions.move(10);
  if (arrows && key === 'PageUp') return () => actions.move(-10);
  if (arrows && key === 'Home') return () => actions.edge('first');
  if (arrows && key === 'End') return () => actions.edge('last');
  if (key === '/') return () => actions.search();
  if (key === 'o') return () => actions.open();
  if (key === 't') return () => actions.theme();
  if (key === '?') return () => help.showModal();
  if (key === 'Escape') return () => actions.leave();
  if (/^[1-4]$/.test(key)) return () => actions.tab(Number(key) - 1);
  return undefined;
}

function helpDialog(): HTMLDialogElement {
  const rows = told.flatMap(([keys, what]) => [
    make('dt', {}, ...keys.split('  ').flatMap((key) => [make('kbd', {}, key), ' '])),
    make('dd', {}, what),
  ]);
  const help = make(
    'dialog',
    { 'aria-labelledby': 'help-title' },
    make('h2', { id: 'help-title' }, 'Keys'),
    make('dl', {}, ...rows),
  );
  help.append(
    make(
      'p',
      {},
      'In the search every word must be found; a minus before a word takes rows away, and "words in quotes" are one.',
    ),
    button('Close', {}, () => help.close()),
  );
  return help;
}
