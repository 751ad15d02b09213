import type { Paint } from '../table/style.ts';
import { clip } from '../text-width.ts';

const keys: readonly (readonly [string, string])[] = [
  ['↑ ↓  j k', 'move by one; in the whole view scroll'],
  ['PgUp PgDn  Space', 'move by a page'],
  ['Home End  g G', 'go to the first, to the last'],
  ['Enter', 'show all that is told of it, and back'],
  ['J K', 'scroll what is told beside the list'],
  ['Tab ← →  1 2 3 4', 'go to another list'],
  ['/', 'search: every word must stand in it; Enter keeps it, Esc clears it'],
  ['v', 'show only what is critical, high and worse, …'],
  ['t', 'show only one kind: vulnerabilities, secrets, settings, other tools'],
  ['a', 'show only what counts, only what does not, or both'],
  ['b', 'put together by package, by layer, by what ends it'],
  ['s', 'sort by something else'],
  ['c  f', 'copy the id, copy the fix (OSC 52: to the clipboard of your terminal)'],
  ['o', 'open the page on it'],
  ['Esc', 'back: out of the whole view, out of search and filters'],
  ['q', 'quit'],
];

/** What the keys do. */
export function helpLines(columns: number, paint: Paint): string[] {
  return [
    '',
    ...keys.map(([key, does]) => `  ${paint('name', key.padEnd(18))}${clip(does, columns - 20)}`),
    '',
    paint('aside', '  any key goes back'),
  ];
}
