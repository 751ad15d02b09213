/** An element of an XML text, with where it stands. */
export interface ElementPlace {
  readonly name: string;
  readonly children: ElementPlace[];
  /** Where its start tag begins. */
  readonly start: number;
  /** Behind its start tag, and before its end tag. */
  readonly innerStart: number;
  innerEnd: number;
}

/** Deepest elements that are kept; those of a project that matter stand on the fifth level. */
const keptDepth = 8;

/** Most elements of one document. */
const mostElements = 500_000;

/**
 * The root element of an XML text with its descendants and their places, down to a depth; undefined when the text is not
 * plain XML. Comments, processing instructions and CDATA are passed over. Only for text that an XML reader has taken.
 */
export function elementPlaces(text: string): ElementPlace | undefined {
  const tree = new Tree(text);
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const passed = passedOver(text, at);
    const end = passed === undefined ? tagEnd(text, at) : passed - 1;
    if (end < at || (passed === undefined && !tree.take(at, end))) return undefined;
    at = end + 1;
  }
  return tree.root;
}

class Tree {
  readonly #text: string;
  readonly #open: ElementPlace[] = [];
  #root: ElementPlace | undefined;
  #elements = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The root element, once all of it was taken. */
  get root(): ElementPlace | undefined {
    return this.#open.length === 0 ? this.#root : undefined;
  }

  /** Takes the tag between these places; false when it is out of place. */
  take(at: number, end: number): boolean {
    const text = this.#text;
    if (text[at + 1] === '/') {
      const last = this.#open.pop();
      if (!last || last.name !== text.slice(at + 2, end).trim()) return false;
      last.innerEnd = at;
      return true;
    }
    if (++this.#elements > mostElements) return false;
    const isClosed = text[end - 1] === '/';
    const name = nameIn(text.slice(at + 1, isClosed ? end - 1 : end));
    const element = { name, children: [], start: at, innerStart: end + 1, innerEnd: end + 1 };
    if (this.#open.length === 0) this.#root ??= element;
    else if (this.#open.length < keptDepth) this.#open.at(-1)?.children.push(element);
    if (!isClosed) this.#open.push(element);
    return true;
  }
}

const skipped = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
] as const;

/** Behind what stands here and is no element; -1 when that has no end, undefined when it is an element. */
function passedOver(text: string, at: number): number | undefined {
  for (const [begin, end] of skipped) {
    if (!text.startsWith(begin, at)) continue;
    const close = text.indexOf(end, at + begin.length);
    return close < 0 ? -1 : close + end.length;
  }
  return undefined;
}

/** Where the `>` of a tag stands: one within the quotes of an attribute is none. */
function tagEnd(text: string, at: number): number {
  let quote = '';
  for (let place = at + 1; place < text.length; place++) {
    const sign = text[place]!;
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '>') return place;
  }
  return -1;
}

function nameIn(tag: string): string {
  let end = 0;
  while (end < tag.length && !' \t\r\n/'.includes(tag[end]!)) end++;
  return tag.slice(0, end);
}

/** The first child of that name. */
export function childOf(element: ElementPlace | undefined, name: string): ElementPlace | undefined {
  return element?.children.find((one) => one.name === name);
}

/** The text directly within an element that has no others, without blanks around it, and where it begins. */
export function textIn(text: string, element: ElementPlace | undefined): { text: string; start: number } | undefined {
  if (!element || element.children.length > 0) return undefined;
  const inner = text.slice(element.innerStart, element.innerEnd);
  if (inner.includes('<')) return undefined;
  const trimmed = inner.trim();
  return { text: trimmed, start: element.innerStart + inner.indexOf(trimmed) };
}
