import { xmlEvents } from '../xml.ts';
import { type ConfigurationText, type Include, mostSettings, type Settings } from './contract.ts';
import { Gatherer } from './gather.ts';

/** An element, in the order in which they begin. */
interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly block: string;
  readonly line: number;
  text: string;
  /** Of the elements in it that have nothing but text, by name; of several of one name the first. */
  readonly texts: Map<string, string>;
  isParent: boolean;
}

/**
 * Reads an XML file: an element is a setting of the name of its path (`Server.Service.Connector`), with its attributes and its
 * text; each attribute is one as well (`Server.Service.Connector@port`). The text of an element that has nothing else stands in
 * the attributes of the one around it too (`<init-param><param-name>x…`). The last of several counts. @throws SluiceError `xml/...`
 */
export function readXmlSettings(file: ConfigurationText, include: Include): Settings {
  const gatherer = new Gatherer('last', include);
  return gatherer.gather(file, ({ text, path }) => {
    for (const { text: inside, attributes, texts, ...element } of elementsOf(text)) {
      if (gatherer.full) return;
      const within = texts.size > 0 ? new Map([...texts, ...attributes]) : attributes;
      gatherer.add({ ...element, attributes: within, value: inside.trim(), path });
      const { name, block, line } = element;
      for (const [key, value] of attributes) gatherer.add({ name: `${name}@${key}`, value, block, line, path });
    }
  });
}

function elementsOf(text: string): readonly Element[] {
  const lines = tagLines(text);
  const elements: Element[] = [];
  const open: Element[] = [];
  for (const event of xmlEvents(text)) {
    const inner = open.at(-1);
    if (event.kind === 'text') {
      if (inner) inner.text += event.text;
    } else if (event.kind === 'open') {
      const name = inner ? `${inner.name}.${event.name}` : event.name;
      const line = lines[elements.length] ?? 0;
      const element: Element = {
        ...{ name, attributes: event.attributes, text: '', block: inner?.name ?? '', line },
        ...{ texts: new Map<string, string>(), isParent: false },
      };
      if (inner) inner.isParent = true;
      // One more than is read, so that it is told.
      if (elements.length <= mostSettings) elements.push(element);
      open.push(element);
    } else {
      open.pop();
      if (inner) tellAround(open.at(-1), inner);
    }
  }
  return elements;
}

/** An element without attributes that holds text alone is as good as an attribute of the one around it. */
function tellAround(around: Element | undefined, { name, text, attributes, isParent }: Element): void {
  if (!around || isParent || attributes.size > 0 || text.trim() === '') return;
  const key = name.slice(around.name.length + 1);
  if (!around.texts.has(key)) around.texts.set(key, text.trim());
}

/** The lines on which elements begin, in their order. */
function tagLines(text: string): readonly number[] {
  const lines: number[] = [];
  let line = 1;
  let counted = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const next = text[at + 1];
    const end = markEnd(text, at);
    if (end !== undefined) {
      const behind = text.indexOf(end, at);
      if (behind < 0) break;
      at = behind;
    } else if (next !== '/' && next !== '!') {
      for (; counted < at; counted++) if (text.charCodeAt(counted) === 10) line++;
      lines.push(line);
    }
  }
  return lines;
}

/** What ends the comment, text or instruction that begins here; undefined where none does. */
function markEnd(text: string, at: number): string | undefined {
  if (text.startsWith('<?', at)) return '?>';
  if (text.startsWith('<!--', at)) return '-->';
  return text.startsWith('<![CDATA[', at) ? ']]>' : undefined;
}
