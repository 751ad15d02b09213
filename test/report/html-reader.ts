/** An element of a page: its attributes, and the text that stands in it itself. */
export interface HtmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  text: string;
}

/** Elements without an end (HTML Living Standard, void elements), and those of which nothing within is markup. */
const empty = new Set(['meta', 'link', 'input', 'br', 'img', 'rect']);
const rawText = new Set(['script', 'style', 'title']);

/** What each element may stand in, of those that a reader of HTML would move elsewhere otherwise. */
const parents: Readonly<Record<string, readonly string[]>> = {
  li: ['ul', 'ol'],
  tr: ['tbody', 'thead'],
  td: ['tr'],
  th: ['tr'],
  thead: ['table'],
  tbody: ['table'],
  caption: ['table'],
  summary: ['details'],
  rect: ['svg'],
  dt: ['dl'],
  dd: ['dl'],
};

/** What may not stand in a paragraph, which it would end. */
const blocks = new Set([
  'p',
  'div',
  'ul',
  'ol',
  'table',
  'section',
  'details',
  'h1',
  'h2',
  'h3',
  'dl',
  'main',
  'aside',
]);

/**
 * The elements of a page, by a reader that is far stricter than a browser: every element is ended, every attribute is in
 * double quotes and stands there once, and no `<` or `&` means nothing. Throws where a browser would have to guess.
 */
export function readHtml(page: string): HtmlElement[] {
  if (!page.startsWith('<!doctype html>\n')) throw new Error('no doctype');
  const all: HtmlElement[] = [];
  const open: HtmlElement[] = [];
  let at = '<!doctype html>'.length;
  while (at < page.length) {
    const next = page.indexOf('<', at);
    addText(open, page.slice(at, next < 0 ? page.length : next));
    if (next < 0) break;
    const tag = /^<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>/.exec(page.slice(next, next + 20_000));
    if (!tag) throw new Error(`no tag: ${page.slice(next, next + 80)}`);
    const [whole, ending, name = '', written = '', closed] = tag;
    at = next + whole.length;
    if (ending) {
      const last = open.pop();
      if (last?.name !== name) throw new Error(`</${name}> ends <${last?.name}>`);
      continue;
    }
    const element = { name, attributes: attributesOf(written), text: '' };
    checkPlace(name, open);
    all.push(element);
    if (empty.has(name) || closed) continue;
    if (!rawText.has(name)) {
      open.push(element);
      continue;
    }
    const end = page.indexOf(`</${name}>`, at);
    element.text = name === 'title' ? decoded(page.slice(at, end)) : page.slice(at, end);
    at = end + name.length + 3;
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)?.name}> is not ended`);
  return all;
}

function addText(open: readonly HtmlElement[], text: string): void {
  if (text.includes('>') && !/^[^<]*$/.test(text)) throw new Error(`a stray > in ${text.slice(0, 80)}`);
  const inside = open.at(-1);
  if (inside) inside.text += decoded(text);
  else if (text.trim() !== '') throw new Error(`text outside: ${text.slice(0, 80)}`);
}

function checkPlace(name: string, open: readonly HtmlElement[]): void {
  const inside = open.at(-1)?.name ?? '';
  const wanted = Object.hasOwn(parents, name) ? parents[name] : undefined;
  if (wanted && !wanted.includes(inside)) throw new Error(`<${name}> in <${inside}>`);
  if (blocks.has(name) && open.some((element) => element.name === 'p')) throw new Error(`<${name}> in a paragraph`);
  if (name === 'a' && open.some((element) => element.name === 'a')) throw new Error('a link in a link');
}

function attributesOf(written: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of written.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)) {
    if (attributes.has(name)) throw new Error(`${name} twice`);
    attributes.set(name, decoded(value));
  }
  return attributes;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&([a-z]*;?)/g, (_, name: string) => {
    const found = entities[name.replace(';', '')];
    if (found === undefined || !name.endsWith(';')) throw new Error(`a stray & in ${text.slice(0, 80)}`);
    return found;
  });
}
