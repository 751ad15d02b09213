import { copyButton } from './dom.ts';

const day = 86_400_000;

/** What the script adds to the sections that stand in the page without it: buttons to copy, and ages of data. */
export function enhanceStatic(): void {
  for (const line of document.querySelectorAll('main .command')) {
    const text = line.textContent ?? '';
    line.append(copyButton(() => text, 'Copy'));
  }
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    const days = Math.floor((Date.now() - Date.parse(time.dateTime)) / day);
    if (days >= 0) time.append(days === 0 ? ' (today)' : days === 1 ? ' (yesterday)' : ` (${days} days ago)`);
  }
}

/** Has all shown while the page is printed: what is folded on a screen can't be unfolded on paper. */
export function hearPrint(print: (printing: boolean) => void): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of opened) details.open = true;
    print(true);
  });
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
    print(false);
  });
}
