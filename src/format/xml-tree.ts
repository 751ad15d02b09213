import { xmlEvents } from './xml.ts';

/** An element of an XML document: its name without prefix, its attributes as they are written. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside of it, trimmed. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** Most elements and attributes of a document that is held as a whole. */
const itemLimit = 4_000_000;

/** The root of an XML document, which holds all of it: see {@link xmlEvents}. @throws SluiceError `xml/...` */
export function parseXml(text: string): XmlElement {
  const top: OpenElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [top];
  let last = top;
  for (const event of xmlEvents(text, { items: itemLimit })) {
    if (event.kind === 'text') {
      last.text += event.text;
    } else if (event.kind === 'open') {
      const element = { name: event.name, attributes: event.attributes, children: [], text: '' };
      last.children.push(element);
      open.push(element);
      last = element;
    } else {
      last.text = last.text.trim();
      open.pop();
      last = open.at(-1) ?? top;
    }
  }
  // A document without a root was refused.
  return top.children[0] ?? top;
}
