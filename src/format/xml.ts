import { SluiceError } from '../util/error.ts';
import { malformedXml, unescapeXml, unreadable } from './xml-text.ts';

/** One piece of an XML document. Names of elements are without prefix, those of attributes as they are written. */
export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

/** What is read of a document beside what is usual. */
export interface XmlOptions {
  /** The most elements and attributes of the document; half a million unless it is said. */
  readonly items?: number;
  /** References by a name that XML does not know, such as HTML's, stay as they are written; else they are refused. */
  readonly keepNamed?: boolean;
}

/** The most elements and attributes of one document that are read. */
const usualItems = 500_000;
/** How deep elements may nest. */
const depthLimit = 200;
/** The longest name of an element or attribute, in characters. */
const maxName = 128;

const noAttributes: ReadonlyMap<string, string> = new Map();

/**
 * The elements and texts of an XML document (XML 1.0) one after another, in linear time; an element without content is
 * opened and closed, blank text and comments are passed over. It must be well-formed: one root, what is opened is closed
 * in order. A document type is refused: entities of its own make a gigabyte of a few bytes, or name files of this machine.
 * @throws SluiceError `xml/...`
 */
export function* xmlEvents(text: string, options: XmlOptions = {}): Generator<XmlEvent, void, undefined> {
  const reader = new XmlReader(text, options);
  for (let event = reader.next(); event !== undefined; event = reader.next()) yield event;
}

class XmlReader {
  readonly #text: string;
  readonly #maxItems: number;
  readonly #keepNamed: boolean;
  /** The open elements with their prefixes, as the end tags must repeat them. */
  readonly #open: string[] = [];
  #at: number;
  #items = 0;
  #begun = false;
  /** Whether the last element was opened by a tag that closes it as well. */
  #isEmpty = false;

  constructor(text: string, { items = usualItems, keepNamed = false }: XmlOptions) {
    this.#text = text;
    this.#maxItems = items;
    this.#keepNamed = keepNamed;
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  /** The next piece; undefined behind the last. */
  next(): XmlEvent | undefined {
    if (this.#isEmpty) return this.#close();
    while (this.#at < this.#text.length) {
      const event = this.#step();
      if (event !== undefined) return event;
    }
    if (this.#open.length > 0) throw malformedXml('it ends within an element');
    if (!this.#begun) throw malformedXml('it has no element');
    return undefined;
  }

  #step(): XmlEvent | undefined {
    const text = this.#text;
    const from = this.#at;
    if (text[from] !== '<') return this.#characters();
    switch (text[from + 1]) {
      case '/':
        return this.#endTag(this.#pass('</', '>'));
      case '?':
        this.#pass('<?', '?>');
        return undefined;
      case '!':
        return this.#markup();
      default:
        return this.#startTag();
    }
  }

  #characters(): XmlEvent | undefined {
    const from = this.#at;
    const tag = this.#text.indexOf('<', from);
    this.#at = tag < 0 ? this.#text.length : tag;
    if (afterBlanks(this.#text, from) >= this.#at) return undefined;
    return this.#textEvent(unescapeXml(this.#text.slice(from, this.#at), this.#keepNamed));
  }

  #textEvent(text: string): XmlEvent {
    if (this.#open.length === 0) throw malformedXml('there is text outside of all elements');
    return { kind: 'text', text };
  }

  #markup(): XmlEvent | undefined {
    if (this.#text.startsWith('<![CDATA[', this.#at)) return this.#textEvent(this.#pass('<![CDATA[', ']]>'));
    if (!this.#text.startsWith('<!--', this.#at)) {
      throw new SluiceError('xml/doctype', `${unreadable}it has a document type`);
    }
    this.#pass('<!--', '-->');
    return undefined;
  }

  /** What stands between two marks, passing both. */
  #pass(open: string, close: string): string {
    const start = this.#at + open.length;
    const end = this.#text.indexOf(close, start);
    if (end < 0) throw malformedXml(`${open} without ${close}`);
    this.#at = end + close.length;
    return this.#text.slice(start, end);
  }

  #startTag(): XmlEvent {
    if (this.#open.length >= depthLimit) {
      throw new SluiceError('xml/too-deep', `${unreadable}elements nest deeper than ${depthLimit} levels`);
    }
    if (this.#open.length === 0 && this.#begun) throw malformedXml('there is more than one root element');
    this.#begun = true;
    this.#count();
    const text = this.#text;
    let at = nameEnd(text, this.#at + 1);
    const written = text.slice(this.#at + 1, at);
    let attributes: Map<string, string> | undefined;
    for (at = afterBlanks(text, at); text[at] !== '>' && text[at] !== '/'; at = afterBlanks(text, at)) {
      if (at >= text.length) throw malformedXml('a tag does not end');
      attributes ??= new Map();
      at = this.#attribute(at, attributes);
    }
    this.#isEmpty = text[at] === '/';
    if (this.#isEmpty && text[at + 1] !== '>') throw malformedXml('a tag has a stray slash');
    this.#at = at + (this.#isEmpty ? 2 : 1);
    this.#open.push(written);
    return { kind: 'open', name: localName(written), attributes: attributes ?? noAttributes };
  }

  /** Reads one attribute; the place behind it. */
  #attribute(start: number, attributes: Map<string, string>): number {
    this.#count();
    const text = this.#text;
    const end = nameEnd(text, start);
    const equals = afterBlanks(text, end);
    if (text[equals] !== '=') throw malformedXml('an attribute has no value');
    const open = afterBlanks(text, equals + 1);
    const quote = text[open];
    if (quote !== '"' && quote !== "'") throw malformedXml('the value of an attribute has no quotes');
    const close = text.indexOf(quote, open + 1);
    if (close < 0) throw malformedXml('a tag does not end');
    const value = text.slice(open + 1, close);
    if (value.includes('<')) throw malformedXml('a tag stands within the value of an attribute');
    const name = text.slice(start, end);
    if (attributes.has(name)) throw malformedXml('an attribute stands twice in one tag');
    attributes.set(name, unescapeXml(value, this.#keepNamed));
    return close + 1;
  }

  #endTag(inside: string): XmlEvent {
    if (this.#open.at(-1) !== inside.trimEnd()) throw malformedXml('elements are not closed in order');
    return this.#close();
  }

  #close(): XmlEvent {
    this.#isEmpty = false;
    return { kind: 'close', name: localName(this.#open.pop() ?? '') };
  }

  #count(): void {
    if (++this.#items <= this.#maxItems) return;
    throw new SluiceError('xml/too-many', `${unreadable}it has more than ${this.#maxItems} elements and attributes`);
  }
}

function nameEnd(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    // Blank, slash, `=`, `>`, `<`, quotes.
    if (c <= 0x20 || c === 0x2f || c === 0x3d || c === 0x3e || c === 0x3c || c === 0x22 || c === 0x27) break;
  }
  if (at === start) throw malformedXml('a name is missing');
  if (at - start > maxName) throw malformedXml(`a name has more than ${maxName} characters`);
  return at;
}

function afterBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}

function localName(written: string): string {
  return written.slice(written.indexOf(':') + 1);
}
