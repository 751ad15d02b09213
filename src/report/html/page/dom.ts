/** Attributes by name; what is undefined is left out. */
type Attributes = Readonly<Record<string, string | undefined>>;

/** What can stand in an element: text is never read as markup. */
export type Child = Node | string | undefined | readonly Child[];

/** Makes an element. Nothing here, or anywhere else in the page, makes elements of text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  put(element, children);
  return element;
}

function put(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === '') continue;
    if (typeof child === 'string' || child instanceof Node) element.append(child);
    else put(element, child);
  }
}

/** A button that does something. */
export function button(label: string, attributes: Attributes, onClick: () => void): HTMLButtonElement {
  const made = make('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', onClick);
  return made;
}

/** A link to the web where the address is of the web, else the address as text: `javascript:` is no page. */
export function webLink(url: string, text = url): HTMLElement {
  if (!/^https?:\/\/[^\s/]/i.test(url) || !URL.canParse(url)) return make('span', {}, text);
  return make('a', { href: url, rel: 'noopener noreferrer', target: '_blank', referrerpolicy: 'no-referrer' }, text);
}

/** A severity as a sign with its word. */
export function severitySign(severity: string): HTMLElement {
  return make('span', { class: `sev ${severity}` }, severity);
}

/** One line that can be copied, with the button that does so. */
export function copyLine(text: string): HTMLElement {
  return make(
    'p',
    { class: 'command' },
    make('code', {}, text),
    copyButton(() => text, 'Copy'),
  );
}

/** A button that copies a text, and says so for a moment. */
export function copyButton(textOf: () => string, label: string): HTMLButtonElement {
  const made = button(label, { class: 'copy', 'aria-live': 'polite' }, () => {
    const say = (word: string): void => {
      made.textContent = word;
      setTimeout(() => {
        made.textContent = label;
      }, 1500);
    };
    copy(textOf()).then(
      () => say('Copied'),
      () => say('Not allowed'),
    );
  });
  return made;
}

/** The clipboard is for secure pages; a file from disk is none everywhere. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make('textarea', { class: 'offscreen', 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    const before = document.activeElement;
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    if (before instanceof HTMLElement) before.focus();
    if (!copied) throw new Error('the browser does not let a page copy');
  }
}
