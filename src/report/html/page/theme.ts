import { button } from './dom.ts';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** Where the choice is kept; a browser may keep nothing for files from disk. */
const place = 'sluice-theme';

const words: Readonly<Record<Theme, string>> = { auto: '◐ auto', light: '○ light', dark: '● dark' };

/** The button that goes from the system's choice to light and to dark. */
export function themeButton(): HTMLButtonElement {
  let now = kept();
  const made = button('', { class: 'plain theme', title: 'Light or dark (t)' }, () => {
    now = themes[(themes.indexOf(now) + 1) % themes.length] ?? 'auto';
    keep(now);
    use();
  });
  const use = (): void => {
    if (now === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = now;
    made.textContent = words[now];
    made.setAttribute('aria-label', `Theme: ${now}`);
  };
  use();
  return made;
}

function kept(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(place)) ?? 'auto';
  } catch {
    return 'auto';
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(place, theme);
  } catch {
    // It holds as long as the page is open.
  }
}
